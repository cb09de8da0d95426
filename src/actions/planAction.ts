import { assertNever } from '../base/assertNever.ts';
import { err, ok, type Result } from '../base/result.ts';
import { backendOf } from '../backends/registry.ts';
import type { ChangeSet } from '../model/change.ts';
import type { AnyIntent, Intent } from '../model/intent.ts';
import type { ClusterSnapshot, ObjectRef } from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import type { Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';
import { isBatchIntent, planBatch } from './batches.ts';
import { checkHasCanary, checkPromote } from './promote.ts';
import { checkSetMatch } from './setMatch.ts';
import { checkSetWeight } from './setWeight.ts';

/**
 * What reaches the intent, or one sentence that says why nothing may be written: a controller decides, the input makes no
 * sense, or the back end cannot. A GitOps owner does not refuse: it is a warning that the rollout carries (`owner`).
 */
export function planAction(
  snapshot: ClusterSnapshot,
  rollout: Rollout,
  intent: AnyIntent,
): Result<ChangeSet, PlanError> {
  const backend = backendOf(rollout.backend);
  if (backend === undefined)
    return err({
      kind: 'unsupported',
      text: say('action.unknownBackend', { rollout: rollout.id }),
    });
  const allowed = checkOwner(rollout);
  if (!allowed.ok) return allowed;
  if (isBatchIntent(intent)) return planBatch(snapshot, rollout, { backend, intent });
  const sensible = checkIntent(rollout, intent);
  return sensible.ok ? backend.plan(snapshot, rollout, intent) : sensible;
}

/** Objects that must be read fresh before `planAction`; none when the back end is unknown. */
export function objectsForAction(rollout: Rollout, intent: AnyIntent): readonly ObjectRef[] {
  const backend = backendOf(rollout.backend);
  const refs = isBatchIntent(intent)
    ? backend?.batches?.objectsFor(rollout, intent)
    : backend?.objectsFor(rollout, intent);
  return refs ?? [];
}

function checkOwner({ id, owner }: Rollout): Result<void, PlanError> {
  if (owner?.kind !== 'controller') return ok(undefined);
  const text = say('action.owned', { owner: owner.name, rollout: id, effect: owner.effect });
  return err({ kind: 'owned', text });
}

function checkIntent(rollout: Rollout, intent: Intent): Result<void, PlanError> {
  switch (intent.kind) {
    case 'setWeight':
      return checkSetWeight(rollout, intent);
    case 'setMatch':
      return checkSetMatch(rollout, intent);
    case 'promote':
      return checkPromote(rollout);
    case 'rollback':
    case 'endCanary':
      return checkHasCanary(rollout);
    default:
      return assertNever(intent);
  }
}

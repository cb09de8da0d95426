import { err, ok, type Result } from '../base/result.ts';
import type { PlanError } from '../model/problems.ts';
import { trackOf, type Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';

/** Whether the canary can become the stable version here. */
export function checkPromote(rollout: Rollout): Result<void, PlanError> {
  if (rollout.promotion.style === 'none')
    return err({ kind: 'unsupported', text: rollout.promotion.reason });
  return checkHasCanary(rollout);
}

/** Promote, rollback and end all need a canary. */
export function checkHasCanary(rollout: Rollout): Result<void, PlanError> {
  if (trackOf(rollout, 'canary') !== undefined) return ok(undefined);
  return err({ kind: 'notFound', text: say('action.noCanary', { rollout: rollout.id }) });
}

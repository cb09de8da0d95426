import { err, type Result } from '../base/result.ts';
import { backendOf } from '../backends/registry.ts';
import { withOwner } from '../backends/owners.ts';
import { objectsForAction, planAction } from '../actions/planAction.ts';
import type { ChangeSet } from '../model/change.ts';
import type { Intent } from '../model/intent.ts';
import {
  refText,
  type ClusterSnapshot,
  type JsonObject,
  type ObjectRef,
} from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import {
  execute,
  prepare,
  type Done,
  type Occasion,
  type OperationError,
  type Tools,
} from './execute.ts';
import { say } from './operations.l10n.ts';
import { overlay, type FreshEntry } from './overlay.ts';
import type { ClusterPort, JournalEntry, Preview } from './ports.ts';

/** Who acts, where: pinned when the action begins, so that a change of the kubeconfig never retargets it. */
export interface Actor {
  readonly who: string;
  readonly context: string;
}

export interface Planned {
  readonly changeSet: ChangeSet;
  readonly rollout: Rollout;
  readonly occasion: Occasion;
}

/** Reads fresh, plans on what was read, shows, asks, writes, verifies and records one intent on one rollout. */
export async function perform(
  tools: Tools,
  rollout: Rollout,
  request: { readonly intent: Intent; readonly actor: Actor },
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const planned = await planFresh(tools.cluster, rollout, request, signal);
  if (!planned.ok) return planned;
  return execute(tools, planned.value.changeSet, planned.value.occasion, signal);
}

/** The same up to the server's dry run: for "Preview". Writes nothing. */
export async function previewIntent(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  rollout: Rollout,
  request: { readonly intent: Intent; readonly actor: Actor },
  signal: AbortSignal,
): Promise<Result<Preview, OperationError>> {
  const planned = await planFresh(tools.cluster, rollout, request, signal);
  if (!planned.ok) return planned;
  return prepare(tools, planned.value.changeSet, planned.value.occasion, signal);
}

/** Plan computed from a fresh GET of each object that the back end names. */
async function planFresh(
  cluster: ClusterPort,
  rollout: Rollout,
  request: { readonly intent: Intent; readonly actor: Actor },
  signal: AbortSignal,
): Promise<Result<Planned, OperationError>> {
  const read = await readObjects(cluster, objectsForAction(rollout, request.intent), signal);
  if (!read.ok) return read;
  const snapshot = overlay(cluster.snapshot(), read.value.entries);
  const fresh = findRollout(snapshot, rollout);
  if (fresh === undefined) {
    const text = say('operations.rolloutGone', {
      object: refText(rollout.route),
      service: rollout.service,
    });
    return err({ kind: 'failed', text });
  }
  const plan = planAction(snapshot, fresh, request.intent);
  if (!plan.ok) return err({ kind: 'refused', text: plan.error.text });
  const occasion: Occasion = {
    rolloutId: rollout.id,
    context: request.actor.context,
    who: request.actor.who,
    intent: request.intent.kind,
    warnings: warningsOf(fresh),
    shortest: request.intent.kind === 'rollback',
    before: read.value.raw,
  };
  return { ok: true, value: { changeSet: plan.value, rollout: fresh, occasion } };
}

/** Takes back what a recorded action wrote, guarded by the values that it wrote. */
export async function undo(
  tools: Tools,
  entry: JournalEntry,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const inverse = entry.changes.inverse;
  if (inverse === undefined) return err({ kind: 'refused', text: say('operations.cannotUndo') });
  const read = await readObjects(
    tools.cluster,
    inverse.changes.map((c) => c.target),
    signal,
  );
  if (!read.ok) return read;
  const changeSet: ChangeSet = {
    ...inverse,
    summary: say('operations.undo', { what: entry.sentence }),
    inverse: { summary: entry.sentence, changes: entry.changes.changes },
  };
  const occasion: Occasion = {
    rolloutId: entry.rolloutId,
    context: actor.context,
    who: actor.who,
    intent: 'undo',
    warnings: [],
    shortest: false,
    before: read.value.raw,
  };
  return execute(tools, changeSet, occasion, signal);
}

/** The same rollout as the snapshot has it; undefined when its route no longer holds it. */
function findRollout(
  snapshot: ClusterSnapshot,
  rollout: Pick<Rollout, 'id' | 'namespace' | 'backend'>,
): Rollout | undefined {
  const discovery = backendOf(rollout.backend)?.discover(snapshot, rollout.namespace);
  const found = discovery?.rollouts.find((r) => r.id === rollout.id);
  return found && withOwner(snapshot, found);
}

function warningsOf(rollout: Rollout): Occasion['warnings'] {
  const problems = rollout.problems.filter((p) => p.severity !== 'info').map((p) => p.text);
  if (rollout.owner?.kind !== 'gitops') return problems;
  return [rollout.owner.effect, ...problems];
}

interface ReadObjects {
  readonly entries: readonly FreshEntry[];
  readonly raw: Readonly<Record<string, JsonObject>>;
}

async function readObjects(
  cluster: ClusterPort,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<Result<ReadObjects, OperationError>> {
  const answers = await Promise.all(refs.map((ref) => cluster.fetch(ref, signal)));
  const entries: FreshEntry[] = [];
  const raw: Record<string, JsonObject> = {};
  for (const [index, answer] of answers.entries()) {
    const ref = refs[index];
    if (ref === undefined) continue;
    if (!answer.ok && answer.error.kind !== 'notFound') {
      const text = say('operations.refused', { object: refText(ref), reason: answer.error.text });
      return err({ kind: 'failed', text });
    }
    entries.push({ ref, object: answer.ok ? answer.value.object : undefined });
    if (answer.ok) raw[refText(ref)] = answer.value.raw;
  }
  return { ok: true, value: { entries, raw } };
}

import { err, type Result } from '../base/result.ts';
import type { TrafficBackend } from '../backends/backend.ts';
import { ownerOf } from '../backends/owners.ts';
import { backends } from '../backends/registry.ts';
import type { ChangeSet } from '../model/change.ts';
import type { AnyIntent, BatchIntent, BatchSize, StartUpdate } from '../model/intent.ts';
import { refText, type ClusterSnapshot, type ObjectRef } from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import type { Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';

const batchKinds = ['setBatch', 'setSurge', 'pause', 'resume', 'undoRevision'] as const;

export function isBatchIntent(intent: AnyIntent): intent is BatchIntent {
  return batchKinds.some((kind) => kind === intent.kind);
}

/** Refused where the back end has no batches, or the size makes no sense; what it comes to is the back end's business. */
export function planBatch(
  snapshot: ClusterSnapshot,
  rollout: Rollout,
  { backend, intent }: { readonly backend: TrafficBackend; readonly intent: BatchIntent },
): Result<ChangeSet, PlanError> {
  const { batches } = backend;
  if (batches === undefined)
    return err({ kind: 'unsupported', text: say('action.noBatches', { rollout: rollout.id }) });
  const problem = intent.kind === 'setBatch' ? sizeProblem(intent.size) : undefined;
  return problem === undefined ? batches.plan(snapshot, rollout, intent) : err(problem);
}

/** The back end that updates workloads in batches. */
const updater = backends.find((backend) => backend.batches !== undefined);

/** Id that the rollout of the workload has once its update is started. */
export function updateIdOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}@${updater?.id ?? ''}`;
}

/** Plans a new image on a part of a workload's pods. Refused where a controller has the workload. */
export function planStartUpdate(
  snapshot: ClusterSnapshot,
  start: StartUpdate,
): Result<ChangeSet, PlanError> {
  const workload = refText(start.workload);
  const image = start.image.trim();
  const problem = imageProblem(workload, image) ?? sizeProblem(start.size);
  if (problem !== undefined) return err(problem);
  const owner = ownerOf(snapshot, start.workload);
  if (owner?.kind === 'controller') {
    const args = { owner: owner.name, rollout: workload, effect: owner.effect };
    return err({ kind: 'owned', text: say('action.owned', args) });
  }
  return (
    updater?.batches?.start(snapshot, { ...start, image }) ??
    err({ kind: 'unsupported', text: say('action.noBatches', { rollout: workload }) })
  );
}

/** Why it is no image for a workload; absent when it is one. */
export function imageProblem(workload: string, image: string): PlanError | undefined {
  if (image === '') return { kind: 'invalid', text: say('action.noImage', { workload }) };
  if (/[\s\p{Cc}\p{Cf}]/u.test(image))
    return { kind: 'invalid', text: say('action.badImage', { image }) };
  return undefined;
}

function sizeProblem(size: BatchSize): PlanError | undefined {
  const [value, most] = 'count' in size ? [size.count, Infinity] : [size.percent, 100];
  if (Number.isInteger(value) && value >= 1 && value <= most) return undefined;
  return { kind: 'invalid', text: say('action.notABatch', { value: String(value) }) };
}

import { err, type Result } from '../base/result.ts';
import type { Batches, RevisionQuery, TrafficBackend } from '../backends/backend.ts';
import { ownerOf } from '../backends/owners.ts';
import { backends } from '../backends/registry.ts';
import type { ChangeSet } from '../model/change.ts';
import type {
  AnyIntent,
  BatchIntent,
  BatchSize,
  StartUpdate,
  UndoRevision,
} from '../model/intent.ts';
import {
  refText,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import type { FirstBatch, Revision, Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';

const batchKinds = ['setBatch', 'setSurge', 'pause', 'resume'] as const;

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

/** Whether a rollout of this id is an update in batches: it ends with the update, and its service lives on. */
export function isUpdateId(rolloutId: string): boolean {
  return updater !== undefined && rolloutId.endsWith(`@${updater.id}`);
}

/** What the first batch of a workload can be; an error says why it is not to be updated in batches. */
export function firstBatchOf(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
): Result<FirstBatch, PlanError> {
  return withBatches(snapshot, workload, (batches) => batches.firstBatch(snapshot, workload));
}

/** Plans a new image on a part of a workload's pods. Refused where a controller has the workload. */
export function planStartUpdate(
  snapshot: ClusterSnapshot,
  start: StartUpdate,
): Result<ChangeSet, PlanError> {
  const image = start.image.trim();
  const problem = imageProblem(refText(start.workload), image) ?? sizeProblem(start.size);
  if (problem !== undefined) return err(problem);
  return withBatches(snapshot, start.workload, (batches) =>
    batches.start(snapshot, { ...start, image }),
  );
}

/** Where the earlier revisions of a workload are listed. */
export function revisionQueryOf(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
): Result<RevisionQuery, PlanError> {
  return withBatches(snapshot, workload, ({ revisions }) => revisions.query(snapshot, workload));
}

/** Of the objects that were listed, the revisions of the workload, newest first. */
export function revisionsIn(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
  found: readonly KubeObject[],
): readonly Revision[] {
  return updater?.batches?.revisions.read(snapshot, workload, found) ?? [];
}

export function objectsForUndo(undo: UndoRevision): readonly ObjectRef[] {
  return updater?.batches?.revisions.objectsFor(undo) ?? [];
}

/** Plans an earlier revision's pod template again. Refused where a controller has the workload. */
export function planUndoRevision(
  snapshot: ClusterSnapshot,
  undo: UndoRevision,
): Result<ChangeSet, PlanError> {
  return withBatches(snapshot, undo.workload, ({ revisions }) => revisions.undo(snapshot, undo));
}

function withBatches<T>(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
  plan: (batches: Batches) => Result<T, PlanError>,
): Result<T, PlanError> {
  const rollout = refText(workload);
  const owner = ownerOf(snapshot, workload);
  if (owner?.kind === 'controller') {
    const args = { owner: owner.name, rollout, effect: owner.effect };
    return err({ kind: 'owned', text: say('action.owned', args) });
  }
  const batches = updater?.batches;
  if (batches === undefined)
    return err({ kind: 'unsupported', text: say('action.noBatches', { rollout }) });
  return plan(batches);
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

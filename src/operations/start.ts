import { err, ok, type Result } from '../base/result.ts';
import {
  objectsForUndo,
  planStartUpdate,
  planUndoRevision,
  updateIdOf,
} from '../actions/batches.ts';
import { planStartCanary } from '../actions/startCanary.ts';
import { ownerOf } from '../backends/owners.ts';
import type { ChangeSet } from '../model/change.ts';
import type { StartCanary, StartUpdate, UndoRevision } from '../model/intent.ts';
import {
  refText,
  type ClusterSnapshot,
  type JsonObject,
  type ObjectRef,
} from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import { execute, type Done, type Occasion, type OperationError, type Tools } from './execute.ts';
import { say } from './operations.l10n.ts';
import { overlay, whole, type FreshEntry } from './overlay.ts';
import type { Actor } from './perform.ts';
import type { ClusterPort } from './ports.ts';

type Plan = Result<ChangeSet, PlanError>;

/** Creates a canary beside a workload that has none: fresh GET, plan, dry run, preview, consent, create, record. */
export function performStart(
  tools: Tools,
  start: StartCanary,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const { namespace, name } = start.service;
  const plan = (snapshot: ClusterSnapshot): Plan => planStartCanary(snapshot, start);
  const first = { reads: [start.workload], rolloutId: `${namespace}/${name}`, plan };
  return begin(tools, { ...first, intent: start.kind, actor }, signal);
}

/** The same for a new image on a part of a workload's own pods. */
export function performStartUpdate(
  tools: Tools,
  start: StartUpdate,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const { workload } = start;
  const plan = (snapshot: ClusterSnapshot): Plan => planStartUpdate(snapshot, start);
  const first = { reads: [workload], rolloutId: updateIdOf(workload), plan };
  return begin(tools, { ...first, intent: start.kind, actor }, signal);
}

/** The same for a revision that a workload had before. */
export function performUndoRevision(
  tools: Tools,
  undo: UndoRevision,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const { workload } = undo;
  const plan = (snapshot: ClusterSnapshot): Plan => planUndoRevision(snapshot, undo);
  const first = { reads: objectsForUndo(undo), rolloutId: updateIdOf(workload), plan };
  return begin(tools, { ...first, intent: undo.kind, actor }, signal);
}

interface First {
  readonly reads: readonly ObjectRef[];
  readonly rolloutId: string;
  readonly plan: (snapshot: ClusterSnapshot) => Plan;
  readonly intent: string;
  readonly actor: Actor;
}

async function begin(
  tools: Tools,
  first: First,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const planned = await planFresh(tools.cluster, first, signal);
  if (!planned.ok) return planned;
  const { changeSet, warnings, before } = planned.value;
  const { rolloutId, intent, actor } = first;
  const occasion: Occasion = {
    rolloutId,
    ...actor,
    intent,
    warnings,
    shortest: false,
    before,
    replan: async (later) => {
      const again = await planFresh(tools.cluster, first, later);
      return again.ok ? ok(again.value.changeSet) : again;
    },
  };
  return execute(tools, changeSet, occasion, signal);
}

interface Planned extends Pick<Occasion, 'warnings' | 'before'> {
  readonly changeSet: ChangeSet;
}

async function planFresh(
  cluster: ClusterPort,
  { reads, plan }: First,
  signal: AbortSignal,
): Promise<Result<Planned, OperationError>> {
  const answers = await Promise.all(reads.map((ref) => cluster.fetch(ref, signal)));
  const entries: FreshEntry[] = [];
  const before: Record<string, JsonObject> = {};
  for (const [index, ref] of reads.entries()) {
    const read = answers[index];
    if (read?.ok !== true) {
      const object = refText(ref);
      const reason = read?.error.text ?? '';
      return err({ kind: 'failed', text: say('operations.refused', { object, reason }) });
    }
    entries.push({ ref, object: whole(read.value) });
    before[refText(ref)] = read.value.raw;
  }
  const snapshot = overlay(cluster.snapshot(), entries);
  const planned = plan(snapshot);
  if (!planned.ok) return err({ kind: 'refused', text: planned.error.text });
  // Controllers were refused by the plan; a GitOps tool would take back what is written to an object of its own.
  const warnings = planned.value.changes.flatMap(
    ({ target }) => ownerOf(snapshot, target)?.effect ?? [],
  );
  return ok({ changeSet: planned.value, warnings, before });
}

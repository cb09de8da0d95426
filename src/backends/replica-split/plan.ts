import { assertNever } from '../../base/assertNever.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { Change, ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import { managedByLabel } from '../../model/names.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type Json,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import { copyTemplateChanges } from '../copyPromotion.ts';
import { at } from '../guards.ts';
import { deploymentRef, imageOf, replicasOf } from '../workloads.ts';
import { noMatches } from '../setMatch.ts';
import { nearestStop, shareOf, stopsBeside } from './stops.ts';
import { say } from './words.l10n.ts';

type Plan = Result<ChangeSet, PlanError>;

/** The canary alone where only it is scaled, so that a rollback is one GET and one PATCH. */
export function objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[] {
  const written = intent.kind === 'rollback' || intent.kind === 'endCanary';
  return rollout.tracks.flatMap(({ role, workload }) =>
    workload === undefined || (written && role !== 'canary') ? [] : [workload.ref],
  );
}

/** One write at most, of the canary's pod count or, for the first step of a promotion, of the stable's pod spec. */
export function plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Plan {
  const canary = deploymentOf(snapshot, rollout, 'canary');
  if (!canary.ok) return canary;
  switch (intent.kind) {
    case 'setWeight':
      return setWeight(snapshot, rollout, { canary: canary.value, percents: intent.percents });
    case 'rollback':
      return rollback(rollout, canary.value);
    case 'promote':
      return promote(snapshot, rollout, canary.value);
    case 'setMatch':
      return noMatches(rollout);
    case 'endCanary':
      return endCanary(canary.value);
    default:
      return assertNever(intent);
  }
}

function setWeight(
  snapshot: ClusterSnapshot,
  rollout: Rollout,
  { canary, percents }: { canary: KubeObject; percents: Readonly<Record<string, number>> },
): Plan {
  if (rollout.weights.kind === 'none') return refuse('unsupported', rollout.weights.reason);
  const names = { canary: canary.meta.name, stable: trackOf(rollout, 'stable')?.name ?? '' };
  const percent = canaryPercent(rollout, canary.meta.name, percents);
  if (percent === undefined) return refuse('unsupported', say('replicaSplit.onlyCanary', names));
  const others = otherPods(snapshot, rollout);
  if (others === 0) return refuse('unsupported', say('replicaSplit.noStablePods', names));
  const stops = stopsBeside(others, replicasOf(canary));
  const stop = nearestStop(stops, percent);
  const most = stops.at(-1)?.percent ?? 0;
  if (stop === undefined || percent > most)
    return refuse('unsupported', say('replicaSplit.tooMuch', { ...names, others, most, percent }));
  const achieved = shareOf(stop.pods, others);
  const summary = say('replicaSplit.setWeight', {
    ...names,
    others,
    from: replicasOf(canary),
    to: stop.pods,
    percent: Math.round(achieved * 100),
  });
  return ok({ ...scale(canary, stop.pods, summary), achieved });
}

function rollback(rollout: Rollout, canary: KubeObject): Plan {
  const stable = trackOf(rollout, 'stable');
  const summary = say(rollbackKey(rollout, stable?.workload?.ready ?? 0), {
    canary: canary.meta.name,
    from: replicasOf(canary),
    stable: stable?.name ?? '',
  });
  return ok({ ...scale(canary, 0, summary), achieved: 0 });
}

/** What has to be known before: a rollback is never refused, so its sentence says when it will not help. */
function rollbackKey({ promotion }: Rollout, stableReady: number): Parameters<typeof say>[0] {
  if (stableReady === 0) return 'replicaSplit.rollbackToNone';
  const copied = promotion.style === 'copy' && promotion.stage !== 'idle';
  return copied ? 'replicaSplit.rollbackAfterCopy' : 'replicaSplit.rollback';
}

/** The step that the stage, read from the cluster, asks for. */
function promote(snapshot: ClusterSnapshot, rollout: Rollout, canary: KubeObject): Plan {
  const { promotion } = rollout;
  if (promotion.style === 'none') return refuse('unsupported', promotion.reason);
  const stable = deploymentOf(snapshot, rollout, 'stable');
  if (!stable.ok) return stable;
  const names = {
    canary: canary.meta.name,
    stable: stable.value.meta.name,
    from: replicasOf(canary),
    image: imageOf(canary),
  };
  switch (promotion.style === 'copy' ? promotion.stage : 'idle') {
    case 'idle':
    case 'copyTemplate':
    case 'shiftBack':
      return copyTemplate(canary, stable.value, say('replicaSplit.copy', names));
    case 'waitReady':
      return ok({ summary: say('replicaSplit.wait', names), changes: [] });
    case 'scaleDown':
      return ok(scale(canary, 0, say('replicaSplit.scaleDown', names)));
    case 'done':
      return ok({ summary: say('replicaSplit.promoted', names), changes: [] });
  }
}

/** Deletes the Deployment only when it is marked as ours. */
function endCanary(canary: KubeObject): Plan {
  const from = replicasOf(canary);
  const names = { canary: canary.meta.name, from };
  const [[label, tool]] = Object.entries(managedByLabel) as [[string, string]];
  if (canary.meta.labels[label] !== tool)
    return ok({ ...scale(canary, 0, say('replicaSplit.endNotOurs', names)), achieved: 0 });
  const fields = [{ label: canary.meta.name, from: String(from), to: '' }];
  const change: Change = {
    kind: 'delete',
    target: deploymentRef(canary),
    uid: canary.meta.uid,
    fields,
  };
  return ok({ summary: say('replicaSplit.end', names), changes: [change], achieved: 0 });
}

/** Sets the number of pods, with the way back. No change when it is already that. */
function scale(canary: KubeObject, to: number, summary: Text): ChangeSet {
  const from = at(canary.body, 'spec', 'replicas');
  const names = { canary: canary.meta.name, to };
  if (from === to) return { summary: say('replicaSplit.noChange', names), changes: [] };
  const undo = say('replicaSplit.undoScale', { ...names, to: replicasOf(canary) });
  return {
    summary,
    changes: [podsChange(canary, from, to)],
    inverse: { summary: undo, changes: [podsChange(canary, to, from)] },
  };
}

/** `undefined` is a Deployment that does not say (the server always fills it in, so a guard is not needed there). */
function podsChange(canary: KubeObject, from: Json | undefined, to: Json | undefined): Change {
  const path = '/spec/replicas';
  const label = canary.meta.name;
  return {
    kind: 'patch',
    target: deploymentRef(canary),
    operations: [
      { op: 'test', path: '/metadata/uid', value: canary.meta.uid },
      ...(from === undefined ? [] : [{ op: 'test' as const, path, value: from }]),
      to === undefined ? { op: 'remove', path } : { op: 'add', path, value: to },
    ],
    fields: [{ label, from: podsText(from), to: podsText(to) }],
  };
}

function podsText(pods: Json | undefined): string {
  return pods === undefined ? '1' : JSON.stringify(pods);
}

function copyTemplate(canary: KubeObject, stable: KubeObject, summary: Text): Plan {
  const names = { stable: stable.meta.name };
  const copy = copyTemplateChanges(stable, canary);
  if (copy === undefined) return refuse('invalid', say('replicaSplit.noContainers', names));
  const undo = { summary: say('replicaSplit.undoCopy', names), changes: [copy.inverse] };
  return ok({ summary, changes: [copy.change], inverse: undo });
}

/** What is asked of the canary: its own percent, or what the stable leaves when there are only the two. */
function canaryPercent(
  rollout: Rollout,
  canaryId: string,
  percents: Readonly<Record<string, number>>,
): number | undefined {
  const asked = new Map(Object.entries(percents));
  const own = asked.get(canaryId);
  const stable = asked.get(trackOf(rollout, 'stable')?.id ?? '');
  if (own !== undefined) {
    const fits = stable === undefined || rollout.tracks.length > 2 || own + stable === 100;
    return fits ? own : undefined;
  }
  return stable === undefined || rollout.tracks.length > 2 ? undefined : 100 - stable;
}

/** Pods of all but the canary, fresh where they were read. */
function otherPods(snapshot: ClusterSnapshot, rollout: Rollout): number {
  return rollout.tracks
    .filter(({ role }) => role !== 'canary')
    .reduce((sum, { workload }) => {
      const object = workload === undefined ? undefined : found(snapshot, workload.ref);
      return sum + (object === undefined ? (workload?.replicas ?? 0) : replicasOf(object));
    }, 0);
}

function deploymentOf(
  snapshot: ClusterSnapshot,
  rollout: Rollout,
  role: 'stable' | 'canary',
): Result<KubeObject, PlanError> {
  const ref = trackOf(rollout, role)?.workload?.ref;
  const object = ref === undefined ? undefined : found(snapshot, ref);
  if (object !== undefined) return ok(object);
  const name = ref === undefined ? rollout.id : refText(ref);
  return refuse('notFound', say('replicaSplit.gone', { object: name }));
}

function found(snapshot: ClusterSnapshot, ref: ObjectRef): KubeObject | undefined {
  return snapshot.get(resourceId(ref.resource), ref.namespace, ref.name);
}

function refuse(kind: PlanError['kind'], text: Text): { ok: false; error: PlanError } {
  return err({ kind, text });
}

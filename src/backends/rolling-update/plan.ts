import { assertNever } from '../../base/assertNever.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import { imageOf } from '../workloads.ts';
import { noMatches } from '../setMatch.ts';
import { batchOf, mostPods, nearestStop, percentAt, podsOf, totalOf, type Room } from './batch.ts';
import { edited, templatePath, type Edit } from './edit.ts';
import { holdEdits, letGoEdits } from './fields.ts';
import { canaryId, stableId } from './read.ts';
import {
  availableIn,
  hashOf,
  podsIn,
  readyIn,
  roomOf,
  setsByDeployment,
  updateOf,
  type Update,
} from './state.ts';
import { templateEdits, wholeTemplateOf } from './template.ts';
import { replicaSets, revisionAnnotation } from './types.ts';
import { say } from './words.l10n.ts';

export type Plan = Result<ChangeSet, PlanError>;

/** The Deployment, and for the way back the ReplicaSet that has the old template. */
export function objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[] {
  const { route } = rollout;
  const setOf = (role: 'stable' | 'canary'): readonly ObjectRef[] => {
    const name = trackOf(rollout, role)?.name;
    return name === undefined || name === route.name
      ? []
      : [{ resource: replicaSets, namespace: route.namespace, name }];
  };
  if (intent.kind === 'rollback') return [route, ...setOf('stable')];
  return [route, ...setOf('canary')];
}

/** One patch of the Deployment at most. */
export function plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Plan {
  const update = freshUpdate(snapshot, rollout);
  if (!update.ok) return update;
  switch (intent.kind) {
    case 'setWeight':
      return setWeight(update.value, rollout, intent.percents);
    case 'promote':
      return finish(update.value, rollout);
    case 'rollback':
      return rollback(update.value);
    case 'setMatch':
      return noMatches(rollout);
    case 'endCanary':
      return refuse('unsupported', say('rollingUpdate.nothingToEnd', namesOf(update.value)));
    default:
      return assertNever(intent);
  }
}

/** The update as the snapshot has it now. */
export function freshUpdate(
  snapshot: ClusterSnapshot,
  { route, namespace }: Rollout,
): Result<Update, PlanError> {
  const deployment = snapshot.get(resourceId(deployments), namespace, route.name);
  const sets = deployment && setsByDeployment(snapshot, namespace).get(deployment.meta.uid);
  const update = deployment && updateOf(deployment, sets ?? []);
  if (update === undefined)
    return refuse('notFound', say('rollingUpdate.gone', { object: refText(route) }));
  // Without its revision there may be no annotations at all to put ours into: the controller has never seen it.
  const isSeen = update.deployment.meta.annotations[revisionAnnotation] !== undefined;
  if (!isSeen || hashOf(update.stable) === '')
    return refuse('invalid', say('rollingUpdate.notSeen', namesOf(update)));
  return ok(update);
}

function setWeight(
  update: Update,
  rollout: Rollout,
  percents: Readonly<Record<string, number>>,
): Plan {
  if (rollout.weights.kind === 'none') return refuse('unsupported', rollout.weights.reason);
  const stable = percents[stableId];
  const percent = percents[canaryId] ?? (stable === undefined ? undefined : 100 - stable);
  const isOdd = percent === undefined || (stable !== undefined && percent + stable !== 100);
  if (isOdd) return refuse('unsupported', say('rollingUpdate.onlyCanary', namesOf(update)));
  const room = roomOf(update);
  const now = room.now === undefined ? 0 : podsOf(room.now);
  const counts = Array.from({ length: Math.min(mostPods(room), 1000) }, (_, i) => i + 1);
  const all = [...new Set([...counts, now])].map((pods) => ({
    pods,
    percent: percentAt(pods, room),
  }));
  const most = Math.max(...all.map((stop) => stop.percent));
  const stop = nearestStop(all, percent);
  if (stop === undefined || percent > most)
    return refuse('unsupported', tooMuch(update.deployment, room, `${String(percent)} %`));
  return setPods(update, rollout, stop.pods);
}

/** Holds the update at so many pods of the new version. */
export function setPods(update: Update, rollout: Rollout, pods: number): Plan {
  const room = roomOf(update);
  const { canary, wanted } = update;
  const now = room.now === undefined ? 0 : podsOf(room.now);
  const names = { ...namesOf(update), from: now, to: pods, wanted };
  if (pods === now && update.hold !== undefined)
    return ok({
      summary: say('rollingUpdate.noChange', names),
      changes: [],
      achieved: rollout.canaryShare,
    });
  if (pods < now || pods === 0)
    return refuse('unsupported', say('rollingUpdate.cannotNarrow', names));
  if (availableIn(canary) > 0)
    return ok({
      summary: say('rollingUpdate.holdPending', names),
      changes: [],
      achieved: rollout.canaryShare,
    });
  if (podsIn(canary) > 0 && readyIn(canary) === 0)
    return refuse('unsupported', say('rollingUpdate.noneReady', names));
  if (pods > mostPods(room))
    return refuse('unsupported', tooMuch(update.deployment, room, String(pods)));
  const batch = batchOf(pods, room);
  const achieved = pods / totalOf(batch, wanted);
  const numbers = { ...names, ...batch, percent: Math.round(achieved * 100) };
  // No undo: a rolling update takes no new pod away again but by going back.
  const widened = changeSet(update, holdEdits(update, batch), {
    guards: [templatePath],
    does: say('rollingUpdate.setBatch', numbers),
    done: say('rollingUpdate.noChange', names),
  });
  return widened.ok ? ok({ ...widened.value, achieved }) : widened;
}

/** All pods, by the controller's own rolling update within the person's own limits. */
export function finish(update: Update, rollout: Rollout): Plan {
  const { promotion } = rollout;
  if (promotion.style === 'none') return refuse('unsupported', promotion.reason);
  const { canary, limits, wanted } = update;
  const names = { ...namesOf(update), wanted, ready: readyIn(canary), ...limitArgs(update) };
  if (update.state === 'held' && podsIn(canary) > 0 && readyIn(canary) === 0)
    return refuse('unsupported', say('rollingUpdate.noneReady', names));
  return changeSet(update, letGoEdits(update), {
    guards: [templatePath],
    does: say('rollingUpdate.finish', { ...names, least: wanted - limits.maxUnavailable.pods }),
    done: say('rollingUpdate.isRunning', names),
  });
}

/** The old pod template again, and nothing that holds or pauses: in one patch, for a paused Deployment would not go back. */
function rollback(update: Update): Plan {
  const { stable, deployment } = update;
  const names = { ...namesOf(update), from: imageOf(deployment), to: imageOf(stable) };
  const template = wholeTemplateOf(stable);
  if (template === undefined)
    return refuse('invalid', say('rollingUpdate.notRead', { ...names, set: stable.meta.name }));
  const key = readyIn(stable) === 0 ? 'rollingUpdate.rollbackToNone' : 'rollingUpdate.rollback';
  const edits: Edit[] = [...templateEdits(deployment, template), ...letGoEdits(update)];
  const plan = changeSet(update, edits, {
    does: say(key, names),
    ...undoOfReturn(update),
    done: say('rollingUpdate.isReturning', names),
  });
  return plan.ok ? ok({ ...plan.value, achieved: 0 }) : plan;
}

interface Sentences {
  readonly does: ChangeSet['summary'];
  /** Absent where nothing that we write could take it back. */
  readonly undoes?: ChangeSet['summary'];
  readonly done: ChangeSet['summary'];
  /** Paths of further values on which the plan rests. */
  readonly guards?: readonly string[];
}

/** The patch with its way back; nothing when all is so already. */
export function changeSet(
  { deployment }: Pick<Update, 'deployment'>,
  edits: readonly Edit[],
  { does, undoes, done, guards = [] }: Sentences,
): Plan {
  const edit = edited(deployment, edits, guards);
  if (edit === undefined) return ok({ summary: done, changes: [] });
  const { change, inverse } = edit;
  if (undoes === undefined) return ok({ summary: does, changes: [change] });
  return ok({ summary: does, changes: [change], inverse: { summary: undoes, changes: [inverse] } });
}

/** To give a batch back at once would take more old pods away than may be missing, before any new one is ready. */
export function undoOfReturn(
  update: Pick<Update, 'deployment'> & Partial<Pick<Update, 'batch' | 'limits'>>,
): Pick<Sentences, 'undoes'> {
  const { batch, limits } = update;
  const isGradual = (batch?.unavailable ?? 0) <= (limits?.maxUnavailable.pods ?? 0);
  return isGradual ? { undoes: say('rollingUpdate.undoRollback', namesOf(update)) } : {};
}

export function tooMuch(deployment: KubeObject, room: Room, asked: string): Text {
  const { limits, ready, wanted } = room;
  return say('rollingUpdate.tooMuch', {
    ...namesOf({ deployment }),
    ...limitArgs({ limits }),
    asked,
    most: mostPods(room),
    ready,
    wanted,
  });
}

export function limitArgs({ limits }: Pick<Update, 'limits'>): Record<string, string | number> {
  const { maxSurge, maxUnavailable } = limits;
  return { surge: maxSurge.pods, unavailable: maxUnavailable.pods };
}

export function namesOf({ deployment }: Pick<Update, 'deployment'>): { deployment: string } {
  return { deployment: deployment.meta.name };
}

export function refuse(
  kind: PlanError['kind'],
  text: PlanError['text'],
): { ok: false; error: PlanError } {
  return err({ kind, text });
}

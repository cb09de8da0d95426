import { equalJson } from '../../base/json.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/objects.ts';
import type { BatchUpdate } from '../../model/rollout.ts';
import { at, countAt, countOf, isJsonObject, listOf, textOf } from '../guards.ts';
import { replicasOf } from '../workloads.ts';
import type { Batch, Room } from './batch.ts';
import { defaultLimit, limitIn, limitsOf, type Limits } from './limits.ts';
import { holdOf, type HoldRecord } from './record.ts';
import { hashLabel, replicaSets, revisionAnnotation } from './types.ts';

/** One Deployment between two versions. */
export interface Update {
  readonly deployment: KubeObject;
  readonly stable: KubeObject;
  /** Absent as long as the new version has no pods. */
  readonly canary?: KubeObject;
  /** Further versions with pods, newest first. */
  readonly others: readonly KubeObject[];
  readonly state: BatchUpdate['state'];
  readonly paused: boolean;
  /** Which version the fields ask for is not known yet: the controller has not seen them, and the images do not tell. */
  readonly isUnclear: boolean;
  /** Present when it is held, also when it is on its way back meanwhile. */
  readonly hold?: HoldRecord;
  /** The batch that the fields ask for; present when it is held. */
  readonly batch?: Batch;
  readonly wanted: number;
  /** The person's own limits, not those of the batch. */
  readonly limits: Limits;
}

/** ReplicaSets with pods by the uid of their Deployment, newest first. */
export function setsByDeployment(
  snapshot: ClusterSnapshot,
  namespace?: string,
): ReadonlyMap<string, readonly KubeObject[]> {
  const sets = new Map<string, KubeObject[]>();
  for (const set of snapshot.list(resourceId(replicaSets), namespace)) {
    const owner = set.meta.ownerReferences.find(({ controller }) => controller);
    if (owner?.kind !== 'Deployment' || podsIn(set) + readyIn(set) === 0) continue;
    const siblings = sets.get(owner.uid);
    if (siblings === undefined) sets.set(owner.uid, [set]);
    else siblings.push(set);
  }
  for (const siblings of sets.values()) siblings.sort(byAge);
  return sets;
}

/**
 * The update that the Deployment is in; absent when all its pods are of one version and it is not held or paused before another. `sets`:
 * its ReplicaSets with pods, newest first.
 */
export function updateOf(deployment: KubeObject, sets: readonly KubeObject[]): Update | undefined {
  const strategy = rollingUpdateOf(deployment);
  if (sets.length === 0 || strategy === undefined) return undefined;
  const hold = holdOf(deployment);
  const hasNoPods = hasNoPodsYet(deployment, sets);
  if (sets.length < 2 && !hasNoPods && hold === undefined) return undefined;
  const target = targetOf(deployment, sets);
  const roles = rolesOf(sets, target, hold);
  if (roles === undefined) return undefined;
  const paused = at(deployment.body, 'spec', 'paused') === true;
  const wanted = replicasOf(deployment);
  return {
    deployment,
    ...roles,
    others: sets.filter((set) => set !== roles.stable && set !== roles.canary),
    state: target === roles.stable ? 'returning' : stateOf(paused, hold),
    paused,
    isUnclear: target === undefined && !hasNoPods,
    ...(hold !== undefined && { hold, batch: batchIn(strategy, wanted) }),
    wanted,
    limits: limitsOf(wanted, hold ?? strategy),
  };
}

function stateOf(paused: boolean, hold: HoldRecord | undefined): Update['state'] {
  if (hold !== undefined) return 'held';
  return paused ? 'paused' : 'running';
}

export interface Strategy {
  readonly maxSurge: NonNullable<ReturnType<typeof limitIn>>;
  readonly maxUnavailable: NonNullable<ReturnType<typeof limitIn>>;
}

/** The limits in the Deployment's fields. Absent when it is not updated in a rolling way, or its fields make no sense. */
export function rollingUpdateOf(deployment: KubeObject): Strategy | undefined {
  const strategy = at(deployment.body, 'spec', 'strategy');
  const rolling = at(strategy, 'rollingUpdate');
  if (textOf(at(strategy, 'type')) !== 'RollingUpdate' || !isJsonObject(rolling)) return undefined;
  const maxSurge = limitIn(rolling['maxSurge'] ?? defaultLimit);
  const maxUnavailable = limitIn(rolling['maxUnavailable'] ?? defaultLimit);
  return maxSurge === undefined || maxUnavailable === undefined
    ? undefined
    : { maxSurge, maxUnavailable };
}

/** What batches may be asked for. */
export function roomOf(update: Update): Room {
  const { wanted, limits, batch } = update;
  return { wanted, limits, ready: newReady(update), ...(batch && { now: batch }) };
}

/**
 * Ready pods of the new version as the Deployment's own counts tell, taking all that are not ready for new ones; 0 while the controller
 * has not seen the newest fields.
 */
function newReady({ deployment }: Update): number {
  const count = (field: string): number => countAt(deployment, 'status', field) ?? 0;
  if (!isObserved(deployment)) return 0;
  return Math.max(0, count('readyReplicas') - (count('replicas') - count('updatedReplicas')));
}

export function podsIn(set: KubeObject | undefined): number {
  return countOf(at(set?.body, 'spec', 'replicas')) ?? 0;
}

export function readyIn(set: KubeObject | undefined): number {
  return countOf(at(set?.body, 'status', 'readyReplicas')) ?? 0;
}

export function availableIn(set: KubeObject | undefined): number {
  return countOf(at(set?.body, 'status', 'availableReplicas')) ?? 0;
}

export function hashOf(set: KubeObject): string {
  return set.meta.labels[hashLabel] ?? '';
}

function batchIn(strategy: Strategy, wanted: number): Batch {
  const { maxSurge: surge, maxUnavailable: unavailable } = limitsOf(wanted, strategy);
  const most = Math.min(surge.pods, wanted);
  return { surge: most, unavailable: Math.min(unavailable.pods, wanted - most) };
}

/** Held: who was stable when the hold began, else the older one, whichever is asked for: an undo brings the older one back. */
function rolesOf(
  sets: readonly KubeObject[],
  target: KubeObject | undefined,
  hold: HoldRecord | undefined,
): Pick<Update, 'stable' | 'canary'> | undefined {
  const kept = hold && sets.find((set) => hashOf(set) === hold.stable);
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return { stable: only };
  const isAside = kept !== undefined && target !== undefined && target !== kept;
  const canary = isAside ? target : sets.find((set) => set !== kept);
  const rest = sets.filter((set) => set !== canary);
  const stable = kept ?? rest.toSorted((a, b) => podsIn(b) - podsIn(a))[0];
  return stable && { stable, ...(canary && { canary }) };
}

/**
 * The ReplicaSet with the Deployment's present template: by revision once the controller has seen it, before that by its images. Absent
 * when there is none yet, or it cannot be told.
 */
function targetOf(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  if (hasNoPodsYet(deployment, sets)) return undefined;
  if (!isObserved(deployment)) {
    const same = withImagesOf(deployment, sets);
    return same.length === 1 ? same[0] : undefined;
  }
  const revision = deployment.meta.annotations[revisionAnnotation] ?? '';
  return sets.find((set) => set.meta.annotations[revisionAnnotation] === revision);
}

/** The present template is that of no ReplicaSet with pods: paused before it, or just about to have the first. */
function hasNoPodsYet(deployment: KubeObject, sets: readonly KubeObject[]): boolean {
  if (!isObserved(deployment)) return withImagesOf(deployment, sets).length === 0;
  const updated = countAt(deployment, 'status', 'updatedReplicas') ?? 0;
  return updated === 0 && (countAt(deployment, 'status', 'replicas') ?? 0) > 0;
}

function withImagesOf(deployment: KubeObject, sets: readonly KubeObject[]): readonly KubeObject[] {
  const images = imagesIn(deployment);
  return sets.filter((set) => equalJson(imagesIn(set), images));
}

export function isObserved(deployment: KubeObject): boolean {
  const seen = countAt(deployment, 'status', 'observedGeneration') ?? 0;
  return seen >= deployment.meta.generation;
}

function imagesIn({ body }: { readonly body: JsonObject }): readonly (Json | undefined)[] {
  return listOf(at(body, 'spec', 'template', 'spec', 'containers')).map((c) => at(c, 'image'));
}

function byAge(a: KubeObject, b: KubeObject): number {
  const [left, right] = [a, b].map(
    ({ meta }) => [meta.creationTimestamp, revisionOf(meta.annotations)] as const,
  ) as [readonly [string, number], readonly [string, number]];
  if (left[0] !== right[0]) return left[0] < right[0] ? 1 : -1;
  return right[1] - left[1];
}

/** 0 where it does not say. */
export function revisionOf(annotations: Readonly<Record<string, string>>): number {
  const revision = Number(annotations[revisionAnnotation]);
  return Number.isInteger(revision) ? revision : 0;
}

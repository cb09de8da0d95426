import { services } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import type { Text } from '../../base/text.ts';
import { deployments } from '../../model/kinds.ts';
import type {
  BatchUpdate,
  Destination,
  Problem,
  Promotion,
  Rollout,
  Track,
  TrackRole,
  WeightRange,
} from '../../model/rollout.ts';
import type { Discovery } from '../backend.ts';
import { at, textsAt } from '../guards.ts';
import { deploymentRef, imageOf, podLabelsOf, versionOf } from '../workloads.ts';
import { podsOf, stopsIn, totalOf } from './batch.ts';
import {
  hashOf,
  podsIn,
  readyIn,
  roomOf,
  setsByDeployment,
  updateOf,
  type Update,
} from './state.ts';
import { hashLabel, id } from './types.ts';
import { say } from './words.l10n.ts';

/** Tracks keep their ids over versions: which ReplicaSet is behind one is in its pod labels. */
export const stableId = 'stable';
export const canaryId = 'canary';
/** The one rule: every connection, to any ready pod. */
const ruleId = '#0';

/** Deployments between two versions. The share is what the fields ask for; what is there differs while pods start, and is a problem. */
export function discover(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const sets = setsByDeployment(snapshot, namespace);
  const rollouts = snapshot.list(resourceId(deployments), namespace).flatMap((deployment) => {
    const update = updateOf(deployment, sets.get(deployment.meta.uid) ?? []);
    return update === undefined ? [] : [rolloutOf(update, serviceOf(snapshot, deployment))];
  });
  return { rollouts, problems: [] };
}

function rolloutOf(update: Update, service: string | undefined): Rollout {
  const { deployment, stable, canary, others } = update;
  const { namespace, name } = deployment.meta;
  const { destinations, total, canaryShare } = splitOf(update);
  return {
    id: `${namespace}/${name}@${id}`,
    backend: id,
    namespace,
    service: service ?? name,
    route: deploymentRef(deployment),
    tracks: [
      trackOf(update, { id: stableId, role: 'stable', set: stable, service }),
      trackOf(update, { id: canaryId, role: 'canary', set: canary, service }),
      ...others.map((set) => trackOf(update, { id: set.meta.name, role: 'other', set, service })),
    ],
    rules: [{ id: ruleId, matches: [], destinations, total }],
    canaryShare,
    weights: weightsOf(update),
    promotion: promotionOf(update),
    update: batchUpdateOf(update),
    problems: problemsOf(update),
  };
}

/** The first Service by name whose selector is met; absent when nobody calls its pods by one. */
function serviceOf(snapshot: ClusterSnapshot, deployment: KubeObject): string | undefined {
  const labels = podLabelsOf(deployment);
  return snapshot
    .list(resourceId(services), deployment.meta.namespace)
    .filter((service) => {
      const wanted = Object.entries(textsAt(service, 'spec', 'selector'));
      return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
    })
    .map(({ meta }) => meta.name)
    .sort()[0];
}

interface TrackParts {
  readonly id: string;
  readonly role: TrackRole;
  readonly set: KubeObject | undefined;
  readonly service: string | undefined;
}

/** The workload is the Deployment, which people know and which may be somebody else's track; numbers and image are the ReplicaSet's. */
function trackOf(update: Update, { id: trackId, role, set, service }: TrackParts): Track {
  const { deployment } = update;
  const version = versionOf(set ?? deployment);
  return {
    id: trackId,
    role,
    name: set?.meta.name ?? deployment.meta.name,
    ...(version !== undefined && { version }),
    ...(service !== undefined && { service }),
    podLabels: set === undefined ? {} : { ...podLabelsOf(deployment), [hashLabel]: hashOf(set) },
    workload: {
      ref: deploymentRef(deployment),
      replicas: podsIn(set),
      ready: readyIn(set),
      image: imageOf(set ?? deployment),
      template:
        role === 'canary' ? (at(deployment.body, 'spec', 'template', 'spec') ?? null) : null,
      settled: false,
    },
  };
}

interface Split {
  readonly destinations: readonly Destination[];
  readonly total: number;
  readonly canaryShare: number;
}

/** Pods as the weights. The new version is asked to have none on the way back, and as long as it is not clear which way it goes. */
function splitOf(update: Update): Split {
  const { stable, canary, others, state, batch, wanted, isUnclear } = update;
  if (state === 'held' && batch !== undefined)
    return split(totalOf(batch, wanted) - podsOf(batch), podsOf(batch), []);
  if (state === 'returning' || (isUnclear && state === 'running')) return split(wanted, 0, []);
  return split(podsIn(stable), podsIn(canary), others);
}

function split(stable: number, canary: number, others: readonly KubeObject[]): Split {
  const pods: readonly (readonly [string, number])[] = [
    [stableId, stable],
    [canaryId, canary],
    ...others.map((set) => [set.meta.name, podsIn(set)] as const),
  ];
  const total = pods.reduce((sum, [, weight]) => sum + weight, 0);
  const destinations = pods.map(([trackId, weight]) => ({
    trackId,
    weight,
    share: total === 0 ? 0 : weight / total,
  }));
  return { destinations, total, canaryShare: total === 0 ? 0 : canary / total };
}

/** Only a batch that is held stays as it is; before the first one, the first may be asked for. */
function weightsOf(update: Update): WeightRange {
  const { deployment, canary, state } = update;
  const names = { deployment: deployment.meta.name };
  if (state === 'returning')
    return { kind: 'none', reason: say('rollingUpdate.isReturning', names) };
  if (state === 'running') return { kind: 'none', reason: say('rollingUpdate.isRunning', names) };
  if (state === 'paused' && podsIn(canary) > 0)
    return { kind: 'none', reason: say('rollingUpdate.isPaused', names) };
  return { kind: 'stops', stops: stopsIn(roomOf(update)) };
}

function promotionOf({ state, deployment }: Update): Promotion {
  if (state !== 'returning') return { style: 'swap' };
  const names = { deployment: deployment.meta.name };
  return { style: 'none', reason: say('rollingUpdate.isReturning', names) };
}

function batchUpdateOf({ canary, state, paused, batch, wanted, limits }: Update): BatchUpdate {
  const updated = podsIn(canary);
  return {
    state,
    paused,
    wanted,
    batch: batch === undefined ? updated : podsOf(batch),
    updated,
    ready: readyIn(canary),
    ...limits,
  };
}

function problemsOf(update: Update): readonly Problem[] {
  const object = deploymentRef(update.deployment);
  return [
    ...progressOf(update).map((text): Problem => ({ severity: 'info', text, object })),
    ...update.others.slice(0, 1).map((set): Problem => ({
      severity: 'warning',
      text: say('rollingUpdate.thirdVersion', { set: set.meta.name, pods: podsIn(set) }),
      object,
    })),
  ];
}

function progressOf(update: Update): readonly Text[] {
  const { deployment, canary, state, batch, wanted } = update;
  const numbers = {
    deployment: deployment.meta.name,
    wanted,
    updated: podsIn(canary),
    ready: readyIn(canary),
    batch: batch === undefined ? podsIn(canary) : podsOf(batch),
  };
  switch (state) {
    case 'returning':
      return [say('rollingUpdate.isReturning', numbers)];
    case 'running':
      return [say('rollingUpdate.isRunning', numbers)];
    case 'paused':
      return [say('rollingUpdate.isPaused', numbers)];
    case 'held':
      return [
        ...(readyIn(canary) < numbers.batch ? [say('rollingUpdate.starting', numbers)] : []),
        say('rollingUpdate.notAvailable', numbers),
      ];
  }
}

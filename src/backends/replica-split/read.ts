import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import { deployments, services } from '../../model/kinds.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type {
  Destination,
  Problem,
  Promotion,
  Rollout,
  Track,
  TrackRole,
  WeightRange,
  Workload,
} from '../../model/rollout.ts';
import type { Discovery } from '../backend.ts';
import { groupsIn, podLabelsOf, type Group } from './group.ts';
import { shareOf, stopsBeside } from './stops.ts';
import { at, autoscalers, countAt, textAt } from './types.ts';
import { say } from './words.l10n.ts';

/** Folder name of this back end. */
export const id = 'replica-split';

/** The one rule of a Service: every connection, to any ready pod. */
export const ruleId = '#0';

/** Rollouts by pod numbers. The share is what the specs ask for; what is ready differs while pods start, and is a problem. */
export function discover(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const { groups, problems } = groupsIn(snapshot, namespace);
  return { rollouts: groups.map((group) => rolloutOf(snapshot, group)), problems };
}

export function refOf(deployment: KubeObject): ObjectRef {
  const { namespace, name } = deployment.meta;
  return { resource: deployments, namespace, name };
}

/** Pods that the Deployment asks for; 1 where it does not say, as the API server fills in. */
export function replicasOf(deployment: KubeObject): number {
  return countAt(deployment, 'spec', 'replicas') ?? 1;
}

/** What a version is: the pod spec. Labels stay with the Deployment whose selector needs them. */
export function podSpecOf(deployment: KubeObject): ReturnType<typeof at> {
  return at(deployment.body, 'spec', 'template', 'spec');
}

function rolloutOf(snapshot: ClusterSnapshot, group: Group): Rollout {
  const { service, stable, canary } = group;
  const { namespace, name } = service.meta;
  const tracks = [
    trackOf(stable, 'stable', name),
    trackOf(canary, 'canary', name),
    ...group.others.map((other) => trackOf(other, 'other', name)),
  ];
  const total = tracks.reduce((sum, { workload }) => sum + workload.replicas, 0);
  const destinations: readonly Destination[] = tracks.map(({ id: trackId, workload }) => ({
    trackId,
    weight: workload.replicas,
    share: total === 0 ? 0 : workload.replicas / total,
  }));
  const canaryPods = replicasOf(canary);
  return {
    id: `${namespace}/${name}@${id}`,
    backend: id,
    namespace,
    service: name,
    route: refOf(canary),
    tracks,
    rules: [{ id: ruleId, matches: [], destinations, total }],
    canaryShare: shareOf(canaryPods, total - canaryPods),
    weights: weightsOf(snapshot, group, total - canaryPods),
    promotion: promotionOf(stable, canary),
    problems: problemsOf(snapshot, group, tracks),
  };
}

type PodTrack = Track & { readonly workload: Workload };

function trackOf(deployment: KubeObject, role: TrackRole, service: string): PodTrack {
  const labels = podLabelsOf(deployment);
  const image = textAt(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image');
  const version = tagOf(image) ?? labels['app.kubernetes.io/version'] ?? labels['version'];
  return {
    id: deployment.meta.name,
    role,
    name: deployment.meta.name,
    ...(version === undefined ? {} : { version }),
    workload: {
      ref: refOf(deployment),
      replicas: replicasOf(deployment),
      ready: countAt(deployment, 'status', 'readyReplicas') ?? 0,
      image,
      template: podSpecOf(deployment) ?? null,
      settled: isSettled(deployment),
    },
    service,
    podLabels: labels,
  };
}

/** `registry:5000/shop:1.2@sha256:…` is `1.2`. */
function tagOf(image: string): string | undefined {
  return /:([\w][\w.-]*)$/.exec(image.replace(/@.*$/, ''))?.[1];
}

/** handbook/backends.md 17.4. */
function isSettled(deployment: KubeObject): boolean {
  const count = (field: string): number => countAt(deployment, 'status', field) ?? 0;
  const updated = count('updatedReplicas');
  return (
    count('observedGeneration') >= deployment.meta.generation &&
    updated >= replicasOf(deployment) &&
    count('replicas') === updated &&
    count('availableReplicas') >= updated
  );
}

function weightsOf(snapshot: ClusterSnapshot, group: Group, others: number): WeightRange {
  const autoscaler = autoscalerOf(snapshot, group.canary);
  const names = { canary: group.canary.meta.name, stable: group.stable.meta.name };
  if (autoscaler !== undefined)
    return { kind: 'none', reason: say('replicaSplit.autoscaled', { ...names, autoscaler }) };
  if (others === 0) return { kind: 'none', reason: say('replicaSplit.noStablePods', names) };
  return { kind: 'stops', stops: stopsBeside(others, replicasOf(group.canary)) };
}

/** By the pod specs alone, so that anybody can take a promotion up again. */
function promotionOf(stable: KubeObject, canary: KubeObject): Promotion {
  if (!Array.isArray(at(podSpecOf(canary), 'containers')))
    return {
      style: 'none',
      reason: say('replicaSplit.noContainers', { stable: canary.meta.name }),
    };
  if (!sameJson(podSpecOf(stable), podSpecOf(canary))) return { style: 'copy', stage: 'idle' };
  if (!isSettled(stable)) return { style: 'copy', stage: 'waitReady' };
  return { style: 'copy', stage: replicasOf(canary) > 0 ? 'scaleDown' : 'done' };
}

function problemsOf(
  snapshot: ClusterSnapshot,
  { service, stable, canary }: Group,
  tracks: readonly PodTrack[],
): readonly Problem[] {
  const names = { service: service.meta.name, stable: stable.meta.name, canary: canary.meta.name };
  const aboutService: ObjectRef = {
    resource: services,
    namespace: service.meta.namespace,
    name: service.meta.name,
  };
  const warn = (text: Text, object: ObjectRef): Problem => ({ severity: 'warning', text, object });
  const autoscaler = autoscalerOf(snapshot, stable);
  return [
    ...serviceTexts(service, names).map((text) => warn(text, aboutService)),
    ...(autoscaler === undefined
      ? []
      : [warn(say('replicaSplit.stableAutoscaled', { ...names, autoscaler }), refOf(stable))]),
    ...readyProblem(tracks, canary),
  ];
}

function serviceTexts(service: KubeObject, names: Record<string, string>): readonly Text[] {
  const spec = (field: string): string => textAt(service, 'spec', field);
  const near = [
    ...(spec('internalTrafficPolicy') === 'Local' ? ['internalTrafficPolicy: Local'] : []),
    ...(spec('trafficDistribution') === ''
      ? []
      : [`trafficDistribution: ${spec('trafficDistribution')}`]),
  ];
  return [
    ...(spec('sessionAffinity') === 'ClientIP' ? [say('replicaSplit.sessionAffinity', names)] : []),
    ...(spec('clusterIP') === 'None' ? [say('replicaSplit.headless', names)] : []),
    ...near.map((field) => say('replicaSplit.locality', { ...names, field })),
  ];
}

function readyProblem(tracks: readonly PodTrack[], canary: KubeObject): readonly Problem[] {
  const share = (field: 'replicas' | 'ready'): number => {
    const pods = tracks.map(({ workload }) => workload[field]);
    const own = tracks.find(({ role }) => role === 'canary')?.workload[field] ?? 0;
    return shareOf(own, pods.reduce((sum, count) => sum + count, 0) - own);
  };
  const [ready, asked] = [share('ready'), share('replicas')];
  if (Math.abs(ready - asked) < 1e-9) return [];
  const numbers = { ready: percentText(ready), asked: percentText(asked) };
  const text = say('replicaSplit.notReady', { canary: canary.meta.name, ...numbers });
  return [{ severity: 'info', text, object: refOf(canary) }];
}

/** Name of the HorizontalPodAutoscaler that scales the Deployment. */
function autoscalerOf(snapshot: ClusterSnapshot, deployment: KubeObject): string | undefined {
  const { namespace, name } = deployment.meta;
  return snapshot
    .list(resourceId(autoscalers), namespace)
    .filter(
      (autoscaler) =>
        textAt(autoscaler, 'spec', 'scaleTargetRef', 'kind') === 'Deployment' &&
        textAt(autoscaler, 'spec', 'scaleTargetRef', 'name') === name,
    )
    .map(({ meta }) => meta.name)
    .sort()[0];
}

/** Equal as JSON, whatever the order of members. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

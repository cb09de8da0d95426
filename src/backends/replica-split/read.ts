import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import { services } from '../../model/kinds.ts';
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
import { copyStage } from '../copyPromotion.ts';
import { at, textAt } from '../guards.ts';
import { deploymentRef, podLabelsOf, replicasOf, versionOf, workloadOf } from '../workloads.ts';
import { groupsIn, type Group } from './group.ts';
import { shareOf, stopsBeside } from './stops.ts';
import { autoscalers } from './types.ts';
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
    route: deploymentRef(canary),
    tracks,
    rules: [{ id: ruleId, matches: [], destinations, total }],
    canaryShare: shareOf(canaryPods, total - canaryPods),
    weights: weightsOf(snapshot, group, total - canaryPods),
    promotion: promotionOf(tracks, canary),
    problems: problemsOf(snapshot, group, tracks),
  };
}

type PodTrack = Track & { readonly workload: Workload };

function trackOf(deployment: KubeObject, role: TrackRole, service: string): PodTrack {
  const version = versionOf(deployment);
  return {
    id: deployment.meta.name,
    role,
    name: deployment.meta.name,
    ...(version === undefined ? {} : { version }),
    workload: workloadOf(deployment),
    service,
    podLabels: podLabelsOf(deployment),
  };
}

function weightsOf(snapshot: ClusterSnapshot, group: Group, others: number): WeightRange {
  const autoscaler = autoscalerOf(snapshot, group.canary);
  const names = { canary: group.canary.meta.name, stable: group.stable.meta.name };
  if (autoscaler !== undefined)
    return { kind: 'none', reason: say('replicaSplit.autoscaled', { ...names, autoscaler }) };
  if (others === 0) return { kind: 'none', reason: say('replicaSplit.noStablePods', names) };
  return { kind: 'stops', stops: stopsBeside(others, replicasOf(group.canary)) };
}

/** There is no traffic to shift back: once the stable is ready, what is left is to scale the canary down. */
function promotionOf([stable, canary]: readonly PodTrack[], { meta, body }: KubeObject): Promotion {
  const canCopy = Array.isArray(at(body, 'spec', 'template', 'spec', 'containers'));
  if (stable === undefined || canary === undefined || !canCopy)
    return { style: 'none', reason: say('replicaSplit.noContainers', { stable: meta.name }) };
  return { style: 'copy', stage: copyStage(stable, canary, 0) };
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
      : [
          warn(
            say('replicaSplit.stableAutoscaled', { ...names, autoscaler }),
            deploymentRef(stable),
          ),
        ]),
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
  return [{ severity: 'info', text, object: deploymentRef(canary) }];
}

/** Name of the HorizontalPodAutoscaler that scales the Deployment. */
export function autoscalerOf(
  snapshot: ClusterSnapshot,
  deployment: KubeObject,
): string | undefined {
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

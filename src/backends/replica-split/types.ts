import type { Watched } from '../../model/cluster.ts';
import { deployments, services } from '../../model/kinds.ts';
import type { Resource } from '../../model/objects.ts';
import { cut } from '../guards.ts';

export const autoscalers: Resource = {
  group: 'autoscaling',
  versions: ['v2', 'v1'],
  plural: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
};

/**
 * Fields by Kubernetes' `core/v1`, `apps/v1` and `autoscaling/v2`. A Deployment's spec is kept whole: a promotion copies its
 * template, and a canary is made from all of it.
 */
export const watches: readonly Watched[] = [
  {
    resource: services,
    writes: [],
    pick: (raw) => ({
      spec: cut(raw['spec'], [
        'type',
        'selector',
        'clusterIP',
        'sessionAffinity',
        'trafficDistribution',
        'internalTrafficPolicy',
      ]),
    }),
  },
  {
    resource: deployments,
    writes: ['patch', 'create', 'delete'],
    pick: (raw) => ({
      spec: raw['spec'] ?? {},
      status: cut(raw['status'], [
        'observedGeneration',
        'replicas',
        'updatedReplicas',
        'readyReplicas',
        'availableReplicas',
      ]),
    }),
  },
  {
    resource: autoscalers,
    writes: [],
    pick: (raw) => ({ spec: cut(raw['spec'], ['scaleTargetRef']) }),
  },
];

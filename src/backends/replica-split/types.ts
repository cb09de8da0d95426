import type { Watched } from '../../model/cluster.ts';
import { deployments, services } from '../../model/kinds.ts';
import type { Resource } from '../../model/objects.ts';
import { picking } from '../../model/picking.ts';

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
    pick: picking(
      'spec.type',
      'spec.selector',
      'spec.clusterIP',
      'spec.sessionAffinity',
      'spec.trafficDistribution',
      'spec.internalTrafficPolicy',
    ),
  },
  {
    resource: deployments,
    writes: ['patch', 'create', 'delete'],
    pick: picking(
      'spec',
      'status.observedGeneration',
      'status.replicas',
      'status.updatedReplicas',
      'status.readyReplicas',
      'status.availableReplicas',
    ),
  },
  {
    resource: autoscalers,
    writes: [],
    pick: picking('spec.scaleTargetRef'),
  },
];

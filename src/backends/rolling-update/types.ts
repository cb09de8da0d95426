import type { Watched } from '../../model/cluster.ts';
import { deployments, services } from '../../model/kinds.ts';
import { labelPrefix } from '../../model/names.ts';
import type { Resource } from '../../model/objects.ts';
import { picking } from '../../model/picking.ts';
import { at } from '../guards.ts';

/** Folder name of this back end. */
export const id = 'rolling-update';

export const replicaSets: Resource = {
  group: 'apps',
  versions: ['v1'],
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
};

/** Which ReplicaSet has the newest template (on a Deployment), and which one this is (on a ReplicaSet). Set by the controller. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
/** On a Deployment that we hold at a batch: what it was before (`record.ts`). */
export const recordAnnotation = `${labelPrefix}rolling-update`;
/** On pods and ReplicaSets, set by the controller: tells the versions of one Deployment apart. */
export const hashLabel = 'pod-template-hash';

/**
 * Fields by Kubernetes' `core/v1` and `apps/v1`. Of ReplicaSets only those with pods are kept, which is one for each Deployment that
 * is not being updated, and of their templates the images alone: a rollback reads the whole one afresh.
 */
export const watches: readonly Watched[] = [
  { resource: services, writes: [], pick: picking('spec.selector') },
  {
    resource: deployments,
    writes: ['patch'],
    annotations: [revisionAnnotation, recordAnnotation],
    pick: picking(
      'spec.replicas',
      'spec.paused',
      'spec.strategy',
      'spec.minReadySeconds',
      'spec.progressDeadlineSeconds',
      'spec.selector',
      'spec.template',
      'status.observedGeneration',
      'status.replicas',
      'status.updatedReplicas',
      'status.readyReplicas',
    ),
  },
  {
    resource: replicaSets,
    writes: [],
    keep: (raw) =>
      [at(raw, 'spec', 'replicas'), at(raw, 'status', 'replicas')].some((n) => n !== 0),
    annotations: [revisionAnnotation],
    pick: picking(
      'spec.replicas',
      'spec.template.spec.containers[].image',
      'status.readyReplicas',
      'status.availableReplicas',
    ),
  },
];

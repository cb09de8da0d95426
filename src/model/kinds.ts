import type { Resource } from './objects.ts';

/** Kinds of Kubernetes itself that several folders read. Back ends name their own kinds in their folder. */
export const services: Resource = {
  group: '',
  versions: ['v1'],
  plural: 'services',
  kind: 'Service',
  namespaced: true,
};

export const namespaces: Resource = {
  group: '',
  versions: ['v1'],
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};

export const deployments: Resource = {
  group: 'apps',
  versions: ['v1'],
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};

export const endpointSlices: Resource = {
  group: 'discovery.k8s.io',
  versions: ['v1'],
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};

export const configMaps: Resource = {
  group: '',
  versions: ['v1'],
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

export const leases: Resource = {
  group: 'coordination.k8s.io',
  versions: ['v1'],
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

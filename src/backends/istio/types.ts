import type { Watched } from '../../model/cluster.ts';
import type { Resource } from '../../model/objects.ts';
import { cut } from '../guards.ts';
import { workloadWatches } from '../workloads.ts';

const group = 'networking.istio.io';
/** All of them are served and show the same object (handbook/backends.md 5.1). */
const versions = ['v1', 'v1beta1', 'v1alpha3'];

export const virtualServices: Resource = {
  group,
  versions,
  plural: 'virtualservices',
  kind: 'VirtualService',
  namespaced: true,
};

export const destinationRules: Resource = {
  group,
  versions,
  plural: 'destinationrules',
  kind: 'DestinationRule',
  namespaced: true,
};

/** Fields of https://istio.io/latest/docs/reference/config/networking/ (1.31). `http` is kept whole: a removed rule comes back by undo. */
export const watches: readonly Watched[] = [
  {
    resource: virtualServices,
    writes: ['patch'],
    pick: (raw) => ({ spec: cut(raw['spec'], ['hosts', 'gateways', 'http', 'tcp', 'tls']) }),
  },
  {
    resource: destinationRules,
    writes: [],
    pick: (raw) => ({ spec: cut(raw['spec'], ['host', 'subsets', 'trafficPolicy']) }),
  },
  ...workloadWatches,
];

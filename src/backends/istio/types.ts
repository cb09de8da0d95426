import type { Watched } from '../../model/cluster.ts';
import type { Resource } from '../../model/objects.ts';
import { picking } from '../../model/picking.ts';
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

/** Fields of https://istio.io/latest/docs/reference/config/networking/ (1.31). Of `http` what is shown; a plan has the whole. */
export const watches: readonly Watched[] = [
  {
    resource: virtualServices,
    writes: ['patch'],
    pick: picking(
      'spec.hosts',
      'spec.gateways',
      'spec.http[].name',
      'spec.http[].match',
      'spec.http[].delegate',
      ...destinations('http'),
      'spec.http[].mirror',
      'spec.http[].mirrors',
      'spec.http[].mirrorPercentage',
      ...destinations('tcp'),
      ...destinations('tls'),
    ),
  },
  {
    resource: destinationRules,
    writes: [],
    pick: picking(
      'spec.host',
      'spec.subsets[].name',
      'spec.subsets[].labels',
      'spec.subsets[].trafficPolicy.loadBalancer',
      'spec.trafficPolicy.loadBalancer',
    ),
  },
  ...workloadWatches,
];

function destinations(kind: 'http' | 'tcp' | 'tls'): readonly string[] {
  return ['destination.host', 'destination.subset', 'weight'].map(
    (path) => `spec.${kind}[].route[].${path}`,
  );
}

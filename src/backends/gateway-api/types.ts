import type { Watched } from '../../model/cluster.ts';
import type { Resource } from '../../model/objects.ts';
import { picking } from '../../model/picking.ts';
import { workloadWatches } from '../workloads.ts';

const group = 'gateway.networking.k8s.io';

export const httpRoutes: Resource = {
  group,
  versions: ['v1', 'v1beta1'],
  plural: 'httproutes',
  kind: 'HTTPRoute',
  namespaced: true,
};

export const grpcRoutes: Resource = {
  group,
  versions: ['v1'],
  plural: 'grpcroutes',
  kind: 'GRPCRoute',
  namespaced: true,
};

/** In the order in which they are read; where both have one name, each has an id of its own. */
export const routeKinds: readonly Resource[] = [httpRoutes, grpcRoutes];

/**
 * Fields of https://gateway-api.sigs.k8s.io/reference/spec/ (v1.6). Of rules what is shown; a plan has
 * the whole.
 */
export const watches: readonly Watched[] = [
  ...routeKinds.map((resource): Watched => ({
    resource,
    writes: ['patch'],
    pick: picking(
      'spec.parentRefs',
      'spec.hostnames',
      'spec.rules[].name',
      'spec.rules[].matches',
      'spec.rules[].filters',
      'spec.rules[].backendRefs',
      'status.parents',
    ),
  })),
  ...workloadWatches,
];

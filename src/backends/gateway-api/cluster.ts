import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type Resource,
} from '../../model/objects.ts';
import { deploymentFinder, type DeploymentFinder } from '../workloads.ts';
import { rulesOf, type RouteRule } from './rules.ts';
import { routeKinds } from './types.ts';

/** One route, read. */
export interface ReadRoute {
  readonly route: KubeObject;
  readonly resource: Resource;
  readonly rules: readonly RouteRule[];
  readonly faults: ReturnType<typeof rulesOf>['faults'];
}

/** What is asked of the cluster for every rollout, found once for all of them. */
export interface Cluster {
  readonly snapshot: ClusterSnapshot;
  readonly routes: readonly ReadRoute[];
  readonly deploymentsWith: DeploymentFinder;
  /** `namespace/name` of a Service → the routes that send to it, as `Kind name`. */
  readonly routesTo: ReadonlyMap<string, readonly string[]>;
}

export function clusterOf(snapshot: ClusterSnapshot, namespace: string | undefined): Cluster {
  const routes = routeKinds.flatMap((resource) =>
    snapshot
      .list(resourceId(resource), namespace)
      .map((route): ReadRoute => ({ route, resource, ...rulesOf(route) })),
  );
  const deploymentsWith = deploymentFinder(snapshot);
  return { snapshot, routes, deploymentsWith, routesTo: routesByService(routes) };
}

function routesByService(routes: readonly ReadRoute[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { route, rules } of routes)
    for (const service of new Set(rules.flatMap(({ refs }) => refs).map(serviceKey))) {
      found.set(service, found.get(service) ?? []);
      found.get(service)?.push(`${route.kind} ${route.meta.name}`);
    }
  return found;
}

export function serviceKey({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}

import type { Watched } from '../../model/cluster.ts';
import { deployments, services } from '../../model/kinds.ts';
import type { Json, JsonObject, KubeObject, Resource } from '../../model/objects.ts';

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

/** The value in untrusted JSON at the path; `undefined` where there is none. */
export function at(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  return path.reduce<Json | undefined>((node, key) => {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    return (node as Readonly<Record<string | number, Json>>)[key];
  }, value);
}

export function textAt(object: KubeObject, ...path: readonly (string | number)[]): string {
  const found = at(object.body, ...path);
  return typeof found === 'string' ? found : '';
}

/** A count ≥ 0; absent when it is missing or no count. */
export function countAt(object: KubeObject, ...path: readonly string[]): number | undefined {
  const found = at(object.body, ...path);
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
}

/** A map of texts; members that are no text are left out. */
export function textsAt(
  object: KubeObject,
  ...path: readonly string[]
): Readonly<Record<string, string>> {
  const found = at(object.body, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(
    Object.entries(found as JsonObject).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function cut(value: Json | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const member = at(value, key);
      return member === undefined ? [] : [[key, member]];
    }),
  );
}

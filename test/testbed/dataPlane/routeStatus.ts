import { isDeepStrictEqual } from 'node:util';
import type { KubeApi } from '../kubeApi.ts';
import type { ClusterView } from './clusterView.ts';
import { type GatewayRoute, keyOf, namespaceOf, type View } from './objects.ts';

const CONTROLLER = 'istio.io/gateway-controller';

const PLURALS = { httpRoutes: 'httproutes', grpcRoutes: 'grpcroutes' } as const;

/**
 * Keeps the status of routes as an implementation of Gateway API does: Accepted for each parent, and
 * ResolvedRefs by whether the Services exist. Writes only what differs.
 */
export function reportRouteStatus(api: KubeApi, cluster: ClusterView): void {
  const reported = new Map<string, unknown>();
  const report = async (kind: keyof typeof PLURALS): Promise<void> => {
    for (const route of cluster.view[kind].values()) {
      const parents = parentsOf(cluster.view, route);
      const key = `${kind}/${keyOf(route)}/${route.metadata.uid ?? ''}`;
      if (isDeepStrictEqual(reported.get(key), parents)) continue;
      reported.set(key, parents);
      await write(api, PLURALS[kind], route, parents);
    }
  };
  const reportAll = (): void => {
    // The route may be gone, or the API server; the next change brings the next attempt.
    void report('httpRoutes').catch(() => undefined);
    void report('grpcRoutes').catch(() => undefined);
  };
  cluster.onDidChange((kind) => {
    if (kind === 'httpRoutes' || kind === 'grpcRoutes' || kind === 'services') reportAll();
  });
  reportAll();
}

interface ParentStatus {
  readonly parentRef: unknown;
  readonly controllerName: string;
  readonly conditions: readonly Readonly<Record<string, string | number>>[];
}

function parentsOf(view: View, route: GatewayRoute<unknown>): readonly ParentStatus[] {
  const missing = (route.spec.rules ?? [])
    .flatMap(({ backendRefs = [] }) => backendRefs)
    .map(({ namespace = namespaceOf(route), name }) => `${namespace}/${name}`)
    .find((service) => !view.services.has(service));
  const condition = (
    type: string,
    reason: string,
    message = '',
  ): ParentStatus['conditions'][0] => ({
    type,
    status: message === '' ? 'True' : 'False',
    reason,
    message,
    observedGeneration: route.metadata.generation ?? 0,
  });
  const resolved =
    missing === undefined
      ? condition('ResolvedRefs', 'ResolvedRefs')
      : condition('ResolvedRefs', 'BackendNotFound', `Service ${missing} does not exist`);
  return (route.spec.parentRefs ?? []).map((parentRef) => ({
    parentRef,
    controllerName: CONTROLLER,
    conditions: [condition('Accepted', 'Accepted'), resolved],
  }));
}

async function write(
  api: KubeApi,
  plural: string,
  route: GatewayRoute<unknown>,
  parents: readonly ParentStatus[],
): Promise<void> {
  const { name } = route.metadata;
  const lastTransitionTime = new Date().toISOString();
  const dated = parents.map((parent) => ({
    ...parent,
    conditions: parent.conditions.map((condition) => ({ ...condition, lastTransitionTime })),
  }));
  const collection = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespaceOf(route)}/${plural}`;
  await api.ok('PATCH', `${collection}/${name}/status`, { status: { parents: dated } });
}

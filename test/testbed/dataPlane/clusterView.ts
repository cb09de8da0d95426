import { setTimeout as sleep } from 'node:timers/promises';
import { follow, type KubeApi } from '../kubeApi.ts';
import { type KubeObject, keyOf, type View } from './objects.ts';

/** A view that follows the cluster. */
export interface ClusterView {
  /** Always the same object; what it holds changes. */
  readonly view: View;
  /** Calls back after each change of an object, with its kind. */
  readonly onDidChange: (listener: (kind: keyof View) => void) => void;
  readonly stop: () => void;
}

const COLLECTIONS: Readonly<Record<keyof View, string>> = {
  virtualServices: '/apis/networking.istio.io/v1/virtualservices',
  destinationRules: '/apis/networking.istio.io/v1/destinationrules',
  httpRoutes: '/apis/gateway.networking.k8s.io/v1/httproutes',
  grpcRoutes: '/apis/gateway.networking.k8s.io/v1/grpcroutes',
  referenceGrants: '/apis/gateway.networking.k8s.io/v1beta1/referencegrants',
  services: '/api/v1/services',
  endpointSlices: '/apis/discovery.k8s.io/v1/endpointslices',
  pods: '/api/v1/pods',
  deployments: '/apis/apps/v1/deployments',
};

/** Resolves when every kind that the cluster serves has been listed once; a CRD may come later. */
export async function followCluster(api: KubeApi): Promise<ClusterView> {
  const stopped = new AbortController();
  const listeners: ((kind: keyof View) => void)[] = [];
  const maps = Object.fromEntries(
    Object.keys(COLLECTIONS).map((kind) => [kind, new Map<string, KubeObject>()]),
  ) as Record<keyof View, Map<string, KubeObject>>;
  await Promise.all(
    Object.entries(COLLECTIONS).map(([kind, collection]) => {
      const objects = maps[kind as keyof View];
      return followWhenServed(api, collection, stopped.signal, (change, object) => {
        apply(objects, change, object);
        for (const listener of listeners) listener(kind as keyof View);
      });
    }),
  );
  return {
    view: maps as unknown as View,
    onDidChange: (listener) => {
      listeners.push(listener);
    },
    stop: () => {
      stopped.abort();
    },
  };
}

/** An object that was replaced under its name may be told of as deleted after its successor. */
function apply(
  objects: Map<string, KubeObject>,
  change: 'present' | 'deleted',
  object: KubeObject,
): void {
  const key = keyOf(object);
  if (change === 'present') objects.set(key, object);
  else if (objects.get(key)?.metadata.uid === object.metadata.uid) objects.delete(key);
}

async function followWhenServed(
  api: KubeApi,
  collection: string,
  signal: AbortSignal,
  follower: (change: 'present' | 'deleted', object: KubeObject) => void,
): Promise<void> {
  const start = async (): Promise<void> => {
    const following = follow(api, collection, follower);
    signal.addEventListener('abort', following.stop, { once: true });
    await following.ready;
  };
  const isServed = async (): Promise<boolean> =>
    (await api.request('GET', `${collection}?limit=1`)).status !== 404;
  if (await isServed()) {
    await start();
    return;
  }
  void (async () => {
    while (!signal.aborted) {
      await sleep(1_000, undefined, { signal, ref: false }).catch(() => undefined);
      // The API server may be away: ask again.
      if (await isServed().catch(() => false)) {
        await start();
        return;
      }
    }
  })();
}

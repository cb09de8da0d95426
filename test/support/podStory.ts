import type { Cluster } from '../testbed/cluster.ts';
import type { KubeObject } from '../testbed/kubeApi.ts';

/** What happened to the pods of a namespace between two marks. Pods that are being deleted are not counted. */
export interface PodStory {
  /** Fewest ready pods at any moment, and most pods in all. */
  readonly leastReady: number;
  readonly mostPods: number;
  /** Most pods with this image at any moment. */
  readonly most: (image: string) => number;
  /** Pods with this image at the end, and how many of them are ready. */
  readonly atEnd: (image: string) => { readonly pods: number; readonly ready: number };
}

/** A resource version: what comes after it is newer. */
export type PodMark = string;

export async function markPods(cluster: Cluster, namespace: string): Promise<PodMark> {
  const response = await cluster.api.ok('GET', collection(namespace));
  return (response.json as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
}

/** Every change that the API server stored between the marks, replayed one by one: nothing falls between two looks. */
export async function podStory(
  cluster: Cluster,
  namespace: string,
  from: PodMark,
  to: PodMark,
): Promise<PodStory> {
  const pods = new Map(
    (await podsAt(cluster, namespace, from)).map((pod) => [pod.metadata.name, pod]),
  );
  const images = new Map<string, number>();
  let [leastReady, mostPods] = [Infinity, 0];
  const look = (): void => {
    const alive = [...pods.values()].filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    leastReady = Math.min(leastReady, alive.filter(isReady).length);
    mostPods = Math.max(mostPods, alive.length);
    for (const image of new Set(alive.map(imageOf))) {
      const count = alive.filter((pod) => imageOf(pod) === image).length;
      images.set(image, Math.max(images.get(image) ?? 0, count));
    }
  };
  look();
  for (const { type, object } of await eventsSince(cluster, namespace, from)) {
    if (Number(object.metadata.resourceVersion) > Number(to)) break;
    if (type === 'DELETED') pods.delete(object.metadata.name);
    else pods.set(object.metadata.name, object);
    look();
  }
  return {
    leastReady,
    mostPods,
    most: (image) => images.get(image) ?? 0,
    atEnd: (image) => {
      const own = [...pods.values()].filter(
        (pod) => imageOf(pod) === image && pod.metadata.deletionTimestamp === undefined,
      );
      return { pods: own.length, ready: own.filter(isReady).length };
    },
  };
}

interface WatchEvent {
  readonly type: string;
  readonly object: KubeObject;
}

async function podsAt(
  cluster: Cluster,
  namespace: string,
  version: PodMark,
): Promise<readonly KubeObject[]> {
  const query = `resourceVersion=${version}&resourceVersionMatch=Exact`;
  const response = await cluster.api.ok('GET', `${collection(namespace)}?${query}`);
  return (response.json as { items: KubeObject[] }).items;
}

async function eventsSince(
  cluster: Cluster,
  namespace: string,
  version: PodMark,
): Promise<readonly WatchEvent[]> {
  const query = `watch=true&resourceVersion=${version}&timeoutSeconds=1`;
  const { text } = await cluster.api.ok('GET', `${collection(namespace)}?${query}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WatchEvent);
}

function collection(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

function imageOf(pod: KubeObject): string {
  const { containers } = pod['spec'] as { containers: readonly { image: string }[] };
  return containers[0]?.image ?? '';
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = pod['status'] as {
    conditions?: readonly { type: string; status: string }[];
  };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

import type { Watched } from '../model/cluster.ts';
import { deployments, services } from '../model/kinds.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../model/objects.ts';
import { picking } from '../model/picking.ts';
import type { Workload } from '../model/rollout.ts';
import { at, countAt, textAt, textsAt } from './guards.ts';
import { oncePerList } from './remember.ts';

/** What back ends that route to Services read of them and of the Deployments behind them. */
export const workloadWatches: readonly Watched[] = [
  {
    resource: services,
    writes: [],
    pick: picking('spec.type', 'spec.selector', 'spec.ports'),
  },
  {
    resource: deployments,
    writes: ['patch'],
    pick: picking(
      'spec.replicas',
      'spec.selector',
      'spec.template',
      'status.observedGeneration',
      'status.replicas',
      'status.updatedReplicas',
      'status.readyReplicas',
      'status.availableReplicas',
    ),
  },
];

export function deploymentRef({ meta }: KubeObject): ObjectRef {
  return { resource: deployments, namespace: meta.namespace, name: meta.name };
}

/** Deployments of the namespace whose pods carry all these labels, by name; none for an empty set of labels. */
export function deploymentsWith(
  snapshot: ClusterSnapshot,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): readonly KubeObject[] {
  const index = byPodLabel(snapshot.list(resourceId(deployments), namespace));
  if (index.size === 0) return [];
  const sets = Object.entries(labels).map((label) => index.get(JSON.stringify(label)) ?? []);
  const [least = [], ...others] = sets.toSorted((a, b) => a.length - b.length);
  return least.filter((deployment) => others.every((set) => set.includes(deployment)));
}

/** Deployments by each label of their pods, each list by name. */
const byPodLabel = oncePerList((all): ReadonlyMap<string, readonly KubeObject[]> => {
  const index = new Map<string, KubeObject[]>();
  for (const deployment of all.toSorted((a, b) => (a.meta.name < b.meta.name ? -1 : 1)))
    for (const label of Object.entries(podLabelsOf(deployment))) {
      const key = JSON.stringify(label);
      const list = index.get(key);
      if (list === undefined) index.set(key, [deployment]);
      else list.push(deployment);
    }
  return index;
});

export function podLabelsOf(deployment: KubeObject): Readonly<Record<string, string>> {
  return textsAt(deployment, 'spec', 'template', 'metadata', 'labels');
}

/** Pods that the Deployment asks for; 1 where it does not say, as the API server fills in. */
export function replicasOf(deployment: KubeObject): number {
  return countAt(deployment, 'spec', 'replicas') ?? 1;
}

export function workloadOf(deployment: KubeObject): Workload {
  return {
    ref: deploymentRef(deployment),
    replicas: replicasOf(deployment),
    ready: countAt(deployment, 'status', 'readyReplicas') ?? 0,
    image: imageOf(deployment),
    template: at(deployment.body, 'spec', 'template', 'spec') ?? null,
    settled: isSettled(deployment),
  };
}

export function imageOf(deployment: KubeObject): string {
  return textAt(deployment, 'spec', 'template', 'spec', 'containers', 0, 'image');
}

/** Image tag, else a version label of the pods; `registry:5000/shop:1.2@sha256:…` is `1.2`. */
export function versionOf(deployment: KubeObject): string | undefined {
  const labels = podLabelsOf(deployment);
  const tag = /:([\w][\w.-]*)$/.exec(imageOf(deployment).replace(/@.*$/, ''))?.[1];
  return tag ?? labels['app.kubernetes.io/version'] ?? labels['version'];
}

/** Newest template on all pods and all available (handbook/backends.md 17.4). */
export function isSettled(deployment: KubeObject): boolean {
  const count = (field: string): number => countAt(deployment, 'status', field) ?? 0;
  const updated = count('updatedReplicas');
  return (
    count('observedGeneration') >= deployment.meta.generation &&
    updated >= replicasOf(deployment) &&
    count('replicas') === updated &&
    count('availableReplicas') >= updated
  );
}

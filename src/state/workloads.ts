import { oncePerList } from '../backends/remember.ts';
import type { Watched } from '../model/cluster.ts';
import { deployments, services } from '../model/kinds.ts';
import type { Json, JsonObject, KubeObject } from '../model/objects.ts';
import { picking } from '../model/picking.ts';
import type { WorkloadView } from './inventory.ts';

/** What the views themselves read, whatever the back ends do. */
export const viewWatches: readonly Watched[] = [
  {
    resource: services,
    writes: [],
    pick: picking('spec.selector', 'spec.ports'),
  },
  {
    resource: deployments,
    writes: [],
    pick: picking('spec.replicas', 'spec.template', 'status.readyReplicas'),
  },
];

export const workloadsIn = oncePerList((all) => new NamespaceWorkloads(all));

/** Workloads of one namespace with the labels of their pods, read once for all its Services. */
export class NamespaceWorkloads {
  readonly #byLabel = new Map<string, Entry[]>();

  constructor(all: readonly KubeObject[]) {
    for (const object of all) {
      const entry = entryOf(object);
      for (const [key, value] of Object.entries(entry.labels)) {
        const label = `${key}=${value}`;
        const list = this.#byLabel.get(label);
        if (list === undefined) this.#byLabel.set(label, [entry]);
        else list.push(entry);
      }
    }
  }

  /** By name; empty when the Service has no selector or nothing matches it. */
  behind(service: KubeObject): readonly WorkloadView[] {
    if (this.#byLabel.size === 0) return noWorkloads;
    const selector = Object.entries(texts(member(member(service.body, 'spec'), 'selector')));
    const [first] = selector;
    if (first === undefined) return [];
    return (this.#byLabel.get(`${first[0]}=${first[1]}`) ?? [])
      .filter(({ labels }) => selector.every(([key, value]) => labels[key] === value))
      .map(({ view }) => view)
      .sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
  }
}

const noWorkloads: readonly WorkloadView[] = [];

interface Entry {
  readonly labels: Readonly<Record<string, string>>;
  readonly view: WorkloadView;
}

function entryOf(object: KubeObject): Entry {
  const spec = member(object.body, 'spec');
  const template = member(spec, 'template');
  const labels = texts(member(member(template, 'metadata'), 'labels'));
  const containers = member(member(template, 'spec'), 'containers');
  const image = member(Array.isArray(containers) ? (containers[0] as Json) : undefined, 'image');
  const imageText = typeof image === 'string' ? image : '';
  const version = versionOf(imageText, labels);
  return {
    labels,
    view: {
      ref: { resource: deployments, namespace: object.meta.namespace, name: object.meta.name },
      image: imageText,
      ready: count(member(member(object.body, 'status'), 'readyReplicas'), 0),
      replicas: count(member(spec, 'replicas'), 1),
      ...(version !== undefined && { version }),
    },
  };
}

function versionOf(image: string, labels: Readonly<Record<string, string>>): string | undefined {
  const tag = /:([\w][\w.-]*)(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
  return tag ?? labels['app.kubernetes.io/version'] ?? labels['version'];
}

function count(value: Json | undefined, absent: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : absent;
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function texts(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((e): e is [string, string] => typeof e[1] === 'string'),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

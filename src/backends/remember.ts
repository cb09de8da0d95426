import type { ClusterSnapshot, KubeObject, ResourceId } from '../model/objects.ts';

type Objects = readonly KubeObject[];

/** What was read of a snapshot. A snapshot gives the same array again as long as nothing in it has changed. */
interface Read {
  readonly resource: ResourceId;
  readonly namespace: string | undefined;
  readonly list: Objects;
}

/**
 * Remembers what was made of a thing, as long as all lists that were read for it are what they were: of ten thousand routes one changes, and
 * the others need not be read again. `make` must be pure, and read nothing that changes but through the snapshot it is given; the second one
 * is for what the thing was itself made of. What was made is forgotten with the thing. Any snapshot is right; one that makes a new array for each question merely finds nothing remembered.
 */
export function remembering<K extends object, T>(
  make: (snapshot: ClusterSnapshot, thing: K, origin: ClusterSnapshot) => T,
): (snapshot: ClusterSnapshot, thing: K) => T {
  const memories = new WeakMap<K, { readonly reads: readonly Read[]; readonly made: T }>();
  // Neighbours read the same lists: ten thousand memories share a few hundred arrays.
  let last: readonly Read[] = [];
  return (snapshot, thing) => {
    const known = memories.get(thing);
    if (known?.reads.every((read) => isAsItWas(snapshot, read)) === true) return known.made;
    const reader = new Reader(snapshot);
    const made = make(reader, thing, snapshot);
    if (!sameReads(last, reader.reads)) last = reader.reads;
    memories.set(thing, { reads: last, made });
    return made;
  };
}

/** Makes something of a list once, and again only for another list. */
export function oncePerList<T>(make: (list: Objects) => T): (list: Objects) => T {
  const made = new WeakMap<Objects, { readonly value: T }>();
  return (list) => {
    const known = made.get(list) ?? { value: make(list) };
    made.set(list, known);
    return known.value;
  };
}

/** Notes what is read. One object counts as its list, which is enough: what is read together seldom changes apart. */
class Reader implements ClusterSnapshot {
  readonly reads: Read[] = [];
  readonly #snapshot: ClusterSnapshot;

  constructor(snapshot: ClusterSnapshot) {
    this.#snapshot = snapshot;
  }

  list(resource: ResourceId, namespace?: string): Objects {
    const noted = this.reads.find((r) => r.resource === resource && r.namespace === namespace);
    if (noted !== undefined) return noted.list;
    const list = this.#snapshot.list(resource, namespace);
    this.reads.push({ resource, namespace, list });
    return list;
  }

  get(resource: ResourceId, namespace: string, name: string): KubeObject | undefined {
    this.list(resource, namespace);
    return this.#snapshot.get(resource, namespace, name);
  }

  serves(resource: ResourceId): boolean {
    return this.#snapshot.serves(resource);
  }

  isComplete(resource: ResourceId, namespace: string): boolean {
    return this.#snapshot.isComplete(resource, namespace);
  }
}

function isAsItWas(snapshot: ClusterSnapshot, { resource, namespace, list }: Read): boolean {
  return snapshot.list(resource, namespace) === list;
}

function sameReads(a: readonly Read[], b: readonly Read[]): boolean {
  return a.length === b.length && a.every((read, i) => read.list === b[i]?.list);
}

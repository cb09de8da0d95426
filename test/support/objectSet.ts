import { isDeepStrictEqual } from 'node:util';
import type { Watched } from '../../src/model/cluster.ts';
import type { Change, ChangeSet } from '../../src/model/change.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type Json,
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  type ObjectRef,
  type OwnerReference,
  type ResourceId,
} from '../../src/model/objects.ts';
import { overlay, whole } from '../../src/operations/overlay.ts';
import { applyPatch, valueAt } from './jsonPatch.ts';

/**
 * A cluster as data: whole objects, read through the cuts of `watches` as the cache would, and changed as the API server
 * would (a write to `spec` raises `metadata.generation`). Immutable: `after` is another set.
 */
export class ObjectSet {
  readonly objects: readonly JsonObject[];
  readonly #watches: readonly Watched[];
  #snapshot: ClusterSnapshot | undefined;

  constructor(objects: readonly JsonObject[], watches: readonly Watched[]) {
    this.objects = objects;
    this.#watches = watches;
  }

  /** What a back end sees of it. */
  get snapshot(): ClusterSnapshot {
    return (this.#snapshot ??= this.#cut());
  }

  #cut(): ClusterSnapshot {
    const cut = new Map<ResourceId, KubeObject[]>();
    for (const object of this.objects) {
      const watched = this.#watchedOf(object);
      if (watched === undefined || watched.keep?.(object) === false) continue;
      const id = resourceId(watched.resource);
      cut.set(id, [...(cut.get(id) ?? []), cutOf(object, watched)]);
    }
    const served = new Set(this.#watches.map((watched) => resourceId(watched.resource)));
    const list = (id: ResourceId, namespace?: string): readonly KubeObject[] =>
      (cut.get(id) ?? []).filter(
        (object) => namespace === undefined || object.meta.namespace === namespace,
      );
    return {
      list,
      get: (id, namespace, name) => list(id, namespace).find((object) => object.meta.name === name),
      serves: (id) => served.has(id),
      isComplete: () => true,
    };
  }

  /** What a plan sees: the objects that are read for it are whole. */
  snapshotWith(refs: readonly ObjectRef[]): ClusterSnapshot {
    const read = refs.map((ref) => {
      const raw = this.find(ref);
      const watched = raw && this.#watchedOf(raw);
      return { ref, object: raw && watched && whole({ raw, object: cutOf(raw, watched) }) };
    });
    return overlay(this.snapshot, read);
  }

  /** The whole object; `undefined` when it is not there. */
  find(ref: ObjectRef): JsonObject | undefined {
    return this.objects.find((object) => isNamed(object, ref));
  }

  /** After the changes, in order. Throws on the first that the API server would refuse. */
  after(changes: ChangeSet): ObjectSet {
    return changes.changes.reduce<ObjectSet>((set, change) => set.#with(change), this);
  }

  #with(change: Change): ObjectSet {
    const others = this.objects.filter((object) => !isNamed(object, change.target));
    const object = this.find(change.target);
    if (change.kind === 'create') {
      if (object !== undefined) throw new Error(`${change.target.name} is already there`);
      return new ObjectSet([...others, asCreated(change.object)], this.#watches);
    }
    if (object === undefined) throw new Error(`${change.target.name} is not there`);
    if (change.kind === 'delete') {
      if (change.uid !== '' && text(valueAt(object, '/metadata/uid')) !== change.uid)
        throw new Error(`${change.target.name} has another uid`);
      return new ObjectSet(others, this.#watches);
    }
    const written = applyPatch(object, change.operations) as JsonObject;
    return new ObjectSet([...others, withNextGeneration(object, written)], this.#watches);
  }

  #watchedOf(object: JsonObject): Watched | undefined {
    return this.#watches.find(({ resource }) => isOf(object, resource));
  }
}

/** Cuts of objects, which never change: a set that differs in one object cuts one. */
const cuts = new WeakMap<Watched, WeakMap<JsonObject, KubeObject>>();

function cutOf(object: JsonObject, watched: Watched): KubeObject {
  const known = cuts.get(watched) ?? new WeakMap<JsonObject, KubeObject>();
  cuts.set(watched, known);
  const made = known.get(object) ?? newCutOf(object, watched);
  known.set(object, made);
  return made;
}

function newCutOf(object: JsonObject, watched: Watched): KubeObject {
  return {
    apiVersion: text(object['apiVersion']),
    kind: text(object['kind']),
    meta: metaOf(object['metadata'] ?? null, watched.annotations ?? []),
    body: watched.pick(object),
  };
}

function metaOf(metadata: Json, read: readonly string[]): ObjectMeta {
  const at = (name: string): Json | undefined => valueAt(metadata, `/${name}`);
  const generation = at('generation');
  const owners = at('ownerReferences');
  return {
    namespace: text(at('namespace')),
    name: text(at('name')),
    uid: text(at('uid')),
    resourceVersion: text(at('resourceVersion')),
    generation: typeof generation === 'number' ? generation : 1,
    creationTimestamp: text(at('creationTimestamp')),
    labels: textsOf(at('labels')),
    annotations: Object.fromEntries(
      Object.entries(textsOf(at('annotations'))).filter(([key]) =>
        read.some((wanted) =>
          wanted.endsWith('*') ? key.startsWith(wanted.slice(0, -1)) : key === wanted,
        ),
      ),
    ),
    ownerReferences: Array.isArray(owners) ? (owners as Json[]).map(ownerOf) : [],
  };
}

function ownerOf(owner: Json): OwnerReference {
  const at = (name: string): string => text(valueAt(owner, `/${name}`));
  const controller = valueAt(owner, '/controller') === true;
  return {
    apiVersion: at('apiVersion'),
    kind: at('kind'),
    name: at('name'),
    uid: at('uid'),
    controller,
  };
}

function isNamed(object: JsonObject, ref: ObjectRef): boolean {
  return (
    isOf(object, ref.resource) &&
    text(valueAt(object, '/metadata/name')) === ref.name &&
    text(valueAt(object, '/metadata/namespace')) === ref.namespace
  );
}

function isOf(object: JsonObject, resource: { group: string; kind: string }): boolean {
  const version = text(object['apiVersion']);
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  return group === resource.group && object['kind'] === resource.kind;
}

function asCreated(object: JsonObject): JsonObject {
  const uid = `uid-of-${text(valueAt(object, '/metadata/name'))}`;
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), uid, generation: 1 } };
}

function withNextGeneration(before: JsonObject, after: JsonObject): JsonObject {
  if (isDeepStrictEqual(before['spec'], after['spec'])) return after;
  const generation = valueAt(before, '/metadata/generation');
  const next = (typeof generation === 'number' ? generation : 1) + 1;
  return { ...after, metadata: { ...(after['metadata'] as JsonObject), generation: next } };
}

function textsOf(value: Json | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === 'string' ? [[key, entry]] : [],
    ),
  );
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

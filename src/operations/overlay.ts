import type { FreshObject } from '../model/cluster.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../model/objects.ts';

/** An object as it was just read; `undefined` when it is gone. */
export interface FreshEntry {
  readonly ref: ObjectRef;
  readonly object: KubeObject | undefined;
}

/** All of an object that was just read, in the place of its cut: a plan may write what the cache does not keep. */
export function whole({ raw, object }: FreshObject): KubeObject {
  return { ...object, body: { ...object.body, ...raw } };
}

/** The snapshot with some objects replaced by what was just read, so that a plan rests on them and not on the cache. */
export function overlay(snapshot: ClusterSnapshot, fresh: readonly FreshEntry[]): ClusterSnapshot {
  const keyOf = (resource: string, namespace: string, name: string): string =>
    `${resource} ${namespace}/${name}`;
  const entries = new Map(
    fresh.map((entry) => [
      keyOf(resourceId(entry.ref.resource), entry.ref.namespace, entry.ref.name),
      entry,
    ]),
  );
  return {
    serves: (resource) => snapshot.serves(resource),
    isComplete: (resource, namespace) => snapshot.isComplete(resource, namespace),
    get(resource, namespace, name) {
      const entry = entries.get(keyOf(resource, namespace, name));
      return entry === undefined ? snapshot.get(resource, namespace, name) : entry.object;
    },
    list(resource, namespace) {
      const cached = snapshot
        .list(resource, namespace)
        .filter((o) => !entries.has(keyOf(resource, o.meta.namespace, o.meta.name)));
      const replaced = fresh
        .filter((entry) => resourceId(entry.ref.resource) === resource)
        .filter((entry) => namespace === undefined || entry.ref.namespace === namespace)
        .flatMap((entry) => (entry.object === undefined ? [] : [entry.object]));
      return [...cached, ...replaced];
    },
  };
}

/** A kind of object in the API, whatever version of it is served. */
export interface Resource {
  /** API group; '' for the core group. */
  readonly group: string;
  /** Versions we understand, best first; the first one that the server serves is used. */
  readonly versions: readonly string[];
  /** Plural in the path, for example `virtualservices`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** `group/plural`: names a resource without its version, for example `networking.istio.io/virtualservices` or `/services`. */
export type ResourceId = string;

export function resourceId(resource: Pick<Resource, 'group' | 'plural'>): ResourceId {
  return `${resource.group}/${resource.plural}`;
}

/** Names one object. `namespace` is '' for cluster-scoped objects. */
export interface ObjectRef {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/** `kind namespace/name`, for messages and keys. */
export function refText(ref: ObjectRef): string {
  return `${ref.resource.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
}

export function sameRef(a: ObjectRef, b: ObjectRef): boolean {
  return (
    resourceId(a.resource) === resourceId(b.resource) &&
    a.namespace === b.namespace &&
    a.name === b.name
  );
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** The metadata that every cut keeps. Times are RFC 3339 strings, as the API sends them. */
export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only the annotations that somebody reads (`pickMeta`): never `last-applied-configuration`, which may hold secrets. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
}

/**
 * The part of a cluster object that we keep. `body` is the cut that the back end's `pick` made; it has the shape of the object
 * (`spec`, `status`), so that JSON pointers computed from it hold for the whole object. Everything in it is untrusted.
 */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly meta: ObjectMeta;
  readonly body: JsonObject;
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * Reads objects that are already here. Lists are in no particular order. Unknown resources are empty lists. The cache gives the same array
 * again until something in it changes, and the same object until it changes.
 */
export interface ClusterSnapshot {
  /** All objects of the resource in `namespace`, or in every namespace that is watched when it is left out. */
  list(resource: ResourceId, namespace?: string): readonly KubeObject[];
  get(resource: ResourceId, namespace: string, name: string): KubeObject | undefined;
  /** Whether the API server serves the resource (and it is watched), as far as is known. */
  serves(resource: ResourceId): boolean;
  /**
   * Whether all objects of the resource in the namespace are here: not before they were listed, and not where that is refused. True of what
   * the API server does not serve.
   */
  isComplete(resource: ResourceId, namespace: string): boolean;
}

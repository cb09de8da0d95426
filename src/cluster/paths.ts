import type { ObjectRef, Resource } from '../model/objects.ts';

/** Path of a collection, or of one object in it. Names are encoded: they come from objects and from people. */
export function collectionPath(resource: Resource, version: string, namespace?: string): string {
  const root = resource.group === '' ? `/api/${version}` : `/apis/${resource.group}/${version}`;
  const scope =
    resource.namespaced && namespace !== undefined && namespace !== ''
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${root}${scope}/${resource.plural}`;
}

export function objectPath(ref: ObjectRef, version: string): string {
  return `${collectionPath(ref.resource, version, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

export function apiVersionOf(resource: Resource, version: string): string {
  return resource.group === '' ? version : `${resource.group}/${version}`;
}

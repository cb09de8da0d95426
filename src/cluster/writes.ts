import type { Change } from '../model/change.ts';
import type { FreshObject, LastWriter } from '../model/cluster.ts';
import { fieldManager } from '../model/names.ts';
import type { JsonObject, ObjectRef } from '../model/objects.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ClusterRequest } from './transport.ts';

/** The one request that makes a change. Pure. */
export function requestOf(
  change: Change,
  version: string,
  { dryRun }: { readonly dryRun: boolean },
): Omit<ClusterRequest, 'signal'> {
  const { target } = change;
  // Strict: a field that the server does not know is an error, and not silently dropped.
  const query = {
    fieldManager,
    fieldValidation: 'Strict',
    ...(dryRun && { dryRun: 'All' }),
  };
  switch (change.kind) {
    case 'patch':
      return {
        method: 'PATCH',
        path: objectPath(target, version),
        query,
        headers: { 'Content-Type': 'application/json-patch+json' },
        body: JSON.stringify(change.operations),
      };
    case 'create':
      return {
        method: 'POST',
        path: collectionPath(target.resource, version, target.namespace),
        query,
        body: JSON.stringify(change.object),
      };
    case 'delete':
      return {
        method: 'DELETE',
        path: objectPath(target, version),
        body: JSON.stringify({
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          // An empty uid fails, as it must: nothing is deleted that was not read.
          preconditions: { uid: change.uid },
          propagationPolicy: 'Background',
          ...(dryRun && { dryRun: ['All'] }),
        }),
      };
  }
}

/** A question to the API server: may the present user do this? */
export function accessReviewOf(verb: string, ref: ObjectRef): JsonObject {
  const { group, plural } = ref.resource;
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource: plural,
        namespace: ref.namespace,
        name: ref.name,
      },
    },
  };
}

/** Who wrote last what people write: controllers that only report status are left out. `undefined` when nothing tells. */
export function lastWriterOf({ raw }: FreshObject): LastWriter | undefined {
  const metadata = raw['metadata'] as JsonObject | undefined;
  const fields = metadata?.['managedFields'];
  if (!Array.isArray(fields)) return undefined;
  let last: LastWriter | undefined;
  for (const entry of fields as readonly JsonObject[]) {
    const { manager, time, subresource } = entry;
    if (typeof manager !== 'string' || typeof time !== 'string' || subresource === 'status')
      continue;
    // Times are whole seconds: of two in the same one, the other's write is the news.
    const isLater =
      last === undefined || time > last.time || (time === last.time && manager !== fieldManager);
    if (isLater) last = { manager, time };
  }
  return last;
}

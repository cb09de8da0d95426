import { backends } from '../backends/registry.ts';
import { ownerAnnotations, ownerWatches } from '../backends/owners.ts';
import type { Watched } from '../model/cluster.ts';
import { resourceId, type Json, type JsonObject } from '../model/objects.ts';
import { picking, type Pick } from '../model/picking.ts';
import { viewWatches } from './workloads.ts';

/**
 * Everything that the product watches in a cluster: what the back ends and the search for owners declare, each resource once. Where several
 * want the same kind, the cut holds what any of them reads.
 */
export function allWatches(): readonly Watched[] {
  const byResource = new Map<string, Watched>();
  const declared = [...viewWatches, ...backends.flatMap((b) => b.watches), ...ownerWatches];
  for (const watched of declared) {
    const id = resourceId(watched.resource);
    const earlier = byResource.get(id);
    byResource.set(id, earlier === undefined ? watched : mergeWatched(earlier, watched));
  }
  // The marks of owners may be on any kind.
  return [...byResource.values()].map((watched) => ({
    ...watched,
    annotations: [...(watched.annotations ?? []), ...ownerAnnotations],
  }));
}

function mergeWatched(a: Watched, b: Watched): Watched {
  return {
    resource: a.resource,
    writes: [...new Set([...a.writes, ...b.writes])],
    pick: mergePicks(a.pick, b.pick),
    annotations: [...new Set([...(a.annotations ?? []), ...(b.annotations ?? [])])],
  };
}

function mergePicks(a: Pick, b: Pick): Pick {
  if (a.paths !== undefined && b.paths !== undefined) return picking(...a.paths, ...b.paths);
  return (raw) => mergeJson(a(raw), b(raw)) as JsonObject;
}

/** Both cuts of one object: members of either; where both have a value it is the same, or both are cuts of it. */
function mergeJson(a: Json, b: Json): Json {
  if (a === b) return a;
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
      mergeMember(a[i] as Json | undefined, b[i] as Json | undefined),
    );
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return Object.fromEntries([...keys].map((key) => [key, mergeMember(a[key], b[key])]));
  }
  return a ?? b;
}

function mergeMember(a: Json | undefined, b: Json | undefined): Json {
  if (a === undefined) return b ?? null;
  return b === undefined ? a : mergeJson(a, b);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

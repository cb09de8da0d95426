import type { Watched } from '../model/cluster.ts';
import type { JsonObject, KubeObject, ObjectMeta, OwnerReference } from '../model/objects.ts';

/** What is kept of an object, from what the server sent. `undefined` when it has no name: then it is no object. */
export function cutObject(
  raw: unknown,
  watched: Watched,
  apiVersion: string,
): KubeObject | undefined {
  if (!isRecord(raw) || !isRecord(raw['metadata'])) return undefined;
  const { metadata } = raw;
  if (text(metadata['name']) === '') return undefined;
  return {
    // Items of built-in lists do not say what they are.
    apiVersion: shared(text(raw['apiVersion']) || apiVersion),
    kind: watched.resource.kind,
    meta: metaOf(metadata, watched.annotations ?? []),
    body: watched.pick(raw as JsonObject),
  };
}

function metaOf(metadata: Fields, annotations: readonly string[]): ObjectMeta {
  const generation = metadata['generation'];
  return {
    namespace: shared(text(metadata['namespace'])),
    name: text(metadata['name']),
    uid: text(metadata['uid']),
    resourceVersion: text(metadata['resourceVersion']),
    generation: typeof generation === 'number' ? generation : 1,
    creationTimestamp: text(metadata['creationTimestamp']),
    labels: texts(metadata['labels'], () => true),
    annotations: texts(metadata['annotations'], (name) => isRead(name, annotations)),
    ownerReferences: ownersOf(metadata['ownerReferences']),
  };
}

function isRead(name: string, wanted: readonly string[]): boolean {
  return wanted.some((key) =>
    key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : name === key,
  );
}

function texts(
  value: unknown,
  isWanted: (name: string) => boolean,
): Readonly<Record<string, string>> {
  if (!isRecord(value)) return nothing;
  let kept: Record<string, string> | undefined;
  for (const name of Object.keys(value)) {
    const entry = value[name];
    if (typeof entry === 'string' && isWanted(name)) (kept ??= {})[name] = shared(entry);
  }
  return kept ?? nothing;
}

function ownersOf(value: unknown): readonly OwnerReference[] {
  if (!Array.isArray(value) || value.length === 0) return nobody;
  return value.filter(isRecord).map((owner) => ({
    apiVersion: shared(text(owner['apiVersion'])),
    kind: shared(text(owner['kind'])),
    name: text(owner['name']),
    uid: text(owner['uid']),
    controller: owner['controller'] === true,
  }));
}

// Ten thousand empty objects are half a megabyte.
const nothing: Readonly<Record<string, string>> = Object.freeze({});
const nobody: readonly OwnerReference[] = Object.freeze([]);

const MAX_SHARED = 4000;
const MAX_SHARED_LENGTH = 64;
const pool = new Map<string, string>();

/** One copy of what many objects say: namespaces, versions, label values. The pool is bounded. */
function shared(value: string): string {
  if (value.length > MAX_SHARED_LENGTH) return value;
  const known = pool.get(value);
  if (known !== undefined) return known;
  if (pool.size >= MAX_SHARED) pool.clear();
  pool.set(value, value);
  return value;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

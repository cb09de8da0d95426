import { stringify } from 'yaml';
import type { Json, JsonObject } from '../model/objects.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object as YAML for people: without `managedFields`, and without `last-applied-configuration`, which may hold secrets. */
export function objectYaml(raw: JsonObject): string {
  const { apiVersion, kind, metadata, ...body } = raw;
  const meta = membersOf(metadata).filter(([key]) => key !== 'managedFields');
  const shown = meta.flatMap(([key, value]) => {
    if (key !== 'annotations') return [[key, value]];
    const kept = membersOf(value).filter(([name]) => name !== lastApplied);
    return kept.length > 0 ? [[key, Object.fromEntries(kept)]] : [];
  });
  const object = { apiVersion, kind, metadata: Object.fromEntries(shown) as JsonObject, ...body };
  return stringify(object, { lineWidth: 0 });
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value as JsonObject) : [];
}

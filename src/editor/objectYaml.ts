import { stringify } from 'yaml';
import type { JsonObject } from '../model/objects.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object as YAML for people: without `managedFields`, and without `last-applied-configuration`, which may hold secrets. */
export function objectYaml(raw: JsonObject): string {
  const { metadata, ...rest } = raw;
  const meta = isObject(metadata) ? metadata : {};
  const { managedFields: _managed, annotations, ...shown } = meta;
  const kept = isObject(annotations)
    ? Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== lastApplied))
    : {};
  const withAnnotations = Object.keys(kept).length > 0 ? { ...shown, annotations: kept } : shown;
  const { apiVersion, kind, ...body } = rest;
  return stringify({ apiVersion, kind, metadata: withAnnotations, ...body }, { lineWidth: 0 });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Json, JsonObject, KubeObject } from '../model/objects.ts';

/** The value in untrusted JSON at the path; `undefined` where there is none. */
export function at(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Readonly<Record<string | number, Json>>)[key];
  }
  return node;
}

/** Text at the path; '' when it is missing or no text. */
export function textAt(object: KubeObject, ...path: readonly (string | number)[]): string {
  return textOf(at(object.body, ...path));
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A count ≥ 0; absent when it is missing or no count. */
export function countAt(object: KubeObject, ...path: readonly string[]): number | undefined {
  return countOf(at(object.body, ...path));
}

export function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** A list; empty when the value is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Members of an object; empty when the value is none. */
export function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const noTexts: Readonly<Record<string, string>> = {};

/** A map of texts; members that are no text are left out. */
export function textsAt(
  object: KubeObject,
  ...path: readonly (string | number)[]
): Readonly<Record<string, string>> {
  return textsOf(at(object.body, ...path));
}

export function textsOf(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return noTexts;
  // Nearly all are texts, and need no copy.
  if (Object.values(value).every((member) => typeof member === 'string'))
    return value as Readonly<Record<string, string>>;
  return Object.fromEntries(
    entriesOf(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The members named, as they are. */
export function cut(value: Json | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const member = at(value, key);
      return member === undefined ? [] : [[key, member]];
    }),
  );
}

/** What a message quotes of a value that is not what it should be. */
export function quoted(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}

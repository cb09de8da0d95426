import type { Json, JsonObject } from './objects.ts';

/** Cuts an object to the paths that it was made of; see `picking`. */
export interface Pick {
  (raw: JsonObject): JsonObject;
  /** Absent in a cut that is a function of its own. */
  readonly paths?: readonly string[];
}

/**
 * Keeps the members at these dotted paths (`spec.selector`), and the objects around them; `[]` after a name goes into each item of a list
 * (`spec.http[].route`). What is no object, or no list, where one is expected is malformed and kept as it is: a message may quote it.
 * Indices of lists stay as they are.
 */
export function picking(...paths: readonly string[]): Pick {
  const tree = treeOf(paths);
  return Object.assign((raw: JsonObject) => membersOf(raw, tree), { paths });
}

/** What is kept of a member: all of it, members of it, or members of its items. */
type Part = 'all' | { readonly isList: boolean; readonly tree: Tree };
interface Tree {
  readonly parts: readonly (readonly [key: string, part: Part])[];
  /**
   * Objects with the same keys, all null, by which of the parts are there. Copies of one have room for these keys and no more: a third less
   * than an object that grows, for ten thousands of them.
   */
  readonly blanks: Map<number, Record<string, Json>>;
}

function treeOf(paths: readonly string[]): Tree {
  const steps = paths.map(
    (path) => /^(?<key>[^.[]+)(?<list>\[\])?\.?(?<rest>.*)$/.exec(path)?.groups ?? {},
  );
  const parts = [...Map.groupBy(steps, ({ key }) => key ?? '')].map(
    ([key, own]): readonly [string, Part] => {
      const rests = own.map(({ rest = '' }) => rest);
      if (rests.includes('')) return [key, 'all'];
      return [key, { isList: own.some(({ list }) => list !== undefined), tree: treeOf(rests) }];
    },
  );
  return { parts, blanks: new Map() };
}

function membersOf(value: JsonObject, tree: Tree): JsonObject {
  const kept = { ...blankFor(value, tree) };
  for (const [key, part] of tree.parts) {
    const member = kept[key] === null ? value[key] : undefined;
    if (member !== undefined) kept[key] = part === 'all' ? member : partOf(member, part);
  }
  return kept;
}

function blankFor(value: JsonObject, { parts, blanks }: Tree): Record<string, Json> {
  let present = 0;
  let bit = 1;
  for (const [key] of parts) {
    if (Object.hasOwn(value, key)) present += bit;
    bit *= 2;
  }
  const known = blanks.get(present);
  if (known !== undefined) return known;
  const keys = parts.map(([key]) => key).filter((key) => Object.hasOwn(value, key));
  const blank = JSON.parse(
    `{${keys.map((key) => `${JSON.stringify(key)}:null`).join(',')}}`,
  ) as Record<string, Json>;
  blanks.set(present, blank);
  return blank;
}

function partOf(value: Json, { isList, tree }: Exclude<Part, 'all'>): Json {
  if (!isList) return isObject(value) ? membersOf(value, tree) : value;
  if (!Array.isArray(value)) return value;
  return (value as readonly Json[]).map((item) => (isObject(item) ? membersOf(item, tree) : item));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { equalJson } from '../base/json.ts';
import type { Change, FieldChange, PatchOperation } from '../model/change.ts';
import type { Json, JsonObject, ObjectRef } from '../model/objects.ts';
import { isJsonObject } from './guards.ts';

/** A list of rules in an object, as it was read. */
export interface RuleList {
  readonly target: ObjectRef;
  readonly uid: string;
  /** JSON pointer of the list. */
  readonly path: string;
  readonly rules: readonly Json[];
}

/** One of the three; indices are those of the list as it was read. */
export type RuleListEdit =
  /** Rules that are put in, each before the one that it is made from. */
  | { readonly kind: 'insert'; readonly inserts: readonly Insert[] }
  | { readonly kind: 'change'; readonly changes: readonly RuleChange[] }
  | { readonly kind: 'remove'; readonly indices: readonly number[] };

export interface Insert {
  readonly before: number;
  readonly rule: JsonObject;
}

export interface RuleChange {
  readonly index: number;
  readonly after: JsonObject;
}

interface Both {
  readonly forth: readonly PatchOperation[];
  readonly back: readonly PatchOperation[];
}

/**
 * One JSON Patch for the edit and its exact inverse. What is touched, and what a new rule is made from and stands before, is tested as a
 * whole, so that a rule that moved or was changed meanwhile is a conflict. What puts rules back counts on their places, and tests the whole list.
 */
export function ruleListChanges(
  list: RuleList,
  edit: RuleListEdit,
  fields: readonly FieldChange[],
): { readonly change: Change; readonly inverse: Change } {
  const uid: PatchOperation = { op: 'test', path: '/metadata/uid', value: list.uid };
  const { forth, back } = operationsFor(list, edit);
  const swapped = fields.map(({ label, from, to }): FieldChange => ({ label, from: to, to: from }));
  const patch = (operations: readonly PatchOperation[], own: readonly FieldChange[]): Change => ({
    kind: 'patch',
    target: list.target,
    operations: [uid, ...operations],
    fields: own,
  });
  return { change: patch(forth, fields), inverse: patch(back, swapped) };
}

function operationsFor(list: RuleList, edit: RuleListEdit): Both {
  switch (edit.kind) {
    case 'insert':
      return insertion(list, edit.inserts);
    case 'change':
      return changing(list, edit.changes);
    case 'remove':
      return removal(list, edit.indices);
  }
}

/** From the end, so that no place moves before it is used. */
function insertion({ path, rules }: RuleList, inserts: readonly Insert[]): Both {
  const ordered = inserts.toSorted((a, b) => a.before - b.before);
  const placed = ordered.map(({ before, rule }, i) => ({ path: at(path, before + i), rule }));
  return {
    forth: [
      ...ordered.flatMap(({ before }) => wholeGuards(at(path, before), rules[before] ?? null)),
      ...ordered
        .toReversed()
        .map(({ before, rule }): PatchOperation => add(at(path, before), rule)),
    ],
    back: [
      ...placed.flatMap((one) => wholeGuards(one.path, one.rule)),
      ...placed.toReversed().map((one): PatchOperation => ({ op: 'remove', path: one.path })),
    ],
  };
}

function removal({ path, rules }: RuleList, indices: readonly number[]): Both {
  const ordered = indices.toSorted((a, b) => a - b);
  const left = rules.filter((_, index) => !ordered.includes(index));
  return {
    forth: [
      ...ordered.flatMap((index) => wholeGuards(at(path, index), rules[index] ?? null)),
      ...ordered
        .toReversed()
        .map((index): PatchOperation => ({ op: 'remove', path: at(path, index) })),
    ],
    back: [test(path, left), ...ordered.map((index) => add(at(path, index), rules[index] ?? null))],
  };
}

function changing({ path, rules }: RuleList, changes: readonly RuleChange[]): Both {
  const touched = changes.map(({ index, after }) => {
    const before = rules[index];
    return { path: at(path, index), before: isJsonObject(before) ? before : {}, after };
  });
  return {
    forth: [
      ...touched.flatMap(({ path: own, before, after }) => memberGuards(own, before, after)),
      ...touched.flatMap(({ path: own, before, after }) => writes(own, before, after)),
    ],
    back: [
      ...touched.flatMap(({ path: own, before, after }) => memberGuards(own, after, before)),
      ...touched.flatMap(({ path: own, before, after }) => writes(own, after, before)),
    ],
  };
}

function at(path: string, index: number): string {
  return `${path}/${String(index)}`;
}

function test(path: string, value: Json): PatchOperation {
  return { op: 'test', path, value };
}

function add(path: string, value: Json): PatchOperation {
  return { op: 'add', path, value };
}

/** Its name first, for a conflict message quotes the first test that fails. */
function wholeGuards(path: string, rule: Json): readonly PatchOperation[] {
  const name = isJsonObject(rule) ? rule['name'] : undefined;
  return [...(name === undefined ? [] : [test(`${path}/name`, name)]), test(path, rule)];
}

const identity = ['name', 'match', 'matches'];

/** What a rule is known by, and the whole of each member that is written. */
function memberGuards(
  path: string,
  before: JsonObject,
  after: JsonObject,
): readonly PatchOperation[] {
  const isWritten = (key: string): boolean => !equalJson(before[key], after[key]);
  return Object.keys(before)
    .filter((key) => identity.includes(key) || isWritten(key))
    .toSorted((a, b) => Number(identity.includes(b)) - Number(identity.includes(a)))
    .map((key) => test(`${path}/${token(key)}`, before[key] ?? null));
}

/** Least writes: into members and entries that both have; what differs otherwise is set as a whole. */
function writes(path: string, before: JsonObject, after: JsonObject): readonly PatchOperation[] {
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  return [
    ...Object.entries(after).flatMap(([key, value]) =>
      memberWrites(`${path}/${token(key)}`, before[key], value),
    ),
    ...gone.map((key): PatchOperation => ({ op: 'remove', path: `${path}/${token(key)}` })),
  ];
}

/** A member's name in a JSON pointer. */
function token(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function memberWrites(
  path: string,
  before: Json | undefined,
  after: Json,
): readonly PatchOperation[] {
  if (before !== undefined && equalJson(before, after)) return [];
  const [old, now] = [objectsIn(before), objectsIn(after)];
  if (old === undefined || now?.length !== old.length || now.length === 0)
    return [add(path, after)];
  return now.flatMap((entry, index) => writes(at(path, index), old[index] ?? {}, entry));
}

/** The entries of a list of objects; undefined for anything else. */
function objectsIn(value: Json | undefined): readonly JsonObject[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value as readonly Json[];
  return entries.every(isJsonObject) ? entries : undefined;
}

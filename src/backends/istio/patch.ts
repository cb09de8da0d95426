import { equalJson } from '../../base/json.ts';
import { percentText, ratioOf } from '../../base/share.ts';
import type { Change, FieldChange, PatchOperation } from '../../model/change.ts';
import type { Json, JsonObject, KubeObject, ObjectRef } from '../../model/objects.ts';
import { at, isJsonObject, listOf } from '../guards.ts';
import type { Entry, HttpRule } from './rules.ts';

type Test = Extract<PatchOperation, { op: 'test' | 'add' | 'replace' }>;

/** New whole weights of one rule, in the order of its entries, summing to `total`. */
export interface NewWeights {
  readonly rule: HttpRule;
  readonly weights: readonly number[];
  readonly total: number;
}

export interface RouteEdit {
  readonly weights: readonly NewWeights[];
  /** Rules that are taken out. */
  readonly removed: readonly HttpRule[];
  /** Rules with one destination that get stable's instead. */
  readonly redirected: readonly HttpRule[];
  readonly redirectTo: Entry | undefined;
  /** What people call a destination. */
  readonly label: (entry: Entry) => string;
}

interface RuleEdit {
  readonly rule: HttpRule;
  /** `route` of the rule afterwards. */
  readonly after: readonly Json[];
}

/**
 * One JSON Patch for all rules, and its inverse. Each rule is guarded by its name, its destinations and old weights, and by the whole old
 * list, so that a destination that somebody added is a conflict and not a wrong total. Undefined when nothing changes.
 */
export function routeChanges(
  target: ObjectRef,
  route: KubeObject,
  edit: RouteEdit,
): { readonly change: Change; readonly inverse: Change } | undefined {
  const edits = [...weightEdits(edit.weights), ...redirectEdits(edit)];
  const removed = edit.removed.toSorted((a, b) => b.index - a.index);
  if (edits.length === 0 && removed.length === 0) return undefined;
  const uid: PatchOperation = { op: 'test', path: '/metadata/uid', value: route.meta.uid };
  const http = listOf(at(route.body, 'spec', 'http'));
  const place = (index: number): number =>
    index - removed.filter((rule) => rule.index < index).length;
  const fields = fieldsOf(edit);
  const there = edits.map(({ rule, after }) => ({
    path: rulePath(rule.index),
    rule,
    before: routeOf(rule),
    after,
  }));
  const thence = edits.map(({ rule, after }) => ({
    path: rulePath(place(rule.index)),
    rule,
    before: after,
    after: routeOf(rule),
  }));
  const forth: PatchOperation[] = [
    uid,
    ...there.flatMap(guardsOf),
    ...removed.map(({ index }): PatchOperation => ({
      op: 'test',
      path: rulePath(index),
      value: http[index] ?? null,
    })),
    ...there.flatMap(writesOf),
    ...removed.map(({ index }): PatchOperation => ({ op: 'remove', path: rulePath(index) })),
  ];
  const back: PatchOperation[] = [
    uid,
    ...thence.flatMap(guardsOf),
    ...(removed.length > 0 ? [listGuard(http, removed, edits)] : []),
    ...thence.flatMap(writesOf),
    ...removed.toReversed().map(({ index }): PatchOperation => ({
      op: 'add',
      path: rulePath(index),
      value: http[index] ?? null,
    })),
  ];
  const swapped = fields.map(({ label, from, to }): FieldChange => ({ label, from: to, to: from }));
  return {
    change: { kind: 'patch', target, operations: forth, fields },
    inverse: { kind: 'patch', target, operations: back, fields: swapped },
  };
}

/** Taking rules back in is guarded by the whole list as we left it: places are only right in that one. */
function listGuard(
  http: readonly Json[],
  removed: readonly HttpRule[],
  edits: readonly RuleEdit[],
): PatchOperation {
  const gone = new Set(removed.map((rule) => rule.index));
  const left = http.flatMap((rule, index) => {
    if (gone.has(index)) return [];
    const edit = edits.find((e) => e.rule.index === index);
    return [edit === undefined ? rule : { ...(rule as JsonObject), route: edit.after }];
  });
  return { op: 'test', path: '/spec/http', value: left };
}

function weightEdits(weights: readonly NewWeights[]): readonly RuleEdit[] {
  return weights
    .filter(({ rule, weights: next }) =>
      rule.entries.some((entry, i) => !hasWeight(entry, next[i] ?? 0)),
    )
    .map(({ rule, weights: next }) => ({
      rule,
      after: routeOf(rule).map((item, i) => ({ ...(item as JsonObject), weight: next[i] ?? 0 })),
    }));
}

/** Absent counts as what it means; a malformed one is never right. */
function hasWeight(entry: Entry, weight: number): boolean {
  const written = at(entry.raw, 'weight');
  return written === undefined ? entry.weight === weight : written === weight;
}

function redirectEdits({ redirected, redirectTo }: RouteEdit): readonly RuleEdit[] {
  const destination = at(redirectTo?.raw, 'destination');
  if (destination === undefined) return [];
  return redirected.map((rule) => ({
    rule,
    after: routeOf(rule).map((item) => ({
      ...(item as JsonObject),
      destination: movedTo(destination, at(item, 'destination')),
    })),
  }));
}

/** Other members, such as the port, stay where stable says nothing of its own. */
export function movedTo(destination: Json, old: Json | undefined): Json {
  const kept = Object.entries(isJsonObject(old) ? old : {}).filter(([key]) => key !== 'subset');
  return { ...Object.fromEntries(kept), ...(destination as JsonObject) };
}

function routeOf(rule: HttpRule): readonly Json[] {
  return listOf(rule.raw['route']);
}

function rulePath(index: number): string {
  return `/spec/http/${String(index)}`;
}

interface ListEdit {
  readonly path: string;
  readonly rule: HttpRule;
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

/**
 * The most telling one first: a conflict message quotes the first that fails. A rule without a name is known by what it matches; the
 * whole list at last, so that a destination that somebody added is seen.
 */
function guardsOf({ path, rule, before }: ListEdit): readonly PatchOperation[] {
  const test = (where: string, value: Json): Test => ({ op: 'test', path: where, value });
  const mark = ['name', 'match'].find((key) => rule.raw[key] !== undefined);
  const items = before.flatMap((item, i): Test[] => {
    const entry = `${path}/route/${String(i)}`;
    const weight = at(item, 'weight');
    return [
      test(`${entry}/destination`, at(item, 'destination') ?? null),
      ...(weight === undefined ? [] : [test(`${entry}/weight`, weight)]),
    ];
  });
  return [
    ...(mark === undefined ? [] : [test(`${path}/${mark}`, rule.raw[mark] ?? null)]),
    ...items,
    test(`${path}/route`, before),
  ];
}

function writesOf({ path, before, after }: ListEdit): readonly PatchOperation[] {
  return after.flatMap((item, i) =>
    entryWrites(`${path}/route/${String(i)}`, before[i] ?? null, item),
  );
}

function entryWrites(path: string, before: Json, after: Json): readonly PatchOperation[] {
  const [old, weight] = [at(before, 'weight'), at(after, 'weight')];
  const destination = at(after, 'destination');
  return [
    ...(weight === undefined && old !== undefined
      ? [{ op: 'remove' as const, path: `${path}/weight` }]
      : []),
    ...(weight === undefined || equalJson(old, weight)
      ? []
      : [{ op: 'add' as const, path: `${path}/weight`, value: weight }]),
    ...(destination === undefined || equalJson(at(before, 'destination'), destination)
      ? []
      : [{ op: 'add' as const, path: `${path}/destination`, value: destination }]),
  ];
}

function fieldsOf({
  weights,
  removed,
  redirected,
  redirectTo,
  label,
}: RouteEdit): readonly FieldChange[] {
  const isOne = weights.length + removed.length + redirected.length === 1;
  const changed = weights.flatMap(({ rule, weights: next, total }) => {
    // A destination that the rule names twice is one to people.
    const places = Map.groupBy([...rule.entries.keys()], (i) => rule.entries[i]?.key ?? '');
    return [...places.values()].flatMap((indexes): FieldChange[] => {
      const entries = indexes.flatMap((i) => rule.entries[i] ?? []);
      const [first] = entries;
      const from = ratioOf(sumOf(entries.map(({ weight }) => weight)), rule.total);
      const to = ratioOf(sumOf(indexes.map((i) => next[i] ?? 0)), total);
      if (first === undefined || Math.abs(from - to) < 1e-9) return [];
      const name = isOne ? label(first) : `${label(first)} · ${rule.id}`;
      return [{ label: name, from: `${percentText(from)} %`, to: `${percentText(to)} %` }];
    });
  });
  const place = (rule: HttpRule): string => rule.entries.map(label).join(', ');
  const gone = removed.map((rule): FieldChange => ({ label: rule.id, from: place(rule), to: '–' }));
  const stable = redirectTo === undefined ? '–' : label(redirectTo);
  const moved = redirected.map((rule): FieldChange => ({
    label: rule.id,
    from: place(rule),
    to: stable,
  }));
  return [...changed, ...gone, ...moved];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

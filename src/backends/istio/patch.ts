import { percentText, ratioOf } from '../../base/share.ts';
import type { Change, FieldChange, PatchOperation } from '../../model/change.ts';
import type { Json, JsonObject, KubeObject, ObjectRef } from '../../model/objects.ts';
import { at, listOf } from '../guards.ts';
import type { Entry, HttpRule } from './rules.ts';

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
  const place = (index: number): number => index - removed.filter((rule) => rule.index < index).length;
  const fields = fieldsOf(edit);
  const forth: PatchOperation[] = [
    uid,
    ...edits.flatMap(({ rule, after }) => ruleOperations(rule, rule.index, { before: routeOf(rule), after })),
    ...removed.map(({ index }): PatchOperation => ({ op: 'test', path: rulePath(index), value: http[index] ?? null })),
    ...removed.map(({ index }): PatchOperation => ({ op: 'remove', path: rulePath(index) })),
  ];
  const back: PatchOperation[] = [
    uid,
    ...(removed.length > 0 ? [lengthGuard(http, removed, edits)] : []),
    ...edits.flatMap(({ rule, after }) => ruleOperations(rule, place(rule.index), { before: after, after: routeOf(rule) })),
    ...removed.toReversed().map(({ index }): PatchOperation => ({ op: 'add', path: rulePath(index), value: http[index] ?? null })),
  ];
  const swapped = fields.map(({ label, from, to }): FieldChange => ({ label, from: to, to: from }));
  return {
    change: { kind: 'patch', target, operations: forth, fields },
    inverse: { kind: 'patch', target, operations: back, fields: swapped },
  };
}

/** Taking rules back in is guarded by the whole list as we left it: places are only right in that one. */
function lengthGuard(http: readonly Json[], removed: readonly HttpRule[], edits: readonly RuleEdit[]): PatchOperation {
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
    .filter(({ rule, weights: next }) => rule.entries.some((entry, i) => entry.weight !== next[i]))
    .map(({ rule, weights: next }) => ({
      rule,
      after: routeOf(rule).map((item, i) => ({ ...(item as JsonObject), weight: next[i] ?? 0 })),
    }));
}

function redirectEdits({ redirected, redirectTo }: RouteEdit): readonly RuleEdit[] {
  if (redirectTo === undefined) return [];
  const destination = {
    host: redirectTo.host,
    ...(redirectTo.subset !== '' && { subset: redirectTo.subset }),
  };
  return redirected.map((rule) => ({
    rule,
    after: routeOf(rule).map((item) => ({ ...(item as JsonObject), destination })),
  }));
}

function routeOf(rule: HttpRule): readonly Json[] {
  return listOf(rule.raw['route']);
}

function rulePath(index: number): string {
  return `/spec/http/${String(index)}`;
}

/** Guards first, the most telling one first: a conflict message quotes the first that fails. */
function ruleOperations(
  rule: HttpRule,
  index: number,
  { before, after }: { readonly before: readonly Json[]; readonly after: readonly Json[] },
): readonly PatchOperation[] {
  const path = rulePath(index);
  const name = rule.raw['name'];
  const test = (where: string, value: Json): PatchOperation => ({ op: 'test', path: where, value });
  const items = before.flatMap((item, i): PatchOperation[] => {
    const entry = `${path}/route/${String(i)}`;
    const weight = at(item, 'weight');
    return [
      test(`${entry}/destination`, at(item, 'destination') ?? null),
      ...(weight === undefined ? [test(entry, item)] : [test(`${entry}/weight`, weight)]),
    ];
  });
  const writes = after.flatMap((item, i) => entryWrites(`${path}/route/${String(i)}`, before[i] ?? null, item));
  return [
    ...(typeof name === 'string' ? [test(`${path}/name`, name)] : []),
    ...items,
    test(`${path}/route`, before),
    ...writes,
  ];
}

function entryWrites(path: string, before: Json, after: Json): readonly PatchOperation[] {
  const weight = at(after, 'weight');
  const destination = at(after, 'destination');
  return [
    ...(weight === undefined
      ? at(before, 'weight') === undefined
        ? []
        : [{ op: 'remove' as const, path: `${path}/weight` }]
      : [{ op: 'add' as const, path: `${path}/weight`, value: weight }]),
    ...(JSON.stringify(at(before, 'destination')) === JSON.stringify(destination) || destination === undefined
      ? []
      : [{ op: 'add' as const, path: `${path}/destination`, value: destination }]),
  ];
}

function fieldsOf({ weights, removed, redirected, redirectTo, label }: RouteEdit): readonly FieldChange[] {
  const changed = weights.flatMap(({ rule, weights: next, total }) =>
    rule.entries.flatMap((entry, i): FieldChange[] => {
      const weight = next[i] ?? 0;
      if (weight === entry.weight && total === rule.total) return [];
      const from = `${percentText(ratioOf(entry.weight, rule.total))} %`;
      return [{ label: `${rule.id}: ${label(entry)}`, from, to: `${percentText(ratioOf(weight, total))} %` }];
    }),
  );
  const gone = removed.map((rule): FieldChange => ({
    label: rule.id,
    from: rule.entries.map(label).join(', '),
    to: '–',
  }));
  const moved = redirected.map((rule): FieldChange => ({
    label: rule.id,
    from: rule.entries.map(label).join(', '),
    to: redirectTo === undefined ? '–' : label(redirectTo),
  }));
  return [...changed, ...gone, ...moved];
}

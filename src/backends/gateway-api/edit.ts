import { equalJson } from '../../base/json.ts';
import { percentText, ratioOf } from '../../base/share.ts';
import type { Change, FieldChange, PatchOperation } from '../../model/change.ts';
import type { Json, JsonObject, KubeObject, ObjectRef } from '../../model/objects.ts';
import { at, cut, isJsonObject, listOf } from '../guards.ts';
import type { Ref, RouteRule } from './rules.ts';

/** Members of an entry that say where it sends to. */
export const placeKeys: readonly string[] = ['namespace', 'name', 'port'];

/** What is written into one route, in one request. */
export interface RouteEdit {
  /** A whole weight for every entry of a rule, in the order of the entries. */
  readonly weights: readonly { readonly rule: RouteRule; readonly weights: readonly number[] }[];
  /** Entries that get another Service; the keys are those of the entry. */
  readonly moves: readonly {
    readonly rule: RouteRule;
    readonly ref: Ref;
    readonly to: JsonObject;
  }[];
  readonly removals: readonly RouteRule[];
}

/** Names a track in a consent: `search-canary (v5.2.0)`. */
export type LabelOf = (trackId: string) => string;

interface Target {
  readonly route: KubeObject;
  readonly ref: ObjectRef;
  readonly labelOf: LabelOf;
}

/**
 * One JSON Patch for the edit and its exact inverse. Guarded by the uid, by what identifies each rule and entry, and by their old
 * values. An inverse that puts rules back is guarded by all rules as we left them, for it counts on their places.
 */
export function routeChanges(
  { route, ref, labelOf }: Target,
  edit: RouteEdit,
): { readonly change: Change; readonly inverse: Change } {
  const uid: PatchOperation = { op: 'test', path: '/metadata/uid', value: route.meta.uid };
  const fields = fieldsOf(edit, labelOf);
  const change: Change = {
    kind: 'patch',
    target: ref,
    fields,
    operations: [uid, ...guards(edit), ...writes(edit)],
  };
  const back = fields.map(({ label, from, to }) => ({ label, from: to, to: from }));
  const operations = [uid, ...guardsAfter(route, edit), ...writesBack(edit)];
  return { change, inverse: { kind: 'patch', target: ref, fields: back, operations } };
}

/** The route as the edit leaves it. */
export function edited(route: KubeObject, edit: RouteEdit): KubeObject {
  const spec = at(route.body, 'spec');
  const rules = rulesAfter(route, edit);
  return {
    ...route,
    body: { ...route.body, spec: { ...(isJsonObject(spec) ? spec : {}), rules } },
  };
}

/** Whether it would change nothing: an entry without a weight has 1. */
export function isNothing({ weights, moves, removals }: RouteEdit): boolean {
  const isSame = weights.every(({ rule, weights: own }) =>
    rule.refs.every((ref, i) => ref.weight === own[i]),
  );
  return isSame && moves.length === 0 && removals.length === 0;
}

function rulePath({ index }: RouteRule): string {
  return `/spec/rules/${String(index)}`;
}

function refPath(rule: RouteRule, { index }: Ref): string {
  return `${rulePath(rule)}/backendRefs/${String(index)}`;
}

function test(path: string, value: Json): PatchOperation {
  return { op: 'test', path, value };
}

function guards({ weights, moves, removals }: RouteEdit): readonly PatchOperation[] {
  return [
    ...weights.flatMap(({ rule }) => [
      ...ruleIdentity(rule),
      ...rule.refs.flatMap((ref) => refGuards(rule, ref)),
      listGuard(rule, at(rule.raw, 'backendRefs')),
    ]),
    ...moves.flatMap(({ rule, ref }) => [...ruleIdentity(rule), test(refPath(rule, ref), ref.raw)]),
    ...removals.map((rule) => test(rulePath(rule), rule.raw)),
  ];
}

/** All entries, after those that tell more in a message: one that somebody added would take a share that nobody gave it. */
function listGuard(rule: RouteRule, refs: Json | undefined): PatchOperation {
  return test(`${rulePath(rule)}/backendRefs`, refs ?? null);
}

/** Its name, or what it matches: a rule that moved to another place in the list must not be taken for this one. */
function ruleIdentity(rule: RouteRule): readonly PatchOperation[] {
  const key = at(rule.raw, 'name') === undefined ? 'matches' : 'name';
  const value = at(rule.raw, key);
  return value === undefined ? [] : [test(`${rulePath(rule)}/${key}`, value)];
}

/** An entry without a weight has no old value of its own to test, so it is tested as a whole. */
function refGuards(rule: RouteRule, ref: Ref): readonly PatchOperation[] {
  const weight = ref.raw['weight'];
  if (weight === undefined) return [test(refPath(rule, ref), ref.raw)];
  return [...refIdentity(rule, ref), test(`${refPath(rule, ref)}/weight`, weight)];
}

function refIdentity(rule: RouteRule, ref: Ref): readonly PatchOperation[] {
  return ['group', 'kind', 'namespace', 'name'].flatMap((key) => {
    const value = ref.raw[key];
    return value === undefined ? [] : [test(`${refPath(rule, ref)}/${key}`, value)];
  });
}

/** Removals come last and from the end, so that no index moves before it is used. */
function writes({ weights, moves, removals }: RouteEdit): readonly PatchOperation[] {
  const fromEnd = removals.toSorted((a, b) => b.index - a.index);
  return [
    ...weights.flatMap(({ rule, weights: own }) =>
      rule.refs.map((ref, i) => add(`${refPath(rule, ref)}/weight`, own[i] ?? ref.weight)),
    ),
    ...moves.flatMap(({ rule, ref, to }) => setMembers(refPath(rule, ref), to, ref.raw)),
    ...fromEnd.map((rule): PatchOperation => ({ op: 'remove', path: rulePath(rule) })),
  ];
}

function writesBack({ weights, moves, removals }: RouteEdit): readonly PatchOperation[] {
  const fromStart = removals.toSorted((a, b) => a.index - b.index);
  return [
    ...fromStart.map((rule) => add(rulePath(rule), rule.raw)),
    ...weights.flatMap(({ rule }) => rule.refs.map((ref) => weightBack(rule, ref))),
    ...moves.flatMap(({ rule, ref, to }) =>
      setMembers(refPath(rule, ref), cut(ref.raw, placeKeys), to),
    ),
  ];
}

function weightBack(rule: RouteRule, ref: Ref): PatchOperation {
  const path = `${refPath(rule, ref)}/weight`;
  const weight = ref.raw['weight'];
  return weight === undefined ? { op: 'remove', path } : add(path, weight);
}

/** Sets the members of `to`; the other way round too: those that only `was` has are taken away. */
function setMembers(path: string, to: JsonObject, was: JsonObject): readonly PatchOperation[] {
  return placeKeys.flatMap((key): readonly PatchOperation[] => {
    const value = to[key];
    if (value !== undefined)
      return equalJson(value, was[key]) ? [] : [add(`${path}/${key}`, value)];
    return was[key] === undefined ? [] : [{ op: 'remove', path: `${path}/${key}` }];
  });
}

function add(path: string, value: Json): PatchOperation {
  return { op: 'add', path, value };
}

function guardsAfter(route: KubeObject, edit: RouteEdit): readonly PatchOperation[] {
  if (edit.removals.length > 0 || edit.moves.length > 0)
    return [test('/spec/rules', rulesAfter(route, edit))];
  const after = rulesAfter(route, edit);
  return edit.weights.flatMap(({ rule, weights }) => [
    ...ruleIdentity(rule),
    ...rule.refs.flatMap((ref, i) => [
      ...refIdentity(rule, ref),
      test(`${refPath(rule, ref)}/weight`, weights[i] ?? ref.weight),
    ]),
    listGuard(rule, at(after[rule.index], 'backendRefs')),
  ]);
}

function rulesAfter(route: KubeObject, edit: RouteEdit): readonly Json[] {
  const removed = new Set(edit.removals.map(({ index }) => index));
  return listOf(at(route.body, 'spec', 'rules'))
    .map((raw, index) => ruleAfter(raw, index, edit))
    .filter((_, index) => !removed.has(index));
}

function ruleAfter(raw: Json, index: number, { weights, moves }: RouteEdit): Json {
  if (!isJsonObject(raw) || !Array.isArray(raw['backendRefs'])) return raw;
  const placed = new Map(
    moves.filter(({ rule }) => rule.index === index).map(({ ref, to }) => [ref.index, to]),
  );
  const weighed = new Map(
    weights
      .filter(({ rule }) => rule.index === index)
      .flatMap(({ rule, weights: own }) => rule.refs.map((ref, i) => [ref.index, own[i]] as const)),
  );
  const backendRefs = listOf(raw['backendRefs']).map((entry, i) => {
    const [to, weight] = [placed.get(i), weighed.get(i)];
    if (!isJsonObject(entry)) return entry;
    const moved = to === undefined ? entry : withPlace(entry, to);
    return weight === undefined ? moved : { ...moved, weight };
  });
  return { ...raw, backendRefs };
}

export function withPlace(entry: JsonObject, to: JsonObject): JsonObject {
  const rest = Object.entries(entry).filter(([key]) => !placeKeys.includes(key));
  return { ...Object.fromEntries(rest), ...to };
}

function fieldsOf(
  { weights, moves, removals }: RouteEdit,
  labelOf: LabelOf,
): readonly FieldChange[] {
  const isOne = weights.length + moves.length + removals.length === 1;
  const label = (rule: RouteRule, trackId: string): string =>
    isOne ? labelOf(trackId) : `${rule.id}: ${labelOf(trackId)}`;
  const names = (rule: RouteRule): string =>
    rule.refs.map((ref) => labelOf(ref.trackId)).join(', ');
  return [
    ...weights.flatMap(({ rule, weights: own }) => {
      const total = own.reduce((sum, weight) => sum + weight, 0);
      return rule.refs.map((ref, i) => ({
        label: label(rule, ref.trackId),
        from: weightText(ref.weight, rule.total),
        to: weightText(own[i] ?? 0, total),
      }));
    }),
    ...moves.map(({ rule, ref, to }) => ({
      label: rule.id,
      from: labelOf(ref.trackId),
      to: typeof to['name'] === 'string' ? to['name'] : '',
    })),
    ...removals.map((rule) => ({ label: rule.id, from: names(rule), to: '' })),
  ];
}

/** `0.5 %` of a thousand says no more than it does of a hundred. */
function weightText(weight: number, total: number): string {
  return `${percentText(ratioOf(weight, total))} %`;
}

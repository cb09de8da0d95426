import type { Text } from '../../base/text.ts';
import type { Json, JsonObject, KubeObject } from '../../model/objects.ts';
import type { Match } from '../../model/rollout.ts';
import { at, countOf, isJsonObject, listOf, quoted, textOf } from '../guards.ts';
import { serviceOfHost, type ServiceName } from './hosts.ts';
import { matchesOf } from './matches.ts';
import { say } from './words.l10n.ts';

/** `int32` in `networking/v1/virtual_service.proto`. */
const mostWeight = 2_147_483_647;

/** One destination of one rule, as the object has it. */
export interface Entry {
  /** Names the same destination in every rule: the Service and the subset. */
  readonly key: string;
  readonly host: string;
  readonly service: ServiceName | undefined;
  readonly subset: string;
  /** As written. */
  readonly raw: Json;
  /** What counts: absent is 0, but a single destination gets everything whatever it says. */
  readonly weight: number;
}

/** One http rule. `index` is its place in `spec.http`. */
export interface HttpRule {
  readonly index: number;
  /** Its name, where no other rule has it, else `#index`. */
  readonly id: string;
  readonly raw: JsonObject;
  /** Empty: it matches everything. */
  readonly matches: readonly Match[];
  readonly entries: readonly Entry[];
  /** Of the entries that name a host. */
  readonly total: number;
  /** Why weights cannot be set in it. */
  readonly readOnly?: Text;
  /** That is a mistake in the object, and so a problem to show. */
  readonly isMalformed: boolean;
}

/** All http rules in order. What is malformed is a rule that cannot be set, with the path and the value in its reason. */
export function httpRules(route: KubeObject): {
  readonly rules: readonly HttpRule[];
  readonly problem?: Text;
} {
  const http = at(route.body, 'spec', 'http');
  if (http === undefined) return { rules: [] };
  if (!Array.isArray(http)) {
    return {
      rules: [],
      problem: say('istio.badHttp', { name: route.meta.name, got: quoted(http) }),
    };
  }
  const list = http as readonly Json[];
  const names = list.map((rule) => textOf(at(rule, 'name')));
  return {
    rules: list.map((rule, index) => {
      const name = names[index] ?? '';
      const isOwn = name !== '' && names.indexOf(name) === names.lastIndexOf(name);
      return { ...httpRule(route, rule, index), id: isOwn ? name : `#${String(index)}` };
    }),
  };
}

/** Whether the weights can be written again: every destination is known, whatever its weight is. */
export function isMendable(rule: HttpRule): boolean {
  const items = listOf(rule.raw['route']);
  return items.length > 0 && rule.entries.every(({ host }) => host !== '');
}

function httpRule(route: KubeObject, value: Json, index: number): Omit<HttpRule, 'id'> {
  const raw = isJsonObject(value) ? value : {};
  const base = { index, raw, matches: matchesOf(raw), entries: [], total: 0, isMalformed: false };
  const delegate = textOf(at(raw, 'delegate', 'name'));
  if (delegate !== '') return { ...base, readOnly: say('istio.delegate', { name: delegate }) };
  const list = raw['route'];
  if (list === undefined && isJsonObject(value)) return base;
  if (!Array.isArray(list)) {
    const text = say('istio.badRoute', {
      index,
      name: route.meta.name,
      got: quoted(isJsonObject(value) ? list : value),
    });
    return { ...base, readOnly: text, isMalformed: true };
  }
  const items = list as readonly Json[];
  const entries = items.map((item) => entryOf(route, item, items.length));
  const total = entries.reduce((sum, { host, weight }) => sum + (host === '' ? 0 : weight), 0);
  const wrong = items
    .map((item, entry) => entryProblem(route, item, { index, entry }))
    .find((p) => p !== undefined);
  return { ...base, entries, total, ...(wrong && { readOnly: wrong, isMalformed: true }) };
}

function entryOf(route: KubeObject, item: Json, siblings: number): Entry {
  const host = textOf(at(item, 'destination', 'host'));
  const subset = textOf(at(item, 'destination', 'subset'));
  const service = serviceOfHost(host, route.meta.namespace);
  const name = service === undefined ? host : `${service.namespace}/${service.name}`;
  return {
    key: subset === '' ? name : `${name}|${subset}`,
    host,
    service,
    subset,
    raw: item,
    weight: siblings === 1 ? 100 : (weightOf(item) ?? 0),
  };
}

/** Undefined where it is absent or no weight. */
function weightOf(item: Json): number | undefined {
  const weight = countOf(at(item, 'weight'));
  return weight !== undefined && weight <= mostWeight ? weight : undefined;
}

function entryProblem(
  route: KubeObject,
  item: Json,
  place: { readonly index: number; readonly entry: number },
): Text | undefined {
  const { name } = route.meta;
  const host = at(item, 'destination', 'host');
  if (typeof host !== 'string' || host === '')
    return say('istio.badHost', { ...place, name, got: quoted(host) });
  const weight = at(item, 'weight');
  if (weight === undefined || weightOf(item) !== undefined) return undefined;
  return say('istio.badWeight', { ...place, name, got: quoted(weight) });
}

/** A `tcp` or `tls` route, for display: it is never written. */
export interface OtherRule {
  readonly id: string;
  readonly kind: 'tcp' | 'tls';
  readonly entries: readonly Entry[];
  readonly total: number;
}

export function otherRules(route: KubeObject): readonly OtherRule[] {
  return (['tcp', 'tls'] as const).flatMap((kind) =>
    listOf(at(route.body, 'spec', kind)).map((rule, index) => {
      const items = listOf(at(rule, 'route'));
      const entries = items
        .map((item) => entryOf(route, item, items.length))
        .filter(({ host }) => host !== '');
      const total = entries.reduce((sum, { weight }) => sum + weight, 0);
      return { id: `${kind}#${String(index)}`, kind, entries, total };
    }),
  );
}

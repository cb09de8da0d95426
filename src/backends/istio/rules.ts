import type { Text } from '../../base/text.ts';
import type { Json, JsonObject, KubeObject } from '../../model/objects.ts';
import { at, countOf, isJsonObject, listOf, quoted, textOf } from '../guards.ts';
import { serviceOfHost, type ServiceName } from './hosts.ts';
import { say } from './words.l10n.ts';

/** One destination of one http rule, as the object has it. */
export interface Entry {
  /** Names the same destination in every rule: the Service and the subset. */
  readonly key: string;
  readonly host: string;
  readonly service: ServiceName | undefined;
  readonly subset: string;
  /** As written; `undefined` when the field is absent. */
  readonly written: number | undefined;
  /** What counts: absent is 0, but a single destination gets everything whatever it says. */
  readonly weight: number;
}

/** One http rule. `index` is its place in `spec.http`. */
export interface HttpRule {
  readonly index: number;
  readonly id: string;
  readonly raw: JsonObject;
  readonly entries: readonly Entry[];
  readonly total: number;
  /** Why it cannot be written. */
  readonly readOnly?: Text;
  /** Whether that is a mistake in the object, and so a problem to show. */
  readonly isMalformed?: boolean;
}

/** All http rules in order. What is malformed is a rule that cannot be written, with the path and the value in its reason. */
export function httpRules(route: KubeObject): { readonly rules: readonly HttpRule[]; readonly problem?: Text } {
  const http = at(route.body, 'spec', 'http');
  if (http === undefined) return { rules: [] };
  if (!Array.isArray(http)) {
    return { rules: [], problem: say('istio.badHttp', { name: route.meta.name, got: quoted(http) }) };
  }
  return { rules: (http as readonly Json[]).map((rule, index) => httpRule(route, rule, index)) };
}

function httpRule(route: KubeObject, value: Json, index: number): HttpRule {
  const raw = isJsonObject(value) ? value : {};
  const name = textOf(raw['name']);
  const base = { index, id: name === '' ? `#${String(index)}` : name, raw, entries: [], total: 0 };
  const delegate = textOf(at(raw, 'delegate', 'name'));
  if (delegate !== '') return { ...base, readOnly: say('istio.delegate', { name: delegate }) };
  const list = raw['route'];
  if (list === undefined && isJsonObject(value)) return base;
  if (!Array.isArray(list)) {
    const text = say('istio.badRoute', { index, name: route.meta.name, got: quoted(isJsonObject(value) ? list : value) });
    return { ...base, readOnly: text, isMalformed: true };
  }
  const items = list as readonly Json[];
  const entries = items.map((item) => entryOf(route, item, items.length));
  const total = items.length === 1 ? entries[0]?.weight ?? 0 : entries.reduce((sum, e) => sum + e.weight, 0);
  const wrong = items.map((item, entry) => entryProblem(route, item, { index, entry })).find((p) => p !== undefined);
  return { ...base, entries, total, ...(wrong && { readOnly: wrong, isMalformed: true }) };
}

function entryOf(route: KubeObject, item: Json, siblings: number): Entry {
  const host = textOf(at(item, 'destination', 'host'));
  const subset = textOf(at(item, 'destination', 'subset'));
  const service = serviceOfHost(host, route.meta.namespace);
  const written = countOf(at(item, 'weight'));
  const name = service === undefined ? host : `${service.namespace}/${service.name}`;
  return {
    key: subset === '' ? name : `${name}|${subset}`,
    host,
    service,
    subset,
    written,
    weight: siblings === 1 ? 100 : (written ?? 0),
  };
}

function entryProblem(
  route: KubeObject,
  item: Json,
  place: { readonly index: number; readonly entry: number },
): Text | undefined {
  const { name } = route.meta;
  const host = at(item, 'destination', 'host');
  if (typeof host !== 'string' || host === '') return say('istio.badHost', { ...place, name, got: quoted(host) });
  const weight = at(item, 'weight');
  if (weight === undefined || countOf(weight) !== undefined) return undefined;
  return say('istio.badWeight', { ...place, name, got: quoted(weight) });
}

/** `tcp` and `tls` routes that split, for display: they are never written. */
export function otherRules(route: KubeObject): readonly { readonly id: string; readonly kind: 'tcp' | 'tls'; readonly entries: readonly Entry[] }[] {
  return (['tcp', 'tls'] as const).flatMap((kind) =>
    listOf(at(route.body, 'spec', kind)).flatMap((rule, index) => {
      const items = listOf(at(rule, 'route'));
      if (items.length < 2) return [];
      const entries = items.map((item) => entryOf(route, item, items.length));
      return [{ id: `${kind}#${String(index)}`, kind, entries }];
    }),
  );
}

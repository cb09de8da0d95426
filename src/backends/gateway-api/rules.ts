import type { Text } from '../../base/text.ts';
import type { Json, JsonObject, KubeObject } from '../../model/objects.ts';
import type { Rule } from '../../model/rollout.ts';
import { at, countOf, isJsonObject, listOf, quoted, textOf } from '../guards.ts';
import { matchesOf, type RouteMatch } from './matches.ts';
import { say } from './words.l10n.ts';

/** The largest weight that the API takes (handbook/backends.md 3.2). */
export const mostWeight = 1_000_000;

/** One entry of `backendRefs`. `index` is its place there. */
export interface Ref {
  readonly index: number;
  /** The Service's name, `namespace/name` in another namespace than the route's, `Kind/name` for what is no Service. */
  readonly trackId: string;
  readonly namespace: string;
  readonly name: string;
  readonly isService: boolean;
  /** What counts: 1 where the entry does not say. */
  readonly weight: number;
  readonly raw: JsonObject;
}

/** One rule of a route. `index` is its place in `spec.rules`. */
export interface RouteRule {
  readonly index: number;
  readonly id: string;
  readonly raw: Json;
  readonly matches: readonly RouteMatch[];
  readonly refs: readonly Ref[];
  readonly total: number;
  readonly mirror?: NonNullable<Rule['mirror']>;
  /** What is malformed in it, each with its path and what is there; such a rule is never written. */
  readonly faults: readonly Text[];
  /** Why a weight cannot be set in it: the first fault, or what Cablecar does not know how to split. */
  readonly readOnly?: Text;
}

/** All rules in order, and what is wrong with the list itself. Never throws. */
export function rulesOf(route: KubeObject): {
  readonly rules: readonly RouteRule[];
  readonly faults: readonly Text[];
} {
  const list = at(route.body, 'spec', 'rules');
  if (list === undefined) return { rules: [], faults: [] };
  if (!Array.isArray(list))
    return { rules: [], faults: [fault(route, 'spec.rules', list, 'list')] };
  const names = (list as readonly Json[]).map((rule) => textOf(at(rule, 'name')));
  const rules = (list as readonly Json[]).map((raw, index) => {
    const name = names[index] ?? '';
    const isUnique = name !== '' && names.indexOf(name) === names.lastIndexOf(name);
    return ruleOf(route, raw, { index, id: isUnique ? name : `#${String(index)}` });
  });
  return { rules, faults: [] };
}

type Wanted = 'list' | 'object' | 'name' | 'weight';

function fault(route: KubeObject, path: string, got: Json | undefined, wanted: Wanted): Text {
  const args = { kind: route.kind, name: route.meta.name, path, got: quoted(got) };
  switch (wanted) {
    case 'list':
      return say('gatewayApi.notAList', args);
    case 'object':
      return say('gatewayApi.notAnObject', args);
    case 'name':
      return say('gatewayApi.notAName', args);
    case 'weight':
      return say('gatewayApi.notAWeight', { ...args, most: mostWeight });
  }
}

function ruleOf(
  route: KubeObject,
  raw: Json,
  { index, id }: { readonly index: number; readonly id: string },
): RouteRule {
  const path = `spec.rules[${String(index)}]`;
  if (!isJsonObject(raw)) {
    const text = fault(route, path, raw, 'object');
    return { index, id, raw, matches: [], refs: [], total: 0, faults: [text], readOnly: text };
  }
  const faults = [
    ...(['matches', 'backendRefs', 'filters'] as const)
      .filter((key) => raw[key] !== undefined && !Array.isArray(raw[key]))
      .map((key) => fault(route, `${path}.${key}`, raw[key], 'list')),
    ...listOf(raw['backendRefs']).flatMap((entry, i) =>
      refFaults(route, entry, `${path}.backendRefs[${String(i)}]`),
    ),
  ];
  const refs = listOf(raw['backendRefs']).flatMap((entry, i) => refOf(route, entry, i));
  const readOnly = faults[0] ?? unsplittable(refs);
  const mirror = mirrorOf(raw);
  return {
    index,
    id,
    raw,
    matches: matchesOf(raw),
    refs,
    total: refs.reduce((sum, { weight }) => sum + weight, 0),
    faults,
    ...(readOnly && { readOnly }),
    ...(mirror && { mirror }),
  };
}

function refFaults(route: KubeObject, entry: Json, path: string): readonly Text[] {
  if (!isJsonObject(entry)) return [fault(route, path, entry, 'object')];
  const weight = entry['weight'];
  const isName = (value: Json | undefined): boolean => typeof value === 'string' && value !== '';
  return [
    ...(isName(entry['name']) ? [] : [fault(route, `${path}.name`, entry['name'], 'name')]),
    ...(entry['namespace'] === undefined || isName(entry['namespace'])
      ? []
      : [fault(route, `${path}.namespace`, entry['namespace'], 'name')]),
    ...(weight === undefined || isWeight(weight)
      ? []
      : [fault(route, `${path}.weight`, weight, 'weight')]),
  ];
}

function isWeight(value: Json): boolean {
  return (countOf(value) ?? mostWeight + 1) <= mostWeight;
}

function refOf(route: KubeObject, entry: Json, index: number): readonly Ref[] {
  const name = textOf(at(entry, 'name'));
  if (!isJsonObject(entry) || name === '') return [];
  const namespace = textOf(entry['namespace']) || route.meta.namespace;
  const kind = textOf(entry['kind']) || 'Service';
  const isService = kind === 'Service' && ['', 'core'].includes(textOf(entry['group']));
  const full = namespace === route.meta.namespace ? name : `${namespace}/${name}`;
  const written = entry['weight'] ?? 1;
  return [
    {
      index,
      trackId: isService ? full : `${kind}/${full}`,
      namespace,
      name,
      isService,
      weight: isWeight(written) ? (countOf(written) ?? 0) : 0,
      raw: entry,
    },
  ];
}

function unsplittable(refs: readonly Ref[]): Text | undefined {
  const foreign = refs.find(({ isService }) => !isService);
  if (foreign !== undefined) return say('gatewayApi.foreignKind', { ref: foreign.trackId });
  const twice = refs.find(({ trackId }, i) => refs.findIndex((r) => r.trackId === trackId) !== i);
  return twice && say('gatewayApi.twice', { service: twice.trackId });
}

/** The first mirror; all requests where it does not say how many. */
function mirrorOf(rule: JsonObject): RouteRule['mirror'] {
  const mirror = listOf(rule['filters'])
    .map((filter) => at(filter, 'requestMirror'))
    .find(isJsonObject);
  if (mirror === undefined) return undefined;
  const numerator = countOf(at(mirror, 'fraction', 'numerator'));
  const denominator = countOf(at(mirror, 'fraction', 'denominator')) ?? 100;
  const fraction =
    numerator === undefined || denominator === 0 ? 100 : (numerator / denominator) * 100;
  return {
    to: textOf(at(mirror, 'backendRef', 'name')),
    percent: countOf(mirror['percent']) ?? fraction,
  };
}

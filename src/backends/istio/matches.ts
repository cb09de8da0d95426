import type { Json, JsonObject } from '../../model/objects.ts';
import type { Match, MatchCondition } from '../../model/rollout.ts';
import { entriesOf, isJsonObject, listOf, textOf } from '../guards.ts';
import { conditionOf, onOfHeader } from '../requestMatches.ts';

type On = MatchCondition['on'];

/** The matches of one http rule: any of them, each with all its conditions. An empty list, or an empty match, matches everything. */
export function matchesOf(rule: JsonObject): readonly Match[] {
  const matches = listOf(rule['match']).filter(isJsonObject).map(conditionsOf);
  return matches.some((match) => match.length === 0) ? [] : matches;
}

function conditionsOf(match: JsonObject): Match {
  return [
    ...entriesOf(match['headers']).map(([name, value]) => headerCondition(name, value)),
    ...entriesOf(match['withoutHeaders']).map(([name, value]) => ({
      ...headerCondition(name, value),
      op: 'absent' as const,
    })),
    ...entriesOf(match['queryParams']).map(([name, value]) => stringMatch('query', name, value)),
    ...(['uri', 'method', 'authority', 'scheme'] as const)
      .filter((key) => match[key] !== undefined)
      .map((key) =>
        stringMatch(onOf(key), key === 'uri' || key === 'method' ? '' : key, match[key]),
      ),
    ...entriesOf(match['sourceLabels']).map(([name, value]) =>
      condition('source', 'exact', name, textOf(value)),
    ),
    ...['sourceNamespace', 'port', 'gateways']
      .filter((key) => match[key] !== undefined)
      .map((key) =>
        condition(key === 'sourceNamespace' ? 'source' : 'other', 'exact', key, plain(match[key])),
      ),
  ];
}

function onOf(key: 'uri' | 'method' | 'authority' | 'scheme'): On {
  if (key === 'uri') return 'path';
  return key === 'method' ? 'method' : 'other';
}

/** Header keys are lower case in Istio; a cookie is a regular expression on `cookie`, a device one on `user-agent`. */
function headerCondition(key: string, value: Json): MatchCondition {
  const name = key.toLowerCase();
  const expression = isJsonObject(value) ? textOf(value['regex']) : '';
  const known = conditionOf({ name, op: 'regex', value: expression });
  if (known !== undefined) return known;
  if (name === 'cookie') return cookieCondition(value);
  return stringMatch(name === 'user-agent' ? 'device' : onOfHeader(name), key, value);
}

/** `^(.*?;)?\s*(canary=always)(;.*)?$` is the cookie `canary` with the value `always`. */
function cookieCondition(value: Json): MatchCondition {
  const whole = stringMatch('cookie', '', value);
  const isOne = whole.value.split('=').length === 2;
  const pair = /([A-Za-z0-9_-]+)=((?:[^;.()[\]{}|*+?\\^$]|\\.|\.(?![*+?]))*)/.exec(whole.value);
  if (!isOne || pair?.[1] === undefined) return whole;
  return condition('cookie', 'exact', pair[1], (pair[2] ?? '').replaceAll(/\\(.)/g, '$1'));
}

function stringMatch(on: On, name: string, value: Json | undefined): MatchCondition {
  for (const op of ['exact', 'prefix', 'regex'] as const) {
    const text = isJsonObject(value) ? value[op] : undefined;
    if (typeof text === 'string') return condition(on, op, name, text);
  }
  return condition(on, 'present', name, '');
}

function condition(on: On, op: MatchCondition['op'], name: string, value: string): MatchCondition {
  return { on, op, name, value };
}

function plain(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

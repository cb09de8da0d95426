import type { Json, JsonObject } from '../../model/objects.ts';
import type { Match, MatchCondition } from '../../model/rollout.ts';
import { at, entriesOf, isJsonObject, listOf, quoted, textOf } from '../guards.ts';
import { conditionOf, escaped, literal, onOfHeader, type HeaderMatch } from '../requestMatches.ts';

/** One match of a rule: for people, and as sets that can be compared. */
export interface RouteMatch {
  readonly conditions: Match;
  readonly path: { readonly type: string; readonly value: string };
  /** Every other condition as text; all of them must hold. */
  readonly others: ReadonlySet<string>;
}

const everyPath = { type: 'PathPrefix', value: '/' };
const everything: RouteMatch = { conditions: [], path: everyPath, others: new Set() };

/** The matches of one rule; none written is one that holds for every request. */
export function matchesOf(rule: JsonObject): readonly RouteMatch[] {
  const matches = listOf(rule['matches']).filter(isJsonObject).map(matchOf);
  return matches.length === 0 ? [everything] : matches;
}

/** For display: any of them, each with all its conditions; empty when every request matches. */
export function conditionsOf(matches: readonly RouteMatch[]): readonly Match[] {
  const conditions = matches.map((match) => match.conditions);
  return conditions.some((match) => match.length === 0) ? [] : conditions;
}

/** Whether every request that the special match takes is also taken by the general one. */
export function covers(general: RouteMatch, special: RouteMatch): boolean {
  return (
    coversPath(general.path, special.path) &&
    [...general.others].every((condition) => special.others.has(condition))
  );
}

type Path = RouteMatch['path'];

function coversPath(general: Path, special: Path): boolean {
  if (general.type !== 'PathPrefix' || special.type === 'RegularExpression')
    return (
      isEveryPath(general) || (general.type === special.type && general.value === special.value)
    );
  const prefix = general.value.replace(/\/$/, '');
  return special.value === prefix || special.value.startsWith(`${prefix}/`);
}

function isEveryPath({ type, value }: Path): boolean {
  return type === 'PathPrefix' && value === '/';
}

function matchOf(match: JsonObject): RouteMatch {
  const method = match['method'];
  const path = isJsonObject(method) ? grpcPath(method) : httpPath(match['path']);
  const headers = listOf(match['headers']).map((header) => headerCondition(header));
  const query = listOf(match['queryParams']).map((param) => named('query', param));
  const others = [
    ...headers,
    ...query,
    ...(typeof method === 'string' ? [condition('method', 'exact', '', method)] : []),
    ...entriesOf(match)
      .filter(([key]) => !['path', 'headers', 'queryParams', 'method'].includes(key))
      .map(([key, value]) => condition('other', 'exact', key, quoted(value))),
  ];
  const onPath = isEveryPath(path) ? [] : [condition('path', opOf(path.type), '', path.value)];
  return { path, conditions: [...onPath, ...others], others: keysOf(match) };
}

/** Header names do not differ by case. */
function keysOf(match: JsonObject): ReadonlySet<string> {
  const key = (kind: string, item: Json, name: string): string =>
    JSON.stringify([kind, typeOf(item), name, textOf(at(item, 'value'))]);
  const known = [
    ...listOf(match['headers']).map((item) =>
      key('header', item, textOf(at(item, 'name')).toLowerCase()),
    ),
    ...listOf(match['queryParams']).map((item) => key('query', item, textOf(at(item, 'name')))),
  ];
  const rest = entriesOf(match)
    .filter(
      ([name, value]) =>
        !['path', 'headers', 'queryParams'].includes(name) &&
        !(name === 'method' && isJsonObject(value)),
    )
    .map((entry) => JSON.stringify(entry));
  return new Set([...known, ...rest]);
}

function httpPath(path: Json | undefined): Path {
  if (!isJsonObject(path)) return everyPath;
  const type = textOf(path['type']);
  return { type: type === '' ? 'PathPrefix' : type, value: textOf(path['value']) || '/' };
}

/** A gRPC method is the path `/service/method`. */
function grpcPath(match: JsonObject): Path {
  const [service, method] = [textOf(match['service']), textOf(match['method'])];
  if (service === '' && method === '') return everyPath;
  if (typeOf(match) === 'Exact' && service !== '')
    return method === ''
      ? { type: 'PathPrefix', value: `/${service}` }
      : { type: 'Exact', value: `/${service}/${method}` };
  const anything = '[^/]+';
  return { type: 'RegularExpression', value: `/${service || anything}/${method || anything}` };
}

/** A cookie is a regular expression on `Cookie`, a device one on `User-Agent`. */
function headerCondition(header: Json): MatchCondition {
  const name = textOf(at(header, 'name'));
  const lower = name.toLowerCase();
  const value = textOf(at(header, 'value'));
  const isExpression = opOf(typeOf(header)) === 'regex';
  const known = isExpression ? conditionOf({ name, op: 'regex', value }) : undefined;
  if (known !== undefined) return known;
  if (lower === 'cookie') return cookieCondition(header);
  const on = lower === 'user-agent' ? 'device' : onOfHeader(name);
  const plain = isExpression ? plainForm(value) : undefined;
  return plain === undefined ? named(on, header) : condition(on, plain.op, name, plain.value);
}

/** `^beta.*$` stands for a prefix and `^.*$` for any value: the API has exact values and expressions only. */
function plainForm(
  expression: string,
): { readonly op: 'prefix' | 'present'; readonly value: string } | undefined {
  if (expression === anyValue) return { op: 'present', value: '' };
  const start = /^\^(.+)\.\*\$$/.exec(expression)?.[1];
  const value = start === undefined ? undefined : literal(start);
  return value === undefined ? undefined : { op: 'prefix', value };
}

const anyValue = '^.*$';

/** A condition on a header as the API writes it. */
export function headerMatchFor({ name, op, value }: HeaderMatch): JsonObject {
  switch (op) {
    case 'exact':
      return { type: 'Exact', name, value };
    case 'prefix':
      return { type: 'RegularExpression', name, value: `^${escaped(value)}.*$` };
    case 'regex':
      return { type: 'RegularExpression', name, value };
    case 'present':
      return { type: 'RegularExpression', name, value: anyValue };
  }
}

/** Only what surely means one cookie with one value is shown as such: `(.*; ?)?group=testers(;.*)?`. */
function cookieCondition(header: Json): MatchCondition {
  const value = textOf(at(header, 'value'));
  const pair = /^(?:\W|\\s)*([\w-]+)=([\w-]+)(?:[)(;$](?:\W|\\s)*)?$/.exec(value);
  const [, cookie, wanted] = pair ?? [];
  if (cookie === undefined || wanted === undefined)
    return condition('cookie', opOf(typeOf(header)), '', value);
  return condition('cookie', 'exact', cookie, wanted);
}

function named(on: MatchCondition['on'], item: Json): MatchCondition {
  return condition(on, opOf(typeOf(item)), textOf(at(item, 'name')), textOf(at(item, 'value')));
}

/** `Exact` where it does not say, as the API server fills in. */
function typeOf(item: Json): string {
  return textOf(at(item, 'type')) || 'Exact';
}

function opOf(type: string): MatchCondition['op'] {
  if (type === 'PathPrefix') return 'prefix';
  return type === 'Exact' ? 'exact' : 'regex';
}

function condition(
  on: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition {
  return { on, op, name, value };
}

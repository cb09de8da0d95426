import {
  deviceClasses,
  type DeviceClass,
  type Match,
  type MatchCondition,
} from '../model/rollout.ts';

/** What a route can ask of one header. Names are in lower case: case does not count in HTTP, and Istio wants it so. */
export interface HeaderMatch {
  readonly name: string;
  readonly op: 'exact' | 'prefix' | 'regex' | 'present';
  /** '' for `present`. A `regex` must match the whole value, also where the data plane would be content with a part of it. */
  readonly value: string;
}

/**
 * What browsers say they run on (docs/match-rules.md). Without lookaround, for RE2 has none, and below RE2's program size of 100, which some
 * gateways allow at most. An iPad that asks for desktop sites says that it is a Mac, and nothing in its requests tells otherwise.
 */
export const deviceExpressions: Readonly<Record<DeviceClass, string>> = {
  phone: '.*(iPhone|iPod|Windows Phone|Android.*Mobile).*',
  tablet: '.*(iPad|Android.*(Tablet|Chrome/[0-9.]+ Safari)).*',
  desktop: '.*(Windows NT|Macintosh|X11;).*',
};

const userAgent = 'user-agent';

/** Conditions that can be written as conditions on headers; the others are only shown. */
export function isOnHeader({ on, op }: MatchCondition): boolean {
  return ['header', 'cookie', 'user', 'device', 'source'].includes(on) && op !== 'absent';
}

/**
 * The ways in which the match can hold, each a list of conditions on headers, all of which must hold; several only where a condition names
 * several values, for exact values are understood by every data plane.
 */
export function alternativesOf(match: Match): readonly (readonly HeaderMatch[])[] {
  return match.reduce<readonly (readonly HeaderMatch[])[]>(
    (all, condition) =>
      all.flatMap((own) => headersFor(condition).map((header) => [...own, header])),
    [[]],
  );
}

/** How many alternatives the matches come to, without making them. */
export function countAlternatives(matches: readonly Match[]): number {
  const ways = (condition: MatchCondition): number => valuesOf(condition).length;
  return matches.reduce(
    (sum, match) => sum + match.reduce((product, one) => product * ways(one), 1),
    0,
  );
}

/** Values of a condition, one or more. */
export function valuesOf({ op, value }: MatchCondition): readonly string[] {
  return op === 'oneOf' ? value.split(',') : [value];
}

function headersFor(condition: MatchCondition): readonly HeaderMatch[] {
  const { on, op, name } = condition;
  return valuesOf(condition).map((value): HeaderMatch => {
    if (on === 'cookie') return { name: 'cookie', op: 'regex', value: cookieFor(condition, value) };
    const device = on === 'device' ? deviceClasses.find((known) => known === value) : undefined;
    if (device !== undefined)
      return { name: userAgent, op: 'regex', value: deviceExpressions[device] };
    const header = on === 'device' ? userAgent : name.toLowerCase();
    return op === 'oneOf' || op === 'absent'
      ? { name: header, op: 'exact', value }
      : { name: header, op, value };
  });
}

/** One cookie among others: after the start or a semicolon, up to a semicolon or the end. */
function cookieFor({ op, name }: MatchCondition, value: string): string {
  if (op === 'regex') return value;
  const pair = `${escaped(name)}=${op === 'present' ? '.*' : escaped(value)}`;
  return op === 'present' ? `^(.*;\\s*)?${pair}$` : `^(.*;\\s*)?${pair}(;.*)?$`;
}

/** What a condition on a header means to people, where it has a form of ours; its own kind by the header's name elsewhere. */
export function conditionOf({ name, op, value }: HeaderMatch): MatchCondition | undefined {
  const lower = name.toLowerCase();
  if (op !== 'regex') return undefined;
  const device = deviceClasses.find((known) => deviceExpressions[known] === value);
  if (lower === userAgent && device !== undefined)
    return { on: 'device', op: 'exact', name: userAgent, value: device };
  return lower === 'cookie' ? cookieIn(value) : undefined;
}

function cookieIn(expression: string): MatchCondition | undefined {
  const [, pair] = /^\^\(\.\*;\\s\*\)\?(.*?)(?:\(;\.\*\)\?)?\$$/.exec(expression) ?? [];
  const split = pair?.indexOf('=') ?? -1;
  if (pair === undefined || split < 1) return undefined;
  const [name, value] = [literal(pair.slice(0, split)), literal(pair.slice(split + 1))];
  if (name === undefined) return undefined;
  if (pair.slice(split + 1) === '.*') return { on: 'cookie', op: 'present', name, value: '' };
  return value === undefined ? undefined : { on: 'cookie', op: 'exact', name, value };
}

/** The text as an expression that matches it alone. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** The text that an expression matches alone; undefined where it matches others too. */
export function literal(expression: string): string | undefined {
  const isPlain = /^(?:[^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])*$/.test(expression);
  return isPlain ? expression.replaceAll(/\\(.)/g, '$1') : undefined;
}

/** Headers that proxies put the caller's address into. */
const sourceHeaders =
  /^(x-forwarded-for|x-original-forwarded-for|forwarded|x-real-ip|x-client-ip|true-client-ip|x-cluster-client-ip|x-envoy-external-address|cf-connecting-ip|fastly-client-ip|x-azure-clientip)$/;
const userHeaders = /(^|[-_])(user|uid|userid|account|customer)([-_]?(id|name))?$/;

/** What a header is about, by its name. */
export function onOfHeader(name: string): 'header' | 'user' | 'source' {
  const lower = name.toLowerCase();
  if (sourceHeaders.test(lower)) return 'source';
  // A claim of a token, as Istio names it.
  return userHeaders.test(lower) || lower.startsWith('@request.auth.claims') ? 'user' : 'header';
}

/** Longer lists are shown as they are. */
const mostFolded = 300;

/** The same with values of one condition told together: `7 or 42` is one condition and two matches. */
export function folded(matches: readonly Match[]): readonly Match[] {
  if (matches.length > mostFolded) return matches;
  const next = matches.reduce<readonly Match[]>(withMatch, []);
  return next.length === matches.length ? next : folded(next);
}

function withMatch(all: readonly Match[], match: Match): readonly Match[] {
  for (const [index, other] of all.entries()) {
    const both = together(other, match);
    if (both !== undefined) return all.with(index, both);
  }
  return [...all, match];
}

/** One match for both; undefined unless they differ in the value of one condition only. */
function together(a: Match, b: Match): Match | undefined {
  if (a.length !== b.length) return undefined;
  const different = a.flatMap((condition, index) =>
    sameCondition(condition, b[index]) ? [] : [index],
  );
  const [index, ...more] = different;
  if (index === undefined) return a;
  const [one, other] = [a[index], b[index]];
  if (one === undefined || other === undefined || more.length > 0) return undefined;
  if (one.on !== other.on || one.name !== other.name || !isOnHeader(one)) return undefined;
  if (![one, other].every(isList)) return undefined;
  const values = [...new Set([...valuesOf(one), ...valuesOf(other)])];
  return a.with(index, { ...one, op: 'oneOf', value: values.join(',') });
}

function isList({ op, value }: MatchCondition): boolean {
  return op === 'oneOf' || (op === 'exact' && !value.includes(','));
}

function sameCondition(a: MatchCondition, b: MatchCondition | undefined): boolean {
  return a.on === b?.on && a.op === b.op && a.name === b.name && a.value === b.value;
}

/** More combinations of values are not looked through. */
const mostCompared = 2000;

/** Whether both hold for the same requests, as far as their form tells: order and case of header names do not count. */
export function sameMatches(a: readonly Match[], b: readonly Match[]): boolean {
  if (Math.max(countAlternatives(a), countAlternatives(b)) > mostCompared) return false;
  const [left, right] = [keysOf(a), keysOf(b)];
  return left.size === right.size && [...left].every((key) => right.has(key));
}

function keysOf(matches: readonly Match[]): ReadonlySet<string> {
  return new Set(matches.flatMap(keysOfMatch));
}

function keysOfMatch(match: Match): readonly string[] {
  const rest = match.filter((condition) => !isOnHeader(condition)).map((one) => textOf(one));
  return alternativesOf(match.filter(isOnHeader)).map((headers) =>
    [...rest, ...headers.map((one) => JSON.stringify([one.name, one.op, one.value]))]
      .sort()
      .join('\n'),
  );
}

function textOf({ on, op, name, value }: MatchCondition): string {
  return JSON.stringify([on, op, name, value]);
}

/** Whether each request for which the special match holds is one for which the wide one does, as far as their form tells. */
export function isWithin(special: Match, wide: Match): boolean {
  return wide.every((condition) =>
    special.some((own) => sameCondition(own, condition) || impliesOnHeader(own, condition)),
  );
}

function impliesOnHeader(own: MatchCondition, wide: MatchCondition): boolean {
  if (!isOnHeader(own) || !isOnHeader(wide)) return false;
  const wider = headersFor(wide);
  return headersFor(own).every((header) => wider.some((other) => implies(header, other)));
}

function implies(own: HeaderMatch, wide: HeaderMatch): boolean {
  if (own.name !== wide.name) return false;
  if (wide.op === 'present') return true;
  if (own.op === wide.op && own.value === wide.value) return true;
  return (
    wide.op === 'prefix' &&
    (own.op === 'exact' || own.op === 'prefix') &&
    own.value.startsWith(wide.value)
  );
}

/** In the notation of no language, for the table of a consent: `x-user-id=7,42 & device=phone`. */
export function plainOf(matches: readonly Match[]): string {
  const signs = { exact: '=', oneOf: '=', prefix: '^', regex: '~', present: '', absent: '≠' };
  const one = ({ on, op, name, value }: MatchCondition): string => {
    const label = on === 'device' ? 'device' : on === 'cookie' ? `cookie ${name}` : name || on;
    return `${label}${signs[op]}${value}`;
  };
  return matches.map((match) => match.map(one).join(' & ')).join(' | ');
}

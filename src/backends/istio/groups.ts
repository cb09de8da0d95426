import { equalJson } from '../../base/json.ts';
import { ratioOf } from '../../base/share.ts';
import type { KubeObject } from '../../model/objects.ts';
import { isForSome, type Match } from '../../model/rollout.ts';
import { textOf } from '../guards.ts';
import { isOurName } from '../matchRules.ts';
import { httpRules, otherRules, type Entry, type HttpRule, type OtherRule } from './rules.ts';

/** One set of destinations that share the requests of one service in a VirtualService. */
export interface Group {
  readonly route: KubeObject;
  /** Place among the groups of the route. */
  readonly index: number;
  readonly rules: readonly HttpRule[];
  readonly others: readonly OtherRule[];
  /** Distinct destinations by key, in the order of their first appearance. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** All destinations are of one Service, if they are of any. */
  readonly isOneHost: boolean;
}

/**
 * Destinations that meet in one rule belong together, over all rules; so do those that a rule for some of the requests (by header, cookie
 * or caller) and a rule that would take them otherwise send to, when they are versions of one Service: a canary that only match rules
 * reach. Other rules send to different places for other reasons (by path, for example), and are none of ours.
 */
export function groupsOf(route: KubeObject): readonly Group[] {
  const { rules } = httpRules(route);
  const others = otherRules(route);
  const links = [...rules, ...others].map(({ entries }) =>
    entries.filter(({ host }) => host !== ''),
  );
  const sets: Map<string, Entry>[] = [];
  for (const entries of [...links, ...audienceLinks(rules)])
    if (entries.length > 0) join(sets, entries);
  return sets
    .filter((entries) => entries.size > 1)
    .map((entries, index) => ({
      route,
      index,
      entries,
      isOneHost: new Set([...entries.keys()].map((key) => key.split('|', 1)[0])).size === 1,
      rules: rules.filter((rule) => rule.entries.some((e) => entries.has(e.key))),
      others: others.filter((rule) => rule.entries.some((e) => entries.has(e.key))),
    }));
}

function join(sets: Map<string, Entry>[], entries: readonly Entry[]): void {
  const touching = sets.filter((set) => entries.some((entry) => set.has(entry.key)));
  const merged = touching[0] ?? new Map<string, Entry>();
  for (const set of touching.slice(1)) {
    for (const [key, entry] of set) merged.set(key, entry);
    sets.splice(sets.indexOf(set), 1);
  }
  for (const entry of entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
  if (touching.length === 0) sets.push(merged);
}

function audienceLinks(rules: readonly HttpRule[]): readonly (readonly Entry[])[] {
  return rules.flatMap((special) =>
    rules
      .filter((general) => isForSome(special) && covers(general, special))
      .flatMap((general) =>
        special.entries.flatMap((a) =>
          general.entries.filter((b) => isFamily(a, b)).map((b) => [a, b]),
        ),
      ),
  );
}

/** Put in by `setMatch`: the name says it. */
export function isOurs(rule: HttpRule): boolean {
  return isOurName(textOf(rule.raw['name'])) && isForSome(rule);
}

/** Whether all that the earlier rule takes would come to this one if the earlier one were not there. */
export function covers(later: HttpRule, earlier: HttpRule): boolean {
  const includes = (match: Match, wider: Match): boolean =>
    wider.every((condition) => match.some((own) => equalJson(own, condition)));
  if (later.index <= earlier.index || later.entries.length === 0) return false;
  if (later.matches.length === 0) return true;
  return (
    earlier.matches.length > 0 &&
    earlier.matches.every((match) => later.matches.some((wider) => includes(match, wider)))
  );
}

const suffixes = /[-.](canary|stable|primary|preview|active|baseline|next|v\d+(?:[-.]\d+)*)$/i;

/** What names no host is nobody's version. */
function isFamily(a: Entry, b: Entry): boolean {
  return a.host !== '' && b.host !== '' && familyOf(a) === familyOf(b);
}

/** Versions of one Service: its subsets, and Services whose names differ by the version only. */
function familyOf({ service, host, subset }: Entry): string {
  if (service === undefined) return host;
  return `${service.namespace}/${subset === '' ? service.name.replace(suffixes, '') : service.name}`;
}

/** Subset where all tracks are subsets of one Service, else the Service's name, with the subset where there is one. */
export function trackId(group: Group, entry: Entry): string {
  if (group.isOneHost && entry.subset !== '') return entry.subset;
  const { service, host } = entry;
  const isNear = service?.namespace === group.route.meta.namespace;
  const name =
    service === undefined ? host : isNear ? service.name : `${service.name}.${service.namespace}`;
  return entry.subset === '' ? name : `${name}/${entry.subset}`;
}

export interface Pair {
  readonly stable: string;
  readonly canary: string;
}

/** Rules that split between the two, whether they can be written or not. */
export function pairRules(group: Group, pair: Pair): readonly HttpRule[] {
  return group.rules.filter((rule) => isSplit(group, rule, pair));
}

export function isSplit(
  group: Group,
  rule: HttpRule | OtherRule,
  { stable, canary }: Pair,
): boolean {
  return [stable, canary].every((id) => sendsTo(group, rule, id));
}

export function sendsTo(group: Group, rule: HttpRule | OtherRule, id: string): boolean {
  return rule.entries.some((entry) => trackId(group, entry) === id);
}

/** Share of a track in a rule, 0–1. */
export function shareIn(
  group: Group,
  rule: Pick<HttpRule, 'entries' | 'total'>,
  id: string,
): number {
  const own = rule.entries.filter((entry) => trackId(group, entry) === id);
  return ratioOf(
    own.reduce((sum, { weight }) => sum + weight, 0),
    rule.total,
  );
}

/** The rule whose share is the rollout's: of those that can be written the first one for everybody, else the first; none of ours for some. */
export function leadingRule(rules: readonly HttpRule[]): HttpRule | undefined {
  const shared = rules.filter((rule) => !isOurs(rule));
  const writable = shared.filter(({ readOnly }) => readOnly === undefined);
  return writable.find(({ matches }) => matches.length === 0) ?? writable[0] ?? shared[0];
}

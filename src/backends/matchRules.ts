import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { rulePrefix } from '../model/names.ts';
import type { Json, JsonObject } from '../model/objects.ts';
import { isForSome, type Match, type Rollout, type Rule, type Track } from '../model/rollout.ts';
import { textOf } from './guards.ts';
import {
  countAlternatives,
  folded,
  isOnHeader,
  isWithin,
  sameMatches,
  valuesOf,
  type HeaderMatch,
} from './requestMatches.ts';
import type { RuleList } from './ruleListPatch.ts';

/** One rule of a route, as `setMatch` sees it. */
export interface RouteRule {
  /** Place in the list of the route. */
  readonly index: number;
  readonly id: string;
  readonly raw: JsonObject;
  /** As they stand, not told together; empty when every request matches. */
  readonly matches: readonly Match[];
  readonly destinations: Rule['destinations'];
  readonly readOnly?: Text;
  readonly isOurs: boolean;
  /** Sends to the rollout's tracks. */
  readonly isInRollout: boolean;
}

/** A split as the object has it and as it is understood. */
export interface Split {
  readonly list: readonly Json[];
  readonly destinations: Rule['destinations'];
}

/** A route's rules for `setMatch`, with what only its back end knows. */
export interface MatchRoute {
  readonly rollout: Rollout;
  readonly stable: Track;
  readonly canary: Track;
  readonly list: RuleList;
  /** All rules of the list, in order. */
  readonly rules: readonly RouteRule[];
  /** Members of a rule that hold its matches and its destinations. */
  readonly keys: { readonly matches: string; readonly split: string };
  /** Whether a rule that is put in gets a name, or is told by its form alone. */
  readonly namesRules: boolean;
  readonly limits: {
    readonly rules: number;
    /** In one rule, and in the whole route. */
    readonly matches: number;
    readonly matchesInRoute: number;
  };
  /** `inOrder`: the first rule that matches decides. `bySpecificity`: the one that asks for most headers does, among those the first. */
  readonly precedence: 'inOrder' | 'bySpecificity';
  /** Whether a data plane may lack regular expressions on headers. */
  readonly expressionsAreOptional: boolean;
  /** The rule's own matches, each together with each of the alternatives; the name of a header that both ask for otherwise. */
  narrowed(
    rule: RouteRule,
    alternatives: readonly (readonly HeaderMatch[])[],
  ): Result<readonly Json[], string>;
  /** The rule's destinations with these percents by track and the pair among them; stable is heir of what nobody has. */
  split(rule: RouteRule, percents: Readonly<Record<string, number>>): Split;
  /** Whether the later rule takes every request of the earlier one when that is gone. */
  covers(later: RouteRule, earlier: RouteRule): boolean;
  /** Why the canary must not get more requests; undefined when somebody is there to answer. */
  whyNotRaise(): Text | undefined;
}

/**
 * The rules that a new one stands before, each with what it asks for: those that split between the pair for everybody; where there are none, those
 * that send everybody to stable; where there are none either, the same for some.
 */
export function generalRules(route: MatchRoute): readonly RouteRule[] {
  const own = route.rules.filter(({ isInRollout, isOurs }) => isInRollout && !isOurs);
  const sendsTo = (rule: RouteRule, { id }: Track): boolean =>
    rule.destinations.some(({ trackId }) => trackId === id);
  const toStable = own.filter((rule) => sendsTo(rule, route.stable));
  const pairs = toStable.filter((rule) => sendsTo(rule, route.canary));
  const forAll = (rules: readonly RouteRule[]): readonly RouteRule[] =>
    rules.filter((rule) => !isForSome(rule));
  const choices = [forAll(pairs), forAll(toStable), pairs, toStable];
  return choices.find((rules) => rules.length > 0) ?? [];
}

/** The general rule that one of ours was made from: the next one that is not ours and takes its requests when it is gone. */
export function originOf(route: MatchRoute, rule: RouteRule): RouteRule | undefined {
  return route.rules.find(
    (later) => !later.isOurs && later.isInRollout && route.covers(later, rule),
  );
}

/** What the matches ask about the requests of some, without what they have of the rule that they were made from. */
export function audienceOf({ matches }: Pick<RouteRule, 'matches'>): readonly Match[] {
  return folded(matches.map((match) => match.filter(isOnHeader)));
}

/** The rules of ours that are one to people: the same conditions, before each of the general rules. */
export function siblingsOf(route: MatchRoute, rule: RouteRule): readonly RouteRule[] {
  if (!rule.isOurs) return [rule];
  const name = baseOf(rule);
  return route.rules.filter(
    (other) =>
      other.isOurs &&
      other.isInRollout &&
      baseOf(other) === name &&
      (name !== '' || sameMatches(audienceOf(other), audienceOf(rule))),
  );
}

/** Its name without the number that tells siblings apart. */
function baseOf({ raw }: RouteRule): string {
  return textOf(raw['name']).replace(/\.\d+$/, '');
}

export function isOurName(name: string): boolean {
  return name.startsWith(rulePrefix);
}

/** A free name that says for whom the rule is: `cablecar-phone`. */
export function nameFor(route: MatchRoute, matches: readonly Match[]): string {
  const taken = new Set(route.rules.map(baseOf));
  const base = `${rulePrefix}${slugOf(matches)}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${String(n)}`;
    if (!taken.has(name)) return name;
  }
}

const longestSlug = 40;

/** In the letters that a name of a Kubernetes object may have. */
function slugOf(matches: readonly Match[]): string {
  const words = (matches[0] ?? []).map((condition) => {
    if (condition.on === 'device') return valuesOf(condition).join('-');
    return condition.on === 'cookie' ? `cookie-${condition.name}` : condition.name;
  });
  const slug = words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'match' : slug;
}

/** Share of the canary in the rule, 0–1. */
export function canaryShareOf(
  route: MatchRoute,
  { destinations }: Pick<Rule, 'destinations'>,
): number {
  return destinations.find(({ trackId }) => trackId === route.canary.id)?.share ?? 0;
}

/** The rule's own conditions together with those, as they will be read again. */
export function matchesWith(
  { matches }: Pick<RouteRule, 'matches'>,
  audience: readonly Match[],
): readonly Match[] {
  const own = matches.length === 0 ? [[]] : matches;
  return own.flatMap((match) => audience.map((more) => [...more, ...match]));
}

/** A rule that is tried before and takes all these requests. */
export function shadowOf(
  route: MatchRoute,
  matches: readonly Match[],
  before: number,
  { except }: { readonly except: readonly RouteRule[] },
): RouteRule | undefined {
  const headers = (match: Match): number => match.filter(isOnHeader).length;
  const decides = (own: Match, other: Match): boolean =>
    isWithin(own, other) && (route.precedence === 'inOrder' || headers(other) >= headers(own));
  return route.rules.find(
    (rule) =>
      rule.index < before &&
      !except.includes(rule) &&
      rule.matches.length > 0 &&
      matches.every((own) => rule.matches.some((other) => decides(own, other))),
  );
}

/** Why the route cannot hold this many matches; `rules` are put in or changed, each to what its general rule and the audience come to. */
export function overLimit(
  route: MatchRoute,
  edited: readonly { readonly origin: RouteRule; readonly replaces?: RouteRule }[],
  audience: readonly Match[],
): { readonly kind: 'rules' | 'matches' | 'matchesInRoute'; readonly n: number } | undefined {
  const { limits, rules } = route;
  const ways = countAlternatives(audience);
  const size = ({ matches }: RouteRule): number => Math.max(1, matches.length);
  const added = edited.map(({ origin }) => size(origin) * ways);
  const most = Math.max(...added);
  const kept = rules.filter((rule) => !edited.some(({ replaces }) => replaces === rule));
  const inRoute = [...kept.map(size), ...added].reduce((a, b) => a + b, 0);
  const count = kept.length + edited.length;
  if (count > limits.rules && count > rules.length) return { kind: 'rules', n: count };
  if (most > limits.matches) return { kind: 'matches', n: most };
  return inRoute > limits.matchesInRoute ? { kind: 'matchesInRoute', n: inRoute } : undefined;
}

import { equalJson } from '../base/json.ts';
import { percentText } from '../base/share.ts';
import type { Text } from '../base/text.ts';
import type { FieldChange } from '../model/change.ts';
import type { Match, Rule } from '../model/rollout.ts';
import { audienceOf, type MatchRoute, type RouteRule } from './matchRules.ts';
import { alternativesOf, folded, isOnHeader, onOfHeader, plainOf } from './requestMatches.ts';
import { ruleSentence } from './ruleText.ts';
import { say } from './rules.l10n.ts';

/** Of a rule of ours, what it asks about the requests; the rest is that of the rules that it stands before. */
export function toPeople(rule: RouteRule): readonly Match[] {
  return rule.isOurs ? audienceOf(rule) : folded(rule.matches);
}

interface Notes {
  readonly audience: readonly Match[];
  readonly shadow: RouteRule | undefined;
  readonly places: number;
}

export function noted(route: MatchRoute, base: Text, { audience, shadow, places }: Notes): Text {
  const conditions = audience.flat().filter(isOnHeader);
  const spoofed = conditions
    .filter(({ on, name }) => on === 'source' || on === 'user' || onOfHeader(name) !== 'header')
    .map(({ name }) => `\`${name}\``);
  const needsExpressions =
    route.expressionsAreOptional &&
    audience.flatMap(alternativesOf).some((headers) => headers.some(({ op }) => op !== 'exact'));
  const notes: readonly ((sentence: Text) => Text)[] = [
    ...(places > 1 ? [(sentence: Text) => say('rule.severalPlaces', { sentence, n: places })] : []),
    ...(spoofed.length > 0
      ? [
          (sentence: Text) =>
            say('rule.spoofed', { sentence, header: [...new Set(spoofed)].join(', ') }),
        ]
      : []),
    ...(needsExpressions ? [(sentence: Text) => say('rule.expression', { sentence })] : []),
    ...(shadow === undefined
      ? []
      : [(sentence: Text) => say('rule.shadowed', { sentence, rule: shadow.id })]),
  ];
  return notes.reduce((sentence, note) => note(sentence), base);
}

export function sentenceFor(
  { rollout }: MatchRoute,
  matches: readonly Match[],
  destinations: Rule['destinations'],
): Text {
  return ruleSentence(rollout, { matches, destinations });
}

type Destinations = Rule['destinations'];

/** What the consent lists: every share that changes in a rule for these requests; `–` where there is no such rule before or after. */
export function shareFields(
  { rollout }: MatchRoute,
  matches: readonly Match[],
  { before, after }: { readonly before?: Destinations; readonly after?: Destinations },
): readonly FieldChange[] {
  const text = (destinations: Destinations | undefined, id: string): string => {
    const share = destinations?.find(({ trackId }) => trackId === id)?.share ?? 0;
    return destinations === undefined ? '–' : `${percentText(share)} %`;
  };
  const ids = new Set([...(after ?? []), ...(before ?? [])].map(({ trackId }) => trackId));
  return rollout.tracks
    .filter(({ id }) => ids.has(id))
    .map(({ id, name }) => ({
      label: `${plainOf(matches)} → ${name}`,
      from: text(before, id),
      to: text(after, id),
    }))
    .filter(({ from, to }) => from !== to);
}

/** Members that say how requests are treated and that the two rules do not share. */
export function differentSettings({ keys }: MatchRoute, rule: RouteRule, heir: RouteRule): string {
  const own = ['name', keys.matches, keys.split];
  const all = new Set([...Object.keys(rule.raw), ...Object.keys(heir.raw)]);
  return [...all]
    .filter((key) => !own.includes(key) && !equalJson(rule.raw[key], heir.raw[key]))
    .join(', ');
}

/** Other conditions, in the notation of no language. */
export function conditionFields(
  rule: RouteRule,
  audience: readonly Match[] | undefined,
): readonly FieldChange[] {
  if (audience === undefined) return [];
  return [{ label: rule.id, from: plainOf(toPeople(rule)), to: plainOf(audience) }];
}

export function nameOf({ rollout }: MatchRoute): string {
  return `${rollout.route.resource.kind} ${rollout.route.name}`;
}

export function namesOf({ rollout }: MatchRoute): {
  readonly service: string;
  readonly namespace: string;
} {
  return { service: rollout.service, namespace: rollout.namespace };
}

import { equalJson } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { ChangeSet, FieldChange } from '../model/change.ts';
import type { Intent, MatchTarget } from '../model/intent.ts';
import type { JsonObject } from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import { isForSome, type Match, type Rollout, type Rule } from '../model/rollout.ts';
import {
  audienceOf,
  canaryShareOf,
  generalRules,
  matchesWith,
  nameFor,
  originOf,
  overLimit,
  shadowOf,
  siblingsOf,
  type MatchRoute,
  type RouteRule,
} from './matchRules.ts';
import {
  conditionFields,
  differentSettings,
  nameOf,
  namesOf,
  noted,
  sentenceFor,
  shareFields,
  toPeople,
} from './matchSentences.ts';
import { alternativesOf, sameMatches } from './requestMatches.ts';
import { ruleListChanges, type RuleListEdit } from './ruleListPatch.ts';
import { say } from './rules.l10n.ts';

type SetMatch = Extract<Intent, { kind: 'setMatch' }>;
type Plan = Result<ChangeSet, PlanError>;
type Refusal = { readonly ok: false; readonly error: PlanError };

/**
 * Adds, changes or takes away the rule for some of the requests. A new one stands before each rule that splits between the versions for
 * everybody, and has all that that rule has, so that requests which match are treated as before but for their share. Rules of
 * others can get another share, and be taken away where another rule takes their requests.
 */
export function planSetMatch(route: MatchRoute, intent: SetMatch): Plan {
  const found = ruleMeant(route, intent);
  if (!found.ok) return found;
  const rule = found.value;
  if (intent.to === undefined) return rule === undefined ? notThere(route) : remove(route, rule);
  return rule === undefined ? insert(route, intent.to) : change(route, rule, intent.to);
}

/** The answer of a back end whose routes, or whose lack of them, know no conditions. */
export function noMatches({ service }: Rollout): Refusal {
  return refuse('unsupported', say('rule.notHere', { service }));
}

/** Undefined when it names none and there is none with its matches. */
function ruleMeant(
  route: MatchRoute,
  { rule: id, was, to }: SetMatch,
): Result<RouteRule | undefined, PlanError> {
  if (id === undefined) {
    const wanted = was ?? to?.matches ?? [];
    const ours = route.rules.filter(({ isOurs, isInRollout }) => isOurs && isInRollout);
    return ok(ours.find((rule) => sameMatches(audienceOf(rule), wanted)));
  }
  const rule = route.rules.find((one) => one.id === id && one.isInRollout);
  if (rule === undefined || (was !== undefined && !sameMatches(rule.matches, was)))
    return refuse('invalid', say('rule.gone', { rule: id, route: nameOf(route) }));
  if (rule.readOnly !== undefined) return refuse('unsupported', rule.readOnly);
  if (!isForSome(rule)) return refuse('invalid', say('rule.forEveryone', { rule: id }));
  return ok(rule);
}

function insert(route: MatchRoute, to: MatchTarget): Plan {
  const origins = generalRules(route);
  const hindrance = whyNotInsert(route, origins, to);
  if (hindrance !== undefined) return hindrance;
  const name = nameFor(route, to.matches);
  const made = allOk(origins.map((origin, n) => madeFrom(route, origin, to, numbered(name, n))));
  if (!made.ok) return made;
  const inserts = made.value.map(({ raw }, i) => ({ before: origins[i]?.index ?? 0, rule: raw }));
  const destinations = made.value[0]?.destinations ?? [];
  const rule = sentenceFor(route, to.matches, destinations);
  const [first] = origins;
  const shadow =
    first && shadowOf(route, matchesWith(first, to.matches), first.index, { except: [] });
  const notes = { audience: to.matches, shadow, places: origins.length };
  return finished(
    route,
    { kind: 'insert', inserts },
    {
      sentence: noted(route, say('rule.add', { ...namesOf(route), rule }), notes),
      undo: say('rule.undoAdd', { ...namesOf(route), rule }),
      fields: shareFields(route, to.matches, { after: destinations }),
    },
  );
}

function whyNotInsert(
  route: MatchRoute,
  origins: readonly RouteRule[],
  to: MatchTarget,
): Refusal | undefined {
  const { stable } = route;
  if (origins.length === 0)
    return refuse('unsupported', say('rule.none', { route: nameOf(route), stable: stable.name }));
  const places = origins.map((origin) => ({ origin }));
  const crowded = readOnlyIn(origins) ?? tooMany(route, places, to.matches);
  if (crowded !== undefined) return crowded;
  const twin = origins
    .map((origin) => twinOf(route, matchesWith(origin, to.matches)))
    .find((rule) => rule !== undefined);
  return twin === undefined ? tooEarly(route, origins, to.percent) : duplicate(route, twin);
}

function change(route: MatchRoute, rule: RouteRule, to: MatchTarget): Plan {
  const siblings = siblingsOf(route, rule);
  const isSame = [audienceOf(rule), rule.matches].some((own) => sameMatches(own, to.matches));
  const hindrance =
    readOnlyIn(siblings) ??
    (isSame || rule.isOurs ? undefined : foreign(route, rule)) ??
    tooEarly(route, isSame ? siblings : generalRules(route), to.percent);
  if (hindrance !== undefined) return hindrance;
  const made = isSame
    ? ok(siblings.map((one) => splitAnew(route, one, to.percent)))
    : rewritten(route, siblings, to);
  if (!made.ok) return made;
  const audience = isSame ? undefined : to.matches;
  return changedTo(route, siblings, { rule, made: made.value, audience });
}

/** The edit and its sentences; `audience` where the conditions become others. */
function changedTo(
  route: MatchRoute,
  siblings: readonly RouteRule[],
  {
    rule,
    made,
    audience,
  }: {
    readonly rule: RouteRule;
    readonly made: readonly Made[];
    readonly audience: readonly Match[] | undefined;
  },
): Plan {
  const changes = made
    .map(({ raw }, i) => ({ index: siblings[i]?.index ?? 0, after: raw }))
    .filter(({ index, after }) => !equalJson(route.list.rules[index], after));
  const matches = audience ?? toPeople(rule);
  const destinations = made[0]?.destinations ?? [];
  const now = sentenceFor(route, matches, destinations);
  if (changes.length === 0)
    return ok({ changes: [], summary: say('rule.asItIs', { ...namesOf(route), rule: now }) });
  const was = sentenceFor(route, toPeople(rule), rule.destinations);
  const shadow = audience && shadowOf(route, audience, rule.index, { except: siblings });
  const notes = { audience: audience ?? [], shadow, places: siblings.length };
  return finished(
    route,
    { kind: 'change', changes },
    {
      sentence: noted(route, say('rule.share', { ...namesOf(route), was, rule: now }), notes),
      undo: say('rule.undoShare', { ...namesOf(route), rule: was }),
      fields: [
        ...conditionFields(rule, audience),
        ...distinct(
          siblings.flatMap((one, i) =>
            shareFields(route, matches, {
              before: one.destinations,
              after: made[i]?.destinations ?? [],
            }),
          ),
        ),
      ],
    },
  );
}

/** Siblings change alike. */
function distinct(fields: readonly FieldChange[]): readonly FieldChange[] {
  const same = (a: FieldChange, b: FieldChange): boolean => equalJson({ ...a }, { ...b });
  return fields.filter((field, i) => fields.findIndex((other) => same(other, field)) === i);
}

function readOnlyIn(rules: readonly RouteRule[]): Refusal | undefined {
  const reason = rules.find(({ readOnly }) => readOnly !== undefined)?.readOnly;
  return reason && refuse('unsupported', reason);
}

/** Nobody is there to answer for the canary, and it would get more of the requests of one of the rules. */
function tooEarly(
  route: MatchRoute,
  rules: readonly RouteRule[],
  percent: number,
): Refusal | undefined {
  const isRaised = rules.some((rule) => percent / 100 > canaryShareOf(route, rule) + 1e-9);
  const reason = isRaised ? route.whyNotRaise() : undefined;
  return reason && refuse('unsupported', reason);
}

function foreign(route: MatchRoute, { id }: RouteRule): Refusal {
  return refuse('unsupported', say('rule.foreign', { rule: id, route: nameOf(route) }));
}

function remove(route: MatchRoute, rule: RouteRule): Plan {
  const siblings = siblingsOf(route, rule);
  const left = route.rules.filter((one) => !siblings.includes(one));
  const heirs = siblings.map((one) => left.find((later) => route.covers(later, one)));
  const [heir] = heirs;
  if (heir === undefined || heirs.includes(undefined))
    return refuse('unsupported', say('rule.noHeir', { rule: rule.id }));
  const matches = toPeople(rule);
  const shown = sentenceFor(route, matches, rule.destinations);
  const base = say('rule.remove', { ...namesOf(route), rule: shown });
  const settings = differentSettings(route, rule, heir);
  const sentence =
    settings === '' ? base : say('rule.otherHeir', { sentence: base, rule: heir.id, settings });
  const indices = siblings.map(({ index }) => index);
  return finished(
    route,
    { kind: 'remove', indices },
    {
      sentence,
      undo: say('rule.undoRemove', { ...namesOf(route), rule: shown }),
      fields: shareFields(route, matches, { before: rule.destinations }),
    },
  );
}

interface Made {
  readonly raw: JsonObject;
  readonly destinations: Rule['destinations'];
}

/** All that the general rule has, for these requests alone, with the pair in this share. */
function madeFrom(
  route: MatchRoute,
  origin: RouteRule,
  to: MatchTarget,
  name: string,
): Result<Made, PlanError> {
  const { keys, namesRules } = route;
  const matches = route.narrowed(origin, to.matches.flatMap(alternativesOf));
  if (!matches.ok) return refuse('invalid', say('rule.sameHeader', { header: matches.error }));
  const { list, destinations } = route.split(origin, { [route.canary.id]: to.percent });
  const rest = Object.entries(origin.raw).filter(
    ([key]) => !['name', keys.matches, keys.split].includes(key),
  );
  const raw = {
    ...(namesRules && { name }),
    [keys.matches]: matches.value,
    ...Object.fromEntries(rest),
    [keys.split]: list,
  };
  return ok({ raw, destinations });
}

function splitAnew(route: MatchRoute, rule: RouteRule, percent: number): Made {
  const { list, destinations } = route.split(rule, { [route.canary.id]: percent });
  return { raw: { ...rule.raw, [route.keys.split]: list }, destinations };
}

/** Rules of ours with other conditions; what they have of their general rule stays. */
function rewritten(
  route: MatchRoute,
  siblings: readonly RouteRule[],
  to: MatchTarget,
): Result<readonly Made[], PlanError> {
  const pairs = siblings.map((rule) => ({ rule, origin: originOf(route, rule) }));
  const lost = pairs.find(({ origin }) => origin === undefined);
  if (lost !== undefined) return refuse('unsupported', say('rule.lost', { rule: lost.rule.id }));
  const known = pairs.flatMap(({ rule, origin }) => (origin ? [{ rule, origin }] : []));
  const crowded = tooMany(
    route,
    known.map(({ rule, origin }) => ({ origin, replaces: rule })),
    to.matches,
  );
  if (crowded !== undefined) return crowded;
  const name = nameFor(route, to.matches);
  return allOk(
    known.map(({ rule, origin }, n): Result<Made, PlanError> => {
      const matches = route.narrowed(origin, to.matches.flatMap(alternativesOf));
      if (!matches.ok) return refuse('invalid', say('rule.sameHeader', { header: matches.error }));
      const twin = twinOf(route, matchesWith(origin, to.matches));
      if (twin !== undefined) return duplicate(route, twin);
      const { raw, destinations } = splitAnew(route, rule, to.percent);
      const own = raw['name'] === undefined ? {} : { name: numbered(name, n) };
      return ok({ raw: { ...raw, ...own, [route.keys.matches]: matches.value }, destinations });
    }),
  );
}

function numbered(name: string, n: number): string {
  return n === 0 ? name : `${name}.${String(n + 1)}`;
}

function twinOf(route: MatchRoute, matches: readonly Match[]): RouteRule | undefined {
  return route.rules.find((rule) => rule.matches.length > 0 && sameMatches(rule.matches, matches));
}

function tooMany(
  route: MatchRoute,
  edited: Parameters<typeof overLimit>[1],
  audience: readonly Match[],
): Refusal | undefined {
  const over = overLimit(route, edited, audience);
  if (over === undefined) return undefined;
  const key = {
    rules: 'rule.tooManyRules',
    matches: 'rule.tooManyMatches',
    matchesInRoute: 'rule.routeTooManyMatches',
  } as const;
  const args = { n: over.n, most: route.limits[over.kind], route: nameOf(route) };
  return refuse('invalid', say(key[over.kind], args));
}

function finished(
  route: MatchRoute,
  edit: RuleListEdit,
  said: {
    readonly sentence: Text;
    readonly undo: Text;
    readonly fields: readonly FieldChange[];
  },
): Plan {
  const { change: forth, inverse } = ruleListChanges(route.list, edit, said.fields);
  return ok({
    summary: said.sentence,
    changes: [forth],
    inverse: { summary: said.undo, changes: [inverse] },
  });
}

function notThere(route: MatchRoute): Plan {
  return refuse('invalid', say('rule.notThere', { route: nameOf(route) }));
}

function duplicate(route: MatchRoute, twin: RouteRule): Refusal {
  return refuse('invalid', say('rule.duplicate', { route: nameOf(route), rule: twin.id }));
}

function refuse(kind: PlanError['kind'], text: Text): Refusal {
  return err({ kind, text });
}

function allOk<T>(results: readonly Result<T, PlanError>[]): Result<readonly T[], PlanError> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}

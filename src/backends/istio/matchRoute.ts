import { err, ok, type Result } from '../../base/result.ts';
import { ratioOf } from '../../base/share.ts';
import type { Json, JsonObject } from '../../model/objects.ts';
import type { Rule } from '../../model/rollout.ts';
import { at, entriesOf, isJsonObject, listOf } from '../guards.ts';
import type { MatchRoute, RouteRule, Split } from '../matchRules.ts';
import type { HeaderMatch } from '../requestMatches.ts';
import { weightsIn, whyNotRaise, type Context, type Percents } from './context.ts';
import { covers, isOurs, trackId } from './groups.ts';
import { movedTo } from './patch.ts';
import { destinationsOf, refOf } from './read.ts';
import { httpRules, type Entry, type HttpRule } from './rules.ts';

/** Every match becomes a route of its own in each proxy; nothing in Istio limits them. */
const mostMatches = 100;

/** The http rules of the VirtualService for `setMatch`. */
export function matchRoute(context: Context): MatchRoute {
  const { group, rollout, stable, canary } = context;
  const { rules } = httpRules(group.route);
  const own = new Set(group.rules.map(({ index }) => index));
  const byIndex = (rule: RouteRule): HttpRule | undefined => rules[rule.index];
  return {
    rollout,
    stable,
    canary,
    list: {
      target: refOf(group.route),
      uid: group.route.meta.uid,
      path: '/spec/http',
      rules: listOf(at(group.route.body, 'spec', 'http')),
    },
    rules: rules.map((rule) => ({
      index: rule.index,
      id: rule.id,
      raw: rule.raw,
      matches: rule.matches,
      destinations: destinationsOf(group, rule),
      ...(rule.readOnly && { readOnly: rule.readOnly }),
      isOurs: isOurs(rule),
      isInRollout: own.has(rule.index),
    })),
    keys: { matches: 'match', split: 'route' },
    namesRules: true,
    limits: { rules: Infinity, matches: mostMatches, matchesInRoute: Infinity },
    precedence: 'inOrder',
    expressionsAreOptional: false,
    narrowed: ({ raw }, alternatives) => narrowed(raw, alternatives),
    split: (rule, percents) => splitOf(context, byIndex(rule), percents),
    covers: (later, earlier) => {
      const [a, b] = [byIndex(later), byIndex(earlier)];
      return a !== undefined && b !== undefined && own.has(a.index) && covers(a, b);
    },
    whyNotRaise: () => whyNotRaise(context),
  };
}

function narrowed(
  raw: JsonObject,
  alternatives: readonly (readonly HeaderMatch[])[],
): Result<readonly Json[], string> {
  const written = listOf(raw['match']).filter(isJsonObject);
  const matches: Json[] = [];
  for (const match of written.length === 0 ? [{}] : written)
    for (const headers of alternatives) {
      const old = entriesOf(at(match, 'headers'));
      const names = [
        ...old.map(([name]) => name.toLowerCase()),
        ...headers.map(({ name }) => name),
      ];
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) return err(twice);
      const added = headers.map(({ name, op, value }): [string, Json] => [
        name,
        op === 'present' ? {} : { [op]: value },
      ]);
      matches.push({ ...match, headers: Object.fromEntries([...old, ...added]) });
    }
  return ok(matches);
}

/** The entries of the rule with new weights; the stable version or the canary is put in where it is not there. */
function splitOf(context: Context, rule: HttpRule | undefined, percents: Percents): Split {
  if (rule === undefined) return { list: [], destinations: [] };
  const { group, stable, canary } = context;
  const whole = [stable.id, canary.id].reduce((one, id) => withTrack(context, one, id), rule);
  const { weights, total } = weightsIn(context, whole, percents);
  const list = whole.entries.map(({ raw }, i) => ({
    ...(raw as JsonObject),
    weight: weights[i] ?? 0,
  }));
  const byTrack = Map.groupBy(whole.entries.keys(), (i) =>
    trackId(group, whole.entries[i] as Entry),
  );
  const destinations: Rule['destinations'] = [...byTrack].map(([track, places]) => {
    const weight = places.reduce((sum, i) => sum + (weights[i] ?? 0), 0);
    return { trackId: track, weight, share: ratioOf(weight, total) };
  });
  return { list, destinations };
}

/** As the first entry of the rule, but to the other version: what it does to headers of requests, for example, stays. */
function withTrack({ group }: Context, rule: HttpRule, id: string): HttpRule {
  const [first] = rule.entries;
  if (first === undefined || rule.entries.some((entry) => trackId(group, entry) === id))
    return rule;
  const other = [...group.entries.values()].find((entry) => trackId(group, entry) === id);
  const destination = at(other?.raw, 'destination');
  if (other === undefined || destination === undefined) return rule;
  const old = at(first.raw, 'destination');
  const raw = { ...(first.raw as JsonObject), destination: movedTo(destination, old), weight: 0 };
  return { ...rule, entries: [...rule.entries, { ...other, raw, weight: 0 }] };
}

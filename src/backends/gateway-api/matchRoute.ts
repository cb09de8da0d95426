import { err, ok, type Result } from '../../base/result.ts';
import { ratioOf } from '../../base/share.ts';
import type { Json, JsonObject } from '../../model/objects.ts';
import { at, cut, isJsonObject, listOf, textOf } from '../guards.ts';
import type { MatchRoute, Split } from '../matchRules.ts';
import type { HeaderMatch } from '../requestMatches.ts';
import { placeKeys, withPlace } from './edit.ts';
import { isShadowedBy } from './groups.ts';
import { conditionsOf, headerMatchFor } from './matches.ts';
import { isOurs } from './ours.ts';
import { rulesOf, type RouteRule } from './rules.ts';
import { whyNotRaise, type Scene } from './scene.ts';
import { weightsIn } from './shift.ts';
import { httpRoutes } from './types.ts';

/** Limits of https://gateway-api.sigs.k8s.io/reference/spec/ (v1.6). Older definitions allow 8 matches in a rule: their server says so. */
const limits = { rules: 16, matches: 64, matchesInRoute: 128 };

/** The rules of the route for `setMatch`. */
export function matchRoute(scene: Scene): MatchRoute {
  const { route, rollout, stable, canary } = scene;
  const { rules } = rulesOf(route);
  const own = new Set(scene.rules.map(({ index }) => index));
  return {
    rollout,
    stable,
    canary,
    list: {
      target: rollout.route,
      uid: route.meta.uid,
      path: '/spec/rules',
      rules: listOf(at(route.body, 'spec', 'rules')),
    },
    rules: rules.map((rule) => ({
      index: rule.index,
      id: rule.id,
      raw: isJsonObject(rule.raw) ? rule.raw : {},
      matches: conditionsIn(rule),
      destinations: destinationsOf(rule.refs, rule.total),
      ...(rule.readOnly && { readOnly: rule.readOnly }),
      isOurs: isOurs(rule, rules),
      isInRollout: own.has(rule.index),
    })),
    keys: { matches: 'matches', split: 'backendRefs' },
    // Known for sure only where somebody else has named a rule already.
    namesRules: rules.some(({ raw }) => textOf(at(raw, 'name')) !== ''),
    limits,
    precedence: 'bySpecificity',
    expressionsAreOptional: true,
    narrowed: ({ raw }, alternatives) =>
      narrowed(raw, alternatives, rollout.route.resource === httpRoutes ? everyPath : {}),
    split: ({ index }, percents) => splitOf(scene, rules[index], percents),
    covers: (later, earlier) => {
      const [a, b] = [rules[later.index], rules[earlier.index]];
      return (
        a !== undefined && b !== undefined && a !== b && own.has(a.index) && isShadowedBy(b, a)
      );
    },
    whyNotRaise: () => whyNotRaise(scene),
  };
}

/** Empty when every request matches. */
function conditionsIn({ matches }: RouteRule): ReturnType<typeof conditionsOf> {
  return conditionsOf(matches);
}

/** What the server fills in where a match of an HTTPRoute has no path: said here, so that what is read back is what was written. */
const everyPath: JsonObject = { path: { type: 'PathPrefix', value: '/' } };

function narrowed(
  raw: JsonObject,
  alternatives: readonly (readonly HeaderMatch[])[],
  defaults: JsonObject,
): Result<readonly Json[], string> {
  const written = listOf(raw['matches']).filter(isJsonObject);
  const matches: Json[] = [];
  for (const match of written.length === 0 ? [{}] : written)
    for (const headers of alternatives) {
      const old = listOf(at(match, 'headers'));
      const names = [
        ...old.map((header) => textOf(at(header, 'name')).toLowerCase()),
        ...headers.map(({ name }) => name),
      ];
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) return err(twice);
      matches.push({ ...defaults, ...match, headers: [...old, ...headers.map(headerMatchFor)] });
    }
  return ok(matches);
}

/** The entries of the rule with new weights; the stable version or the canary is put in where it is not there. */
function splitOf(
  scene: Scene,
  rule: RouteRule | undefined,
  percents: Readonly<Record<string, number>>,
): Split {
  if (rule === undefined) return { list: [], destinations: [] };
  const { stable, canary } = scene;
  const whole = [stable.id, canary.id].reduce((one, id) => withTrack(scene, one, id), rule);
  const weights = weightsIn(whole, percents, scene.pair);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const refs = whole.refs.map((ref, i) => ({ ...ref, weight: weights[i] ?? 0 }));
  return {
    list: refs.map(({ raw, weight }) => ({ ...raw, weight })),
    destinations: destinationsOf(refs, total),
  };
}

/** As the first entry of the rule, but to the other version: its port, for example, stays where that says nothing of its own. */
function withTrack({ rules }: Scene, rule: RouteRule, id: string): RouteRule {
  const [first] = rule.refs;
  if (first === undefined || rule.refs.some(({ trackId }) => trackId === id)) return rule;
  const other = rules.flatMap(({ refs }) => refs).find(({ trackId }) => trackId === id);
  if (other === undefined) return rule;
  const raw = { ...withPlace(first.raw, cut(other.raw, placeKeys)), weight: 0 };
  const index = rule.refs.length;
  return { ...rule, refs: [...rule.refs, { ...other, index, raw, weight: 0 }] };
}

function destinationsOf(
  refs: RouteRule['refs'],
  total: number,
): MatchRoute['rules'][number]['destinations'] {
  return refs.map(({ trackId, weight }) => ({ trackId, weight, share: ratioOf(weight, total) }));
}

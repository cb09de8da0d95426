import { ratioOf } from '../../base/share.ts';
import { services } from '../../model/kinds.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
  type Resource,
} from '../../model/objects.ts';
import type { Problem, Promotion, Rollout, Rule, Track, WeightRange } from '../../model/rollout.ts';
import type { Discovery } from '../backend.ts';
import { copyStage } from '../copyPromotion.ts';
import { at, listOf, textOf } from '../guards.ts';
import { remembering } from '../remember.ts';
import { folded } from '../requestMatches.ts';
import type { Naming } from '../roles.ts';
import { baseName, groupsOf, type Group } from './groups.ts';
import { conditionsOf } from './matches.ts';
import { isOurs } from './ours.ts';
import { canaryShareIn, isForCanaryAlone, pairRules, shareIn, type Pair } from './pair.ts';
import { problemsOf, withOtherRoutes } from './problems.ts';
import { rulesOf, type RouteRule } from './rules.ts';
import { rolesIn, targetsOf, tracksOf } from './tracks.ts';
import { grpcRoutes, httpRoutes, routeKinds } from './types.ts';
import { say } from './words.l10n.ts';

/** Folder name of this back end. */
export const id = 'gateway-api';

/** A rollout for every set of Services that a route splits between. */
export function discover(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const found = routeKinds
    .flatMap((resource) => snapshot.list(resourceId(resource), namespace))
    .map((route) => ({ route, ...readRoute(snapshot, route) }));
  const senders = new Map<string, Set<KubeObject>>();
  for (const { route, sendsTo } of found)
    for (const trackId of sendsTo) {
      const key = `${route.meta.namespace} ${trackId}`;
      senders.set(key, (senders.get(key) ?? new Set()).add(route));
    }
  const otherRoutes = ({ namespace: own, tracks }: Rollout, route: KubeObject): string[] => {
    const others = new Set(
      tracks.flatMap(({ id: to }) => [...(senders.get(`${own} ${to}`) ?? [])]),
    );
    others.delete(route);
    return [...others].map(({ kind, meta }) => `${kind} ${meta.name}`);
  };
  return {
    rollouts: found.flatMap(({ route, rollouts }) =>
      rollouts.map((rollout) => withOtherRoutes(rollout, otherRoutes(rollout, route))),
    ),
    problems: found.flatMap(({ problems }) => problems),
  };
}

export function refOf(route: KubeObject, resource: Resource): ObjectRef {
  return { resource, namespace: route.meta.namespace, name: route.meta.name };
}

interface Found extends Discovery {
  /** Ids that its destinations have as tracks. */
  readonly sendsTo: readonly string[];
}

const readRoute = remembering((snapshot, route: KubeObject): Found => {
  const resource = routeKinds.find(({ kind }) => kind === route.kind) ?? httpRoutes;
  const { rules, faults } = rulesOf(route);
  const sendsTo = [...new Set(rules.flatMap(({ refs }) => refs.map(({ trackId }) => trackId)))];
  const groups = groupsOf(route, resource, rules);
  const object = refOf(route, resource);
  const shown = groups.flatMap((group) => group.rules);
  // Mistakes of rules that belong to no rollout; a route that only sends to one Service is none of our business.
  const strays = rules.filter((rule) => !shown.includes(rule)).flatMap((rule) => rule.faults);
  const problems = [...faults, ...strays].map((text): Problem => ({
    severity: 'error',
    text,
    object,
  }));
  const [first, ...others] = groups.map((group) => rolloutOf(snapshot, group));
  if (first === undefined) return { sendsTo, rollouts: [], problems };
  const own = { ...first, problems: [...problems, ...first.problems] };
  return { sendsTo, rollouts: [own, ...others], problems: [] };
});

function rolloutOf(snapshot: ClusterSnapshot, group: Group): Rollout {
  const { route, resource, rules } = group;
  const targets = targetsOf(snapshot, group);
  const roles = rolesIn(targets);
  const tracks = tracksOf(group, targets, roles);
  const named = (role: string): Track | undefined => tracks.find((track) => track.role === role);
  const [stable, canary] = [named('stable'), named('canary')];
  const pair = { stable: stable?.id ?? '', canary: canary?.id ?? '' };
  const canaryShare = canaryShareIn(rules, pair);
  const weights = weightsOf(rules, pair);
  // Rules may have different shares: all must be at 100 before the template is copied, none may have any before the canary goes.
  const own = pairRules(rules, pair).filter(({ readOnly }) => readOnly === undefined);
  const shares = own.map((rule) => shareIn(rule, pair.canary));
  const progress = {
    least: Math.min(1, ...shares),
    hasSome: rules.some((r) => shareIn(r, pair.canary) > 0 || isForCanaryAlone(r, pair)),
  };
  const { namespace, name } = route.meta;
  // Names of objects hold no colon.
  const kind = resource === grpcRoutes && hasHttpTwin(snapshot, route) ? ':grpc' : '';
  return {
    id: `${namespace}/${name}${kind}${group.suffix}@${id}`,
    backend: id,
    namespace,
    service: serviceOf(snapshot, route, stable),
    route: refOf(route, resource),
    tracks,
    rules: rules.map((rule) => shownRule(rule, isOurs(rule, rules))),
    canaryShare,
    weights,
    promotion: promotionOf({ weights, naming: roles.naming, ...progress }, stable, canary),
    problems: problemsOf(group, { targets, tracks, isGuess: roles.isGuess }),
  };
}

function hasHttpTwin(snapshot: ClusterSnapshot, { meta }: KubeObject): boolean {
  return snapshot.get(resourceId(httpRoutes), meta.namespace, meta.name) !== undefined;
}

function shownRule(
  { id: ruleId, matches, refs, total, mirror, readOnly }: RouteRule,
  isOwn: boolean,
): Rule {
  return {
    id: ruleId,
    matches: folded(conditionsOf(matches)),
    destinations: refs.map(({ trackId, weight }) => ({
      trackId,
      weight,
      share: ratioOf(weight, total),
    })),
    total,
    ...(mirror && { mirror }),
    ...(readOnly && { readOnly }),
    ...(isOwn && { isOurs: true }),
  };
}

function weightsOf(rules: readonly RouteRule[], pair: Pair): WeightRange {
  const pairs = pairRules(rules, pair).filter((rule) => !isOurs(rule, rules));
  if (pairs.some(({ readOnly }) => readOnly === undefined)) return { kind: 'any' };
  const reason = pairs[0]?.readOnly ?? say('gatewayApi.noPair', { ...pair });
  return { kind: 'none', reason };
}

interface Evidence {
  readonly weights: WeightRange;
  readonly naming: Naming;
  /** Smallest share of the canary in a rule that is written, 0–1. */
  readonly least: number;
  /** Some rule sends to the canary. */
  readonly hasSome: boolean;
}

function promotionOf(
  { weights, naming, least, hasSome }: Evidence,
  stable: Track | undefined,
  canary: Track | undefined,
): Promotion {
  if (weights.kind === 'none') return { style: 'none', reason: weights.reason };
  if (naming === 'versions' || stable === undefined || canary === undefined)
    return { style: 'swap' };
  const bare = [stable, canary].find(({ workload }) => workload === undefined);
  if (bare !== undefined)
    return { style: 'none', reason: say('gatewayApi.nothingToCopy', { track: bare.name }) };
  return { style: 'copy', stage: copyStage(stable, canary, least, hasSome) };
}

/** What clients call: the parent Service of a mesh route, else the Service that the versions are named after, else the stable one. */
function serviceOf(
  snapshot: ClusterSnapshot,
  route: KubeObject,
  stable: Track | undefined,
): string {
  const { namespace } = route.meta;
  const parent = listOf(at(route.body, 'spec', 'parentRefs')).find(
    (ref) =>
      at(ref, 'kind') === 'Service' && (textOf(at(ref, 'namespace')) || namespace) === namespace,
  );
  const called = textOf(at(parent, 'name'));
  if (called !== '') return called;
  const own = stable?.name ?? route.meta.name;
  const base = baseName(own);
  return snapshot.get(resourceId(services), namespace, base) === undefined ? own : base;
}

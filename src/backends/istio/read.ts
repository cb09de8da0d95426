import { ratioOf } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import {
  resourceId,
  sameRef,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { Problem, Promotion, Rollout, Rule, Track, WeightRange } from '../../model/rollout.ts';
import type { Discovery } from '../backend.ts';
import { copyStage } from '../copyPromotion.ts';
import { at, isJsonObject, listOf, textOf } from '../guards.ts';
import { remembering } from '../remember.ts';
import { folded } from '../requestMatches.ts';
import type { Naming } from '../roles.ts';
import {
  groupsOf,
  isOurs,
  isSplit,
  leadingRule,
  pairRules,
  shareIn,
  trackId,
  type Group,
  type Pair,
} from './groups.ts';
import { serviceOfHost } from './hosts.ts';
import { problemsOf, severalProblem } from './problems.ts';
import { httpRules, type HttpRule, type OtherRule } from './rules.ts';
import { rolesIn, targetsOf, tracksOf } from './tracks.ts';
import { virtualServices } from './types.ts';
import { say } from './words.l10n.ts';

/** Folder name of this back end. */
export const id = 'istio';

export function discover(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const routes = snapshot.list(resourceId(virtualServices), namespace);
  const found = routes.map((route) => withSeveral(readRoute(snapshot, route), route, routes));
  return {
    rollouts: found.flatMap(({ rollouts }) => rollouts),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** Mistakes of rules that belong to no rollout are shown in the first one, so that they are seen; where there is none, alone. */
const readRoute = remembering((snapshot, route: KubeObject): Discovery => {
  const groups = groupsOf(route);
  const [first, ...others] = groups.map((group) => rolloutOf(snapshot, group));
  const problems = strayProblems(route, groups);
  if (first === undefined) return { rollouts: [], problems };
  return {
    rollouts: [{ ...first, problems: [...problems, ...first.problems] }, ...others],
    problems: [],
  };
});

/** The one problem that comes from other routes; the rest is remembered when they change. */
function withSeveral(
  found: Discovery,
  route: KubeObject,
  routes: readonly KubeObject[],
): Discovery {
  const problem = found.rollouts.length === 0 ? undefined : severalProblem(route, routes);
  if (problem === undefined) return found;
  const rollouts = found.rollouts.map((rollout) => ({
    ...rollout,
    problems: [...rollout.problems, problem],
  }));
  return { ...found, rollouts };
}

export function refOf(route: KubeObject): ObjectRef {
  return { resource: virtualServices, namespace: route.meta.namespace, name: route.meta.name };
}

/** The group that the rollout was read from, as the snapshot has it now. */
export function groupOf(snapshot: ClusterSnapshot, rollout: Rollout): Group | undefined {
  const { namespace, name } = rollout.route;
  const route = snapshot.get(resourceId(virtualServices), namespace, name);
  const tracks = new Set(rollout.tracks.map((track) => track.id));
  return (
    route &&
    groupsOf(route).find(
      (group) =>
        idOf(group) === rollout.id &&
        [...group.entries.values()].every((entry) => tracks.has(trackId(group, entry))),
    )
  );
}

function strayProblems(route: KubeObject, groups: readonly Group[]): readonly Problem[] {
  const { rules, problem } = httpRules(route);
  const shown = groups.flatMap((group) => group.rules.map(({ index }) => index));
  const strays = rules.filter(({ isMalformed, index }) => isMalformed && !shown.includes(index));
  return [problem, ...strays.map(({ readOnly }) => readOnly)].flatMap((text): Problem[] =>
    text === undefined ? [] : [{ severity: 'error', text, object: refOf(route) }],
  );
}

/** The first group of a route has the route's name, others the name of a destination too, after a colon, which names of objects lack. */
function idOf({ route, index, entries }: Group): string {
  const [first = ''] = entries.keys();
  const suffix = index === 0 ? '' : `:${first.replaceAll(/[/|]/g, '.')}`;
  return `${route.meta.namespace}/${route.meta.name}${suffix}@${id}`;
}

function rolloutOf(snapshot: ClusterSnapshot, group: Group): Rollout {
  const { route } = group;
  const targets = targetsOf(snapshot, group);
  const roles = rolesIn(targets);
  const tracks = tracksOf(group, targets, roles);
  const [stable, canary] = tracks;
  const pair = { stable: stable?.id ?? '', canary: canary?.id ?? '' };
  const pairs = pairRules(group, pair);
  const shown = group.others
    .filter((rule) => isSplit(group, rule, pair))
    .map((rule) => ({ ...rule, readOnly: notHttp(rule) }));
  const leading = leadingRule(pairs) ?? shown[0];
  const canaryShare = leading === undefined ? 0 : shareIn(group, leading, pair.canary);
  const shared = pairs.filter((rule) => !isOurs(rule));
  const weights = weightsOf([...shared, ...shown], pair);
  const rules = [
    ...group.rules.map((rule) => ruleOf(group, rule)),
    ...group.others.map((rule) => otherRule(group, rule)),
  ];
  return {
    id: idOf(group),
    backend: id,
    namespace: route.meta.namespace,
    service: serviceNameOf(group, stable),
    route: refOf(route),
    tracks,
    rules,
    canaryShare,
    weights,
    promotion: promotionOf(group, { weights, naming: roles.naming }, { pair, tracks }),
    problems: problemsOf(group, { tracks, targets, pair, isGuess: roles.isGuess }),
  };
}

// The same for thousands of rollouts.
const anyWeight: WeightRange = { kind: 'any' };
const swap: Promotion = { style: 'swap' };

function weightsOf(pairs: readonly Pick<HttpRule, 'readOnly'>[], pair: Pair): WeightRange {
  if (pairs.some(({ readOnly }) => readOnly === undefined)) return anyWeight;
  return { kind: 'none', reason: pairs[0]?.readOnly ?? noSplit(pair) };
}

export function noSplit({ stable, canary }: Pair): Text {
  return say('istio.noSplit', { stable, canary });
}

/** The Service that clients call: a host of the route, else that of stable. */
function serviceNameOf(group: Group, stable: Track | undefined): string {
  const { namespace, name } = group.route.meta;
  const called = listOf(at(group.route.body, 'spec', 'hosts'))
    .map((host) => serviceOfHost(textOf(host), namespace))
    .find((service) => service?.namespace === namespace);
  return called?.name ?? stable?.service ?? name;
}

function ruleOf(group: Group, rule: HttpRule): Rule {
  const mirror = mirrorOf(rule);
  return {
    id: rule.id,
    matches: folded(rule.matches),
    destinations: destinationsOf(group, rule),
    total: rule.total,
    ...(mirror && { mirror }),
    ...(rule.readOnly && { readOnly: rule.readOnly }),
    ...(isOurs(rule) && { isOurs: true }),
  };
}

/** A track that is named twice is one destination; what names none is left out. */
export function destinationsOf(
  group: Group,
  { entries, total }: Pick<HttpRule, 'entries' | 'total'>,
): Rule['destinations'] {
  const known = entries.filter(({ host }) => host !== '');
  const byTrack = Map.groupBy(known, (entry) => trackId(group, entry));
  return [...byTrack].map(([track, own]) => {
    const weight = own.reduce((sum, entry) => sum + entry.weight, 0);
    return { trackId: track, weight, share: ratioOf(weight, total) };
  });
}

function otherRule(group: Group, rule: OtherRule): Rule {
  const { id: ruleId, total } = rule;
  return {
    id: ruleId,
    matches: [],
    destinations: destinationsOf(group, rule),
    total,
    readOnly: notHttp(rule),
  };
}

function notHttp({ kind }: OtherRule): Text {
  return say('istio.tcp', { kind: kind.toUpperCase() });
}

/** `mirror` with `mirrorPercentage` (absent: all), or the first of `mirrors`. */
function mirrorOf({ raw }: HttpRule): Rule['mirror'] {
  const [first] = listOf(raw['mirrors']);
  const to = isJsonObject(first) ? at(first, 'destination') : raw['mirror'];
  const host = textOf(at(to, 'host'));
  if (host === '') return undefined;
  const subset = textOf(at(to, 'subset'));
  const value = isJsonObject(first)
    ? at(first, 'percentage', 'value')
    : at(raw, 'mirrorPercentage', 'value');
  const percent = typeof value === 'number' && value >= 0 && value <= 100 ? value : 100;
  return { to: subset === '' ? host : `${host}/${subset}`, percent };
}

function promotionOf(
  group: Group,
  { weights, naming }: { readonly weights: WeightRange; readonly naming: Naming },
  { pair, tracks }: { readonly pair: Pair; readonly tracks: readonly Track[] },
): Promotion {
  if (weights.kind === 'none') return { style: 'none', reason: weights.reason };
  if (naming === 'versions') return swap;
  const [stable, canary] = tracks;
  if (
    stable?.workload === undefined ||
    canary?.workload === undefined ||
    sameRef(stable.workload.ref, canary.workload.ref)
  )
    return { style: 'none', reason: say('istio.nothingToCopy', { ...pair }) };
  const shareOf = (rule: HttpRule | OtherRule): number => shareIn(group, rule, pair.canary);
  // Rules may have different shares: all must be at 100 before the template is copied, none may have any before the canary goes.
  const written = pairRules(group, pair).filter(({ readOnly }) => readOnly === undefined);
  const least = Math.min(1, ...written.map(shareOf));
  const hasRules = [...group.rules, ...group.others].some((rule) => shareOf(rule) > 0);
  return { style: 'copy', stage: copyStage(stable, canary, least, hasRules) };
}

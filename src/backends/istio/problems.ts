import type { Text } from '../../base/text.ts';
import type { KubeObject, ObjectRef } from '../../model/objects.ts';
import type { Problem, Track } from '../../model/rollout.ts';
import { at, listOf } from '../guards.ts';
import { oncePerList } from '../remember.ts';
import { shareIn, type Group, type Pair } from './groups.ts';
import type { HttpRule } from './rules.ts';
import type { Target } from './tracks.ts';
import { virtualServices } from './types.ts';
import { say } from './words.l10n.ts';

export interface Found {
  /** Stable, canary, others. */
  readonly tracks: readonly Track[];
  readonly targets: ReadonlyMap<string, Target>;
  readonly pair: Pair;
  readonly isGuess: boolean;
}

/** What is wrong with a rollout, worst first. The webhook checks none of this: a wrong host or subset only shows as errors (5.8). */
export function problemsOf(group: Group, found: Found): readonly Problem[] {
  const object = refOf(group.route);
  const error = (text: Text): Problem => ({ severity: 'error', text, object });
  const warning = (text: Text): Problem => ({ severity: 'warning', text, object });
  const { targets, pair } = found;
  return [
    ...group.rules.flatMap((rule) =>
      rule.isMalformed && rule.readOnly ? [error(rule.readOnly)] : [],
    ),
    ...group.rules.flatMap((rule) => totalText(group, rule)).map(error),
    ...[...targets].flatMap(([, target]) => brokenText(group.route, target) ?? []).map(error),
    ...group.rules.flatMap((rule) => oddText(group, rule)).map(warning),
    ...found.tracks.flatMap((track) => podsText(group, track, targets)).map(warning),
    ...overlapText(pair, targets).map(warning),
    ...(found.isGuess ? [warning(say('istio.guess', { ...pair }))] : []),
    ...stickyText(targets).map(warning),
  ];
}

function refOf({ meta }: KubeObject): ObjectRef {
  return { resource: virtualServices, namespace: meta.namespace, name: meta.name };
}

function totalText({ route }: Group, rule: HttpRule): readonly Text[] {
  if (rule.isMalformed || rule.entries.length < 2 || rule.total > 0) return [];
  return [say('istio.zeroTotal', { index: rule.index, name: route.meta.name })];
}

function oddText({ route }: Group, rule: HttpRule): readonly Text[] {
  const isUsual = rule.total === 0 || rule.total === 100;
  if (rule.isMalformed || rule.entries.length < 2 || isUsual) return [];
  return [say('istio.oddTotal', { index: rule.index, name: route.meta.name, total: rule.total })];
}

/** Why what is sent to the target fails whatever the pods do; undefined when it does not. */
export function brokenText(route: KubeObject, target: Target): Text | undefined {
  const { entry, service, isSubsetMissing, isLiteral } = target;
  const { name } = route.meta;
  if (isLiteral)
    return say('istio.literalHost', {
      host: entry.host,
      name,
      full: `${entry.host}.svc.cluster.local`,
    });
  if (entry.service === undefined) return undefined;
  if (service === undefined)
    return say('istio.noService', {
      service: entry.service.name,
      namespace: entry.service.namespace,
      name,
    });
  return isSubsetMissing
    ? say('istio.noSubset', { host: entry.host, subset: entry.subset, name })
    : undefined;
}

/** A canary that is scaled down and gets nothing is as it should be. */
function podsText(
  group: Group,
  track: Track,
  targets: ReadonlyMap<string, Target>,
): readonly Text[] {
  const target = targets.get(track.id);
  if (target === undefined || brokenText(group.route, target) !== undefined) return [];
  const text = unreadyText(track, target);
  const isAsked = group.rules.some((rule) => shareIn(group, rule, track.id) > 0);
  const isStill = track.workload?.replicas === 0 && !isAsked;
  return text === undefined || isStill ? [] : [text];
}

/** Why nobody would answer behind the target; undefined when somebody would, or it cannot be known (outside, or without a selector). */
export function unreadyText(
  { name, workload }: Track,
  { service, labels }: Target,
): Text | undefined {
  const selector = Object.entries(labels).map((label) => label.join('='));
  if (service === undefined || selector.length === 0) return undefined;
  if (workload === undefined)
    return say('istio.noWorkload', { track: name, labels: selector.join(', ') });
  return workload.ready > 0 ? undefined : say('istio.notReady', { track: name });
}

function overlapText(
  { stable, canary }: Pair,
  targets: ReadonlyMap<string, Target>,
): readonly Text[] {
  const others = targets.get(canary)?.selected ?? [];
  const shared = (targets.get(stable)?.selected ?? []).find((deployment) =>
    others.includes(deployment),
  );
  return shared === undefined
    ? []
    : [say('istio.overlap', { stable, canary, workload: shared.meta.name })];
}

/**
 * Other routes of its namespace for the same host. Only mesh traffic is decided by one VirtualService per host; those of gateways are merged
 * in no defined order (5.3).
 */
export function severalProblem(
  route: KubeObject,
  routes: readonly KubeObject[],
): Problem | undefined {
  const index = routesByHost(routes);
  for (const host of textsOfSpec(route, 'hosts')) {
    const all = index.get(host) ?? [];
    const rivals = all.length < 2 ? [] : all.filter((other) => isRival(route, other));
    for (const gateway of rivals.length === 0 ? [] : gatewaysOf(route)) {
      const others = rivals.filter((other) => gatewaysOf(other).includes(gateway));
      if (others.length === 0) continue;
      const names = others.map((other) => other.meta.name).sort();
      const text = say('istio.severalRoutes', { names: names.join(', '), host });
      return { severity: 'warning', text, object: refOf(route) };
    }
  }
  return undefined;
}

/** By host; a host that a route names twice counts once. */
const routesByHost = oncePerList((routes): ReadonlyMap<string, readonly KubeObject[]> => {
  const index = new Map<string, KubeObject[]>();
  for (const route of routes)
    for (const host of textsOfSpec(route, 'hosts')) {
      const list = index.get(host);
      if (list === undefined) index.set(host, [route]);
      else if (list.at(-1) !== route) list.push(route);
    }
  return index;
});

function isRival(route: KubeObject, other: KubeObject): boolean {
  return other !== route && other.meta.namespace === route.meta.namespace;
}

function gatewaysOf(route: KubeObject): readonly string[] {
  const named = textsOfSpec(route, 'gateways');
  return named.length > 0 ? named : ['mesh'];
}

function textsOfSpec(route: KubeObject, field: 'hosts' | 'gateways'): readonly string[] {
  return listOf(at(route.body, 'spec', field)).filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
}

function stickyText(targets: ReadonlyMap<string, Target>): readonly Text[] {
  const name = [...targets.values()].find((target) => target.sticky !== undefined)?.sticky;
  return name === undefined ? [] : [say('istio.sticky', { name })];
}

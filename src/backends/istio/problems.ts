import type { Text } from '../../base/text.ts';
import type { KubeObject, ObjectRef } from '../../model/objects.ts';
import type { Problem, Track } from '../../model/rollout.ts';
import { at, listOf, textOf } from '../guards.ts';
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
  readonly hosts: HostIndex;
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
    ...severalText(group.route, found.hosts).map(warning),
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

/** Host and gateway → VirtualServices of a namespace that have both. */
export type HostIndex = ReadonlyMap<string, readonly KubeObject[]>;

export function hostIndex(routes: readonly KubeObject[]): HostIndex {
  const keyed = routes.flatMap((route) => hostKeys(route).map(({ key }) => ({ key, route })));
  const byKey = Map.groupBy(keyed, ({ key }) => key);
  return new Map([...byKey].map(([key, entries]) => [key, entries.map(({ route }) => route)]));
}

/** Only mesh traffic is decided by one VirtualService per host; those of gateways are merged in no defined order (5.3). */
function hostKeys(route: KubeObject): readonly { readonly key: string; readonly host: string }[] {
  const texts = (field: string): readonly string[] =>
    listOf(at(route.body, 'spec', field))
      .map(textOf)
      .filter((text) => text !== '');
  const gateways = texts('gateways');
  const named = gateways.length > 0 ? gateways : ['mesh'];
  return texts('hosts').flatMap((host) =>
    named.map((gateway) => ({ key: `${route.meta.namespace} ${gateway} ${host}`, host })),
  );
}

function severalText(route: KubeObject, index: HostIndex): readonly Text[] {
  for (const { key, host } of hostKeys(route)) {
    const others = (index.get(key) ?? []).filter((other) => other !== route);
    if (others.length === 0) continue;
    const names = others.map((other) => other.meta.name).sort();
    return [say('istio.severalRoutes', { names: names.join(', '), host })];
  }
  return [];
}

function stickyText(targets: ReadonlyMap<string, Target>): readonly Text[] {
  const name = [...targets.values()].find((target) => target.sticky !== undefined)?.sticky;
  return name === undefined ? [] : [say('istio.sticky', { name })];
}

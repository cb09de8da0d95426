import { ratioOf } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import { resourceId, type ClusterSnapshot, type KubeObject, type ObjectRef } from '../../model/objects.ts';
import type { Problem, Promotion, Rollout, Rule, Track } from '../../model/rollout.ts';
import type { Discovery } from '../backend.ts';
import { copyStage } from '../copyPromotion.ts';
import { at, countOf, isJsonObject, listOf, textOf } from '../guards.ts';
import { rolesOf, type Naming } from '../roles.ts';
import { podLabelsOf, versionOf, workloadOf } from '../workloads.ts';
import { matchesOf } from './matches.ts';
import { problemsOf } from './problems.ts';
import { httpRules, otherRules, type Entry, type HttpRule } from './rules.ts';
import { targetOf, type Target } from './tracks.ts';
import { virtualServices } from './types.ts';
import { say } from './words.l10n.ts';

/** Folder name of this back end. */
export const id = 'istio';

/** One set of destinations that share requests in a VirtualService. */
export interface Group {
  readonly route: KubeObject;
  readonly rules: readonly HttpRule[];
  /** Distinct destinations by key, in the order of their first appearance. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export function discover(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const rollouts: Rollout[] = [];
  const problems: Problem[] = [];
  for (const route of snapshot.list(resourceId(virtualServices), namespace)) {
    const { rules, problem } = httpRules(route);
    const groups = groupsOf(route, rules);
    const found = groups.map((group, index) => rolloutOf(snapshot, group, index));
    rollouts.push(...found);
    if (problem) problems.push({ severity: 'error', text: problem, object: refOf(route) });
    if (found.length === 0) problems.push(...malformed(route, rules));
  }
  return { rollouts, problems };
}

export function refOf(route: KubeObject): ObjectRef {
  return { resource: virtualServices, namespace: route.meta.namespace, name: route.meta.name };
}

function malformed(route: KubeObject, rules: readonly HttpRule[]): readonly Problem[] {
  return rules.flatMap((rule) =>
    rule.isMalformed && rule.readOnly ? [{ severity: 'error' as const, text: rule.readOnly, object: refOf(route) }] : [],
  );
}

/**
 * Destinations that meet in one rule belong together, over all rules. A VirtualService that splits nowhere still holds a canary when its
 * rules send to several subsets of one host: a canary that only match rules reach.
 */
export function groupsOf(route: KubeObject, rules: readonly HttpRule[]): readonly Group[] {
  const groups: Map<string, Entry>[] = [];
  for (const rule of rules.filter((r) => new Set(r.entries.map((e) => e.key)).size > 1)) join(groups, rule.entries);
  if (groups.length === 0) {
    const subsets = rules.flatMap((rule) => rule.entries).filter((entry) => entry.subset !== '');
    const byHost = Map.groupBy(subsets, (entry) => entry.host);
    for (const entries of byHost.values()) {
      if (new Set(entries.map((e) => e.key)).size > 1) join(groups, entries);
    }
  }
  return groups.map((entries) => ({
    route,
    entries,
    rules: rules.filter((rule) => rule.entries.some((e) => entries.has(e.key))),
  }));
}

function join(groups: Map<string, Entry>[], entries: readonly Entry[]): void {
  const touching = groups.filter((group) => entries.some((entry) => group.has(entry.key)));
  const merged = touching[0] ?? new Map<string, Entry>();
  for (const group of touching.slice(1)) {
    for (const [key, entry] of group) merged.set(key, entry);
    groups.splice(groups.indexOf(group), 1);
  }
  for (const entry of entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
  if (touching.length === 0) groups.push(merged);
}

function rolloutOf(snapshot: ClusterSnapshot, group: Group, index: number): Rollout {
  const { route } = group;
  const { namespace, name } = route.meta;
  const { tracks, naming, targets } = tracksOf(snapshot, group);
  const stable = tracks.find((track) => track.role === 'stable');
  const canary = tracks.find((track) => track.role === 'canary');
  const canaryShare = shareOf(group, canary?.id);
  const service = serviceNameOf(group, stable);
  const suffix = index === 0 ? '' : `.${stable?.name ?? String(index)}`;
  return {
    id: `${namespace}/${name}${suffix}@${id}`,
    backend: id,
    namespace,
    service,
    route: refOf(route),
    tracks,
    rules: [...group.rules.map((rule) => ruleOf(group, rule)), ...readOnlyRules(group)],
    canaryShare,
    weights: splitRules(group).length > 0 ? { kind: 'any' } : { kind: 'none', reason: noSplit(stable, canary) },
    promotion: promotionOf(naming, { stable, canary, canaryShare }),
    problems: problemsOf(snapshot, group, { tracks, targets }),
  };
}

function noSplit(stable: Track | undefined, canary: Track | undefined): Text {
  return say('istio.noSplit', { stable: stable?.name ?? '', canary: canary?.name ?? '' });
}

/** Rules that a weight can be written in. */
export function splitRules(group: Group): readonly HttpRule[] {
  return group.rules.filter((rule) => rule.readOnly === undefined && rule.entries.length > 1);
}

function shareOf(group: Group, canaryKey: string | undefined): number {
  const splits = splitRules(group);
  const rule = splits.find((r) => matchesOf(r.raw).length === 0) ?? splits[0];
  const own = rule?.entries.filter((e) => trackId(group, e) === canaryKey).reduce((sum, e) => sum + e.weight, 0);
  return ratioOf(own ?? 0, rule?.total ?? 0);
}

/** Subset where all tracks are subsets of one Service, else the Service's name, with the subset where there is one. */
export function trackId(group: Group, entry: Entry): string {
  const hosts = new Set([...group.entries.values()].map((e) => e.service?.name ?? e.host));
  if (hosts.size === 1 && entry.subset !== '') return entry.subset;
  const service = entry.service?.name ?? entry.host;
  return entry.subset === '' ? service : `${service}/${entry.subset}`;
}

interface Tracks {
  readonly tracks: readonly Track[];
  readonly naming: Naming;
  readonly targets: ReadonlyMap<string, Target>;
}

function tracksOf(snapshot: ClusterSnapshot, group: Group): Tracks {
  const entries = [...group.entries.values()];
  const targets = new Map(entries.map((e) => [trackId(group, e), targetOf(snapshot, e, group.route.meta.namespace)]));
  const { roles, naming } = rolesOf(
    entries.map((entry) => {
      const trackKey = trackId(group, entry);
      const deployment = targets.get(trackKey)?.deployment;
      return {
        id: trackKey,
        name: entry.subset === '' ? trackKey : entry.subset,
        labels: deployment ? podLabelsOf(deployment) : {},
        share: shareOf(group, trackKey),
        created: deployment?.meta.creationTimestamp ?? '',
      };
    }),
  );
  const order = { stable: 0, canary: 1, other: 2 };
  const tracks = entries
    .map((entry): Track => {
      const trackKey = trackId(group, entry);
      const target = targets.get(trackKey);
      const version = target?.deployment && versionOf(target.deployment);
      return {
        id: trackKey,
        role: roles.get(trackKey) ?? 'other',
        name: trackKey,
        podLabels: target?.labels ?? {},
        ...(version !== undefined && { version }),
        ...(target?.deployment && { workload: workloadOf(target.deployment) }),
        ...(entry.service && { service: entry.service.name }),
      };
    })
    .sort((a, b) => order[a.role] - order[b.role] || (a.name < b.name ? -1 : 1));
  return { tracks, naming, targets };
}

/** The host that clients call: the route's own where it is one of the cluster, else that of stable. */
function serviceNameOf(group: Group, stable: Track | undefined): string {
  const [host] = listOf(at(group.route.body, 'spec', 'hosts')).map(textOf);
  const isShort = host !== undefined && host !== '' && !host.includes('*') && !host.includes('/');
  const short = isShort ? (host.split('.')[0] ?? '') : '';
  return short !== '' && !isGatewayHost(group, host ?? '') ? short : (stable?.service ?? group.route.meta.name);
}

function isGatewayHost(group: Group, host: string): boolean {
  return host.includes('.') && !host.includes('.svc') && !host.endsWith(`.${group.route.meta.namespace}`);
}

function ruleOf(group: Group, rule: HttpRule): Rule {
  const mirror = mirrorOf(rule);
  const destinations = rule.entries.map((entry) => ({
    trackId: trackId(group, entry),
    weight: entry.weight,
    share: ratioOf(entry.weight, rule.total),
  }));
  return {
    id: rule.id,
    matches: matchesOf(rule.raw),
    destinations,
    total: rule.total,
    ...(mirror && { mirror }),
    ...(rule.readOnly && { readOnly: rule.readOnly }),
  };
}

/** `mirror` with `mirrorPercentage` (absent: all), or the first of `mirrors`. */
function mirrorOf(rule: HttpRule): Rule['mirror'] {
  const [first] = listOf(rule.raw['mirrors']);
  const host = textOf(at(first, 'destination', 'host')) || textOf(at(rule.raw, 'mirror', 'host'));
  if (host === '') return undefined;
  const holder = first ?? rule.raw;
  const key = isJsonObject(first) ? 'percentage' : 'mirrorPercentage';
  const value = at(holder, key, 'value');
  return { to: host, percent: typeof value === 'number' ? value : (countOf(value) ?? 100) };
}

function readOnlyRules(group: Group): readonly Rule[] {
  return otherRules(group.route)
    .filter((rule) => rule.entries.some((entry) => group.entries.has(entry.key)))
    .map((rule) => {
      const total = rule.entries.reduce((sum, e) => sum + e.weight, 0);
      return {
        id: rule.id,
        matches: [],
        total,
        readOnly: say('istio.tcp', { kind: rule.kind.toUpperCase() }),
        destinations: rule.entries.map((e) => ({
          trackId: trackId(group, e),
          weight: e.weight,
          share: ratioOf(e.weight, total),
        })),
      };
    });
}

function promotionOf(
  naming: Naming,
  { stable, canary, canaryShare }: { stable: Track | undefined; canary: Track | undefined; canaryShare: number },
): Promotion {
  if (naming === 'versions') return { style: 'swap' };
  if (stable?.workload === undefined || canary?.workload === undefined) return { style: 'swap' };
  return { style: 'copy', stage: copyStage(stable, canary, canaryShare) };
}

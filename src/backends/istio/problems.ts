import type { Text } from '../../base/text.ts';
import { resourceId, type ClusterSnapshot, type ObjectRef } from '../../model/objects.ts';
import type { Problem, Track } from '../../model/rollout.ts';
import { services } from '../../model/kinds.ts';
import { at, listOf, textOf } from '../guards.ts';
import { looksIncomplete } from './hosts.ts';
import type { Group } from './read.ts';
import type { Entry, HttpRule } from './rules.ts';
import type { Target } from './tracks.ts';
import { virtualServices } from './types.ts';
import { say } from './words.l10n.ts';

interface Found {
  readonly tracks: readonly Track[];
  readonly targets: ReadonlyMap<string, Target>;
}

/** What is wrong with a rollout, worst first. The webhook checks none of this: a wrong host or subset only shows as errors (5.8). */
export function problemsOf(snapshot: ClusterSnapshot, group: Group, found: Found): readonly Problem[] {
  const object = refOf(group);
  const error = (text: Text): Problem => ({ severity: 'error', text, object });
  const warning = (text: Text): Problem => ({ severity: 'warning', text, object });
  return [
    ...group.rules.flatMap((rule) => (rule.isMalformed && rule.readOnly ? [error(rule.readOnly)] : [])),
    ...group.rules.flatMap((rule) => totalText(group, rule)).map(error),
    ...[...group.entries.values()].flatMap((entry) => entryTexts(snapshot, group, entry, found)).map(error),
    ...group.rules.flatMap((rule) => oddText(group, rule)).map(warning),
    ...found.tracks.flatMap(podsText).map(warning),
    ...severalText(snapshot, group).map(warning),
    ...stickyText(found).map(warning),
  ];
}

function refOf({ route }: Group): ObjectRef {
  return { resource: virtualServices, namespace: route.meta.namespace, name: route.meta.name };
}

function totalText({ route }: Group, rule: HttpRule): readonly Text[] {
  if (rule.isMalformed || rule.entries.length < 2 || rule.total > 0) return [];
  return [say('istio.zeroTotal', { rule: rule.id, name: route.meta.name })];
}

function oddText({ route }: Group, rule: HttpRule): readonly Text[] {
  if (rule.isMalformed || rule.entries.length < 2 || rule.total === 0 || rule.total % 100 === 0) return [];
  return [say('istio.oddTotal', { rule: rule.id, name: route.meta.name, total: rule.total })];
}

function entryTexts(snapshot: ClusterSnapshot, { route }: Group, entry: Entry, { targets, tracks }: Found): readonly Text[] {
  const { name } = route.meta;
  if (entry.service === undefined) return literalText(snapshot, name, entry.host);
  const { service } = entry;
  const target = [...targets.entries()].find(([id]) => tracks.some((t) => t.id === id) && matches(id, entry))?.[1];
  if (target?.service === undefined) {
    return [say('istio.noService', { service: service.name, namespace: service.namespace, name })];
  }
  if (!target.isSubsetMissing) return [];
  return [say('istio.noSubset', { host: entry.host, subset: entry.subset, name })];
}

function matches(trackId: string, entry: Entry): boolean {
  const service = entry.service?.name ?? entry.host;
  const names = entry.subset === '' ? [service] : [entry.subset, `${service}/${entry.subset}`];
  return names.includes(trackId);
}

/** `shop.default` for a Service that exists: hosts outside the cluster look the same and are nobody's mistake. */
function literalText(snapshot: ClusterSnapshot, route: string, host: string): readonly Text[] {
  const [name, namespace] = host.split('.');
  if (!looksIncomplete(host) || name === undefined || namespace === undefined) return [];
  if (snapshot.get(resourceId(services), namespace, name) === undefined) return [];
  const full = `${name}.${namespace}.svc.cluster.local`;
  return [say('istio.literalHost', { host, name: route, short: name, full })];
}

function podsText(track: Track): readonly Text[] {
  if (track.role === 'other' || track.workload === undefined || track.workload.ready > 0) return [];
  return [say('istio.noPods', { track: track.name })];
}

/** Only mesh traffic is decided by one VirtualService per host; those of gateways are merged (5.3). */
function severalText(snapshot: ClusterSnapshot, { route }: Group): readonly Text[] {
  const hostsOf = (object: typeof route): readonly string[] => listOf(at(object.body, 'spec', 'hosts')).map(textOf);
  const isMesh = (object: typeof route): boolean => {
    const gateways = listOf(at(object.body, 'spec', 'gateways')).map(textOf);
    return gateways.length === 0 || gateways.includes('mesh');
  };
  if (!isMesh(route)) return [];
  const hosts = hostsOf(route);
  const others = snapshot
    .list(resourceId(virtualServices), route.meta.namespace)
    .filter((other) => other.meta.name !== route.meta.name && isMesh(other));
  const [shared] = hosts.filter((host) => host !== '' && others.some((other) => hostsOf(other).includes(host)));
  if (shared === undefined) return [];
  const names = others.filter((other) => hostsOf(other).includes(shared)).map((other) => other.meta.name);
  return [say('istio.severalRoutes', { names: names.sort().join(', '), host: shared })];
}

function stickyText({ targets }: Found): readonly Text[] {
  const name = [...targets.values()].find((target) => target.sticky !== undefined)?.sticky;
  return name === undefined ? [] : [say('istio.sticky', { name })];
}

import type { KubeObject, ObjectRef } from '../../model/objects.ts';
import type { Entry, HttpRule } from './rules.ts';
import { virtualServices } from './types.ts';

/** One set of destinations that share requests in a VirtualService. */
export interface Group {
  readonly route: KubeObject;
  readonly rules: readonly HttpRule[];
  /** Distinct destinations by key, in the order of their first appearance. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Destinations that meet in one rule belong together, over all rules. A VirtualService that splits nowhere still holds a canary when its
 * rules send to several subsets of one host: a canary that only match rules reach.
 */
export function groupsOf(route: KubeObject, rules: readonly HttpRule[]): readonly Group[] {
  const groups: Map<string, Entry>[] = [];
  for (const rule of rules.filter((r) => new Set(r.entries.map((e) => e.key)).size > 1))
    join(groups, rule.entries);
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

export function refOf(route: KubeObject): ObjectRef {
  return { resource: virtualServices, namespace: route.meta.namespace, name: route.meta.name };
}

/** Rules that a weight can be written in. */
export function splitRules(group: Group): readonly HttpRule[] {
  return group.rules.filter((rule) => rule.readOnly === undefined && rule.entries.length > 1);
}

/** Subset where all tracks are subsets of one Service, else the Service's name, with the subset where there is one. */
export function trackId(group: Group, entry: Entry): string {
  const hosts = new Set([...group.entries.values()].map((e) => e.service?.name ?? e.host));
  if (hosts.size === 1 && entry.subset !== '') return entry.subset;
  const service = entry.service?.name ?? entry.host;
  return entry.subset === '' ? service : `${service}/${entry.subset}`;
}

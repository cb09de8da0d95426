import { services } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import type { Track } from '../../model/rollout.ts';
import { at, listOf, textOf, textsAt, textsOf } from '../guards.ts';
import { rolesOf, type Roles } from '../roles.ts';
import { deploymentsWith, podLabelsOf, replicasOf, versionOf, workloadOf } from '../workloads.ts';
import { rulesFor } from './cluster.ts';
import { trackId, type Group } from './groups.ts';
import { looksIncomplete } from './hosts.ts';
import type { Entry } from './rules.ts';

/** What a destination reaches. */
export interface Target {
  readonly entry: Entry;
  readonly service: KubeObject | undefined;
  /** Labels of its pods; empty when the subset is not defined or the Service is missing. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isSubsetMissing: boolean;
  /** `shop.default`, where that Service exists: Istio does not take it for that. */
  readonly isLiteral: boolean;
  /** Every Deployment whose pods it reaches, by name. */
  readonly selected: readonly KubeObject[];
  /** The one that is its version: not reached by the others, if there is such a one. */
  readonly deployment: KubeObject | undefined;
  /** DestinationRule that ties clients to pods by consistent hash. */
  readonly sticky: string | undefined;
}

/** By track id, in the order of the rules. */
export function targetsOf(snapshot: ClusterSnapshot, group: Group): ReadonlyMap<string, Target> {
  const namespace = group.route.meta.namespace;
  const reached = [...group.entries.values()].map((entry) => reachedBy(snapshot, entry, namespace));
  return new Map(
    reached.map((target) => {
      const others = reached
        .filter((other) => other !== target)
        .flatMap(({ selected }) => selected);
      const own = target.selected.filter((deployment) => !others.includes(deployment));
      const [deployment] = (own.length > 0 ? own : target.selected).toSorted(
        (a, b) => replicasOf(b) - replicasOf(a),
      );
      return [trackId(group, target.entry), { ...target, deployment }];
    }),
  );
}

function reachedBy(
  snapshot: ClusterSnapshot,
  entry: Entry,
  namespace: string,
): Omit<Target, 'deployment'> {
  const name = entry.service;
  const service = name && snapshot.get(resourceId(services), name.namespace, name.name);
  const rules = name === undefined ? [] : rulesFor(snapshot, name, namespace);
  const subset = entry.subset === '' ? {} : subsetLabels(rules, entry.subset);
  const selector = service === undefined ? {} : textsAt(service, 'spec', 'selector');
  const labels =
    subset === undefined || Object.keys(selector).length === 0 ? {} : merged(selector, subset);
  return {
    entry,
    service,
    labels,
    isSubsetMissing: subset === undefined,
    isLiteral: isLiteral(snapshot, entry),
    selected: name === undefined ? [] : deploymentsWith(snapshot, name.namespace, labels),
    sticky: rules.find(isSticky)?.meta.name,
  };
}

function merged(
  selector: Readonly<Record<string, string>>,
  subset: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.keys(subset).length === 0 ? selector : { ...selector, ...subset };
}

function isLiteral(snapshot: ClusterSnapshot, { service, host }: Entry): boolean {
  const [name = '', owner = ''] = host.split('.');
  return (
    service === undefined &&
    looksIncomplete(host) &&
    snapshot.get(resourceId(services), owner, name) !== undefined
  );
}

/** Labels of a subset; the first definition wins. Undefined when nobody defines it. */
function subsetLabels(
  rules: readonly KubeObject[],
  subset: string,
): Readonly<Record<string, string>> | undefined {
  for (const rule of rules) {
    const found = listOf(at(rule.body, 'spec', 'subsets')).find(
      (s) => textOf(at(s, 'name')) === subset,
    );
    if (found !== undefined) return textsOf(at(found, 'labels'));
  }
  return undefined;
}

function isSticky(rule: KubeObject): boolean {
  const policies = [at(rule.body, 'spec'), ...listOf(at(rule.body, 'spec', 'subsets'))];
  return policies.some(
    (policy) => at(policy, 'trafficPolicy', 'loadBalancer', 'consistentHash') !== undefined,
  );
}

export function rolesIn(targets: ReadonlyMap<string, Target>): Roles {
  return rolesOf(
    [...targets].map(([id, { entry, labels, deployment }]) => ({
      id,
      name: entry.subset === '' ? (entry.service?.name ?? entry.host) : entry.subset,
      labels: { ...(deployment === undefined ? {} : podLabelsOf(deployment)), ...labels },
      created: deployment?.meta.creationTimestamp ?? '',
    })),
  );
}

const order = ['stable', 'canary', 'other'];

/** Stable first, then canary, then others by name. */
export function tracksOf(
  { route }: Group,
  targets: ReadonlyMap<string, Target>,
  { roles }: Roles,
): readonly Track[] {
  const rank = ({ role }: Track): number => order.indexOf(role);
  return [...targets]
    .map(([id, { entry, labels, deployment }]): Track => {
      const version = deployment && versionOf(deployment);
      // Whoever reads `service` looks for it in the namespace of the route.
      const isNear = entry.service?.namespace === route.meta.namespace;
      return {
        id,
        role: roles.get(id) ?? 'other',
        name: id,
        podLabels: labels,
        ...(version !== undefined && { version }),
        ...(deployment && { workload: workloadOf(deployment) }),
        ...(entry.service && isNear && { service: entry.service.name }),
      };
    })
    .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

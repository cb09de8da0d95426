import { services } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import { at, listOf, textAt, textOf, textsAt, textsOf } from '../guards.ts';
import { deploymentsWith, replicasOf } from '../workloads.ts';
import { serviceOfHost, type ServiceName } from './hosts.ts';
import type { Entry } from './rules.ts';
import { destinationRules } from './types.ts';

/** Namespace whose DestinationRules hold for all others. */
const rootNamespace = 'istio-system';

/** What a destination reaches. */
export interface Target {
  readonly service: KubeObject | undefined;
  /** Labels of its pods; empty when the subset is not defined or the Service is missing. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isSubsetMissing: boolean;
  readonly deployment: KubeObject | undefined;
  /** DestinationRule that ties clients to pods by consistent hash. */
  readonly sticky: string | undefined;
}

export function targetOf(snapshot: ClusterSnapshot, entry: Entry, namespace: string): Target {
  const name = entry.service;
  const service = name && snapshot.get(resourceId(services), name.namespace, name.name);
  const rules = name === undefined ? [] : rulesFor(snapshot, name, namespace);
  const subset = entry.subset === '' ? {} : subsetLabels(rules, entry.subset);
  const selector = service === undefined ? {} : textsAt(service, 'spec', 'selector');
  const labels = subset === undefined || Object.keys(selector).length === 0 ? {} : { ...selector, ...subset };
  const found = name === undefined ? [] : deploymentsWith(snapshot, name.namespace, labels);
  return {
    service,
    labels,
    isSubsetMissing: subset === undefined,
    deployment: found.toSorted((a, b) => replicasOf(b) - replicasOf(a))[0],
    sticky: rules.find(isSticky)?.meta.name,
  };
}

/** DestinationRules for a Service, in the order in which Istio looks: the client's namespace, the Service's, the root's. */
function rulesFor(snapshot: ClusterSnapshot, service: ServiceName, namespace: string): readonly KubeObject[] {
  return [...new Set([namespace, service.namespace, rootNamespace])].flatMap((ns) =>
    snapshot.list(resourceId(destinationRules), ns).filter((rule) => {
      const host = serviceOfHost(textAt(rule, 'spec', 'host'), rule.meta.namespace);
      return host?.name === service.name && host.namespace === service.namespace;
    }),
  );
}

/** Labels of a subset; the first definition wins. Undefined when nobody defines it. */
function subsetLabels(rules: readonly KubeObject[], subset: string): Readonly<Record<string, string>> | undefined {
  for (const rule of rules) {
    const found = listOf(at(rule.body, 'spec', 'subsets')).find((s) => textOf(at(s, 'name')) === subset);
    if (found !== undefined) return textsOf(at(found, 'labels'));
  }
  return undefined;
}

function isSticky(rule: KubeObject): boolean {
  return at(rule.body, 'spec', 'trafficPolicy', 'loadBalancer', 'consistentHash') !== undefined;
}

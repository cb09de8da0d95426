import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import { textAt } from '../guards.ts';
import { deploymentFinder, type DeploymentFinder } from '../workloads.ts';
import { serviceOfHost, type ServiceName } from './hosts.ts';
import { destinationRules } from './types.ts';

/** Namespace whose DestinationRules hold for all others, unless Istio was installed otherwise. */
const rootNamespace = 'istio-system';

/** Questions to one snapshot: each namespace is gone through once, when it is first asked for. */
export interface Cluster {
  readonly snapshot: ClusterSnapshot;
  readonly deploymentsWith: DeploymentFinder;
  /**
   * DestinationRules for a Service that is called by a rule of `namespace`, in the order in which Istio looks: the client's namespace, the
   * Service's, the root's.
   */
  readonly rulesFor: (service: ServiceName, namespace: string) => readonly KubeObject[];
}

export function clusterOf(snapshot: ClusterSnapshot): Cluster {
  const indexes = new Map<string, RuleIndex>();
  const indexOf = (namespace: string): RuleIndex => {
    const known = indexes.get(namespace) ?? ruleIndex(snapshot, namespace);
    indexes.set(namespace, known);
    return known;
  };
  return {
    snapshot,
    deploymentsWith: deploymentFinder(snapshot),
    rulesFor: (service, namespace) =>
      [...new Set([namespace, service.namespace, rootNamespace])].flatMap((owner) =>
        indexOf(owner)(service),
      ),
  };
}

type RuleIndex = (service: ServiceName) => readonly KubeObject[];

function ruleIndex(snapshot: ClusterSnapshot, namespace: string): RuleIndex {
  const rules = snapshot.list(resourceId(destinationRules), namespace);
  const hostOf = (rule: KubeObject): string => textAt(rule, 'spec', 'host');
  const wide = rules.filter((rule) => hostOf(rule).startsWith('*'));
  const exact = Map.groupBy(rules, (rule) => {
    const service = serviceOfHost(hostOf(rule), namespace);
    return service === undefined ? '' : keyOf(service);
  });
  return (service) => [
    ...(exact.get(keyOf(service)) ?? []),
    ...wide.filter((rule) => `${keyOf(service)}.svc.cluster.local`.endsWith(hostOf(rule).slice(1))),
  ];
}

function keyOf({ name, namespace }: ServiceName): string {
  return `${name}.${namespace}`;
}

import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import { textAt } from '../guards.ts';
import { oncePerList } from '../remember.ts';
import { serviceOfHost, type ServiceName } from './hosts.ts';
import { destinationRules } from './types.ts';

/** Namespace whose DestinationRules hold for all others, unless Istio was installed otherwise. */
const rootNamespace = 'istio-system';

/**
 * DestinationRules for a Service that is called by a rule of `namespace`, in the order in which Istio looks: the client's namespace, the
 * Service's, the root's.
 */
export function rulesFor(
  snapshot: ClusterSnapshot,
  service: ServiceName,
  namespace: string,
): readonly KubeObject[] {
  return [...new Set([namespace, service.namespace, rootNamespace])].flatMap((owner) => {
    const { exact, wide } = ruleIndex(snapshot.list(resourceId(destinationRules), owner));
    return [
      ...(exact.get(keyOf(service)) ?? []),
      ...wide.filter((rule) =>
        `${keyOf(service)}.svc.cluster.local`.endsWith(hostOf(rule).slice(1)),
      ),
    ];
  });
}

/** DestinationRules by the Service that they name, and those that name many. */
const ruleIndex = oncePerList((rules) => ({
  wide: rules.filter((rule) => hostOf(rule).startsWith('*')),
  exact: Map.groupBy(rules, (rule) => {
    const service = serviceOfHost(hostOf(rule), rule.meta.namespace);
    return service === undefined ? '' : keyOf(service);
  }),
}));

function hostOf(rule: KubeObject): string {
  return textAt(rule, 'spec', 'host');
}

function keyOf({ name, namespace }: ServiceName): string {
  return `${name}.${namespace}`;
}

/** Services, their ready pods, and the names by which hosts are called. */
import { type EndpointSlice, keyOf, namespaceOf, type Pod, type View } from './objects.ts';
import type { Choice, ServiceName } from './routing.ts';

const CLUSTER_DOMAIN = 'svc.cluster.local';

/** The Service that a host names as DNS would: `svc.ns`, `svc.ns.svc`, or the full name. `undefined` when there is none. */
export function serviceOfHost(view: View, host: string): ServiceName | undefined {
  const service = clusterNameOf(host);
  if (service === undefined) return undefined;
  return view.services.has(`${service.namespace}/${service.name}`) ? service : undefined;
}

/** `svc.ns` of a host that has the form of a cluster name, whether or not the Service exists. */
function clusterNameOf(host: string): ServiceName | undefined {
  const [name, namespace, ...rest] = host.split('.');
  if (name === undefined || namespace === undefined) return undefined;
  return ['', 'svc', CLUSTER_DOMAIN].includes(rest.join('.')) ? { namespace, name } : undefined;
}

/** `svc.ns.svc.cluster.local`. */
export function fullHostOf({ namespace, name }: ServiceName): string {
  return `${name}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** Pods behind a Service's ready endpoints, each once, in the order of their names. */
export function readyPodsOf(view: View, service: ServiceName): readonly Pod[] {
  const pods = new Map<string, Pod>();
  for (const slice of view.endpointSlices.values()) {
    if (!isSliceOf(slice, service)) continue;
    for (const pod of readyPodsOfSlice(view, slice)) pods.set(keyOf(pod), pod);
  }
  return [...pods.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function isSliceOf(slice: EndpointSlice, service: ServiceName): boolean {
  const name = slice.metadata.labels?.['kubernetes.io/service-name'];
  return namespaceOf(slice) === service.namespace && name === service.name;
}

/** An absent `ready` counts as ready: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
function readyPodsOfSlice(view: View, slice: EndpointSlice): readonly Pod[] {
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .map(({ targetRef }) => view.pods.get(`${namespaceOf(slice)}/${targetRef?.name ?? ''}`))
    .filter((pod) => pod !== undefined);
}

export function hasLabels(
  labels: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([name, value]) => labels?.[name] === value);
}

/** A choice of these pods, or a 503 when there are none. */
export function choiceOfPods(
  weight: number,
  service: ServiceName,
  pods: readonly Pod[],
  subset?: string,
): Choice {
  const name = { service, ...(subset === undefined ? {} : { subset }) };
  if (pods.length > 0) return { weight, ...name, pods };
  const what = `${service.namespace}/${service.name}${subset === undefined ? '' : ` subset ${subset}`}`;
  return { weight, ...name, pods, reply: { status: 503, reason: `no ready endpoint in ${what}` } };
}

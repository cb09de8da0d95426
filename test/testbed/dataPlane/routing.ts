/**
 * Where a request goes, by the documents of each route kind. Pure: the view and the request in, the
 * weighted choices out; a draw in [0, 1) then picks one.
 */
import { routeByGatewayApi } from './gatewayRouting.ts';
import { routeByIstio } from './istioRouting.ts';
import type { Pod, View } from './objects.ts';
import { pickWeighted } from './random.ts';
import { choiceOfPods, readyPodsOf, serviceOfHost } from './services.ts';

export interface RoutedRequest {
  /** As in the Host header without its port: `svc.ns`, `svc.ns.svc.cluster.local`, or a public name. */
  readonly host: string;
  readonly method: string;
  /** With the query, if any. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who calls. */
  readonly source: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** Which data plane carries the request, and so whose metrics it leaves. */
export type Plane = 'istio' | 'gateway-api' | 'service';

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** One place a request may end: at a pod of a service, or at an answer that the plane gives itself. */
export interface Choice {
  readonly weight: number;
  /** Absent when the plane answers without a destination, as for a redirect. */
  readonly service?: ServiceName;
  readonly subset?: string;
  /** Ready pods; empty when `reply` is set. */
  readonly pods: readonly Pod[];
  readonly reply?: { readonly status: number; readonly reason: string };
}

export interface Routed {
  readonly plane: Plane;
  /** The object that decided, for people: `VirtualService default/shop rule primary`. */
  readonly decidedBy: string;
  /** Every one with a weight above 0; never empty. */
  readonly choices: readonly Choice[];
}

/** Istio's routes first, then those of Gateway API (mixing both on one host is undefined), then the plain Service. */
export function route(view: View, request: RoutedRequest): Routed {
  return (
    routeByIstio(view, request) ?? routeByGatewayApi(view, request) ?? routeByService(view, request)
  );
}

/** A pod or an answer: the draw in [0, 1) falls on a choice, and what is left of it on one of its pods. */
export function choose(
  routed: Routed,
  draw: number,
): { readonly choice: Choice; readonly pod: Pod | undefined } {
  const picked = pickWeighted(routed.choices, draw);
  if (picked === undefined) throw new Error(`${routed.decidedBy} left no choice.`);
  const { item: choice, rest } = picked;
  return { choice, pod: choice.pods[Math.floor(rest * choice.pods.length)] };
}

/** The share (0–1) that each label gets of many requests like this one, by the routes alone. */
export function sharesBy(
  routed: Routed,
  labelOf: (pod: Pod) => string,
): ReadonlyMap<string, number> {
  const total = routed.choices.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const { weight, pods, reply } of routed.choices) {
    const add = (label: string, part: number): void => {
      shares.set(label, (shares.get(label) ?? 0) + part);
    };
    if (reply !== undefined) add(String(reply.status), weight / total);
    for (const pod of pods) add(labelOf(pod), weight / total / pods.length);
  }
  return shares;
}

/** kube-proxy: every ready endpoint alike. */
function routeByService(view: View, request: RoutedRequest): Routed {
  const service = serviceOfHost(view, request.host);
  if (service === undefined) {
    const reply = { status: 404, reason: `nothing serves the host ${request.host}` };
    return { plane: 'service', decidedBy: 'no route', choices: [{ weight: 1, pods: [], reply }] };
  }
  return {
    plane: 'service',
    decidedBy: `Service ${service.namespace}/${service.name}`,
    choices: [choiceOfPods(1, service, readyPodsOf(view, service))],
  };
}

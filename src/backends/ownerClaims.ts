import {
  resourceId,
  type ClusterSnapshot,
  type Json,
  type JsonObject,
  type KubeObject,
  type Resource,
} from '../model/objects.ts';
import type { Owner } from '../model/rollout.ts';
import type { Watched } from '../model/cluster.ts';
import { picking } from '../model/picking.ts';
import { say } from './owners.l10n.ts';
import { oncePerList } from './remember.ts';

/** The controller whose object names this one, by `claimKey`. */
export type Claims = (key: string) => Owner | undefined;

export function claimKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** Kind and `name`, or `name.namespace` where the controller allows that, of an object that a controller writes. */
interface Claim {
  readonly kind: string;
  readonly name: string;
}

interface Controller {
  readonly resource: Resource;
  readonly name: string;
  readonly effect: Parameters<typeof say>[0];
  /** Fields that `claims` reads, as dotted paths. */
  readonly fields: readonly string[];
  readonly claims: (spec: Reader) => readonly Claim[];
}

/**
 * Controllers that name, in an object of their own, what they write; first hit wins. Fields: Argo Rollouts v1alpha1
 * `docs/features/specification.md`, Flagger v1beta1 `pkg/apis/flagger/v1beta1/canary.go`, OpenKruise Rollouts
 * `api/v1alpha1` and `api/v1beta1` `rollout_types.go`.
 */
const controllers: readonly Controller[] = [
  {
    resource: crd('argoproj.io', ['v1alpha1'], 'rollouts', 'Rollout'),
    name: 'Argo Rollouts',
    effect: 'owner.argoRollouts',
    fields: ['workloadRef', 'strategy.canary', 'strategy.blueGreen'],
    claims: argoClaims,
  },
  {
    resource: crd('flagger.app', ['v1beta1'], 'canaries', 'Canary'),
    name: 'Flagger',
    effect: 'owner.flagger',
    fields: ['targetRef', 'service.name', 'ingressRef', 'routeRef'],
    claims: flaggerClaims,
  },
  {
    resource: crd('rollouts.kruise.io', ['v1beta1', 'v1alpha1'], 'rollouts', 'Rollout'),
    name: 'OpenKruise Rollouts',
    effect: 'owner.kruise',
    fields: ['disabled', 'workloadRef', 'objectRef', 'strategy.canary', 'strategy.blueGreen'],
    claims: kruiseClaims,
  },
];

/** The controllers' own kinds. Optional: where a CRD is missing, nobody of that name decides. Never written from here. */
export const ownerWatches: readonly Watched[] = controllers.map(({ resource, fields }) => ({
  resource,
  writes: [],
  pick: picking(...fields.map((field) => `spec.${field}`)),
}));

/** Reads the controllers' objects once for each state they are in. Malformed ones claim what can be read. */
export function claimsOf(snapshot: ClusterSnapshot): Claims {
  const maps = claimMaps.map(({ resource, claimsIn }) => claimsIn(snapshot.list(resource)));
  return (key) => maps.find((claims) => claims.has(key))?.get(key);
}

const claimMaps = controllers.map((controller) => ({
  resource: resourceId(controller.resource),
  claimsIn: oncePerList((objects) => {
    const claims = new Map<string, Owner>();
    for (const object of objects)
      for (const claim of controller.claims(readerOf(object.body['spec']))) {
        const key = keyOf(claim, object.meta.namespace);
        if (!claims.has(key)) claims.set(key, ownerFrom(controller, object));
      }
    return claims;
  }),
}));

function ownerFrom({ name, effect, resource }: Controller, { meta }: KubeObject): Owner {
  const object = `${resource.kind} ${meta.namespace}/${meta.name}`;
  return { kind: 'controller', name, object, effect: say(effect, { object }) };
}

function keyOf({ kind, name }: Claim, namespace: string): string {
  // Argo Rollouts lets a VirtualService be `name.namespace`.
  const [own, other] = kind === 'VirtualService' ? name.split('.', 2) : [name];
  return claimKey(kind, other ?? namespace, own ?? name);
}

function argoClaims(spec: Reader): readonly Claim[] {
  const canary = spec.in('strategy', 'canary');
  const blueGreen = spec.in('strategy', 'blueGreen');
  const routing = canary.in('trafficRouting');
  const istio = canary.at('trafficRouting.istio');
  const gateway = routing.in('plugins', 'argoproj-labs/gatewayAPI');
  return [
    ...spec.in('workloadRef').reference(),
    ...['canaryService', 'stableService'].flatMap((key) => canary.named('Service', key)),
    ...['activeService', 'previewService'].flatMap((key) => blueGreen.named('Service', key)),
    ...[istio.in('virtualService'), ...istio.items('virtualServices')].flatMap((service) =>
      service.named('VirtualService', 'name'),
    ),
    ...istio.in('destinationRule').named('DestinationRule', 'name'),
    ...routing.in('nginx').named('Ingress', 'stableIngress'),
    ...gateway.named('HTTPRoute', 'httpRoute'),
    ...gateway.named('GRPCRoute', 'grpcRoute'),
    ...gateway.items('httpRoutes').flatMap((route) => route.named('HTTPRoute', 'name')),
    ...gateway.items('grpcRoutes').flatMap((route) => route.named('GRPCRoute', 'name')),
  ];
}

function flaggerClaims(spec: Reader): readonly Claim[] {
  const target = spec.in('targetRef');
  const targets = target.reference();
  const name = spec.in('service').text('name') ?? target.text('name');
  return [
    ...targets,
    ...targets.map((claim) => ({ ...claim, name: `${claim.name}-primary` })),
    ...spec.in('ingressRef').reference(),
    ...spec.in('routeRef').reference(),
    ...(name === undefined ? [] : flaggerObjects(name)),
  ];
}

function flaggerObjects(name: string): readonly Claim[] {
  return [
    ...['VirtualService', 'HTTPRoute', 'Service'].map((kind) => ({ kind, name })),
    { kind: 'Service', name: `${name}-primary` },
    { kind: 'Service', name: `${name}-canary` },
  ];
}

function kruiseClaims(spec: Reader): readonly Claim[] {
  if (spec.isTrue('disabled')) return [];
  const routings = ['canary', 'blueGreen'].flatMap((style) =>
    spec.in('strategy', style).items('trafficRoutings'),
  );
  return [
    ...spec.in('workloadRef').reference(),
    ...spec.in('objectRef', 'workloadRef').reference(),
    ...routings.flatMap((routing) => [
      ...routing.named('Service', 'service'),
      ...routing.in('ingress').named('Ingress', 'name'),
      ...routing.in('gateway').named('HTTPRoute', 'httpRouteName'),
      ...routing.items('customNetworkRefs').flatMap((reference) => reference.reference()),
    ]),
  ];
}

/** Walks untrusted JSON: what is not there, or of another type, is simply absent. */
interface Reader {
  readonly in: (...path: readonly string[]) => Reader;
  /** By a dotted path of plain names. */
  readonly at: (path: string) => Reader;
  readonly items: (key: string) => readonly Reader[];
  readonly text: (key: string) => string | undefined;
  readonly isTrue: (key: string) => boolean;
  /** The object named by the text at `key`. */
  readonly named: (kind: string, key: string) => readonly Claim[];
  /** The object named by `kind` and `name` here. */
  readonly reference: () => readonly Claim[];
}

function readerOf(value: Json | undefined): Reader {
  const at = (key: string): Json | undefined => membersOf(value)?.[key];
  const within = (...path: readonly string[]): Reader =>
    readerOf(path.reduce<Json | undefined>((node, key) => membersOf(node)?.[key], value));
  const text = (key: string): string | undefined => {
    const found = at(key);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const named = (kind: string | undefined, key: string): readonly Claim[] => {
    const name = text(key);
    return kind === undefined || name === undefined ? [] : [{ kind, name }];
  };
  return {
    in: within,
    at: (path) => within(...path.split('.')),
    items: (key) => {
      const found = at(key);
      return Array.isArray(found) ? (found as readonly Json[]).map(readerOf) : [];
    },
    text,
    isTrue: (key) => at(key) === true,
    named,
    reference: () => named(text('kind'), 'name'),
  };
}

function membersOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

function crd(group: string, versions: readonly string[], plural: string, kind: string): Resource {
  return { group, versions, plural, kind, namespaced: true };
}

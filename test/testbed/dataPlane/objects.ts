/**
 * The parts of cluster objects that a data plane reads, as their documents describe them. Written
 * for the testbed alone: nothing here comes from or goes to `src/`.
 */

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339; decides which of two competing routes is older. */
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
}

export interface KubeObject {
  readonly metadata: ObjectMeta;
}

/** Istio's StringMatch. `{}` means "present". */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface HttpMatchRequest {
  readonly uri?: StringMatch;
  readonly ignoreUriCase?: boolean;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
}

export interface HttpRouteDestination {
  readonly destination: { readonly host: string; readonly subset?: string };
  readonly weight?: number;
}

export interface VirtualServiceHttpRule {
  readonly name?: string;
  readonly match?: readonly HttpMatchRequest[];
  readonly route?: readonly HttpRouteDestination[];
  readonly redirect?: { readonly redirectCode?: number };
  readonly directResponse?: { readonly status: number };
  readonly delegate?: { readonly name: string; readonly namespace?: string };
}

export interface VirtualService extends KubeObject {
  readonly spec: {
    readonly hosts?: readonly string[];
    readonly gateways?: readonly string[];
    readonly exportTo?: readonly string[];
    readonly http?: readonly VirtualServiceHttpRule[];
  };
}

export interface DestinationRule extends KubeObject {
  readonly spec: {
    readonly host: string;
    readonly exportTo?: readonly string[];
    readonly subsets?: readonly {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
    }[];
  };
}

export interface ParentRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly weight?: number;
}

export interface NamedMatch {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

export interface GatewayHttpMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly method?: string;
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
}

export interface GatewayGrpcMatch {
  readonly method?: { readonly type?: string; readonly service?: string; readonly method?: string };
  readonly headers?: readonly NamedMatch[];
}

export interface GatewayRule<M> {
  readonly name?: string;
  readonly matches?: readonly M[];
  readonly filters?: readonly {
    readonly type: string;
    readonly requestRedirect?: { readonly statusCode?: number };
  }[];
  readonly backendRefs?: readonly BackendRef[];
}

export interface GatewayRoute<M> extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly GatewayRule<M>[];
  };
}

export type HttpRoute = GatewayRoute<GatewayHttpMatch>;
export type GrpcRoute = GatewayRoute<GatewayGrpcMatch>;

export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly {
      readonly group: string;
      readonly kind: string;
      readonly namespace: string;
    }[];
    readonly to: readonly {
      readonly group: string;
      readonly kind: string;
      readonly name?: string;
    }[];
  };
}

export interface Service extends KubeObject {
  readonly spec: { readonly ports?: readonly { readonly port: number }[] };
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
        readonly targetRef?: { readonly kind?: string; readonly name?: string };
      }[]
    | null;
}

export interface Pod extends KubeObject {
  readonly spec?: { readonly containers?: readonly { readonly image?: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export type Deployment = KubeObject;

/** Objects of one kind by `namespace/name`. */
export type Objects<T> = ReadonlyMap<string, T>;

/** What the data plane knows of the cluster. */
export interface View {
  readonly virtualServices: Objects<VirtualService>;
  readonly destinationRules: Objects<DestinationRule>;
  readonly httpRoutes: Objects<HttpRoute>;
  readonly grpcRoutes: Objects<GrpcRoute>;
  readonly referenceGrants: Objects<ReferenceGrant>;
  readonly services: Objects<Service>;
  readonly endpointSlices: Objects<EndpointSlice>;
  readonly pods: Objects<Pod>;
  readonly deployments: Objects<Deployment>;
}

/** `namespace/name`, the key of every map of a view. */
export function keyOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}

export function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? '';
}

/** Oldest first, then by `namespace/name`: the order in which competing routes win. */
export function byAge(a: KubeObject, b: KubeObject): number {
  const left = `${a.metadata.creationTimestamp ?? ''} ${keyOf(a)}`;
  const right = `${b.metadata.creationTimestamp ?? ''} ${keyOf(b)}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

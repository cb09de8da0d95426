/**
 * Gateway API's HTTPRoute and GRPCRoute, for meshes (parent Service) and gateways (hostnames).
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/ (v1.6). Not played: mirrors, rewrites and
 * other filters, listeners, session persistence.
 */
import { hostPrecedence, matchesHost, matchesRegex, splitPath } from './matching.ts';
import {
  type BackendRef,
  byAge,
  type GatewayGrpcMatch,
  type GatewayHttpMatch,
  type GatewayRoute,
  type GatewayRule,
  keyOf,
  type NamedMatch,
  namespaceOf,
  type ParentRef,
  type View,
} from './objects.ts';
import type { Choice, Routed, RoutedRequest } from './routing.ts';
import { choiceOfPods, readyPodsOf, serviceOfHost } from './services.ts';

const GROUP = 'gateway.networking.k8s.io';

type RouteKind = 'HTTPRoute' | 'GRPCRoute';
type AnyRoute = GatewayRoute<unknown>;

/** A match that holds, with what decides between it and others. */
interface Candidate {
  readonly kind: RouteKind;
  readonly route: AnyRoute;
  readonly rule: GatewayRule<unknown>;
  readonly index: number;
  /** Compared number by number, larger first. */
  readonly precedence: readonly number[];
}

/** `undefined` when no route is attached to the host. */
export function routeByGatewayApi(view: View, request: RoutedRequest): Routed | undefined {
  const http = attachedRoutes(view, [...view.httpRoutes.values()], request);
  const grpc = isGrpc(request) ? attachedRoutes(view, [...view.grpcRoutes.values()], request) : [];
  const first = http[0]?.route ?? grpc[0]?.route;
  if (first === undefined) return undefined;
  const candidates = [
    ...http.flatMap((attached) =>
      candidatesOf('HTTPRoute', attached, (match) => httpPrecedence(match, request)),
    ),
    ...grpc.flatMap((attached) =>
      candidatesOf('GRPCRoute', attached, (match) => grpcPrecedence(match, request)),
    ),
  ];
  const winner = candidates.sort(byPrecedence)[0];
  if (winner !== undefined) return routedBy(view, winner);
  const reply = { status: 404, reason: 'no rule of the route matches' };
  return {
    plane: 'gateway-api',
    decidedBy: `route ${keyOf(first)}`,
    choices: [{ weight: 1, pods: [], reply }],
  };
}

function isGrpc(request: RoutedRequest): boolean {
  return request.headers['content-type']?.startsWith('application/grpc') === true;
}

interface Attached<M> {
  readonly route: GatewayRoute<M>;
  /** How well the route names the host; 0 for mesh routes, whose hostnames do not count. */
  readonly hostRank: number;
}

/** For a Service, a route of the caller's namespace (consumer route) goes before those of the Service's own. */
function attachedRoutes<M>(
  view: View,
  routes: readonly GatewayRoute<M>[],
  request: RoutedRequest,
): readonly Attached<M>[] {
  const service = serviceOfHost(view, request.host);
  if (service === undefined) {
    return routes
      .map((route) => ({ route, hostRank: gatewayRank(route, request.host) }))
      .filter(({ hostRank }) => hostRank > 0);
  }
  const attached = routes.filter((route) =>
    (route.spec.parentRefs ?? []).some(
      (parent) =>
        isServiceParent(parent) &&
        parent.name === service.name &&
        (parent.namespace ?? namespaceOf(route)) === service.namespace,
    ),
  );
  const inNamespace = (namespace: string): readonly GatewayRoute<M>[] =>
    attached.filter((route) => namespaceOf(route) === namespace);
  const consumer = inNamespace(request.source.namespace);
  const chosen = consumer.length > 0 ? consumer : inNamespace(service.namespace);
  return chosen.map((route) => ({ route, hostRank: 0 }));
}

function isServiceParent(parent: ParentRef): boolean {
  return (parent.group === '' || parent.group === 'core') && parent.kind === 'Service';
}

/** A route without hostnames takes every host of its gateway. */
function gatewayRank(route: AnyRoute, host: string): number {
  if ((route.spec.parentRefs ?? []).every(isServiceParent)) return 0;
  const hostnames = route.spec.hostnames ?? [];
  if (hostnames.length === 0) return 1;
  return Math.max(0, ...hostnames.filter((name) => matchesHost(name, host)).map(hostPrecedence));
}

function candidatesOf<M>(
  kind: RouteKind,
  { route, hostRank }: Attached<M>,
  precedenceOf: (match: M | undefined) => readonly number[] | undefined,
): readonly Candidate[] {
  return (route.spec.rules ?? []).flatMap((rule, index) => {
    const matches = rule.matches ?? [];
    return (matches.length > 0 ? matches : [undefined])
      .map(precedenceOf)
      .filter((precedence) => precedence !== undefined)
      .map((precedence) => ({ kind, route, rule, index, precedence: [hostRank, ...precedence] }));
  });
}

/** Precedence by the spec, then the older route, then its name, then the earlier rule. */
function byPrecedence(a: Candidate, b: Candidate): number {
  for (const [index, left] of a.precedence.entries()) {
    const difference = (b.precedence[index] ?? 0) - left;
    if (difference !== 0) return difference;
  }
  return byAge(a.route, b.route) || a.index - b.index;
}

/** [exact path, prefix length, method, headers, query parameters], or `undefined` when the match does not hold. */
function httpPrecedence(
  match: GatewayHttpMatch | undefined,
  request: RoutedRequest,
): readonly number[] | undefined {
  const { path, query } = splitPath(request.path);
  const wanted = match?.path?.value ?? '/';
  const type = match?.path?.type ?? 'PathPrefix';
  const headers = match?.headers ?? [];
  const queryParams = match?.queryParams ?? [];
  const isMatch =
    matchesPath(type, wanted, path) &&
    (match?.method ?? request.method) === request.method &&
    matchesHeaders(headers, request) &&
    queryParams.every((param) => matchesNamed(param, query.get(param.name) ?? undefined));
  if (!isMatch) return undefined;
  return [
    type === 'Exact' ? 1 : 0,
    wanted.length,
    match?.method === undefined ? 0 : 1,
    headers.length,
    queryParams.length,
  ];
}

/** [length of the service, length of the method, headers], or `undefined` when the match does not hold. */
function grpcPrecedence(
  match: GatewayGrpcMatch | undefined,
  request: RoutedRequest,
): readonly number[] | undefined {
  const [, service = '', method = ''] = request.path.split('/');
  const wanted = match?.method;
  const headers = match?.headers ?? [];
  const matches = (expected: string | undefined, given: string): boolean =>
    expected === undefined ||
    (wanted?.type === 'RegularExpression' ? matchesRegex(expected, given) : expected === given);
  const isMatch =
    matches(wanted?.service, service) &&
    matches(wanted?.method, method) &&
    matchesHeaders(headers, request);
  return isMatch
    ? [wanted?.service?.length ?? 0, wanted?.method?.length ?? 0, headers.length]
    : undefined;
}

/** A prefix counts path elements: `/abc` takes `/abc` and `/abc/d`, not `/abcd`. */
function matchesPath(type: string, wanted: string, path: string): boolean {
  if (type === 'Exact') return path === wanted;
  if (type === 'RegularExpression') return matchesRegex(wanted, path);
  const prefix = wanted.endsWith('/') ? wanted.slice(0, -1) : wanted;
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** Of entries with equivalent names only the first counts. */
function matchesHeaders(headers: readonly NamedMatch[], request: RoutedRequest): boolean {
  const first = new Map<string, NamedMatch>();
  for (const header of headers) {
    const name = header.name.toLowerCase();
    if (!first.has(name)) first.set(name, header);
  }
  return [...first].every(([name, header]) => matchesNamed(header, request.headers[name]));
}

function matchesNamed({ type, value }: NamedMatch, given: string | undefined): boolean {
  if (given === undefined) return false;
  return type === 'RegularExpression' ? matchesRegex(value, given) : given === value;
}

function routedBy(view: View, { kind, route, rule, index }: Candidate): Routed {
  return {
    plane: 'gateway-api',
    decidedBy: `${kind} ${keyOf(route)} rule ${rule.name ?? String(index)}`,
    choices: choicesOf(view, { kind, route, rule }),
  };
}

interface TakenRule {
  readonly kind: RouteKind;
  readonly route: AnyRoute;
  readonly rule: GatewayRule<unknown>;
}

/** An absent weight is 1; 0 gets nothing; no weight at all is a 500. */
function choicesOf(view: View, taken: TakenRule): readonly Choice[] {
  const redirect = taken.rule.filters?.find(({ type }) => type === 'RequestRedirect');
  if (redirect !== undefined) {
    return [answer(1, redirect.requestRedirect?.statusCode ?? 302, 'redirect')];
  }
  const choices = (taken.rule.backendRefs ?? [])
    .filter(({ weight = 1 }) => weight > 0)
    .map((ref) => choiceOf(view, taken, ref));
  return choices.length > 0 ? choices : [answer(1, 500, 'no backend with a weight')];
}

function choiceOf(view: View, taken: TakenRule, ref: BackendRef): Choice {
  const { weight = 1, group = '', kind = 'Service', name } = ref;
  const service = { namespace: ref.namespace ?? namespaceOf(taken.route), name };
  const refuse = (reason: string): Choice => ({ ...answer(weight, 500, reason), service });
  if (group !== '' || kind !== 'Service') return refuse(`${kind} is not a back end`);
  if (!isGranted(view, taken, service.namespace, name)) return refuse('no ReferenceGrant');
  if (!view.services.has(`${service.namespace}/${name}`)) return refuse(`no Service ${name}`);
  return choiceOfPods(weight, service, readyPodsOf(view, service));
}

function answer(weight: number, status: number, reason: string): Choice {
  return { weight, pods: [], reply: { status, reason } };
}

/** A Service of another namespace needs a grant there. */
function isGranted(view: View, taken: TakenRule, namespace: string, name: string): boolean {
  const from = namespaceOf(taken.route);
  if (namespace === from) return true;
  return [...view.referenceGrants.values()].some(
    (grant) =>
      namespaceOf(grant) === namespace &&
      grant.spec.from.some(
        (source) =>
          source.group === GROUP && source.kind === taken.kind && source.namespace === from,
      ) &&
      grant.spec.to.some(
        (to) => to.group === '' && to.kind === 'Service' && (to.name ?? name) === name,
      ),
  );
}

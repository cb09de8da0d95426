/**
 * Istio's VirtualService and DestinationRule, as a sidecar and an ingress gateway apply them.
 * Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/ and
 * …/destination-rule/ (1.31). Not played: mirrors, faults, retries, rewrites, ServiceEntry, tcp and tls.
 */
import { hostPrecedence, matchesHost, matchesRegex, splitPath } from './matching.ts';
import {
  byAge,
  type DestinationRule,
  type HttpMatchRequest,
  type HttpRouteDestination,
  keyOf,
  namespaceOf,
  type StringMatch,
  type View,
  type VirtualService,
  type VirtualServiceHttpRule,
} from './objects.ts';
import type { Choice, Routed, RoutedRequest, ServiceName } from './routing.ts';
import { choiceOfPods, fullHostOf, hasLabels, readyPodsOf, serviceOfHost } from './services.ts';

const ROOT_NAMESPACE = 'istio-system';

/** A rule with the VirtualService that holds it, which may be a delegate. */
interface OwnedRule {
  readonly owner: VirtualService;
  readonly rule: VirtualServiceHttpRule;
  /** Matches of the root rule that handed over; all must hold too. */
  readonly rootMatch?: readonly HttpMatchRequest[] | undefined;
}

/** `undefined` when no VirtualService with http rules takes the host. */
export function routeByIstio(view: View, request: RoutedRequest): Routed | undefined {
  const governing = governingServices(view, request);
  const rules = governing.flatMap((owner) => rulesOf(view, owner));
  const first = governing[0];
  if (first === undefined || rules.length === 0) return undefined;
  const taken = rules.find(
    ({ rule, rootMatch }) =>
      matchesAny(view, rule.match, request) && matchesAny(view, rootMatch, request),
  );
  if (taken !== undefined) return routedBy(view, taken, request);
  const reply = { status: 404, reason: 'no rule of the VirtualService matches' };
  return {
    plane: 'istio',
    decidedBy: `VirtualService ${keyOf(first)}`,
    choices: [{ weight: 1, pods: [], reply }],
  };
}

/**
 * A sidecar follows one VirtualService per host, the best named and then the oldest. A gateway
 * merges those of equal hosts; the order of the merge is not defined, age is taken here.
 */
function governingServices(view: View, request: RoutedRequest): readonly VirtualService[] {
  const service = serviceOfHost(view, request.host);
  const host = service === undefined ? request.host : fullHostOf(service);
  const candidates = [...view.virtualServices.values()]
    .filter((candidate) => isBoundTo(candidate, isMesh(view, request)))
    .filter((candidate) => isVisible(candidate, candidate.spec.exportTo, request))
    .map((candidate) => ({ candidate, rank: hostRank(candidate, host) }))
    .filter(({ rank }) => rank > 0);
  const best = Math.max(...candidates.map(({ rank }) => rank));
  const winners = candidates
    .filter(({ rank }) => rank === best)
    .map(({ candidate }) => candidate)
    .sort(byAge);
  return service === undefined ? winners : winners.slice(0, 1);
}

/** A call to a cluster name comes from a sidecar; one to a public name through a gateway. */
function isMesh(view: View, request: RoutedRequest): boolean {
  return serviceOfHost(view, request.host) !== undefined;
}

function isBoundTo(virtualService: VirtualService, mesh: boolean): boolean {
  const gateways = virtualService.spec.gateways ?? [];
  if (gateways.length === 0) return mesh;
  return mesh ? gateways.includes('mesh') : gateways.some((gateway) => gateway !== 'mesh');
}

function isVisible(
  object: VirtualService | DestinationRule,
  exportTo: readonly string[] | undefined,
  request: RoutedRequest,
): boolean {
  const client = request.source.namespace;
  return (
    exportTo === undefined ||
    exportTo.length === 0 ||
    exportTo.some(
      (to) => to === '*' || to === client || (to === '.' && namespaceOf(object) === client),
    )
  );
}

/** 0 when no host of the VirtualService names this one. */
function hostRank(virtualService: VirtualService, host: string): number {
  const ranks = (virtualService.spec.hosts ?? [])
    .map((pattern) => qualified(pattern, namespaceOf(virtualService)))
    .filter((pattern) => matchesHost(pattern, host))
    .map(hostPrecedence);
  return Math.max(0, ...ranks);
}

/**
 * A name without a dot is completed in the namespace of the object that says it; any other is taken
 * as it is, `shop.default` too, which then names nothing.
 */
function qualified(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : fullHostOf({ namespace, name: host });
}

function rulesOf(view: View, owner: VirtualService): readonly OwnedRule[] {
  return (owner.spec.http ?? []).flatMap((rule) => {
    if (rule.delegate === undefined) return [{ owner, rule }];
    const { name, namespace = namespaceOf(owner) } = rule.delegate;
    const delegate = view.virtualServices.get(`${namespace}/${name}`);
    return (delegate?.spec.http ?? []).map((inner) => ({
      owner: delegate ?? owner,
      rule: inner,
      rootMatch: rule.match,
    }));
  });
}

function routedBy(view: View, { owner, rule }: OwnedRule, request: RoutedRequest): Routed {
  const named = rule.name === undefined ? '' : ` rule ${rule.name}`;
  return {
    plane: 'istio',
    decidedBy: `VirtualService ${keyOf(owner)}${named}`,
    choices: choicesOf(view, rule, { request, namespace: namespaceOf(owner) }),
  };
}

interface Context {
  readonly request: RoutedRequest;
  /** Of the VirtualService. */
  readonly namespace: string;
}

/** A lone destination gets everything whatever its weight; among several an absent weight is 0, and 0 is left out. */
function choicesOf(view: View, rule: VirtualServiceHttpRule, context: Context): readonly Choice[] {
  const answer = (status: number, reason: string): readonly Choice[] => [
    { weight: 1, pods: [], reply: { status, reason } },
  ];
  if (rule.redirect !== undefined) return answer(rule.redirect.redirectCode ?? 301, 'redirect');
  if (rule.directResponse !== undefined)
    return answer(rule.directResponse.status, 'direct response');
  const destinations = rule.route ?? [];
  const weighted = destinations.map((destination) => ({
    destination,
    weight: destinations.length === 1 ? 1 : (destination.weight ?? 0),
  }));
  const choices = weighted
    .filter(({ weight }) => weight > 0)
    .map(({ destination, weight }) => choiceOf(view, destination, weight, context));
  return choices.length > 0 ? choices : answer(503, 'total destination weight is 0');
}

function choiceOf(
  view: View,
  { destination: { host, subset } }: HttpRouteDestination,
  weight: number,
  context: Context,
): Choice {
  const fullHost = qualified(host, context.namespace);
  const service = fullHost.split('.').length > 2 ? serviceOfHost(view, fullHost) : undefined;
  if (service === undefined) {
    const [name = host, namespace = context.namespace] = fullHost.split('.');
    const reply = { status: 503, reason: `no Service for the host ${host}` };
    return { weight, service: { namespace, name }, pods: [], reply };
  }
  const pods = readyPodsOf(view, service);
  if (subset === undefined) return choiceOfPods(weight, service, pods);
  const labels = subsetLabels(view, service, subset, context.request);
  if (labels === undefined) {
    const reply = { status: 503, reason: `no DestinationRule defines the subset ${subset}` };
    return { weight, service, subset, pods: [], reply };
  }
  const chosen = pods.filter(({ metadata }) => hasLabels(metadata.labels, labels));
  return choiceOfPods(weight, service, chosen, subset);
}

/**
 * Labels of a subset, from the DestinationRules of the client's namespace, else the Service's, else
 * the root namespace. Several there are merged, and the first definition of a name wins.
 */
function subsetLabels(
  view: View,
  service: ServiceName,
  subset: string,
  request: RoutedRequest,
): Readonly<Record<string, string>> | undefined {
  for (const namespace of [request.source.namespace, service.namespace, ROOT_NAMESPACE]) {
    const rules = destinationRulesIn(view, namespace, service, request);
    if (rules.length === 0) continue;
    const found = rules
      .flatMap(({ spec }) => spec.subsets ?? [])
      .find(({ name }) => name === subset);
    return found === undefined ? undefined : (found.labels ?? {});
  }
  return undefined;
}

function destinationRulesIn(
  view: View,
  namespace: string,
  service: ServiceName,
  request: RoutedRequest,
): readonly DestinationRule[] {
  return [...view.destinationRules.values()]
    .filter((rule) => namespaceOf(rule) === namespace)
    .filter((rule) => isVisible(rule, rule.spec.exportTo, request))
    .filter((rule) => matchesHost(qualified(rule.spec.host, namespace), fullHostOf(service)))
    .sort(byAge);
}

/** Entries are alternatives; none at all matches everything. */
function matchesAny(
  view: View,
  matches: readonly HttpMatchRequest[] | undefined,
  request: RoutedRequest,
): boolean {
  if (matches === undefined || matches.length === 0) return true;
  return matches.some(
    (match) => matchesRequest(match, request) && matchesClient(view, match, request),
  );
}

/** Every condition of one entry must hold. */
function matchesRequest(match: HttpMatchRequest, request: RoutedRequest): boolean {
  const { path, query } = splitPath(request.path);
  const lower = match.ignoreUriCase === true;
  return (
    holds(match.uri, path, lower) &&
    holds(match.method, request.method) &&
    holds(match.authority, request.host) &&
    entries(match.headers).every(([name, wanted]) => holds(wanted, headerOf(request, name))) &&
    entries(match.withoutHeaders).every(
      ([name, wanted]) => !holds(wanted, headerOf(request, name)),
    ) &&
    entries(match.queryParams).every(([name, wanted]) =>
      holds(wanted, query.get(name) ?? undefined),
    )
  );
}

/** Conditions on the calling workload and the way the request took. */
function matchesClient(view: View, match: HttpMatchRequest, request: RoutedRequest): boolean {
  const { namespace, labels } = request.source;
  const service = serviceOfHost(view, request.host);
  const ports = view.services.get(`${service?.namespace ?? ''}/${service?.name ?? ''}`)?.spec.ports;
  return (
    (match.sourceNamespace ?? namespace) === namespace &&
    hasLabels(labels, match.sourceLabels) &&
    (match.port === undefined || match.port === ports?.[0]?.port) &&
    (match.gateways === undefined ||
      match.gateways.some((gateway) => (gateway === 'mesh') === isMesh(view, request)))
  );
}

function entries(
  map: Readonly<Record<string, StringMatch>> | undefined,
): readonly [string, StringMatch][] {
  return Object.entries(map ?? {});
}

function headerOf(request: RoutedRequest, name: string): string | undefined {
  return request.headers[name.toLowerCase()];
}

/** An absent condition holds; an empty one asks for presence; any other needs the text to be there. */
function holds(wanted: StringMatch | undefined, text: string | undefined, lower = false): boolean {
  if (wanted === undefined) return true;
  if (text === undefined) return false;
  const fold = (value: string): string => (lower ? value.toLowerCase() : value);
  if (wanted.exact !== undefined) return fold(text) === fold(wanted.exact);
  if (wanted.prefix !== undefined) return fold(text).startsWith(fold(wanted.prefix));
  if (wanted.regex !== undefined) return matchesRegex(wanted.regex, text);
  return true;
}

import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type KubeObject, keyOf, type View } from './objects.ts';
import { seededRandom } from './random.ts';
import { choose, route, type RoutedRequest, sharesBy } from './routing.ts';
import { versionOf, workloadOf } from './workload.ts';

const PODS = `
${service('shop')}
${pods('shop', 'shop-v1', 'v1', 3)}
${pods('shop', 'shop-v2', 'v2', 1)}
${service('cart-stable')}
${pods('cart-stable', 'cart-stable', 'v1', 2)}
${service('cart-canary')}
${pods('cart-canary', 'cart-canary', 'v2', 1)}
${service('cart')}
${service('empty')}
`;

const SUBSETS = `
kind: DestinationRule
metadata: { name: shop, namespace: default }
spec:
  host: shop
  subsets:
    - { name: stable, labels: { version: v1 } }
    - { name: canary, labels: { version: v2 } }
    - { name: nobody, labels: { version: v9 } }
`;

describe('a plain Service', () => {
  test.each<Row>([
    [
      'shares evenly among ready endpoints',
      'shop.default',
      {},
      { 'shop-v1': 0.75, 'shop-v2': 0.25 },
    ],
    [
      'is found by its full name',
      'shop.default.svc.cluster.local',
      {},
      { 'shop-v1': 0.75, 'shop-v2': 0.25 },
    ],
    ['without endpoints answers 503', 'empty.default', {}, { 503: 1 }],
    ['that does not exist answers 404', 'nobody.default', {}, { 404: 1 }],
  ])('%s', (_, host, request, expected) => {
    check(PODS, { host, ...request }, expected);
  });
});

describe('a VirtualService', () => {
  test.each<[string, string, Record<string, number>]>([
    [
      'splits by weights',
      dests(['stable', 75], ['canary', 25]),
      { 'shop-v1': 0.75, 'shop-v2': 0.25 },
    ],
    [
      'splits by weights of any total',
      dests(['stable', 995], ['canary', 5]),
      { 'shop-v1': 0.995, 'shop-v2': 0.005 },
    ],
    ['sends nothing to a weight of 0', dests(['stable', 100], ['canary', 0]), { 'shop-v1': 1 }],
    ['takes an omitted weight for 0', dests(['stable', 10], ['canary']), { 'shop-v1': 1 }],
    ['gives all to a lone destination without a weight', dests(['canary']), { 'shop-v2': 1 }],
    ['gives all to a lone destination of weight 0', dests(['canary', 0]), { 'shop-v2': 1 }],
    ['answers 503 when all weights are 0', dests(['stable', 0], ['canary', 0]), { 503: 1 }],
    [
      'answers 503 for the share of a subset that nobody defines',
      dests(['stable', 80], ['ghost', 20]),
      { 'shop-v1': 0.8, 503: 0.2 },
    ],
    [
      'answers 503 for the share of a subset without pods',
      dests(['stable', 80], ['nobody', 20]),
      { 'shop-v1': 0.8, 503: 0.2 },
    ],
    [
      'answers 503 for the share of a host that does not exist',
      '[{ destination: { host: shop, subset: stable }, weight: 50 }, { destination: { host: ghost }, weight: 50 }]',
      { 'shop-v1': 0.5, 503: 0.5 },
    ],
    [
      'splits between Services',
      '[{ destination: { host: cart-stable }, weight: 60 }, { destination: { host: cart-canary.default.svc.cluster.local }, weight: 40 }]',
      { 'cart-stable': 0.6, 'cart-canary': 0.4 },
    ],
    [
      'does not complete a host that has a dot',
      '[{ destination: { host: shop.default } }]',
      { 503: 1 },
    ],
  ])('%s', (_, destinations, expected) => {
    check([PODS, SUBSETS, virtualService(`- route: ${destinations}`)].join('---'), {}, expected);
  });

  const [stable, canary] = [{ 'shop-v1': 1 }, { 'shop-v2': 1 }];
  test.each<[string, string, Partial<RoutedRequest>, Record<string, number>]>([
    [
      'an exact header',
      '[{ headers: { x-canary: { exact: always } } }]',
      { headers: { 'x-canary': 'always' } },
      canary,
    ],
    [
      'another value of the header',
      '[{ headers: { x-canary: { exact: always } } }]',
      { headers: { 'x-canary': 'never' } },
      stable,
    ],
    ['an absent header', '[{ headers: { x-canary: { exact: always } } }]', {}, stable],
    [
      'a header by prefix',
      '[{ headers: { x-user-id: { prefix: "7" } } }]',
      { headers: { 'x-user-id': '742' } },
      canary,
    ],
    [
      'a whole header by regex',
      '[{ headers: { x-user-id: { regex: "7|42" } } }]',
      { headers: { 'x-user-id': '42' } },
      canary,
    ],
    [
      'no part of a header by regex',
      '[{ headers: { x-user-id: { regex: "7|42" } } }]',
      { headers: { 'x-user-id': '742' } },
      stable,
    ],
    [
      'presence by an empty match',
      '[{ headers: { x-canary: {} } }]',
      { headers: { 'x-canary': '' } },
      canary,
    ],
    ['a cookie among others', COOKIE, { headers: { cookie: 'a=1; group=testers; b=2' } }, canary],
    ['a cookie alone', COOKIE, { headers: { cookie: 'group=testers' } }, canary],
    [
      'no cookie whose name only ends alike',
      COOKIE,
      { headers: { cookie: 'subgroup=testers' } },
      stable,
    ],
    [
      'a phone by its user agent',
      '[{ headers: { user-agent: { regex: ".*(iPhone|Android).*" } } }]',
      { headers: { 'user-agent': 'Mozilla/5.0 (iPhone; CPU)' } },
      canary,
    ],
    [
      'a desktop not as a phone',
      '[{ headers: { user-agent: { regex: ".*(iPhone|Android).*" } } }]',
      { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux)' } },
      stable,
    ],
    [
      'a header that must be missing',
      '[{ withoutHeaders: { x-bot: { exact: "yes" } } }]',
      {},
      canary,
    ],
    [
      'a header that must be missing and is there',
      '[{ withoutHeaders: { x-bot: { exact: "yes" } } }]',
      { headers: { 'x-bot': 'yes' } },
      stable,
    ],
    ['a path prefix', '[{ uri: { prefix: /api } }]', { path: '/apiary?x=1' }, canary],
    [
      'a path of another case, ignoring case',
      '[{ uri: { exact: /API }, ignoreUriCase: true }]',
      { path: '/api' },
      canary,
    ],
    ['a method', '[{ method: { exact: POST } }]', { method: 'POST' }, canary],
    [
      'a query parameter',
      '[{ queryParams: { beta: { exact: "1" } } }]',
      { path: '/?beta=1' },
      canary,
    ],
    [
      'either of two entries',
      '[{ headers: { a: { exact: "1" } } }, { headers: { b: { exact: "1" } } }]',
      { headers: { b: '1' } },
      canary,
    ],
    [
      'only all conditions of one entry',
      '[{ headers: { a: { exact: "1" }, b: { exact: "1" } } }]',
      { headers: { b: '1' } },
      stable,
    ],
    [
      'callers by their namespace',
      '[{ sourceNamespace: qa }]',
      { source: { namespace: 'qa', labels: {} } },
      canary,
    ],
    [
      'callers by their labels',
      '[{ sourceLabels: { app: web } }]',
      { source: { namespace: 'default', labels: { app: 'web' } } },
      canary,
    ],
    [
      'no expression that does not compile',
      '[{ headers: { a: { regex: "(" } } }]',
      { headers: { a: '(' } },
      stable,
    ],
  ])('matches %s', (_, match, request, expected) => {
    const rules = `- match: ${match}\n      route: ${dests(['canary'])}\n    - route: ${dests(['stable'])}`;
    check([PODS, SUBSETS, virtualService(rules)].join('---'), request, expected);
  });

  test('takes the first rule that matches, not the best', () => {
    const rules = `- route: ${dests(['stable'])}\n    - match: [{ uri: { exact: / } }]\n      route: ${dests(['canary'])}`;
    check([PODS, SUBSETS, virtualService(rules)].join('---'), {}, stable);
  });

  test('answers 404 when no rule matches', () => {
    const rules = `- match: [{ uri: { exact: /x } }]\n      route: ${dests(['stable'])}`;
    check([PODS, SUBSETS, virtualService(rules)].join('---'), {}, { 404: 1 });
  });

  test('hands over to a delegate, whose matches come on top of its own', () => {
    const root = virtualService(
      '- match: [{ uri: { prefix: /api } }]\n      delegate: { name: inner }',
    );
    const inner = `
kind: VirtualService
metadata: { name: inner, namespace: default }
spec:
  http:
    - match: [{ headers: { x-canary: {} } }]
      route: ${dests(['canary'])}
    - route: ${dests(['stable'])}
`;
    const documents = [PODS, SUBSETS, root, inner].join('---');
    check(documents, { path: '/api', headers: { 'x-canary': '1' } }, canary);
    check(documents, { path: '/api' }, stable);
    check(documents, { path: '/' }, { 404: 1 });
  });

  test('of two for one host the older rules, and one that is hidden does not count', () => {
    const named = (name: string, seconds: string, extra = ''): string => `
kind: VirtualService
metadata: { name: ${name}, namespace: default, creationTimestamp: "2026-01-01T00:00:${seconds}Z" }
spec:
  hosts: [shop]${extra}
  http: [{ route: ${dests([name])} }]
`;
    const [older, newer] = [named('canary', '01'), named('stable', '02')];
    check([PODS, SUBSETS, newer, older].join('---'), {}, canary);
    const hidden = named('canary', '01', '\n  exportTo: [elsewhere]');
    check([PODS, SUBSETS, newer, hidden].join('---'), {}, stable);
  });

  test('bound to a gateway alone does not take calls within the mesh', () => {
    const bound = virtualService(`- route: ${dests(['canary'])}`).replace(
      'hosts: [shop]',
      'hosts: [shop, shop.example.com]\n  gateways: [public]',
    );
    const documents = [PODS, SUBSETS, bound].join('---');
    check(documents, {}, { 'shop-v1': 0.75, 'shop-v2': 0.25 });
    check(documents, { host: 'shop.example.com' }, canary);
  });
});

describe('an HTTPRoute', () => {
  const [stable, canary] = [{ 'cart-stable': 1 }, { 'cart-canary': 1 }];
  test.each<[string, string, Record<string, number>]>([
    [
      'splits by weights',
      refs(['cart-stable', 90], ['cart-canary', 10]),
      { 'cart-stable': 0.9, 'cart-canary': 0.1 },
    ],
    [
      'splits 5 of 1000',
      refs(['cart-stable', 995], ['cart-canary', 5]),
      { 'cart-stable': 0.995, 'cart-canary': 0.005 },
    ],
    [
      'takes an omitted weight for 1',
      refs(['cart-stable', 3], ['cart-canary']),
      { 'cart-stable': 0.75, 'cart-canary': 0.25 },
    ],
    ['sends nothing to a weight of 0', refs(['cart-stable', 1], ['cart-canary', 0]), stable],
    ['answers 500 when all weights are 0', refs(['cart-stable', 0]), { 500: 1 }],
    [
      'answers 500 for the share of a missing Service',
      refs(['cart-stable', 3], ['ghost', 1]),
      { 'cart-stable': 0.75, 500: 0.25 },
    ],
    [
      'answers 503 for the share of a Service without endpoints',
      refs(['cart-stable', 3], ['empty', 1]),
      { 'cart-stable': 0.75, 503: 0.25 },
    ],
    [
      'answers 500 for a Service of another namespace without a grant',
      '[{ name: cart-stable, namespace: other }]',
      { 500: 1 },
    ],
    [
      'answers 500 for what is not a Service',
      '[{ kind: Bucket, group: x.io, name: cart-stable }]',
      { 500: 1 },
    ],
  ])('%s', (_, backendRefs, expected) => {
    check(
      [PODS, httpRoute(`- backendRefs: ${backendRefs}`)].join('---'),
      { host: 'cart.default' },
      expected,
    );
  });

  test.each<[string, string, Partial<RoutedRequest>, Record<string, number>]>([
    [
      'a header, whatever the case of its name',
      '{ headers: [{ name: X-Canary, value: "yes" }] }',
      { headers: { 'x-canary': 'yes' } },
      canary,
    ],
    [
      'a cookie by regex',
      '{ headers: [{ name: Cookie, type: RegularExpression, value: "(.*; ?)?group=testers(;.*)?" }] }',
      { headers: { cookie: 'a=1; group=testers' } },
      canary,
    ],
    [
      'a phone by its user agent',
      '{ headers: [{ name: User-Agent, type: RegularExpression, value: ".*(iPhone|Android).*" }] }',
      { headers: { 'user-agent': 'x (Linux; Android 16)' } },
      canary,
    ],
    ['a method', '{ method: POST }', { method: 'POST' }, canary],
    ['another method not', '{ method: POST }', {}, stable],
    [
      'a query parameter',
      '{ queryParams: [{ name: beta, value: "1" }] }',
      { path: '/?beta=1' },
      canary,
    ],
    [
      'a path prefix by whole elements',
      '{ path: { type: PathPrefix, value: /api } }',
      { path: '/api/x' },
      canary,
    ],
    ['no half element', '{ path: { type: PathPrefix, value: /api } }', { path: '/apiary' }, stable],
    ['an exact path', '{ path: { type: Exact, value: /api } }', { path: '/api?x=1' }, canary],
  ])('matches %s, and a more special rule wins from behind', (_, match, request, expected) => {
    const rules = `- backendRefs: ${refs(['cart-stable'])}\n    - matches: [${match}]\n      backendRefs: ${refs(['cart-canary'])}`;
    check([PODS, httpRoute(rules)].join('---'), { host: 'cart.default', ...request }, expected);
  });

  test('lets an exact path win over a longer list of headers', () => {
    const rules = `- matches: [{ path: { type: PathPrefix, value: /api/v1 }, headers: [{ name: a, value: "1" }] }]
      backendRefs: ${refs(['cart-stable'])}
    - matches: [{ path: { type: Exact, value: /api/v1 } }]
      backendRefs: ${refs(['cart-canary'])}`;
    const request = { host: 'cart.default', path: '/api/v1', headers: { a: '1' } };
    check([PODS, httpRoute(rules)].join('---'), request, canary);
  });

  test('answers 404 when it has the host and no rule matches', () => {
    const rules = `- matches: [{ path: { value: /x } }]\n      backendRefs: ${refs(['cart-stable'])}`;
    check([PODS, httpRoute(rules)].join('---'), { host: 'cart.default' }, { 404: 1 });
  });

  test('of a gateway serves its public names, and not the Service', () => {
    const documents = `${PODS}---
kind: HTTPRoute
metadata: { name: cart, namespace: default }
spec:
  parentRefs: [{ name: public }]
  hostnames: ["*.shop.example"]
  rules: [{ backendRefs: ${refs(['cart-canary'])} }]
`;
    check(documents, { host: 'cart.shop.example' }, canary);
    check(documents, { host: 'cart.default' }, { 503: 1 });
  });

  test("of the caller's namespace goes before that of the Service", () => {
    const own = httpRoute(`- backendRefs: ${refs(['cart-stable'])}`);
    const consumer = `
kind: HTTPRoute
metadata: { name: cart, namespace: qa }
spec:
  parentRefs: [{ group: "", kind: Service, name: cart, namespace: default }]
  rules: [{ backendRefs: [{ name: cart-canary, namespace: default }] }]
`;
    const grant = `
kind: ReferenceGrant
metadata: { name: qa, namespace: default }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: qa }]
  to: [{ group: "", kind: Service }]
`;
    const documents = [PODS, own, consumer, grant].join('---');
    check(documents, { host: 'cart.default' }, stable);
    const source = { namespace: 'qa', labels: {} };
    check(documents, { host: 'cart.default', source }, canary);
  });
});

test('a GRPCRoute splits the calls of one method, and leaves other content alone', () => {
  const documents = `${PODS}---
kind: GRPCRoute
metadata: { name: cart, namespace: default }
spec:
  parentRefs: [{ group: "", kind: Service, name: cart }]
  rules:
    - backendRefs: ${refs(['cart-stable'])}
    - matches: [{ method: { service: shop.Cart, method: Add } }]
      backendRefs: ${refs(['cart-stable', 1], ['cart-canary', 1])}
`;
  const headers = { 'content-type': 'application/grpc' };
  const call = { host: 'cart.default', method: 'POST', headers };
  check(documents, { ...call, path: '/shop.Cart/Add' }, { 'cart-stable': 0.5, 'cart-canary': 0.5 });
  check(documents, { ...call, path: '/shop.Cart/Get' }, { 'cart-stable': 1 });
  check(documents, { host: 'cart.default', path: '/shop.Cart/Add' }, { 503: 1 });
});

test('many draws fall on the choices as their weights say', () => {
  const rules = `- route: ${dests(['stable', 75], ['canary', 25])}`;
  const routed = route(viewOf([PODS, SUBSETS, virtualService(rules)].join('---')), requestWith({}));
  const random = seededRandom(7);
  const count = 20_000;
  let canary = 0;
  for (let index = 0; index < count; index += 1) {
    const { pod } = choose(routed, random());
    if (pod !== undefined && versionOf(pod) === 'v2') canary += 1;
  }
  const sigma = Math.sqrt(count * 0.25 * 0.75);
  expect(Math.abs(canary - count * 0.25)).toBeLessThan(3 * sigma);
});

type Row = [string, string, Partial<RoutedRequest>, Record<string, number>];

const COOKIE = '[{ headers: { cookie: { regex: "^(.*;\\\\s*)?group=testers(;.*)?$" } } }]';

function check(
  documents: string,
  request: Partial<RoutedRequest>,
  expected: Record<string, number>,
): void {
  const shares = Object.fromEntries(
    sharesBy(route(viewOf(documents), requestWith(request)), workloadOf),
  );
  expect(Object.keys(shares).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, share] of Object.entries(expected)) expect(shares[name]).toBeCloseTo(share, 9);
}

function requestWith(request: Partial<RoutedRequest>): RoutedRequest {
  return {
    host: 'shop.default',
    method: 'GET',
    path: '/',
    headers: {},
    source: { namespace: 'default', labels: {} },
    ...request,
  };
}

const KINDS: Readonly<Record<string, keyof View>> = {
  VirtualService: 'virtualServices',
  DestinationRule: 'destinationRules',
  HTTPRoute: 'httpRoutes',
  GRPCRoute: 'grpcRoutes',
  ReferenceGrant: 'referenceGrants',
  Service: 'services',
  EndpointSlice: 'endpointSlices',
  Pod: 'pods',
  Deployment: 'deployments',
};

function viewOf(documents: string): View {
  const view = Object.fromEntries(
    Object.values(KINDS).map((kind) => [kind, new Map<string, KubeObject>()]),
  );
  for (const document of parseAllDocuments(documents)) {
    const object = document.toJS() as (KubeObject & { readonly kind: string }) | null;
    if (object !== null) view[KINDS[object.kind] ?? '']?.set(keyOf(object), object);
  }
  return view as unknown as View;
}

function virtualService(rules: string): string {
  return `
kind: VirtualService
metadata: { name: shop, namespace: default }
spec:
  hosts: [shop]
  http:
    ${rules}
`;
}

function httpRoute(rules: string): string {
  return `
kind: HTTPRoute
metadata: { name: cart, namespace: default }
spec:
  parentRefs: [{ group: "", kind: Service, name: cart }]
  rules:
    ${rules}
`;
}

function dests(...subsets: readonly (readonly [string, number?])[]): string {
  return JSON.stringify(
    subsets.map(([subset, weight]) => ({ destination: { host: 'shop', subset }, weight })),
  );
}

function refs(...backends: readonly (readonly [string, number?])[]): string {
  return JSON.stringify(backends.map(([name, weight]) => ({ name, weight })));
}

function service(name: string): string {
  return `---\nkind: Service\nmetadata: { name: ${name}, namespace: default }\nspec: { ports: [{ port: 80 }] }`;
}

/** Pods of a Deployment, ready but for one more that is not, with their endpoints. */
function pods(service: string, workload: string, version: string, count: number): string {
  const names = Array.from({ length: count + 1 }, (_, index) => `${workload}-abc-${String(index)}`);
  const documents = names.map(
    (name) => `---
kind: Pod
metadata:
  name: ${name}
  namespace: default
  labels: { version: ${version}, pod-template-hash: abc }
  ownerReferences: [{ kind: ReplicaSet, name: ${workload}-abc }]`,
  );
  const endpoints = names.map((name, index) => ({
    addresses: ['10.244.0.1'],
    conditions: { ready: index < count },
    targetRef: { kind: 'Pod', name },
  }));
  return `${documents.join('\n')}
---
kind: EndpointSlice
metadata: { name: ${service}-${workload}, namespace: default, labels: { kubernetes.io/service-name: ${service} } }
endpoints: ${JSON.stringify(endpoints)}`;
}

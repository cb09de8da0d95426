import type { Cluster } from '../testbed/cluster.ts';

/**
 * The same canary in each of the three ways to split: Service `shop`, Deployment `shop` (3 pods, v1) and Deployment `shop-canary` (1 pod,
 * v2). Small enough to be read at a glance, real enough that the API server, the controllers and all back ends take it.
 */
export interface CanaryKind {
  /** Which back end reads it. */
  readonly backend: string;
  /** `kind name` of the object that a new weight is written to, and its collection. */
  readonly route: { readonly kind: string; readonly name: string; readonly collection: string };
  /** Resource and group as RBAC names them. */
  readonly resource: { readonly plural: string; readonly group: string };
  /** The canary's share before anybody acts, in percent, and one that can be set. */
  readonly percent: { readonly now: number; readonly wanted: number };
  /** A change by somebody else of a value that a new weight is guarded by, as a JSON Patch, and how a message shows it. */
  readonly foreignEdit: { readonly patch: string; readonly was: string; readonly now: string };
  readonly objects: readonly CanaryObject[];
}

interface CanaryObject {
  readonly collection: string;
  readonly body: object;
}

const APPS = '/apis/apps/v1';
const CORE = '/api/v1';
const ISTIO = '/apis/networking.istio.io/v1';
const GATEWAY = '/apis/gateway.networking.k8s.io/v1';

const workloads: readonly CanaryObject[] = [
  { collection: `${APPS} deployments`, body: deployment('shop', 'stable', 'v1', 3) },
  { collection: `${APPS} deployments`, body: deployment('shop-canary', 'canary', 'v2', 1) },
  { collection: `${CORE} services`, body: service('shop', {}) },
];

const weighted = (path: string): CanaryKind['foreignEdit'] => ({
  patch: JSON.stringify([
    { op: 'replace', path: `${path}/0/weight`, value: 80 },
    { op: 'replace', path: `${path}/1/weight`, value: 20 },
  ]),
  was: '90',
  now: '80',
});

export const canaryKinds: readonly CanaryKind[] = [
  {
    backend: 'istio',
    route: { kind: 'VirtualService', name: 'shop', collection: `${ISTIO} virtualservices` },
    resource: { plural: 'virtualservices', group: 'networking.istio.io' },
    percent: { now: 10, wanted: 25 },
    foreignEdit: weighted('/spec/http/0/route'),
    objects: [
      ...workloads,
      {
        collection: `${ISTIO} destinationrules`,
        body: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: { name: 'shop' },
          spec: {
            host: 'shop',
            subsets: ['v1', 'v2'].map((name) => ({ name, labels: { version: name } })),
          },
        },
      },
      {
        collection: `${ISTIO} virtualservices`,
        body: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: { name: 'shop' },
          spec: {
            hosts: ['shop'],
            http: [
              {
                timeout: '5s',
                route: [
                  { destination: { host: 'shop', subset: 'v1' }, weight: 90 },
                  { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
                ],
              },
            ],
          },
        },
      },
    ],
  },
  {
    backend: 'gateway-api',
    route: { kind: 'HTTPRoute', name: 'shop', collection: `${GATEWAY} httproutes` },
    resource: { plural: 'httproutes', group: 'gateway.networking.k8s.io' },
    percent: { now: 10, wanted: 25 },
    foreignEdit: weighted('/spec/rules/0/backendRefs'),
    objects: [
      ...workloads,
      { collection: `${CORE} services`, body: service('shop-stable', { track: 'stable' }) },
      { collection: `${CORE} services`, body: service('shop-canary', { track: 'canary' }) },
      {
        collection: `${GATEWAY} httproutes`,
        body: {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name: 'shop' },
          spec: {
            parentRefs: [{ group: '', kind: 'Service', name: 'shop', port: 80 }],
            rules: [
              {
                backendRefs: [
                  { name: 'shop-stable', port: 80, weight: 90 },
                  { name: 'shop-canary', port: 80, weight: 10 },
                ],
              },
            ],
          },
        },
      },
    ],
  },
  {
    backend: 'replica-split',
    route: { kind: 'Deployment', name: 'shop-canary', collection: `${APPS} deployments` },
    resource: { plural: 'deployments', group: 'apps' },
    percent: { now: 25, wanted: 50 },
    foreignEdit: {
      patch: JSON.stringify([{ op: 'replace', path: '/spec/replicas', value: 2 }]),
      was: '1',
      now: '2',
    },
    objects: workloads,
  },
];

/** Creates it in a namespace of its own and waits until its pods are ready. Returns the namespace. */
export async function createCanary(cluster: Cluster, kind: CanaryKind): Promise<string> {
  const namespace = await cluster.createNamespace(kind.backend);
  for (const { collection, body } of kind.objects)
    await cluster.api.ok('POST', pathOf(collection, namespace), body);
  await Promise.all(
    ['shop', 'shop-canary'].map((name) => cluster.waitForDeployment(namespace, name)),
  );
  return namespace;
}

/** Path of a collection that is written as `/apis/group/version plural`, or of one object in it. */
export function pathOf(collection: string, namespace: string, name = ''): string {
  const [base = '', plural = ''] = collection.split(' ');
  return `${base}/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
}

function deployment(name: string, track: string, version: string, replicas: number): object {
  const labels = { app: 'shop', track };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { ...labels, version } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, version } },
        spec: {
          containers: [
            {
              name: 'app',
              image: `registry.shop.example/shop:${version}`,
              ports: [{ name: 'http', containerPort: 8080 }],
            },
          ],
        },
      },
    },
  };
}

function service(name: string, selector: Readonly<Record<string, string>>): object {
  return {
    metadata: { name },
    spec: {
      selector: { app: 'shop', ...selector },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  };
}

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ObjectSet } from '../../test/support/objectSet.ts';
import { deployments, services } from '../model/kinds.ts';
import type { JsonObject, ObjectRef, Resource } from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import { ownerAnnotations, ownerOf, ownerWatches, withOwner } from './owners.ts';

const virtualServices: Resource = {
  group: 'networking.istio.io',
  versions: ['v1'],
  plural: 'virtualservices',
  kind: 'VirtualService',
  namespaced: true,
};
const httpRoutes: Resource = {
  group: 'gateway.networking.k8s.io',
  versions: ['v1'],
  plural: 'httproutes',
  kind: 'HTTPRoute',
  namespaced: true,
};

function snapshotOf(yaml: string): ObjectSet['snapshot'] {
  const watched = [virtualServices, httpRoutes, services, deployments].map((resource) => ({
    resource,
    writes: [],
    pick: () => ({}),
    annotations: ownerAnnotations,
  }));
  return new ObjectSet(parse(yaml) as JsonObject[], [...watched, ...ownerWatches]).snapshot;
}

const ref = (resource: Resource, name: string, namespace = 'shop'): ObjectRef => ({
  resource,
  namespace,
  name,
});

describe('an Argo Rollout', () => {
  const argo = snapshotOf(`
- apiVersion: argoproj.io/v1alpha1
  kind: Rollout
  metadata: { name: shop, namespace: shop }
  spec:
    workloadRef: { apiVersion: apps/v1, kind: Deployment, name: shop-app }
    strategy:
      canary:
        canaryService: shop-canary
        stableService: shop-stable
        trafficRouting:
          istio:
            virtualService: { name: shop-vs, routes: [primary] }
            virtualServices: [{ name: other }, { name: edge.gateways }]
          plugins: { argoproj-labs/gatewayAPI: { httpRoute: shop-route, httpRoutes: [{ name: second }] } }
`);

  test.each([
    ref(virtualServices, 'shop-vs'),
    ref(virtualServices, 'other'),
    ref(virtualServices, 'edge', 'gateways'),
    ref(httpRoutes, 'shop-route'),
    ref(httpRoutes, 'second'),
    ref(services, 'shop-canary'),
    ref(services, 'shop-stable'),
    ref(deployments, 'shop-app'),
  ])('is found by what an Argo Rollout names: $resource.kind $name', (object) => {
    expect(ownerOf(argo, object)).toMatchObject({
      kind: 'controller',
      name: 'Argo Rollouts',
      object: 'Rollout shop/shop',
    });
  });

  test.each([
    ref(virtualServices, 'shop-vs', 'elsewhere'),
    ref(httpRoutes, 'shop-vs'),
    ref(services, 'shop'),
  ])('is not found for what it does not name: $resource.kind $namespace/$name', (object) => {
    expect(ownerOf(argo, object)).toBeUndefined();
  });
});

describe('a controller', () => {
  test('is Flagger where a Canary names the target, with or without its own name for the service', () => {
    const flagger = snapshotOf(`
- { apiVersion: flagger.app/v1beta1, kind: Canary, metadata: { name: c, namespace: shop }, spec: { targetRef: { kind: Deployment, name: app }, service: { name: web } } }
- { apiVersion: flagger.app/v1beta1, kind: Canary, metadata: { name: d, namespace: shop }, spec: { targetRef: { kind: Deployment, name: api } } }`);
    const objects = [
      ref(deployments, 'app'),
      ref(deployments, 'app-primary'),
      ref(virtualServices, 'web'),
      ref(httpRoutes, 'api'),
      ref(services, 'web-canary'),
    ];
    expect(objects.map((object) => ownerOf(flagger, object)?.object)).toEqual([
      'Canary shop/c',
      'Canary shop/c',
      'Canary shop/c',
      'Canary shop/d',
      'Canary shop/c',
    ]);
  });

  test('is Flagger by ownerReference, though its Canary is not watched', () => {
    const snapshot = snapshotOf(`
- apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: { name: web, namespace: shop, ownerReferences: [{ apiVersion: flagger.app/v1beta1, kind: Canary, name: web, uid: u, controller: true }] }`);
    expect(ownerOf(snapshot, ref(virtualServices, 'web'))?.name).toBe('Flagger');
  });

  test('is OpenKruise in both of its API versions, and not when it is disabled', () => {
    const kruise = snapshotOf(`
- { apiVersion: rollouts.kruise.io/v1beta1, kind: Rollout, metadata: { name: a, namespace: shop }, spec: { workloadRef: { kind: Deployment, name: a }, strategy: { canary: { trafficRoutings: [{ service: a, gateway: { httpRouteName: a } }] } } } }
- { apiVersion: rollouts.kruise.io/v1alpha1, kind: Rollout, metadata: { name: b, namespace: shop }, spec: { objectRef: { workloadRef: { kind: Deployment, name: b } }, strategy: { canary: { trafficRoutings: [{ service: b, customNetworkRefs: [{ apiVersion: networking.istio.io/v1, kind: VirtualService, name: b }] }] } } } }
- { apiVersion: rollouts.kruise.io/v1beta1, kind: Rollout, metadata: { name: c, namespace: shop }, spec: { disabled: true, workloadRef: { kind: Deployment, name: c } } }`);
    const objects = [ref(httpRoutes, 'a'), ref(virtualServices, 'b'), ref(deployments, 'b')];
    expect(objects.map((object) => ownerOf(kruise, object)?.object)).toEqual([
      'Rollout shop/a',
      'Rollout shop/b',
      'Rollout shop/b',
    ]);
    expect(ownerOf(kruise, ref(deployments, 'c'))).toBeUndefined();
  });

  test('is Knative where its label is', () => {
    const snapshot = snapshotOf(`
- { apiVersion: apps/v1, kind: Deployment, metadata: { name: hello-1, namespace: shop, labels: { serving.knative.dev/service: hello } } }`);
    expect(ownerOf(snapshot, ref(deployments, 'hello-1'))).toMatchObject({
      name: 'Knative',
      object: 'Service shop/hello',
    });
  });

  test('is not made of malformed objects', () => {
    const snapshot = snapshotOf(`
- { apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: { name: a, namespace: shop }, spec: { workloadRef: [1], strategy: { canary: { trafficRouting: { istio: { virtualServices: { name: x } } } } } } }
- { apiVersion: flagger.app/v1beta1, kind: Canary, metadata: { name: a, namespace: shop }, spec: null }`);
    expect(ownerOf(snapshot, ref(virtualServices, 'x'))).toBeUndefined();
  });
});

describe('a GitOps tool', () => {
  const marked = (metadata: string): ObjectSet['snapshot'] =>
    snapshotOf(
      `[{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: web, namespace: shop, ${metadata} } }]`,
    );
  const owner = (metadata: string): string | undefined => {
    const found = ownerOf(marked(metadata), ref(virtualServices, 'web'));
    return found === undefined ? undefined : `${found.kind} ${found.name}: ${found.object}`;
  };
  const tracking = (id: string): string =>
    `annotations: { argocd.argoproj.io/tracking-id: '${id}' }`;

  test('is Argo CD only when the tracking id names the object itself', () => {
    expect(owner(tracking('team_shop:networking.istio.io/VirtualService:shop/web'))).toBe(
      'gitops Argo CD: Application team/shop',
    );
    expect(
      owner(tracking('shop:networking.istio.io/VirtualService:shop/original')),
    ).toBeUndefined();
    expect(owner(`labels: { app.kubernetes.io/instance: shop }`)).toBeUndefined();
  });

  test('is Flux by the labels of either toolkit', () => {
    expect(
      owner(
        'labels: { kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux }',
      ),
    ).toBe('gitops Flux: Kustomization flux/apps');
    expect(
      owner('labels: { helm.toolkit.fluxcd.io/name: web, helm.toolkit.fluxcd.io/namespace: flux }'),
    ).toBe('gitops Flux: HelmRelease flux/web');
  });

  test('is Helm by label and annotation together', () => {
    const label = 'labels: { app.kubernetes.io/managed-by: Helm }';
    const annotation =
      'annotations: { meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: ops }';
    expect(owner(`${label}, ${annotation}`)).toBe('gitops Helm: release ops/web');
    expect(owner(label)).toBeUndefined();
    expect(owner(annotation)).toBeUndefined();
  });
});

test('a rollout is owned by whoever owns any of its workloads', () => {
  const snapshot = snapshotOf(`
- { apiVersion: flagger.app/v1beta1, kind: Canary, metadata: { name: c, namespace: shop }, spec: { targetRef: { kind: Deployment, name: app } } }`);
  const rollout: Rollout = {
    id: 'shop/web@some',
    backend: 'some',
    namespace: 'shop',
    service: 'web',
    route: ref(virtualServices, 'web'),
    tracks: [
      {
        id: 'app',
        role: 'canary',
        name: 'app',
        podLabels: {},
        workload: {
          ref: ref(deployments, 'app'),
          replicas: 1,
          ready: 1,
          image: '',
          template: {},
          settled: true,
        },
      },
    ],
    rules: [],
    canaryShare: 0,
    weights: { kind: 'any' },
    promotion: { style: 'swap' },
    problems: [],
  };
  expect(withOwner(snapshot, rollout).owner?.name).toBe('Flagger');
  expect(withOwner(snapshotOf('[]'), rollout)).toBe(rollout);
});

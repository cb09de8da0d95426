import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataPlane, startDataPlane } from '../testbed/dataPlane/index.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { waitFor } from '../testbed/processes.ts';
import { type Prometheus, startPrometheus } from '../testbed/prometheus.ts';
import { loadShop, SHOP_SERVICES } from '../testbed/shop/loadShop.ts';

let testbed: Testbed;
let cluster: Testbed['controlPlane'];
const COUNT = 2_000;
let dataPlane: DataPlane;
let prometheus: Prometheus;
let dir: string;

// A control plane of its own: the data plane plays every pod there is, and the shared one holds hundreds of other tests.
beforeAll(async () => {
  testbed = await start({ controlPlane: { crds: ['istio', 'gateway-api', 'flagger'] } });
  cluster = testbed.controlPlane;
  await loadShop(cluster);
  dataPlane = await startDataPlane({
    identity: cluster.facts.admin,
    seed: 3,
    routeStatus: 'leave',
    rate: 60,
    services: SHOP_SERVICES,
  });
  dir = mkdtempSync(join(tmpdir(), 'data-plane-'));
  prometheus = await startPrometheus({
    dir,
    onProgress: () => undefined,
    targets: dataPlane.metricsTargets,
  });
});

afterAll(async () => {
  dataPlane.stop();
  await prometheus.stop();
  rmSync(dir, { recursive: true });
  await testbed.stop();
});

test.each([
  ['shop', 'default', 'v2.4.1', 0.1],
  ['checkout', 'default', 'v3.9.0', 0.2],
  ['search', 'default', 'v5.2.0', 0.005],
  ['recommendations', 'default', 'v1.13.0', 1 / 6],
  ['payments', 'payments', 'v4.1.0', 0.2],
  ['cart', 'default', 'v1.7.3', 1],
])('requests to %s in %s reach %s in its share', async (service, namespace, version, share) => {
  const { byVersion } = await dataPlane.sample({ service, namespace, count: COUNT });
  expect(deviation(byVersion[version] ?? 0, share)).toBeLessThanOrEqual(3);
});

test('requests follow a weight that was changed, none go to 0, and swapped weights are noticed', async () => {
  const canaryAt = async (stable: number, canary: number): Promise<number> => {
    await setShopWeights(stable, canary);
    const { byVersion } = await dataPlane.sample({
      service: 'shop',
      namespace: 'default',
      count: COUNT,
    });
    return byVersion['v2.4.1'] ?? 0;
  };
  expect(deviation(await canaryAt(75, 25), 0.25)).toBeLessThanOrEqual(3);
  expect(deviation(await canaryAt(25, 75), 0.25)).toBeGreaterThan(3);
  expect(await canaryAt(100, 0)).toBe(0);
  await setShopWeights(90, 10);
});

test('a cookie of testers leads past the weights', async () => {
  const headers = { cookie: 'session=x; group=testers' };
  const sample = await dataPlane.sample({
    service: 'search',
    namespace: 'default',
    count: 100,
    headers,
  });
  expect(sample.byVersion).toEqual({ 'v5.2.0': 100 });
});

test('shares of a plain Service follow the ready pods', async () => {
  const name = 'recommendations-canary';
  await cluster.kubectl(['scale', 'deployment', name, '--replicas', '3']);
  const question = { service: 'recommendations', namespace: 'default', by: 'workload' } as const;
  await dataPlane.waitForShare(question, name, 3 / 8);
  const { byWorkload } = await dataPlane.sample({ ...question, count: COUNT });
  expect(deviation(byWorkload[`default/${name}`] ?? 0, 3 / 8)).toBeLessThanOrEqual(3);
});

test('an annotation on a Deployment makes its app fail at once', async () => {
  const annotation = 'demo.cablecar/error-ratio';
  await cluster.kubectl(['annotate', 'deployment', 'cart', `${annotation}=1`]);
  await waitFor({ what: 'the cart to fail', timeoutMs: 10_000 }, async () => {
    const { byStatus } = await dataPlane.sample({
      service: 'cart',
      namespace: 'default',
      count: 20,
    });
    return byStatus['500'] === 20 ? { done: undefined } : { seen: JSON.stringify(byStatus) };
  });
  await cluster.kubectl(['annotate', 'deployment', 'cart', `${annotation}-`]);
});

test("Prometheus has the mesh's series for routed services and the applications' for all", async () => {
  const workloads =
    'count by (destination_workload) (istio_requests_total{reporter="destination"})';
  const names = await waitFor({ what: 'all workloads', timeoutMs: 60_000 }, async () => {
    const series = await prometheus.query(workloads);
    const found = series.map(({ metric }) => metric['destination_workload'] ?? '').sort();
    return found.includes('search-canary') ? { done: found } : { seen: found.join() };
  });
  expect(names).toEqual([
    'checkout-canary',
    'checkout-stable',
    'payments',
    'payments-primary',
    'search-canary',
    'search-stable',
    'shop-v2-4-0',
    'shop-v2-4-1',
  ]);
  const applications = await prometheus.query(
    'count by (namespace, application) (http_server_requests_seconds_count{pod!=""})',
  );
  expect(applications.map(({ metric }) => metric['application']).sort()).toEqual([
    'cart',
    'checkout',
    'payments',
    'payments-primary',
    'recommendations',
    'search',
    'shop',
  ]);
  const failing = await prometheus.query(
    'sum(istio_requests_total{reporter="destination",destination_workload="checkout-canary",response_code="500"})' +
      ' / sum(istio_requests_total{reporter="destination",destination_workload="checkout-canary"})',
  );
  expect(Number(failing[0]?.value[1])).toBeGreaterThan(0.03);
});

/** How many standard deviations a count among `COUNT` is from its share. 0 when it is exactly as asked. */
function deviation(count: number, share: number): number {
  const off = Math.abs(count - COUNT * share);
  return off === 0 ? 0 : off / Math.sqrt(COUNT * share * (1 - share));
}

async function setShopWeights(stable: number, canary: number): Promise<void> {
  const patch = [stable, canary].map((value, index) => ({
    op: 'replace',
    path: `/spec/http/2/route/${String(index)}/weight`,
    value,
  }));
  const target = ['virtualservice', 'shop', '--type', 'json', '--patch', JSON.stringify(patch)];
  await cluster.kubectl(['patch', ...target]);
  const question = { service: 'shop', namespace: 'default', by: 'version' } as const;
  await dataPlane.waitForShare(question, 'v2.4.1', canary / 100);
}

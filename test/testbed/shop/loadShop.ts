import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import type { TrafficService } from '../dataPlane/traffic.ts';

/** The demo shop's six services, as the data plane's traffic visits them. */
export const SHOP_SERVICES: readonly TrafficService[] = [
  { service: 'shop', namespace: 'default', weight: 4, paths: ['/', '/sale', '/product'] },
  { service: 'search', namespace: 'default', weight: 4, paths: ['/search', '/suggest'] },
  { service: 'checkout', namespace: 'default', weight: 2, paths: ['/checkout'] },
  { service: 'cart', namespace: 'default', weight: 2, paths: ['/cart', '/cart/items'] },
  { service: 'recommendations', namespace: 'default', weight: 2, paths: ['/for-you'] },
  { service: 'payments', namespace: 'payments', weight: 1, paths: ['/pay', '/refund'] },
];

const DEPLOYMENTS = [
  ['default', 'shop-v2-4-0'],
  ['default', 'shop-v2-4-1'],
  ['default', 'checkout-stable'],
  ['default', 'checkout-canary'],
  ['default', 'search-stable'],
  ['default', 'search-canary'],
  ['default', 'recommendations'],
  ['default', 'recommendations-canary'],
  ['default', 'cart'],
  ['payments', 'payments-primary'],
  ['payments', 'payments'],
] as const;

const FILES = ['shop', 'checkout', 'search', 'recommendations', 'cart', 'payments'];

/**
 * Creates the shop and waits until all its pods are ready. Needs the CRDs `istio`, `gateway-api` and
 * `flagger`, and the controllers. Objects are created, not applied, so that they carry no mark of a tool.
 */
export async function loadShop(
  cluster: Pick<Cluster, 'kubectl' | 'waitForDeployment'>,
): Promise<void> {
  const { kubectl } = cluster;
  for (const file of FILES) await kubectl(['create', '-f', '-'], { input: manifest(file) });
  await markAsFlaggers(kubectl);
  await Promise.all(
    DEPLOYMENTS.map(([namespace, name]) => cluster.waitForDeployment(namespace, name)),
  );
}

/** Creates one of the shop's services in another namespace than the shop's own and waits until its pods are ready. */
export async function loadService(
  { kubectl, waitForDeployment }: Pick<Cluster, 'kubectl' | 'waitForDeployment'>,
  service: string,
  namespace: string,
): Promise<void> {
  const input = manifest(service).replaceAll('namespace: default', `namespace: ${namespace}`);
  await kubectl(['create', '-f', '-'], { input });
  const own = DEPLOYMENTS.filter(([, name]) => name.startsWith(service));
  await Promise.all(own.map(([, name]) => waitForDeployment(namespace, name)));
}

/** Gives the Canary the status of an analysis under way, and the route its owner. */
async function markAsFlaggers(kubectl: Cluster['kubectl']): Promise<void> {
  const canary = ['canary.flagger.app', 'payments', '--namespace', 'payments'];
  const status = {
    phase: 'Progressing',
    canaryWeight: 20,
    failedChecks: 0,
    iterations: 0,
    lastTransitionTime: new Date().toISOString(),
  };
  const patch = [
    '--subresource',
    'status',
    '--type',
    'merge',
    '--patch',
    JSON.stringify({ status }),
  ];
  await kubectl(['patch', ...canary, ...patch]);
  const uid = await kubectl(['get', ...canary, '--output', 'jsonpath={.metadata.uid}']);
  const route = manifest('payments-route').replaceAll('${CANARY_UID}', uid);
  await kubectl(['create', '-f', '-'], { input: route });
}

function manifest(name: string): string {
  return readFileSync(join(import.meta.dirname, `${name}.yaml`), 'utf8');
}

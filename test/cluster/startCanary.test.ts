import { expect, test } from 'vitest';
import { planStartCanary } from '../../src/actions/startCanary.ts';
import { backends } from '../../src/backends/registry.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import type { JsonObject } from '../../src/model/objects.ts';
import { ObjectSet } from '../support/objectSet.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
const watches = backends
  .filter(({ capabilities }) => capabilities.startsCanary)
  .flatMap((backend) => backend.watches);

test('a canary that is started runs beside its stable, and neither takes pods of the other', async () => {
  const namespace = await cluster.createNamespace('start');
  const apps = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const labels = { app: 'shop', track: 'stable' };
  await cluster.api.ok('POST', apps, deployment('shop', labels, 3));
  await cluster.api.ok('POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] },
  });
  await cluster.waitForDeployment(namespace, 'shop');

  const plan = planStartCanary(new ObjectSet(await read(namespace), watches).snapshot, {
    kind: 'startCanary',
    service: { resource: services, namespace, name: 'shop' },
    workload: { resource: deployments, namespace, name: 'shop' },
    image: 'shop:2',
  });
  const [change] = plan.ok ? plan.value.changes : [];
  if (change?.kind !== 'create') throw new Error('nothing to create');
  await cluster.api.ok('POST', `${apps}?fieldValidation=Strict`, change.object);
  await cluster.waitForDeployment(namespace, 'shop-canary');
  await cluster.waitForDeployment(namespace, 'shop');

  const snapshot = new ObjectSet(await read(namespace), watches).snapshot;
  const [rollout] = backends.flatMap((backend) => backend.discover(snapshot).rollouts);
  expect(rollout?.tracks.map(({ id, workload }) => [id, workload?.ready])).toEqual([
    ['shop', 3],
    ['shop-canary', 1],
  ]);
  expect(rollout?.canaryShare).toBe(0.25);
  const pods = (await cluster.kubectl.json([
    'get',
    'pods',
    '-n',
    namespace,
    '-l',
    'track=stable',
  ])) as {
    items: unknown[];
  };
  expect(pods.items).toHaveLength(3);
});

/** Deployments and Services of the namespace as whole objects; lists leave out kind and apiVersion. */
async function read(namespace: string): Promise<readonly JsonObject[]> {
  const listed = async (path: string, apiVersion: string, kind: string): Promise<JsonObject[]> => {
    const { items } = (await cluster.api.ok('GET', path)).json as { items: JsonObject[] };
    return items.map((item) => ({ ...item, apiVersion, kind }));
  };
  return [
    ...(await listed(`/apis/apps/v1/namespaces/${namespace}/deployments`, 'apps/v1', 'Deployment')),
    ...(await listed(`/api/v1/namespaces/${namespace}/services`, 'v1', 'Service')),
  ];
}

function deployment(
  name: string,
  labels: Readonly<Record<string, string>>,
  replicas: number,
): object {
  return {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } },
    },
  };
}

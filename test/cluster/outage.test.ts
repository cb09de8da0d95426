import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ClusterSession } from '../../src/cluster/session.ts';
import { services } from '../../src/model/kinds.ts';
import { resourceId, type KubeObject } from '../../src/model/objects.ts';
import { sessionTo, testWatches } from '../support/clusterTarget.ts';
import type { FaultProxy } from '../testbed/faultProxy.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { createKubeApi } from '../testbed/kubeApi.ts';
import { waitUntil } from '../testbed/processes.ts';

const id = resourceId(services);
let testbed: Testbed;
let proxy: FaultProxy;

beforeAll(async () => {
  const listenAddress = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
  testbed = await start({ controlPlane: { crds: [], controllers: false, listenAddress } });
});
afterAll(async () => {
  await testbed.stop();
});
beforeEach(async () => {
  proxy = await testbed.startFaultProxy();
});

test('each watch has a connection, and all single requests share one more, with our certificate', async () => {
  const session = await live(proxy.kubeconfigPath);
  const ref = { resource: services, namespace: 'default', name: 'kubernetes' };
  for (let i = 0; i < 20; i += 1)
    expect((await session.fetch(ref, AbortSignal.timeout(5000))).ok).toBe(true);
  expect(proxy.connections().total).toBe(testWatches.length + 1);
  expect(new Set(proxy.requests.map((request) => request.clientName))).toEqual(
    new Set(['proxy-client']),
  );
});

test('after a cut the watches go on where they were: no list, stale only when it lasts', async () => {
  const session = await live(proxy.kubeconfigPath);
  const before = lists();
  const states = statesOf(session);
  proxy.cutAll();
  await createService('after-cut');
  await waitUntil({ what: 'the new service', timeoutMs: 5000 }, () => has(session, 'after-cut'));
  expect(lists()).toEqual(before);
  expect(states).not.toContain('stale');
  expect(session.status.kind).toBe('live');
});

test('a cluster that cannot be reached is stale within three seconds, and live two seconds after its return', async () => {
  const session = await live(proxy.kubeconfigPath);
  const cutAtMs = Date.now();
  await proxy.refuse();
  await waitUntil({ what: 'stale', timeoutMs: 3000 }, () => session.status.kind === 'stale');
  expect(Date.now() - cutAtMs).toBeLessThan(3000);
  expect(session.snapshot().list(id).length).toBeGreaterThan(0);
  await createService('while-away');
  await proxy.accept();
  const backAtMs = Date.now();
  await waitUntil({ what: 'live', timeoutMs: 10_000 }, () => session.status.kind === 'live');
  expect(Date.now() - backAtMs).toBeLessThan(2500);
  await waitUntil({ what: 'the service', timeoutMs: 2000 }, () => has(session, 'while-away'));
});

test('a killed API server is stale at once; after its return each watch lists once, and what was deleted meanwhile is gone', async () => {
  const { controlPlane } = testbed;
  await createService('doomed');
  const session = await live(proxy.kubeconfigPath);
  expect(has(session, 'doomed')).toBe(true);
  const told: string[] = [];
  session.onDidChangeObjects((changes) => {
    told.push(...changes.map((change) => change.name));
  });
  const listsBefore = lists().length;
  await controlPlane.killApiServer();
  await proxy.refuse();
  await waitUntil({ what: 'stale', timeoutMs: 3000 }, () => session.status.kind === 'stale');
  await controlPlane.startApiServer();
  await deleteService('doomed');
  // Started once more, the server knows nothing of what came before: watches cannot go on, and must list.
  await controlPlane.killApiServer();
  await controlPlane.startApiServer();
  await proxy.accept();
  await waitUntil(
    { what: 'live', timeoutMs: 30_000 },
    () => session.status.kind === 'live' && !has(session, 'doomed'),
    () => JSON.stringify(session.status),
  );
  await waitUntil({ what: 'the event', timeoutMs: 1000 }, () => told.includes('doomed'));
  await expectSameAsServer(session);
  const perPath = Map.groupBy(lists().slice(listsBefore), (url) => url.split('?')[0] ?? '');
  expect([...perPath.keys()]).toContain('/api/v1/services');
  for (const [path, urls] of perPath) expect([path, urls.length]).toEqual([path, 1]);
});

/** client-go's oracle: what was gathered event by event is what one fresh list says. */
async function expectSameAsServer(session: ClusterSession): Promise<void> {
  const api = createKubeApi(testbed.controlPlane.facts.admin);
  const response = await api.ok('GET', '/api/v1/services');
  api.close();
  const { items } = response.json as {
    items: { metadata: { name: string; resourceVersion: string } }[];
  };
  const fresh = items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort();
  const known = session
    .snapshot()
    .list(id)
    .map(({ meta }: KubeObject) => `${meta.name} ${meta.resourceVersion}`);
  expect([...known].sort()).toEqual(fresh);
}

/** Those that the proxy has seen, in order. */
function lists(): readonly string[] {
  return proxy.requests
    .map((request) => request.url)
    .filter((url) => {
      const { pathname, searchParams } = new URL(url, 'https://server');
      return /\/(services|deployments|namespaces)$/.test(pathname) && !searchParams.has('watch');
    });
}

function statesOf(session: ClusterSession): string[] {
  const states: string[] = [];
  session.onDidChangeStatus((status) => states.push(status.kind));
  return states;
}

function has(session: ClusterSession, name: string): boolean {
  return session.snapshot().get(id, 'default', name) !== undefined;
}

async function live(kubeconfigPath: string): Promise<ClusterSession> {
  const session = await sessionTo(kubeconfigPath);
  onTestFinished(() => {
    session.dispose();
  });
  session.follow();
  await waitUntil(
    { what: 'a live connection', timeoutMs: 30_000 },
    () => session.status.kind === 'live',
    () => JSON.stringify(session.status),
  );
  return session;
}

async function createService(name: string): Promise<void> {
  await testbed.controlPlane.api.ok('POST', '/api/v1/namespaces/default/services', {
    metadata: { name },
    spec: { ports: [{ port: 80 }] },
  });
}

async function deleteService(name: string): Promise<void> {
  await testbed.controlPlane.api.ok('DELETE', `/api/v1/namespaces/default/services/${name}`);
}

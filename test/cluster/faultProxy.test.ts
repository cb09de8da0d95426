import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy, type SeenRequest } from '../testbed/faultProxy.ts';
import { createKubeApi, type KubeApi } from '../testbed/kubeApi.ts';
import { waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
let dir: string;
let proxy: FaultProxy;
let api: KubeApi;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fault-proxy-'));
  proxy = await startFaultProxy({ upstream: cluster.facts.admin, dir, clientName: 'somebody' });
  api = createKubeApi(proxy.identity);
});

afterEach(async () => {
  api.close();
  await proxy.stop();
  rmSync(dir, { recursive: true });
});

test('without a fault everything passes, over one connection, and the client is known by its certificate', async () => {
  for (let index = 0; index < 5; index++)
    expect((await api.request('GET', '/api/v1/namespaces')).status).toBe(200);
  expect(proxy.connections()).toEqual({ open: 1, total: 1 });
  expect(proxy.requests.map((one) => [one.connection, one.clientName, one.status])).toEqual(
    Array.from({ length: 5 }, () => [1, 'somebody', 200]),
  );
  expect(
    await cluster.kubectl(['get', '--raw', '/readyz'], { kubeconfig: proxy.kubeconfigPath }),
  ).toBe('ok');
});

test('a write held before it is forwarded and then dropped was never made', async () => {
  const fault = proxy.inject(isPatch, { kind: 'holdBefore' }, 1);
  const { since, path } = await configMap('before');
  const patched = api.request('PATCH', path, { data: { a: '2' } }).catch((error: unknown) => error);
  const held = await fault.nextHeld();
  expect(await writesTo(path, since)).toBe(0);
  held.drop();
  expect(await patched).toBeInstanceOf(Error);
  expect(await writesTo(path, since)).toBe(0);
});

test('a write held after it was applied has been made, though its client never learns', async () => {
  const fault = proxy.inject(isPatch, { kind: 'holdAfter' }, 1);
  const { since, path } = await configMap('after');
  const patched = api.request('PATCH', path, { data: { a: '2' } }).catch((error: unknown) => error);
  const held = await fault.nextHeld();
  expect(held.request.status).toBe(200);
  expect(await writesTo(path, since)).toBe(1);
  held.drop();
  expect(await patched).toBeInstanceOf(Error);
  expect(await writesTo(path, since)).toBe(1);
});

test('a request that is let go is answered as if nothing had happened', async () => {
  const before = proxy.inject(isPatch, { kind: 'holdBefore' }, 1);
  const { path } = await configMap('let-go');
  const patched = api.request('PATCH', path, { data: { a: '2' } });
  (await before.nextHeld()).letGo();
  expect((await patched).status).toBe(200);
});

test('a status is given without asking the server', async () => {
  const body = '{"kind":"Status","code":429}';
  const fault = proxy.inject(
    () => true,
    { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body },
    1,
  );
  const response = await api.request('GET', '/api/v1/namespaces');
  expect(response).toMatchObject({ status: 429, text: body });
  expect(fault.hits).toHaveLength(1);
  expect((await api.request('GET', '/api/v1/namespaces')).status).toBe(200);
});

test('an answer is cut after exactly as many bytes as asked', async () => {
  proxy.inject(() => true, { kind: 'cut', afterBytes: 100 }, 1);
  const response = await api.stream('/api/v1/namespaces', new AbortController().signal);
  let received = 0;
  const reading = (async () => {
    for await (const chunk of response) received += (chunk as Buffer).length;
  })();
  await expect(reading).rejects.toThrow('aborted');
  expect(received).toBe(100);
});

test('an answer is cut before its head, though the server has done its part', async () => {
  const { since, path } = await configMap('headless');
  proxy.inject(isPatch, { kind: 'cut', afterBytes: 0 }, 1);
  await expect(api.request('PATCH', path, { data: { a: '2' } })).rejects.toThrow('hang up');
  expect(await writesTo(path, since)).toBe(1);
});

test('a delayed request is answered, later', async () => {
  proxy.inject(() => true, { kind: 'delay', ms: 300 }, 1);
  const startedAt = performance.now();
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
});

test('a request that falls into a black hole stays open and never reaches the server', async () => {
  const { since, path } = await configMap('hole');
  const fault = proxy.inject(isPatch, { kind: 'blackHole' }, 1);
  let ended = false;
  const patched = api.request('PATCH', path, { data: { a: '2' } }).catch(() => undefined);
  void patched.then(() => (ended = true));
  await waitUntil({ what: 'the request', timeoutMs: 5000 }, () => fault.hits.length === 1);
  expect(await writesTo(path, since)).toBe(0);
  expect(ended).toBe(false);
  proxy.cutAll();
  await patched;
});

test('cutAll resets an open watch, and the next request makes a new connection', async () => {
  const watch = await api.stream(
    '/api/v1/namespaces?watch=true&resourceVersion=0',
    new AbortController().signal,
  );
  watch.resume();
  const ended = new Promise<string>((resolve) => {
    watch.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? '');
    });
  });
  proxy.cutAll();
  expect(await ended).toBe('ECONNRESET');
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  expect(proxy.connections()).toEqual({ open: 1, total: 2 });
});

test('while frozen nothing is answered; when thawed, what was asked is', async () => {
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  proxy.freeze();
  let answered = 0;
  const other = createKubeApi(proxy.identity);
  const asked = [api, other].map(async (client) => {
    const response = await client.request('GET', '/readyz');
    answered++;
    return response.status;
  });
  // A request past the proxy, answered by the same server, shows that time enough has passed.
  await cluster.kubectl(['get', '--raw', '/readyz']);
  expect(answered).toBe(0);
  expect(proxy.requests).toHaveLength(1);
  proxy.thaw();
  expect(await Promise.all(asked)).toEqual([200, 200]);
  other.close();
});

test('refused connections are refused at the same address until it accepts again', async () => {
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  await proxy.refuse();
  await waitUntil({ what: 'the connection to be refused', timeoutMs: 5000 }, async () => {
    const error = await api.request('GET', '/readyz').then(
      () => undefined,
      (failure: unknown) => failure as NodeJS.ErrnoException,
    );
    return error?.code === 'ECONNREFUSED';
  });
  await proxy.accept();
  expect((await api.request('GET', '/readyz')).status).toBe(200);
});

test('a token is forwarded as it is, so that its user is who asks', async () => {
  const namespace = await cluster.createNamespace('token');
  const user = await cluster.createTokenUser(namespace, 'holder');
  const kubeconfig = { kubeconfig: proxy.kubeconfigPath };
  const who = await cluster.kubectl(
    ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', '--token', user.token],
    kubeconfig,
  );
  expect(who).toBe(user.user);
});

async function configMap(name: string): Promise<{ since: number; path: string }> {
  const namespace = await cluster.createNamespace(name);
  const collection = `/api/v1/namespaces/${namespace}/configmaps`;
  await cluster.api.ok('POST', collection, { metadata: { name }, data: { a: '1' } });
  return { since: await cluster.auditLog.mark(), path: `${collection}/${name}` };
}

async function writesTo(path: string, since: number): Promise<number> {
  return (await cluster.auditLog.writes({ uri: new RegExp(`^${path}`) }, since)).length;
}

function isPatch(request: SeenRequest): boolean {
  return request.method === 'PATCH';
}

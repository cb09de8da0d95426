import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { failureOfAnswer } from '../../src/cluster/failures.ts';
import type { ClusterAnswer, Transport } from '../../src/cluster/transport.ts';
import { startTunnelProxy } from '../support/tunnelProxy.ts';
import { targetOfText, transportTo } from '../support/clusterTarget.ts';
import {
  sendJson,
  sendStatus,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../support/scriptedServer.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const linuxOnly = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

test('requests one after the other share one connection and show the client certificate', async () => {
  const { server, transport } = await connected(
    (_, response) => {
      sendJson(response, 200, {});
    },
    { host: linuxOnly },
  );
  for (let i = 0; i < 20; i += 1) expect((await get(transport, '/version')).status).toBe(200);
  expect(server.connections()).toBe(1);
  expect(new Set(server.requests.map((request) => request.clientName))).toEqual(new Set(['dev']));
});

test('nothing is connected before the first request', async () => {
  const { server } = await connected(() => undefined);
  expect(server.connections()).toBe(0);
});

test('a compressed answer is unpacked', async () => {
  const { transport } = await connected((_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' });
    response.end(gzipSync('{"kind":"版本"}'));
  });
  expect((await get(transport, '/version')).body).toBe('{"kind":"版本"}');
});

test('refused credentials are made again once, and a second refusal is the answer', async () => {
  let refusals = 1;
  const { server, transport } = await connected((_, response) => {
    if (refusals-- > 0) sendStatus(response, 401, { reason: 'Unauthorized' });
    else sendJson(response, 200, {});
  });
  expect((await get(transport, '/a')).status).toBe(200);
  expect(server.requests).toHaveLength(2);
  refusals = 5;
  expect((await get(transport, '/b')).status).toBe(401);
  expect(server.requests).toHaveLength(4);
});

test('a page of HTML is not taken for the API server', async () => {
  const { transport } = await connected((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Log in</h1>');
  });
  const answer = await get(transport, '/version');
  const failure = failureOfAnswer({ ...answer, status: 403 }, transport.target);
  expect(failure).toMatchObject({ kind: 'notKubernetes', text: { key: 'cluster.notKubernetes' } });
});

test('a server that accepts and never answers is given up after the time for headers', async () => {
  const { transport } = await connected(
    () => undefined,
    {},
    { headerTimeoutMs: { read: 200, write: 200 } },
  );
  const answer = await transport.request({
    method: 'GET',
    path: '/x',
    signal: AbortSignal.timeout(5000),
  });
  expect(answer).toMatchObject({
    ok: false,
    error: { kind: 'unreachable', text: { key: 'cluster.timedOut' } },
  });
});

test('a body larger than the limit is not read', async () => {
  const { transport } = await connected((_, response) => {
    response.end(Buffer.alloc(3 << 20));
  });
  const answer = await transport.request({
    method: 'GET',
    path: '/x',
    signal: AbortSignal.timeout(5000),
    maxBytes: 1 << 20,
  });
  expect(answer).toMatchObject({
    ok: false,
    error: { text: { key: 'cluster.tooLarge', args: { limit: 1 } } },
  });
});

test('a write whose connection is reset is not sent again', async () => {
  const { server, transport } = await connected((request, response) => {
    if (request.method === 'PATCH') response.socket?.destroy();
    else sendJson(response, 200, {});
  });
  await get(transport, '/warm');
  const answer = await transport.request({
    method: 'PATCH',
    path: '/x',
    body: '[]',
    signal: AbortSignal.timeout(5000),
  });
  expect(answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  expect(server.requests.filter((request) => request.method === 'PATCH')).toHaveLength(1);
});

test('a read over a kept connection that the server had closed is sent again', async () => {
  let closeNext = false;
  const { transport } = await connected((_, response) => {
    if (closeNext) {
      closeNext = false;
      response.socket?.destroy();
      return;
    }
    sendJson(response, 200, {});
  });
  await get(transport, '/warm');
  closeNext = true;
  expect((await get(transport, '/x')).status).toBe(200);
});

test('an abort ends a request that waits, and says so by throwing its reason', async () => {
  const { transport } = await connected(() => undefined);
  const reason = new Error('changed my mind');
  const abort = new AbortController();
  const request = transport.request({ method: 'GET', path: '/x', signal: abort.signal });
  setImmediate(() => {
    abort.abort(reason);
  });
  await expect(request).rejects.toBe(reason);
});

test('nothing that listens is one sentence with the address', async () => {
  const { server, transport } = await connected(() => undefined);
  await server.stop();
  ends.shift();
  const answer = await transport.request({
    method: 'GET',
    path: '/x',
    signal: AbortSignal.timeout(5000),
  });
  expect(answer).toMatchObject({
    ok: false,
    error: {
      kind: 'unreachable',
      text: { key: 'cluster.refused', args: { server: transport.target.server.host } },
    },
  });
});

test('who one acts as, with all groups, and a token in a file are sent as they are now', async () => {
  const { server, transport } = await connected((_, response) => {
    sendJson(response, 200, {});
  });
  const tokenFile = join(await mkdtemp(join(tmpdir(), 'cablecar-token-')), 'token');
  ends.push(() => rm(dirname(tokenFile), { recursive: true }));
  await writeFile(tokenFile, 'first\n');
  const user = { name: 'u', impersonateUser: 'boss', impersonateGroups: ['a', 'b'], tokenFile };
  const acting = transportTo({ ...transport.target, user });
  ends.push(() => {
    acting.dispose();
  });
  await get(acting, '/version');
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer first',
    'impersonate-user': 'boss',
    'impersonate-group': 'a, b',
  });
  await writeFile(tokenFile, 'second');
  server.play((request, response) => {
    if (request.headers.authorization === 'Bearer second') sendJson(response, 200, {});
    else sendStatus(response, 401);
  });
  expect((await get(acting, '/version')).status).toBe(200);
});

test('a certificate of another authority is refused', async () => {
  const { server, transport } = await connected(() => undefined);
  const other = await startScriptedServer(() => undefined);
  ends.push(other.stop);
  const target = { ...transport.target, server: new URL(other.url) };
  const stranger = transportTo(target);
  const answer = await stranger.request({
    method: 'GET',
    path: '/x',
    signal: AbortSignal.timeout(5000),
  });
  expect(answer).toMatchObject({ ok: false, error: { text: { key: 'cluster.badCertificate' } } });
  expect(other.requests).toHaveLength(0);
  expect(server.requests).toHaveLength(0);
});

test.each(['proxy-url', 'HTTPS_PROXY', 'http.proxy'] as const)(
  'through %s requests share one tunnel, and the server still sees the client certificate',
  async (how) => {
    const proxy = await startTunnelProxy();
    ends.push(proxy.stop);
    const server = await startScriptedServer((_, response) => {
      sendJson(response, 200, {});
    });
    ends.push(server.stop);
    const target = await targetOfText(server.kubeconfig);
    // This machine is never reached through a proxy of the environment: the tunnel leads there under another name.
    const away = { ...target, server: new URL(`https://api.example:${target.server.port}`) };
    const named = { ...away, cluster: { ...away.cluster, tlsServerName: 'localhost' } };
    const transport = transportTo(
      how === 'proxy-url'
        ? { ...named, cluster: { ...named.cluster, proxyUrl: proxy.url } }
        : named,
      {
        proxy: {
          env: how === 'HTTPS_PROXY' ? { HTTPS_PROXY: proxy.url, NO_PROXY: 'other.example' } : {},
          setting: how === 'http.proxy' ? proxy.url : '',
        },
      },
    );
    ends.push(() => {
      transport.dispose();
    });
    for (let i = 0; i < 5; i += 1) expect((await get(transport, '/version')).status).toBe(200);
    expect(proxy.tunnels).toEqual([named.server.host]);
    expect(server.connections()).toBe(1);
    expect(server.requests.every((request) => request.clientName === 'dev')).toBe(true);
  },
);

async function connected(
  script: Script,
  serverOptions: { host?: string } = {},
  options: Parameters<typeof transportTo>[1] = {},
): Promise<{ server: ScriptedServer; transport: Transport }> {
  const server = await startScriptedServer(script, serverOptions);
  const transport = transportTo(await targetOfText(server.kubeconfig), options);
  ends.push(server.stop, () => {
    transport.dispose();
  });
  return { server, transport };
}

async function get(transport: Transport, path: string): Promise<ClusterAnswer> {
  const answer = await transport.request({
    method: 'GET',
    path,
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}

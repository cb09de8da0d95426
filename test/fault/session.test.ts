import { afterEach, expect, test } from 'vitest';
import type { ClusterSession, SessionOptions } from '../../src/cluster/session.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import { optionsOf, sessionOf, targetOfText } from '../support/clusterTarget.ts';
import { openSession } from '../../src/wiring/session.ts';
import { fastClock } from '../support/fastClock.ts';
import {
  sendJson,
  sendStatus,
  startScriptedServer,
  type Script,
  type ScriptedServer,
} from '../support/scriptedServer.ts';
import { waitUntil } from '../testbed/processes.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const signal = AbortSignal.timeout(60_000);
const ref = { resource: services, namespace: 'shop', name: 'web' };

test('a resource that several follow is listed and watched once, and for a minute after the last of them', async () => {
  const clock = fastClock(60);
  const { server, session } = await connected(cluster(), { clock });
  const first = session.follow(['/services']);
  const second = session.follow(['/services']);
  await live(session);
  first.dispose();
  second.dispose();
  second.dispose();
  const disposedMs = clock.monotonicMs();
  const third = session.follow(['/services']);
  await live(session);
  expect(requestsTo(server, 'services')).toEqual(['list', 'watch']);
  expect(session.snapshot().list('/services')).toHaveLength(1);
  third.dispose();
  await waitUntil(
    { what: 'the end', timeoutMs: 5000 },
    () => session.snapshot().list('/services').length === 0,
  );
  expect(clock.monotonicMs() - disposedMs).toBeGreaterThan(59_000);
});

test('a server that is too old for aggregated discovery is asked group by group', async () => {
  const { server, session } = await connected(
    cluster({
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/api/v1': {
        kind: 'APIResourceList',
        resources: [{ name: 'services' }, { name: 'namespaces' }],
      },
      '/apis': {
        kind: 'APIGroupList',
        groups: [
          {
            name: 'apps',
            versions: [{ groupVersion: 'apps/v1' }, { groupVersion: 'apps/v1beta1' }],
          },
          { name: 'other.example', versions: [{ groupVersion: 'other.example/v1' }] },
        ],
      },
      '/apis/apps/v1': { kind: 'APIResourceList', resources: [{ name: 'deployments' }] },
    }),
  );
  session.follow();
  await live(session);
  expect(session.served(services)?.versions).toEqual(['v1']);
  expect(session.served(deployments)?.versions).toEqual(['v1']);
  expect(server.requests.map((request) => request.path)).not.toContain('/apis/other.example/v1');
});

test.each<[string, Script, object]>([
  [
    'answers HTML',
    (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Log in</h1>');
    },
    { reason: 'invalid', text: { key: 'cluster.notKubernetes' } },
  ],
  [
    'knows nobody',
    (_, response) => {
      sendStatus(response, 401, { reason: 'Unauthorized' });
    },
    { reason: 'credentials', text: { key: 'cluster.unauthorized' } },
  ],
  [
    'is a gateway without a server behind it',
    (_, response) => {
      response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
    },
    { reason: 'unreachable', text: { key: 'cluster.serverError' } },
  ],
])(
  'a server that %s is a failed connection with its reason, and is tried again',
  async (_, script, failed) => {
    const { server, session } = await connected(script);
    session.follow();
    await waitUntil(
      { what: 'the failure', timeoutMs: 10_000 },
      () => session.status.kind === 'failed',
    );
    expect(session.status).toMatchObject(failed);
    server.play(cluster());
    session.retry();
    await live(session);
  },
);

test('a plugin that is missing is a failed connection, and nothing is sent', async () => {
  const server = await startScriptedServer(cluster());
  const target = await targetOfText(server.kubeconfig);
  const session = sessionOf({
    ...target,
    user: { ...target.user, exec: { command: 'no-such-plugin' } },
  });
  ends.push(server.stop, () => {
    session.dispose();
  });
  session.follow();
  await waitUntil(
    { what: 'the failure', timeoutMs: 10_000 },
    () => session.status.kind === 'failed',
  );
  expect(session.status).toMatchObject({
    reason: 'credentials',
    text: { key: 'cluster.pluginMissing' },
  });
  expect(server.connections()).toBe(0);
});

test.each([
  [500, 'unreachable'],
  [504, 'unreachable'],
  [429, 'tooManyRequests'],
  [409, 'conflict'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [401, 'unauthorized'],
  [400, 'invalid'],
] as const)(
  'a write that is answered with %i is %s, and is not sent again',
  async (status, kind) => {
    const { server, session } = await connected((request, response) => {
      if (request.method === 'PATCH') sendStatus(response, status, { reason: 'Scripted' });
      else return cluster()(request, response);
    });
    const answer = await session.send(
      { kind: 'patch', target: ref, fields: [], operations: [] },
      { dryRun: false },
      signal,
    );
    expect(answer).toMatchObject({ ok: false, error: { kind, status } });
    // What was not let in was not done: with new credentials it may be sent once more.
    expect(server.requests.filter((request) => request.method === 'PATCH')).toHaveLength(
      status === 401 ? 2 : 1,
    );
  },
);

test('a write whose answer is no object of the cluster has an outcome that is not known', async () => {
  const { session } = await connected((request, response) => {
    if (request.method === 'PATCH')
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>OK</p>');
    else return cluster()(request, response);
  });
  const answer = await session.send(
    { kind: 'patch', target: ref, fields: [], operations: [] },
    { dryRun: false },
    signal,
  );
  expect(answer).toMatchObject({ ok: false, error: { kind: 'notKubernetes' } });
});

test('rights are asked for once a minute, and each verb by itself', async () => {
  const clock = fastClock(100);
  const { server, session } = await connected(cluster(), { clock });
  const asked = (): number => server.requests.filter((request) => request.method === 'POST').length;
  expect(await session.allows('patch', ref, signal)).toEqual({ ok: true, value: true });
  expect(await session.allows('patch', ref, signal)).toEqual({ ok: true, value: true });
  expect(await session.allows('delete', ref, signal)).toEqual({ ok: true, value: false });
  expect(asked()).toBe(2);
  const fromMs = clock.monotonicMs();
  await waitUntil(
    { what: 'a minute', timeoutMs: 5000 },
    () => clock.monotonicMs() - fromMs > 60_000,
  );
  await session.allows('patch', ref, signal);
  expect(asked()).toBe(3);
});

test('any answer of a service behind the API server is an answer, whatever it is', async () => {
  const path = '/api/v1/namespaces/monitoring/services/prometheus:web/proxy/api/v1/query';
  const { session } = await connected((request, response) => {
    if (request.path === path)
      response.writeHead(502, { 'Content-Type': 'text/plain' }).end(request.query.get('query'));
    else return cluster()(request, response);
  });
  expect(await session.proxyGet(path, { query: 'up{a="b c"}' }, signal)).toMatchObject({
    ok: true,
    value: { status: 502, body: 'up{a="b c"}', headers: { 'content-type': 'text/plain' } },
  });
});

test('the names of the namespaces are those that may be seen, and a failure is one', async () => {
  let status = 200;
  const items = ['shop', 'bank'].map((name) => ({ metadata: { name } }));
  const server = await startScriptedServer((request, response) => {
    if (request.path !== '/api/v1/namespaces') return cluster()(request, response);
    if (status === 200) sendJson(response, 200, { items });
    else sendStatus(response, status, {});
  });
  const session = openSession(optionsOf(await targetOfText(server.kubeconfig)));
  ends.push(server.stop, () => {
    session.dispose();
  });
  const names = (): ReturnType<typeof session.namespaces> => session.namespaces(signal);
  expect(await names()).toEqual({ ok: true, value: ['bank', 'shop'] });
  status = 403;
  expect(await names()).toEqual({ ok: true, value: [] });
  status = 500;
  expect(await names()).toMatchObject({
    error: { key: 'cluster.serverError', args: { status: 500 } },
  });
});

test('a session that is disposed in the middle of everything closes its connections', async () => {
  const { server, session } = await connected(cluster());
  session.follow();
  await live(session);
  const waiting = session.proxyGet('/never', {}, signal);
  await waitUntil({ what: 'the request', timeoutMs: 5000 }, () =>
    server.requests.some(({ path }) => path === '/never'),
  );
  session.dispose();
  await expect(waiting).rejects.toThrow('closed');
  await waitUntil({ what: 'no connection', timeoutMs: 5000 }, () => server.openConnections() === 0);
});

/** A small cluster of one Service; `answers` are for other paths, or instead. */
function cluster(answers: Readonly<Record<string, unknown>> = {}): Script {
  const discovery = (group: string, ...resources: string[]): unknown => ({
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: group },
        versions: [{ version: 'v1', resources: resources.map((resource) => ({ resource })) }],
      },
    ],
  });
  const web = { metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '5' } };
  const known: Readonly<Record<string, unknown>> = {
    '/api': discovery('', 'services', 'namespaces'),
    '/apis': discovery('apps', 'deployments'),
    '/api/v1/services': { kind: 'ServiceList', metadata: { resourceVersion: '10' }, items: [web] },
    ...answers,
  };
  return (request, response) => {
    const verb = (/"verb":"(\w+)"/.exec(request.body) ?? [])[1];
    if (request.path === '/never') return;
    if (request.query.has('watch')) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.flushHeaders();
    } else if (verb !== undefined)
      sendJson(response, 201, { status: { allowed: verb === 'patch' } });
    else
      sendJson(
        response,
        200,
        known[request.path] ?? { metadata: { resourceVersion: '10' }, items: [] },
      );
  };
}

async function connected(
  script: Script,
  options: Partial<SessionOptions> = {},
): Promise<{ server: ScriptedServer; session: ClusterSession }> {
  const server = await startScriptedServer(script);
  const session = sessionOf(await targetOfText(server.kubeconfig), options);
  ends.push(server.stop, () => {
    session.dispose();
  });
  return { server, session };
}

async function live(session: ClusterSession): Promise<void> {
  await waitUntil(
    { what: 'a live connection', timeoutMs: 15_000 },
    () => session.status.kind === 'live',
    () => JSON.stringify(session.status),
  );
}

function requestsTo(server: ScriptedServer, plural: string): string[] {
  return server.requests
    .filter((request) => request.path.endsWith(`/${plural}`))
    .map((request) => (request.query.has('watch') ? 'watch' : 'list'));
}

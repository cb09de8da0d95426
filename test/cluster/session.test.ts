import { onTestFinished, expect, test } from 'vitest';
import type { ClusterSession } from '../../src/cluster/session.ts';
import type { ClusterPort } from '../../src/operations/ports.ts';
import type { ClusterFeed } from '../../src/state/store.ts';
import type { Change } from '../../src/model/change.ts';
import { services } from '../../src/model/kinds.ts';
import { resourceId, type ObjectRef, type Resource } from '../../src/model/objects.ts';
import { waitUntil } from '../testbed/processes.ts';
import { sessionTo, testWatches } from '../support/clusterTarget.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
const serviceId = resourceId(services);
const signal = AbortSignal.timeout(100_000);

test('what is in the cluster is in the cache, and stays so', async () => {
  const namespace = await cluster.createNamespace('cache');
  await createService(namespace, 'first');
  const session = await admin();
  const changes: string[] = [];
  session.onDidChangeObjects((batch) => {
    changes.push(...batch.filter((c) => c.namespace === namespace).map((c) => c.name));
  });
  await live(session);
  expect(names(session, namespace)).toEqual(['first']);
  expect(session.snapshot().get(serviceId, namespace, 'first')).toMatchObject({
    apiVersion: 'v1',
    kind: 'Service',
    meta: { namespace, name: 'first', annotations: { note: 'kept' }, labels: { app: 'first' } },
    body: { spec: { ports: [{ port: 80 }] } },
  });
  await createService(namespace, 'second');
  await waitUntil(
    { what: 'the second service', timeoutMs: 5000 },
    () => names(session, namespace).length === 2,
  );
  await cluster.api.ok('DELETE', `/api/v1/namespaces/${namespace}/services/first`);
  await waitUntil(
    { what: 'the end of the first', timeoutMs: 5000 },
    () => names(session, namespace).join() === 'second',
  );
  await waitUntil({ what: 'the events', timeoutMs: 5000 }, () => changes.includes('second'));
  expect(changes).toContain('first');
});

test('a patch whose tests hold is written once, with our name and strict validation', async () => {
  const { session, ref } = await withService('patch');
  const since = await cluster.auditLog.mark();
  const uid = await uidOf(session, ref);
  const dry = await session.send(setPort(ref, uid, 80, 81), { dryRun: true }, signal);
  expect(dry).toMatchObject({ ok: true, value: { raw: { spec: { ports: [{ port: 81 }] } } } });
  expect(await portOf(session, ref)).toBe(80);
  const written = await session.send(setPort(ref, uid, 80, 82), { dryRun: false }, signal);
  expect(written).toMatchObject({
    ok: true,
    value: { object: { body: { spec: { ports: [{ port: 82 }] } } } },
  });
  expect(await portOf(session, ref)).toBe(82);
  const filter = { namespace: ref.namespace, userAgent: /^cablecar/ };
  const writes = await cluster.auditLog.writes(filter, since);
  expect(writes).toHaveLength(1);
  expect(writes[0]?.requestURI).toMatch(/fieldManager=cablecar.*fieldValidation=Strict/);
  expect(await cluster.auditLog.dryRuns(filter, since)).toHaveLength(1);
});

test('a patch whose tests fail is a conflict, writes nothing, and the other writer is known', async () => {
  const { session, ref } = await withService('conflict');
  const uid = await uidOf(session, ref);
  // The times of writes are whole seconds, and in a test everything happens in one.
  const second = Math.floor(Date.now() / 1000);
  await waitUntil(
    { what: 'the next second', timeoutMs: 3000 },
    () => Date.now() / 1000 >= second + 1,
  );
  await cluster.kubectl([
    ...['patch', 'service', ref.name, '-n', ref.namespace, '--type=json', '-p'],
    '[{"op":"replace","path":"/spec/ports/0/port","value":90}]',
  ]);
  const answer = await session.send(setPort(ref, uid, 80, 81), { dryRun: false }, signal);
  expect(answer).toMatchObject({ ok: false, error: { kind: 'conflict', status: 422 } });
  const read = await session.fetch(ref, signal);
  if (!read.ok) throw new Error('not read');
  expect(session.lastWriter(read.value)).toMatchObject({ manager: 'kubectl-patch' });
  expect(await portOf(session, ref)).toBe(90);
});

test('content that the server refuses is invalid, with the field in the sentence', async () => {
  const { session, ref } = await withService('invalid');
  const uid = await uidOf(session, ref);
  const answer = await session.send(setPort(ref, uid, 80, 700_000), { dryRun: true }, signal);
  expect(answer).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  expect(JSON.stringify(answer)).toContain('spec.ports[0].port');
  const unknown: Change = {
    kind: 'patch',
    target: ref,
    fields: [],
    operations: [{ op: 'add', path: '/spec/weightz', value: 1 }],
  };
  const strict = await session.send(unknown, { dryRun: true }, signal);
  expect(strict).toMatchObject({ ok: false });
  expect(JSON.stringify(strict)).toContain('weightz');
});

test('an object is created, and deleted only by its uid', async () => {
  const namespace = await cluster.createNamespace('create');
  const session = await admin();
  const ref = serviceRef(namespace, 'made');
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'made', namespace },
    spec: { ports: [{ port: 80 }] },
  };
  const create: Change = { kind: 'create', target: ref, fields: [], object };
  const dry = await session.send(create, { dryRun: true }, signal);
  expect(dry).toMatchObject({ ok: true });
  expect(await session.fetch(ref, signal)).toMatchObject({
    ok: false,
    error: { kind: 'notFound', status: 404 },
  });
  const made = await session.send(create, { dryRun: false }, signal);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { uid } = made.value.object.meta;
  expect(await session.send(create, { dryRun: false }, signal)).toMatchObject({
    ok: false,
    error: { kind: 'conflict' },
  });
  for (const wrong of ['', 'another'])
    expect(
      await session.send(
        { kind: 'delete', target: ref, fields: [], uid: wrong },
        { dryRun: false },
        signal,
      ),
    ).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    });
  const gone = await session.send(
    { kind: 'delete', target: ref, fields: [], uid },
    { dryRun: false },
    signal,
  );
  expect(gone).toMatchObject({ ok: true });
  expect(await session.fetch(ref, signal)).toMatchObject({
    ok: false,
    error: { kind: 'notFound' },
  });
});

test('a user who may only read one namespace sees that one, is told so, and may write nothing', async () => {
  const namespace = await cluster.createNamespace('rights');
  await createService(namespace, 'web');
  const user = await cluster.createTokenUser(namespace, 'reader');
  await cluster.kubectl([
    ...['create', 'role', 'reader', '-n', namespace, '--verb=get,list,watch'],
    '--resource=services,deployments.apps',
  ]);
  await cluster.kubectl([
    ...['create', 'rolebinding', 'reader', '-n', namespace, '--role=reader'],
    `--serviceaccount=${namespace}:reader`,
  ]);
  const session = await follow(user.kubeconfigPath);
  await live(session);
  await waitUntil(
    { what: 'its service', timeoutMs: 20_000 },
    () => names(session, namespace).join() === 'web',
  );
  expect(
    session
      .snapshot()
      .list(serviceId)
      .every((object) => object.meta.namespace === namespace),
  ).toBe(true);
  expect(session.gaps).toContainEqual({
    key: 'cluster.partial',
    args: { kind: 'Service', namespaces: namespace },
  });
  expect(session.gaps).toContainEqual({
    key: 'cluster.nothingAllowed',
    args: { kind: 'Namespace', namespaces: { key: 'cluster.wholeCluster', args: {} } },
  });
  const ref = serviceRef(namespace, 'web');
  expect(await session.allows('get', ref, signal)).toEqual({ ok: true, value: true });
  expect(await session.allows('patch', ref, signal)).toEqual({ ok: true, value: false });
  const uid = await uidOf(session, ref);
  const write = await session.send(setPort(ref, uid, 80, 81), { dryRun: false }, signal);
  expect(write).toMatchObject({ ok: false, error: { kind: 'forbidden', status: 403 } });
  expect(JSON.stringify(write)).toContain('cannot patch resource');
});

test('a kind whose CRD appears later is followed without a restart', async () => {
  const group = `late-${String(Date.now())}.example`;
  const gadgets: Resource = {
    group,
    versions: ['v2', 'v1'],
    plural: 'gadgets',
    kind: 'Gadget',
    namespaced: true,
  };
  const namespace = await cluster.createNamespace('late');
  const watched = [...testWatches, { resource: gadgets, writes: [], pick: () => ({}) }];
  const session = await follow(cluster.facts.admin.kubeconfigPath, { watched });
  await live(session);
  expect(session.served(gadgets)).toBeUndefined();
  expect(session.snapshot().serves(resourceId(gadgets))).toBe(false);
  await cluster.api.ok('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  });
  onTestFinished(async () => {
    await cluster.api.ok(
      'DELETE',
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`,
    );
  });
  await waitUntil({ what: 'the kind', timeoutMs: 30_000 }, () =>
    session.snapshot().serves(resourceId(gadgets)),
  );
  expect(session.served(gadgets)?.versions).toEqual(['v1']);
  await cluster.api.ok('POST', `/apis/${group}/v1/namespaces/${namespace}/gadgets`, {
    apiVersion: `${group}/v1`,
    kind: 'Gadget',
    metadata: { name: 'one' },
  });
  await waitUntil(
    { what: 'the object', timeoutMs: 10_000 },
    () => session.snapshot().get(resourceId(gadgets), namespace, 'one') !== undefined,
  );
});

test('the identity is the cluster, whatever user or context it is reached by', async () => {
  const namespace = await cluster.createNamespace('identity');
  const session = await admin();
  const identity = await session.identity(signal);
  if (!identity.ok) throw new Error('no identity');
  expect(identity.value.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(identity.value.caHash).toMatch(/^[0-9a-f]{64}$/);
  const { kubeconfigPath } = await cluster.createTokenUser(namespace, 'anybody');
  const other = await sessionTo(kubeconfigPath);
  onTestFinished(() => {
    other.dispose();
  });
  const asOther = await other.identity(signal);
  expect(asOther).toMatchObject({ ok: true, value: { caHash: identity.value.caHash, uid: '' } });
});

test('nothing is sent before somebody looks', async () => {
  const session = await sessionTo(cluster.facts.admin.kubeconfigPath);
  expect(session.status).toEqual({ kind: 'idle' });
  expect(session.snapshot().list(serviceId)).toEqual([]);
  session.dispose();
});

/** Held by the compiler: operations and the store take a session as it is. */
export const asPort = (session: ClusterSession): ClusterPort & ClusterFeed => session;

async function admin(): Promise<ClusterSession> {
  return follow(cluster.facts.admin.kubeconfigPath);
}

async function follow(kubeconfig: string, options = {}): Promise<ClusterSession> {
  const session = await sessionTo(kubeconfig, options);
  onTestFinished(() => {
    session.dispose();
  });
  session.follow();
  return session;
}

async function live(session: ClusterSession): Promise<void> {
  await waitUntil(
    { what: 'a live connection', timeoutMs: 30_000 },
    () => session.status.kind === 'live',
    () => JSON.stringify(session.status),
  );
}

async function withService(prefix: string): Promise<{ session: ClusterSession; ref: ObjectRef }> {
  const namespace = await cluster.createNamespace(prefix);
  await createService(namespace, 'web');
  return { session: await admin(), ref: serviceRef(namespace, 'web') };
}

function serviceRef(namespace: string, name: string): ObjectRef {
  return { resource: services, namespace, name };
}

function setPort(target: ObjectRef, uid: string, from: number, to: number): Change {
  return {
    kind: 'patch',
    target,
    fields: [],
    operations: [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/spec/ports/0/port', value: from },
      { op: 'add', path: '/spec/ports/0/port', value: to },
    ],
  };
}

async function uidOf(session: ClusterSession, ref: ObjectRef): Promise<string> {
  const read = await session.fetch(ref, signal);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.object.meta.uid;
}

async function portOf(session: ClusterSession, ref: ObjectRef): Promise<unknown> {
  const read = await session.fetch(ref, signal);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return (read.value.raw as { spec?: { ports?: { port: number }[] } }).spec?.ports?.[0]?.port;
}

async function createService(namespace: string, name: string): Promise<void> {
  await cluster.api.ok('POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name, labels: { app: name }, annotations: { note: 'kept', other: 'cut' } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  });
}

function names(session: ClusterSession, namespace: string): string[] {
  return session
    .snapshot()
    .list(serviceId, namespace)
    .map((object) => object.meta.name);
}

import { describe, expect, test } from 'vitest';
import type { TrafficBackend } from '../../src/backends/backend.ts';
import { ownerAnnotations, ownerWatches } from '../../src/backends/owners.ts';
import { backends } from '../../src/backends/registry.ts';
import type { Change, ChangeSet } from '../../src/model/change.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import type { Json, JsonObject, ObjectRef } from '../../src/model/objects.ts';
import { fixturesOf, type Fixture } from '../contract/fixtures.ts';
import { intentsFor, planFor } from '../contract/violations.ts';
import { valueAt } from '../support/jsonPatch.ts';
import { ObjectSet } from '../support/objectSet.ts';
import type { KubeResponse } from '../testbed/kubeApi.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

/** What the real API server says to every plan of every fixture, as a dry run that checks fields strictly. */
describe.each(backends)('every plan of $id is one that the API server takes', (backend) => {
  let planned = 0;

  test.each(fixturesOf(backend.id))('$title', async (fixture) => {
    const set = await createObjects(backend, fixture);
    for (const { what, changes } of plansOf(backend, set, fixture)) {
      for (const change of changes.changes) {
        const { status, text } = await dryRun(backend, change);
        expect({ what, status, text: status < 300 ? '' : text }).toMatchObject({
          status: change.kind === 'create' ? 201 : 200,
        });
        planned += 1;
      }
    }
  });

  test('and there were plans', () => {
    expect(planned).toBeGreaterThan(20);
  });
});

test('the API server refuses a plan whose old value is not what it was', async () => {
  const [backend] = backends.filter(({ capabilities }) => capabilities.startsCanary);
  const [fixture] = backend === undefined ? [] : fixturesOf(backend.id);
  if (backend === undefined || fixture === undefined) throw new Error('no back end, or no fixture');
  const set = await createObjects(backend, fixture);
  const plan = plansOf(backend, set, fixture).find(({ what }) => what.includes('rollback'));
  const [change] = plan?.changes.changes ?? [];
  if (change?.kind !== 'patch') throw new Error('no patch');
  const operations = change.operations.map((operation) =>
    operation.path === '/spec/replicas' && operation.op === 'test'
      ? { ...operation, value: 77 }
      : operation,
  );
  const refused = await dryRun(backend, { ...change, operations });
  const taken = await dryRun(backend, change);
  expect([refused.status, taken.status]).toEqual([422, 200]);
});

/** The fixture's objects in namespaces of their own, as the server has them. Those that it refuses are left out. */
async function createObjects(backend: TrafficBackend, fixture: Fixture): Promise<ObjectSet> {
  const namespaces = new Map<string, string>();
  for (const object of fixture.objects) {
    const namespace = valueAt(object, '/metadata/namespace');
    if (typeof namespace !== 'string' || namespace === '' || namespaces.has(namespace)) continue;
    namespaces.set(namespace, await cluster.createNamespace('contract'));
  }
  const created: JsonObject[] = [];
  const uids = new Map<string, string>();
  for (const object of fixture.objects) {
    const whole = renamed(object, namespaces) as JsonObject;
    const moved = withoutServerFields(whole);
    if (isOfController(moved)) {
      created.push(withOwners(whole, uids));
      continue;
    }
    const response = await cluster.api.request('POST', await collectionOf(moved), moved);
    if (response.status !== 201) continue;
    const answer = response.json as JsonObject;
    uids.set(
      valueAt(object, '/metadata/uid') as string,
      valueAt(answer, '/metadata/uid') as string,
    );
    created.push(backend.batches === undefined ? answer : withStatus(answer, whole));
  }
  const watches = [...backend.watches, ...ownerWatches].map((watched) => ({
    ...watched,
    annotations: [...(watched.annotations ?? []), ...ownerAnnotations],
  }));
  return new ObjectSet(created, watches);
}

/** Those that a controller makes are only read: created by us, the real one would take them for its own. */
function isOfController(object: JsonObject): boolean {
  return object['kind'] === 'ReplicaSet';
}

/** Owned by what the server has in the place of the fixture's owner. */
function withOwners(object: JsonObject, uids: ReadonlyMap<string, string>): JsonObject {
  const text = JSON.stringify(object);
  return JSON.parse(
    text.replace(/"uid":"([^"]*)"/g, (_, uid: string) => `"uid":"${uids.get(uid) ?? uid}"`),
  ) as JsonObject;
}

/** What an update in batches is told by: the controller's counts, as the fixture has them. */
function withStatus(answer: JsonObject, fixture: JsonObject): JsonObject {
  const { status } = fixture;
  return status === undefined ? answer : { ...answer, status };
}

interface Planned {
  readonly what: string;
  readonly changes: ChangeSet;
}

function plansOf(backend: TrafficBackend, set: ObjectSet, fixture: Fixture): readonly Planned[] {
  const { snapshot } = set;
  const moves = backend.discover(snapshot).rollouts.flatMap((rollout) =>
    intentsFor(rollout).flatMap((intent) => {
      const plan = planFor(backend, set, rollout, intent);
      const what = `${rollout.id} ${JSON.stringify(intent)}`;
      return plan.ok ? [{ what, changes: plan.value }] : [];
    }),
  );
  const starts = fixture.cases.flatMap(({ intent }) => {
    const namespace = valueAt(set.objects[0] ?? null, '/metadata/namespace');
    if (intent.kind !== 'startCanary' || typeof namespace !== 'string') return [];
    const plan = backend.startCanary?.(snapshot, {
      ...intent,
      service: { resource: services, namespace, name: intent.service },
      workload: { resource: deployments, namespace, name: intent.workload },
    });
    return plan?.ok === true ? [{ what: JSON.stringify(intent), changes: plan.value }] : [];
  });
  return [...moves, ...starts];
}

async function dryRun(backend: TrafficBackend, change: Change): Promise<KubeResponse> {
  const query = 'dryRun=All&fieldManager=cablecar&fieldValidation=Strict';
  const collection = await collectionFor(change.target, backend);
  const path = `${collection}/${change.target.name}`;
  switch (change.kind) {
    case 'create':
      return cluster.api.request('POST', `${collection}?${query}`, change.object);
    case 'delete':
      return cluster.api.request('DELETE', `${path}?dryRun=All`, {
        preconditions: { uid: change.uid },
      });
    case 'patch':
      return cluster.api.request('PATCH', `${path}?${query}`, change.operations);
  }
}

/** At the best version that is served. */
async function collectionFor(ref: ObjectRef, backend: TrafficBackend): Promise<string> {
  const { group, plural, versions } = ref.resource;
  for (const version of versions) {
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    if ((await cluster.api.request('GET', base)).status === 200)
      return `${base}/namespaces/${ref.namespace}/${plural}`;
  }
  throw new Error(`${backend.id} writes ${plural}, which the server does not serve`);
}

interface Served {
  readonly kind: string;
  readonly name: string;
}

/** By discovery, for fixtures hold kinds that no back end declares. */
async function collectionOf(object: JsonObject): Promise<string> {
  const version = valueAt(object, '/apiVersion') as string;
  const base = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const response = await cluster.api.request('GET', base);
  const list = response.json as { readonly resources?: readonly Served[] } | undefined;
  const resources = list?.resources ?? [];
  const found = resources.find(({ kind, name }) => kind === object['kind'] && !name.includes('/'));
  const namespace = valueAt(object, '/metadata/namespace');
  const scope = typeof namespace === 'string' ? `/namespaces/${namespace}` : '';
  return `${base}${scope}/${found?.name ?? 'unknown'}`;
}

function withoutServerFields(object: JsonObject): JsonObject {
  const metadata = Object.entries((object['metadata'] ?? {}) as JsonObject);
  const own = metadata.filter(
    ([key]) =>
      !['uid', 'generation', 'resourceVersion', 'creationTimestamp', 'ownerReferences'].includes(
        key,
      ),
  );
  const rest = Object.entries(object).filter(([key]) => key !== 'status');
  return { ...Object.fromEntries(rest), metadata: Object.fromEntries(own) };
}

/** Namespaces wherever a field names one or a host name holds one. */
function renamed(node: Json, namespaces: ReadonlyMap<string, string>, key = ''): Json {
  if (Array.isArray(node)) return (node as Json[]).map((entry) => renamed(entry, namespaces));
  if (typeof node === 'string') {
    if (key === 'namespace') return namespaces.get(node) ?? node;
    return node.replace(
      /^([\w-]+)\.([\w-]+)(\.svc\b.*)?$/,
      (whole, name: string, namespace: string, rest = '') => {
        const other = namespaces.get(namespace);
        return other === undefined ? whole : `${name}.${other}${String(rest)}`;
      },
    );
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, renamed(value, namespaces, name)]),
  );
}

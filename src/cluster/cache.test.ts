import { expect, test } from 'vitest';
import { FakeClock } from '../../test/support/fakeClock.ts';
import type { Clock } from '../base/clock.ts';
import type { KubeObject } from '../model/objects.ts';
import { ObjectCache, type ObjectChange } from './cache.ts';
import { cutObject } from './cut.ts';
import { services } from '../model/kinds.ts';

const id = '/services';

test('a replaced scope holds exactly what it was given, and others are left alone', () => {
  const { cache, changes } = fixture();
  cache.replace({ resource: id }, [
    service('shop', 'a', 1),
    service('shop', 'b', 1),
    service('pay', 'c', 1),
  ]);
  changes();
  cache.replace({ resource: id, namespace: 'shop' }, [
    service('shop', 'b', 1),
    service('shop', 'd', 2),
  ]);
  expect(names(cache)).toEqual(['b', 'c', 'd']);
  expect(names(cache, 'shop')).toEqual(['b', 'd']);
  expect(names(cache, 'pay')).toEqual(['c']);
  expect(cache.get(id, 'shop', 'a')).toBeUndefined();
  expect(
    changes()
      .map((change) => change.name)
      .sort(),
  ).toEqual(['a', 'd']);
});

test('what comes close together is told once, by name, when the cache holds it', () => {
  const { cache, changes, batches } = fixture();
  cache.onDidChange((batch) => {
    for (const { namespace, name } of batch) expect(cache.get(id, namespace, name)).toBeDefined();
  });
  cache.set(id, service('shop', 'a', 1));
  cache.set(id, service('shop', 'a', 2));
  cache.set(id, service('shop', 'b', 1));
  expect(batches).toHaveLength(0);
  expect(changes()).toEqual([
    { resource: id, namespace: 'shop', name: 'a' },
    { resource: id, namespace: 'shop', name: 'b' },
  ]);
  expect(batches).toHaveLength(1);
});

test('the first change after a pause is told at once, the next ones not before 20 ms have passed', () => {
  const clock = new FakeClock();
  const cache = new ObjectCache({ serves: () => true, isComplete: () => true }, clock);
  const told: string[] = [];
  cache.onDidChange((batch) => told.push(batch.map(({ name }) => name).join()));
  cache.set(id, service('shop', 'a', 1));
  clock.advance(1);
  expect(told).toEqual(['a']);
  cache.set(id, service('shop', 'b', 1));
  clock.advance(5);
  cache.set(id, service('shop', 'c', 1));
  clock.advance(13);
  expect(told).toEqual(['a']);
  clock.advance(2);
  expect(told).toEqual(['a', 'b,c']);
  clock.advance(20);
  cache.set(id, service('shop', 'd', 1));
  clock.advance(1);
  expect(told).toEqual(['a', 'b,c', 'd']);
});

test('what did not change is not told', () => {
  const { cache, changes, batches } = fixture();
  cache.set(id, service('shop', 'a', 1));
  changes();
  cache.set(id, service('shop', 'a', 1));
  cache.delete(id, 'shop', 'never');
  cache.replace({ resource: id }, [service('shop', 'a', 1)]);
  expect(changes()).toHaveLength(1);
  expect(batches).toHaveLength(1);
  // The same name and version, but another object.
  cache.set(id, {
    ...service('shop', 'a', 1),
    meta: { ...service('shop', 'a', 1).meta, uid: 'other' },
  });
  expect(changes()).toHaveLength(1);
  expect(batches).toHaveLength(2);
});

test('a list is the same array until something in it changes', () => {
  const { cache } = fixture();
  cache.set(id, service('shop', 'a', 1));
  cache.set(id, service('pay', 'b', 1));
  const [all, shop, pay] = [cache.list(id), cache.list(id, 'shop'), cache.list(id, 'pay')];
  expect(cache.list(id)).toBe(all);
  cache.delete(id, 'pay', 'b');
  expect(cache.list(id, 'shop')).toBe(shop);
  expect(cache.list(id)).not.toBe(all);
  expect(pay).toHaveLength(1);
  expect(cache.list(id, 'pay')).toEqual([]);
  expect(cache.list('/unknown')).toEqual([]);
});

test.each([null, 5, [], {}, { metadata: null }, { metadata: {} }, { metadata: { name: 5 } }])(
  '%j is no object',
  (raw) => {
    expect(cutObject(raw, watched(), 'v1')).toBeUndefined();
  },
);

test('of an object is kept what is read, with what is malformed left out', () => {
  const raw = {
    metadata: {
      name: 'a',
      namespace: 7,
      generation: 'x',
      labels: { app: 'a', bad: 1 },
      annotations: {
        keep: 'k',
        'pre/one': '1',
        'kubectl.kubernetes.io/last-applied-configuration': '{"secret":1}',
      },
      ownerReferences: [{ kind: 'Canary', name: 'c', controller: true }, null, 'x'],
      managedFields: [{ manager: 'm' }],
    },
    spec: { ports: [] },
  };
  expect(cutObject(raw, watched(), 'v1')).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    meta: {
      namespace: '',
      name: 'a',
      uid: '',
      resourceVersion: '',
      generation: 1,
      creationTimestamp: '',
      labels: { app: 'a' },
      annotations: { keep: 'k', 'pre/one': '1' },
      ownerReferences: [{ apiVersion: '', kind: 'Canary', name: 'c', uid: '', controller: true }],
    },
    body: { spec: { ports: [] } },
  });
});

function watched(): Parameters<typeof cutObject>[1] {
  return {
    resource: services,
    writes: [],
    annotations: ['keep', 'pre/*'],
    pick: ({ spec }) => ({ spec: spec ?? null }),
  };
}

interface Fixture {
  readonly cache: ObjectCache;
  readonly batches: readonly (readonly ObjectChange[])[];
  /** Lets time pass, and gives the last batch. */
  readonly changes: () => readonly ObjectChange[];
}

function fixture(): Fixture {
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    after: (_, callback) => {
      waiting.push(callback);
      return { dispose: () => undefined };
    },
  };
  const cache = new ObjectCache({ serves: () => true, isComplete: () => true }, clock);
  const batches: (readonly ObjectChange[])[] = [];
  cache.onDidChange((batch) => batches.push(batch));
  const changes = (): readonly ObjectChange[] => {
    for (const callback of waiting.splice(0)) callback();
    return batches.at(-1) ?? [];
  };
  return { cache, batches, changes };
}

function service(namespace: string, name: string, version: number): KubeObject {
  const metadata = { namespace, name, uid: name, resourceVersion: String(version) };
  const object = cutObject({ metadata }, watched(), 'v1');
  if (object === undefined) throw new Error('no object');
  return object;
}

function names(cache: ObjectCache, namespace?: string): string[] {
  return cache
    .list(id, namespace)
    .map((object) => object.meta.name)
    .sort();
}

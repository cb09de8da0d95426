import { expect, it } from 'vitest';
import { ObjectSet } from '../../test/support/objectSet.ts';
import { FakeClock } from '../../test/support/fakeClock.ts';
import { Emitter } from '../base/emitter.ts';
import type { JsonObject } from '../model/objects.ts';
import type { InventoryChange } from './inventory.ts';
import { ContextStore, type ChangedObject } from './store.ts';
import { allWatches } from './watches.ts';

const facts = { name: 'dev', current: true, protected: false, scope: [] };

function service(namespace: string, name: string, app = name): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, uid: `${namespace}-${name}`, resourceVersion: app },
    spec: { selector: { app } },
  };
}

function route(namespace: string, name: string, canary: number): JsonObject {
  const destinations = [
    { destination: { host: `${name}-stable` }, weight: 100 - canary },
    { destination: { host: `${name}-canary` }, weight: canary },
  ];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace, name, uid: `${namespace}-${name}`, resourceVersion: '1' },
    spec: { hosts: [name], http: [{ route: destinations }] },
  };
}

function bench(objects: JsonObject[]) {
  const clock = new FakeClock();
  const changes = new Emitter<readonly ChangedObject[]>();
  const store = new ContextStore(facts, clock);
  const events: InventoryChange[] = [];
  store.onDidChange((batch) => events.push(...batch));
  let held = objects;
  store.attach({
    snapshot: () => new ObjectSet(held, allWatches()).snapshot,
    onDidChangeObjects: changes.event,
  });
  return {
    clock,
    store,
    events,
    change: (next: JsonObject[], changed: ChangedObject[]) => {
      held = next;
      changes.fire(changed);
    },
  };
}

it('counts as live only when what the connection told has been read', () => {
  const { clock, store } = bench([service('a', 'shop')]);
  store.setConnection({ kind: 'connecting' });
  store.setConnection({ kind: 'live' });
  expect(store.view.connection.kind).toBe('connecting');
  expect(store.view.namespaces).toEqual([]);
  clock.advance(1);
  expect(store.view.connection.kind).toBe('live');
  expect(store.view.namespaces.map((n) => n.name)).toEqual(['a']);
});

it('shows nothing before the first lists are in, unless one of them keeps everybody waiting', () => {
  const { clock, store, change } = bench([]);
  store.setConnection({ kind: 'connecting' });
  const changed = { resource: '/services', namespace: 'a', name: 'shop' };
  change([service('a', 'shop')], [changed]);
  clock.advance(2000);
  expect(store.view.namespaces).toEqual([]);
  clock.advance(1500);
  expect(store.view.namespaces.map((n) => n.name)).toEqual(['a']);
  expect(store.view.connection.kind).toBe('connecting');
});

it('tells of the one row that a change touches, and of nothing else', () => {
  const before = [service('a', 'shop'), service('a', 'cart'), service('b', 'pay')];
  const { clock, store, events, change } = bench(before);
  clock.advance(1);
  events.length = 0;
  const deployment: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'a', name: 'shop', uid: 'd', resourceVersion: '2' },
    spec: { replicas: 1, template: { metadata: { labels: { app: 'shop' } } } },
  };
  const changed = { resource: 'apps/deployments', namespace: 'a', name: 'shop' };
  change([...before, deployment], [changed]);
  clock.advance(1);
  expect(events).toEqual([{ kind: 'service', context: 'dev', namespace: 'a', name: 'shop' }]);
  expect(store.view.namespaces[0]?.services[1]?.workloads).toHaveLength(1);
});

it('puts active rollouts first, over all namespaces', () => {
  const { clock, store } = bench(
    ['a', 'b'].flatMap((namespace) => [
      service(namespace, 'shop'),
      route(namespace, 'idle', 0),
      route(namespace, 'busy', 10),
    ]),
  );
  store.setConnection({ kind: 'live' });
  clock.advance(1);
  expect(store.view.rollouts.map(({ id }) => id)).toEqual([
    'a/busy@istio',
    'b/busy@istio',
    'a/idle@istio',
    'b/idle@istio',
  ]);
  expect(store.rollout('b/idle@istio')).toBe(store.view.rollouts[3]);
  expect(store.rollout('c/idle@istio')).toBeUndefined();
});

it('reads everything again when what may be read changes, though no object does', () => {
  const { clock, store, events } = bench([service('a', 'shop')]);
  clock.advance(1);
  let reads = 0;
  const feed = new Emitter<readonly ChangedObject[]>();
  store.attach({
    snapshot: () => {
      reads += 1;
      return new ObjectSet([service('a', 'shop')], allWatches()).snapshot;
    },
    onDidChangeObjects: feed.event,
  });
  clock.advance(1);
  const before = reads;
  store.setFacts({ ...facts, partial: { key: 'x', args: {} } });
  clock.advance(1);
  expect(reads).toBe(before + 1);
  store.setFacts({ ...facts, partial: { key: 'x', args: {} }, protected: true });
  clock.advance(1);
  expect(reads).toBe(before + 1);
  expect(events.at(-1)).toEqual({ kind: 'structure', context: 'dev' });
});

it('forgets everything when it is detached, also what it was about to read', () => {
  const { clock, store } = bench([service('a', 'shop')]);
  store.detach();
  clock.advance(1);
  expect(store.view.namespaces).toEqual([]);
  expect(store.view.connection.kind).toBe('idle');
});

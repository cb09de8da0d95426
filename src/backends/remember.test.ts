import { expect, it } from 'vitest';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../model/objects.ts';
import { oncePerList, remembering } from './remember.ts';

const id = resourceId(services);

/** A snapshot whose lists are the arrays given, by namespace. */
function snapshotOf(lists: Readonly<Record<string, readonly KubeObject[]>>): ClusterSnapshot {
  const list = (_: string, namespace = ''): readonly KubeObject[] => lists[namespace] ?? [];
  return {
    list,
    get: (resource, namespace, name) =>
      list(resource, namespace).find((object) => object.meta.name === name),
    serves: () => true,
    isComplete: () => true,
  };
}

function service(name: string): KubeObject {
  const meta = {
    namespace: '',
    name,
    uid: name,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '',
    labels: {},
    annotations: {},
    ownerReferences: [],
  };
  return { apiVersion: 'v1', kind: 'Service', meta, body: {} };
}

it('makes again only what was made of a list that changed', () => {
  let made = 0;
  const read = remembering((snapshot, thing: { readonly namespace: string }) => {
    made += 1;
    return snapshot.get(id, thing.namespace, 'shop')?.meta.uid;
  });
  const [a, b] = [{ namespace: 'a' }, { namespace: 'b' }];
  const before = { a: [service('shop')], b: [service('pay')] };
  expect([read(snapshotOf(before), a), read(snapshotOf(before), b)]).toEqual(['shop', undefined]);
  expect([read(snapshotOf(before), a), read(snapshotOf(before), b)]).toEqual(['shop', undefined]);
  expect(made).toBe(2);
  const after = { ...before, b: [service('shop')] };
  expect([read(snapshotOf(after), a), read(snapshotOf(after), b)]).toEqual(['shop', 'shop']);
  expect(made).toBe(3);
});

it('reads afresh where what it read before is gone, and is not held by what the thing was made of', () => {
  const read = remembering((snapshot, thing: object, origin) => [
    thing,
    snapshot.list(id, 'a').length,
    origin.list(id, 'b').length,
  ]);
  const thing = {};
  const before = { a: [service('shop')], b: [service('pay')] };
  expect(read(snapshotOf(before), thing)).toEqual([thing, 1, 1]);
  expect(read(snapshotOf({ a: before.a }), thing)).toEqual([thing, 1, 1]);
  expect(read(snapshotOf({}), thing)).toEqual([thing, 0, 0]);
});

it('makes something of a list once', () => {
  const names = oncePerList((list) => list.map(({ meta }) => meta.name));
  const list = [service('shop')];
  expect(names(list)).toBe(names(list));
  expect(names([...list])).not.toBe(names(list));
});

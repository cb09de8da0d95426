import { expect, test } from 'vitest';
import { deployments } from '../../model/kinds.ts';
import type { JsonObject, KubeObject } from '../../model/objects.ts';
import { fixturesOf } from '../../../test/contract/fixtures.ts';
import { objectsOf } from '../../../test/contract/violations.ts';
import type { ObjectSet } from '../../../test/support/objectSet.ts';
import { rollingUpdate } from './index.ts';
import { revisions } from './revisions.ts';
import { firstBatch } from './start.ts';
import { id, replicaSets } from './types.ts';

const workload = { resource: deployments, namespace: 'shop', name: 'shop' };

function scene(fixture: string, edit: (object: JsonObject) => JsonObject = (it) => it): ObjectSet {
  const found = fixturesOf(id).find(({ path }) => path.includes(fixture));
  if (found === undefined) throw new Error(`There is no fixture ${fixture}`);
  return objectsOf(rollingUpdate, found.objects.map(edit));
}

/** As a LIST answers: also those without pods, which the cache does not keep. */
function listed(set: ObjectSet): readonly KubeObject[] {
  const names = ['shop-v3cccc', 'shop-v2bbbb'];
  const refs = names.map((name) => ({ resource: replicaSets, namespace: 'shop', name }));
  return set.snapshotWith(refs).list('apps/replicasets', 'shop');
}

test('the revisions of a Deployment, newest first, with image, age and pods', () => {
  const set = scene('23-');
  expect(revisions.read(set.snapshot, workload, listed(set))).toEqual([
    {
      revision: 3,
      replicaSet: 'shop-v3cccc',
      image: 'shop:3.0',
      createdAt: '2026-11-24T10:00:00Z',
      pods: 10,
      isCurrent: true,
    },
    {
      revision: 2,
      replicaSet: 'shop-v2bbbb',
      image: 'shop:2.0',
      createdAt: '2026-11-24T09:00:00Z',
      pods: 0,
      isCurrent: false,
    },
  ]);
});

test('the ReplicaSets of another Deployment with the same labels are none of them', () => {
  const set = scene('23-');
  const others = listed(set).map((object) => ({
    ...object,
    meta: { ...object.meta, ownerReferences: [] },
  }));
  expect(revisions.read(set.snapshot, workload, others)).toEqual([]);
});

test('they are listed by the selector of the Deployment', () => {
  const selector = {
    matchLabels: { app: 'shop', tier: 'web' },
    matchExpressions: [
      { key: 'zone', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'new', operator: 'Exists' },
      { key: 'env', operator: 'NotIn', values: ['dev'] },
    ],
  };
  const set = scene('23-', (object) =>
    object['kind'] === 'Deployment'
      ? { ...object, spec: { ...(object['spec'] as JsonObject), selector } }
      : object,
  );
  expect(revisions.query(set.snapshot, workload)).toEqual({
    ok: true,
    value: {
      resource: replicaSets,
      namespace: 'shop',
      labelSelector: 'app=shop,tier=web,zone in (a,b),!old,new,env notin (dev)',
    },
  });
  expect(revisions.query(set.snapshot, { ...workload, name: 'cart' })).toMatchObject({
    ok: false,
    error: { kind: 'notFound', text: { key: 'rollingUpdate.noRevisions' } },
  });
});

test('a first batch is offered pod by pod, within what may be added and missing', () => {
  expect(firstBatch(scene('01-').snapshot, workload)).toEqual({
    ok: true,
    value: {
      wanted: 10,
      stops: [
        { percent: 9, pods: 1 },
        { percent: 17, pods: 2 },
        { percent: 23, pods: 3 },
        { percent: 31, pods: 4 },
        { percent: 38, pods: 5 },
      ],
      maxSurge: { value: '25%', pods: 3 },
      maxUnavailable: { value: '25%', pods: 2 },
    },
  });
});

test('no first batch is offered where there can be none, and it says why', () => {
  const reasonOf = (fixture: string): unknown => {
    const found = firstBatch(scene(fixture).snapshot, workload);
    return found.ok ? undefined : found.error.text.key;
  };
  expect(reasonOf('12-recreate')).toBe('rollingUpdate.notRolling');
  expect(reasonOf('02-first-batch')).toBe('rollingUpdate.busy');
});

import { expect, test } from 'vitest';
import { ok } from '../base/result.ts';
import type { Change, ChangeSet, PatchOperation } from '../model/change.ts';
import type { FreshObject } from '../model/cluster.ts';
import { deployments } from '../model/kinds.ts';
import type { JsonObject, KubeObject } from '../model/objects.ts';
import { decideOutcome, firstDifference } from './outcome.ts';

function patch(...operations: PatchOperation[]): Change {
  const target = { resource: deployments, namespace: 'default', name: 'shop' };
  return { kind: 'patch', target, fields: [], operations };
}

test('a value that the server stored otherwise is a difference', () => {
  const change = patch({ op: 'add', path: '/spec/http/0/weight', value: 25 });
  expect(firstDifference(change, { spec: { http: [{ weight: 20 }] } })).toEqual({
    path: '/spec/http/0/weight',
    wanted: '25',
    got: '20',
  });
  expect(firstDifference(change, { spec: { http: [{ weight: 25 }] } })).toBeUndefined();
});

test('an undo that sets a weight and then puts a rule in front of it is not taken for a difference', () => {
  const undo = patch(
    { op: 'add', path: '/spec/http/0/weight', value: 90 },
    { op: 'add', path: '/spec/http/0', value: { name: 'on-request' } },
  );
  const after = { spec: { http: [{ name: 'on-request' }, { weight: 90 }] } };
  expect(firstDifference(undo, after)).toBeUndefined();
});

test('what became of a patch that takes a rule out is told by the guards of its inverse', () => {
  const forth = patch(
    { op: 'add', path: '/spec/http/1/weight', value: 0 },
    { op: 'remove', path: '/spec/http/0' },
  );
  const back = patch({ op: 'test', path: '/spec/http/0/weight', value: 0 });
  expect(firstDifference(forth, { spec: { http: [{ weight: 0 }] } }, back)).toBeUndefined();
  expect(firstDifference(forth, { spec: { http: [{ weight: 5 }] } }, back)).toEqual({
    path: '/spec/http/0/weight',
    wanted: '0',
    got: '5',
  });
});

const uid = { op: 'test', path: '/metadata/uid', value: 'u1' } as const;

/** What became of one patch whose answer was lost, by what the object is now. */
async function outcomeOf(
  changes: { readonly change: Change; readonly inverse?: Change },
  now: JsonObject,
): Promise<string> {
  const { change, inverse } = changes;
  const summary = { key: 'x', args: {} };
  const changeSet: ChangeSet = {
    summary,
    changes: [change],
    ...(inverse && { inverse: { summary, changes: [inverse] } }),
  };
  const object = {} as KubeObject;
  const fetch = (): Promise<ReturnType<typeof ok<FreshObject>>> =>
    Promise.resolve(ok({ raw: now, object }));
  return (await decideOutcome({ fetch }, changeSet, AbortSignal.timeout(1000))).outcome;
}

test('a member that was not there before tells whether it was added, for the guards still hold', async () => {
  const change = patch(uid, { op: 'add', path: '/spec/paused', value: true });
  const inverse = patch(
    uid,
    { op: 'test', path: '/spec/paused', value: true },
    { op: 'remove', path: '/spec/paused' },
  );
  const metadata = { uid: 'u1' };
  const running: JsonObject = { metadata, spec: {} };
  const paused: JsonObject = { metadata, spec: { paused: true } };
  expect(await outcomeOf({ change, inverse }, running)).toBe('notWritten');
  expect(await outcomeOf({ change, inverse }, paused)).toBe('written');
  expect(await outcomeOf({ change: inverse, inverse: change }, paused)).toBe('notWritten');
  expect(await outcomeOf({ change: inverse, inverse: change }, running)).toBe('written');
});

test('a patch without a way back counts as written only in the same object, with all that it sent and relied on', async () => {
  const change = patch(
    uid,
    { op: 'test', path: '/spec/template', value: { image: 'v2' } },
    { op: 'test', path: '/spec/surge', value: 1 },
    { op: 'add', path: '/spec/surge', value: 3 },
    { op: 'test', path: '/spec/paused', value: true },
    { op: 'remove', path: '/spec/paused' },
  );
  const now = (id: string, spec: JsonObject): JsonObject => ({ metadata: { uid: id }, spec });
  const template = { image: 'v2' };
  expect(await outcomeOf({ change }, now('u1', { template, surge: 3 }))).toBe('written');
  expect(await outcomeOf({ change }, now('u1', { template, surge: 1, paused: true }))).toBe(
    'notWritten',
  );
  expect(await outcomeOf({ change }, now('u2', { template, surge: 3 }))).toBe('unknown');
  expect(await outcomeOf({ change }, now('u1', { template, surge: 3, paused: true }))).toBe(
    'unknown',
  );
  expect(await outcomeOf({ change }, now('u1', { template: { image: 'v3' }, surge: 3 }))).toBe(
    'unknown',
  );
  expect(await outcomeOf({ change }, now('u1', { template, surge: 2 }))).toBe('unknown');
});

test('what was written as a whole is a difference when a webhook changed a part of it, and not for defaults', () => {
  const change = patch({
    op: 'add',
    path: '/spec/template',
    value: { containers: [{ image: 'shop:2' }] },
  });
  const stored = (container: JsonObject): JsonObject => ({
    spec: { template: { containers: [container], restartPolicy: 'Always' } },
  });
  expect(firstDifference(change, stored({ image: 'shop:2', tty: false }))).toBeUndefined();
  expect(firstDifference(change, stored({ image: 'mirror/shop:2' }))).toMatchObject({
    path: '/spec/template',
  });
});

test('a member that was to go and is still there is a difference', () => {
  const change = patch({ op: 'remove', path: '/spec/paused' });
  expect(firstDifference(change, { spec: { paused: true } })).toEqual({
    path: '/spec/paused',
    wanted: 'nothing',
    got: 'true',
  });
  expect(firstDifference(change, { spec: {} })).toBeUndefined();
});

test('what is being deleted counts as deleted, also while finalizers hold it', async () => {
  const { target } = patch();
  const change: Change = { kind: 'delete', target, fields: [], uid: 'u1' };
  const metadata = { uid: 'u1' };
  expect(await outcomeOf({ change }, { metadata })).toBe('notWritten');
  const going = { ...metadata, deletionTimestamp: '2026-11-27T05:00:00Z' };
  expect(await outcomeOf({ change }, { metadata: going })).toBe('written');
});

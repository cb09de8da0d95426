import { expect, test } from 'vitest';
import type { Change, PatchOperation } from '../model/change.ts';
import { deployments } from '../model/kinds.ts';
import { firstDifference } from './outcome.ts';

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

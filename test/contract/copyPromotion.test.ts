import { expect, test } from 'vitest';
import { backendOf } from '../../src/backends/registry.ts';
import type { Json, JsonObject } from '../../src/model/objects.ts';
import { applyPatch } from '../support/jsonPatch.ts';
import { fixturesOf } from './fixtures.ts';
import { objectsOf } from './violations.ts';

/** Stage of the promotion in the fixture when something is added to its route. */
function stageWith(backendId: string, fixture: string, path: string, value: Json): unknown {
  const backend = backendOf(backendId);
  const found = fixturesOf(backendId).find((one) => one.path.endsWith(fixture));
  if (backend === undefined || found === undefined) throw new Error(`no ${fixture}`);
  const add = (object: JsonObject): JsonObject =>
    object['kind'] === 'VirtualService' || object['kind'] === 'HTTPRoute'
      ? (applyPatch(object, [{ op: 'add', path, value }]) as JsonObject)
      : object;
  const [rollout] = backend.discover(objectsOf(backend, found.objects.map(add)).snapshot).rollouts;
  return rollout?.promotion;
}

const half: Json = {
  match: [{ uri: { prefix: '/slow' } }],
  route: [
    { destination: { host: 'checkout-stable' }, weight: 50 },
    { destination: { host: 'checkout-canary' }, weight: 50 },
  ],
};

test('the template is not copied while stable still has requests in another rule', () => {
  expect(stageWith('istio', '03-copy-template.yaml', '/spec/http/0', half)).toEqual({
    style: 'copy',
    stage: 'idle',
  });
});

test('the canary is not scaled down while a rule that cannot be written sends to it', () => {
  const tcp: Json = [{ route: [{ destination: { host: 'checkout-canary' } }] }];
  expect(stageWith('istio', '06-copy-scale-down.yaml', '/spec/tcp', tcp)).toEqual({
    style: 'copy',
    stage: 'shiftBack',
  });
  const foreign: Json = {
    matches: [{ path: { type: 'Exact', value: '/files' } }],
    backendRefs: [
      { group: 'storage.example', kind: 'Bucket', name: 'files', weight: 1 },
      { name: 'shop-canary', port: 80, weight: 1 },
      { name: 'shop-stable', port: 80, weight: 1 },
    ],
  };
  expect(stageWith('gateway-api', '20-scale-down.yaml', '/spec/rules/0', foreign)).toEqual({
    style: 'copy',
    stage: 'shiftBack',
  });
});

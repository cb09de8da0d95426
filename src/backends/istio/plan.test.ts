import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ObjectSet } from '../../../test/support/objectSet.ts';
import { renderer } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import type { Json, JsonObject } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import { valueAt } from '../../base/json.ts';
import { istio } from './index.ts';
import { virtualServices, watches } from './types.ts';

const namespace = 'shop';

function deployment(version: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `shop-${version}`, namespace, uid: `uid-${version}`, generation: 1 },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: 'shop', version } },
        spec: { containers: [{ name: 'app', image: `shop:${version}` }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    },
    ...more,
  };
}

const versions = ['v1', 'v2', 'v3'];

function worldOf(http: Json): ObjectSet {
  const metadata = { name: 'shop', namespace };
  return new ObjectSet(
    [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...metadata, uid: 's' },
        spec: { selector: { app: 'shop' } },
      },
      ...versions.map((version) => deployment(version)),
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { ...metadata, uid: 'd' },
        spec: {
          host: 'shop',
          subsets: versions.map((version) => ({ name: version, labels: { version } })),
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { ...metadata, uid: 'r', generation: 1 },
        spec: { hosts: ['shop'], exportTo: ['.'], http },
      },
    ],
    watches,
  );
}

function rolloutIn(set: ObjectSet): Rollout {
  const [rollout, ...more] = istio.discover(set.snapshot).rollouts;
  if (rollout === undefined || more.length > 0) throw new Error('not one rollout');
  return rollout;
}

function planned(set: ObjectSet, intent: Intent): ChangeSet {
  const rollout = rolloutIn(set);
  const snapshot = set.snapshotWith(istio.objectsFor(rollout, intent));
  const plan = istio.plan(snapshot, rollout, intent);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function routeIn(set: ObjectSet): JsonObject {
  const route = set.find({ resource: virtualServices, namespace, name: 'shop' });
  if (route === undefined) throw new Error('no route');
  return route;
}

const weight = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(undefined));

/** A rule that splits between v1 and v2, sometimes with v3, with fields that are none of ours. */
const splitRule = fc
  .record({
    name: fc.constantFrom(undefined, 'primary', 'beta', 'other'),
    match: fc.constantFrom(
      undefined,
      [{ headers: { 'x-beta': { exact: '1' } } }],
      [{ uri: { prefix: '/a' } }],
    ),
    weights: fc.tuple(weight, weight, weight),
    hasThird: fc.boolean(),
    timeout: fc.constantFrom(undefined, '5s'),
  })
  .map(({ name, match, weights, hasThird, timeout }): JsonObject => {
    const members = { name, match, timeout, retries: { attempts: 2 } };
    const known = Object.entries(members).filter((entry) => entry[1] !== undefined);
    const route = (hasThird ? versions : ['v1', 'v2']).map((subset, i) => ({
      destination: { host: 'shop', subset },
      ...(weights[i] === undefined ? {} : { weight: weights[i] }),
      headers: { response: { add: { 'x-version': subset } } },
    }));
    return { ...(Object.fromEntries(known) as JsonObject), route };
  });

const routes = fc.array(splitRule, { minLength: 1, maxLength: 4 });

/** The rules without the weights. */
function withoutWeights(route: JsonObject): string {
  return JSON.stringify(route, (key, value: unknown) =>
    key === 'weight' || key === 'generation' ? undefined : value,
  );
}

describe('for any rules that split', () => {
  test('a weight that is set reads back as achieved, planning again is empty, and nothing else changes', () => {
    fc.assert(
      fc.property(routes, fc.integer({ min: 0, max: 100 }), (http, percent) => {
        const set = worldOf(http);
        const rollout = rolloutIn(set);
        const canary = rollout.tracks.find(({ role }) => role === 'canary')?.id ?? '';
        const intent: Intent = { kind: 'setWeight', percents: { [canary]: percent } };
        const changes = planned(set, intent);
        const after = set.after(changes);
        const read = rolloutIn(after);
        expect(changes.achieved).toBe(percent / 100);
        expect(read.canaryShare).toBeCloseTo(percent / 100, 12);
        expect(planned(after, intent).changes).toEqual([]);
        expect(withoutWeights(routeIn(after))).toBe(withoutWeights(routeIn(set)));
        read.rules.forEach(({ total, destinations }, i) => {
          const before = rollout.rules[i]?.total ?? 0;
          const isWritten = destinations.some(({ trackId }) => trackId === canary);
          expect([before, ...(isWritten ? [100] : [])]).toContain(total);
          if (before % 100 === 0 && before > 0) expect(total).toBe(before);
        });
      }),
    );
  });

  test('a rollback leaves nothing to the canary, and its inverse restores the object', () => {
    fc.assert(
      fc.property(routes, (http) => {
        const set = worldOf(http);
        const changes = planned(set, { kind: 'rollback' });
        const after = set.after(changes);
        const canary = rolloutIn(set).tracks.find(({ role }) => role === 'canary')?.id;
        const left = rolloutIn(after)
          .rules.flatMap(({ destinations }) => destinations)
          .filter(({ trackId, weight: own }) => trackId === canary && own > 0);
        expect(left).toEqual([]);
        if (changes.inverse !== undefined)
          expect(valueAt(routeIn(after.after(changes.inverse)), '/spec')).toEqual(
            valueAt(routeIn(set), '/spec'),
          );
      }),
    );
  });
});

const split: JsonObject = {
  name: 'primary',
  route: [
    { destination: { host: 'shop', subset: 'v1' }, weight: 90 },
    { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
  ],
};

describe('a patch is refused by the API server when, since it was planned,', () => {
  test.each<[string, Json]>([
    [
      'a weight has changed',
      [
        {
          ...split,
          route: [
            { destination: { host: 'shop', subset: 'v1' }, weight: 80 },
            { destination: { host: 'shop', subset: 'v2' }, weight: 20 },
          ],
        },
      ],
    ],
    [
      'a rule was put before it',
      [{ name: 'new', route: [{ destination: { host: 'shop', subset: 'v1' } }] }, split],
    ],
    [
      'a destination was added',
      [
        {
          ...split,
          route: [
            ...(split['route'] as Json[]),
            { destination: { host: 'shop', subset: 'v3' }, weight: 0 },
          ],
        },
      ],
    ],
    [
      'the destinations were turned round',
      [{ ...split, route: [...(split['route'] as Json[])].reverse() }],
    ],
    ['the rule got another name', [{ ...split, name: 'other' }]],
  ])('%s', (_what, http) => {
    const changes = planned(worldOf([split]), { kind: 'setWeight', percents: { v2: 25 } });
    expect(() => worldOf(http).after(changes)).toThrow(/^test /);
  });

  test('the route was deleted and made again', () => {
    const set = worldOf([split]);
    const changes = planned(set, { kind: 'rollback' });
    const again = set.objects.map((object) =>
      object['kind'] === 'VirtualService'
        ? { ...object, metadata: { ...(object['metadata'] as JsonObject), uid: 'another' } }
        : object,
    );
    expect(() => new ObjectSet(again, watches).after(changes)).toThrow(/uid/);
  });
});

const say = renderer(istio.words, 'en');
const sagen = renderer(istio.words, 'zh-cn');

test.each<[string, Json, string, string]>([
  [
    'weights as text',
    [
      {
        route: [
          { destination: { host: 'shop', subset: 'v1' }, weight: '90' },
          { destination: { host: 'shop', subset: 'v2' }, weight: '10' },
        ],
      },
    ],
    'spec.http[0].route[0].weight of VirtualService shop is "90", not a whole number from 0 on. Correct it there.',
    'VirtualService shop 的 spec.http[0].route[0].weight 为 "90"，而不是从 0 起的整数。请在那里更正。',
  ],
  [
    'a null route',
    [{ route: null }, split],
    'spec.http[0].route of VirtualService shop is null, not a list of destinations. Correct it there.',
    'VirtualService shop 的 spec.http[0].route 为 null，而不是目标列表。请在那里更正。',
  ],
  [
    'a sum of 90',
    [
      {
        route: [
          { destination: { host: 'shop', subset: 'v1' }, weight: 80 },
          { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
        ],
      },
    ],
    'The weights in spec.http[0].route of VirtualService shop add up to 90, not 100. They count in proportion; other tools expect 100.',
    'VirtualService shop 的 spec.http[0].route 权重之和为 90，而不是 100。它们按比例生效；其他工具要求总和为 100。',
  ],
])(
  '%s: one sentence with the path and the value, in both languages',
  (_what, http, english, chinese) => {
    const [problem] = rolloutIn(worldOf(http)).problems;
    expect(problem && [say(problem.text), sagen(problem.text)]).toEqual([english, chinese]);
  },
);

test('a rollback to a stable without a ready pod is planned, and says that nobody would answer', () => {
  const set = worldOf([split]);
  const broken = new ObjectSet(
    set.objects.map((object) =>
      valueAt(object, '/metadata/name') === 'shop-v1'
        ? { ...object, status: { readyReplicas: 0 } }
        : object,
    ),
    watches,
  );
  const { changes, summary } = planned(broken, { kind: 'rollback' });
  expect(changes).toHaveLength(1);
  expect(say(summary)).toBe(
    'shop: send all requests back to v1, in shop. v1 has no ready pod, so nobody would answer: scale it up first.',
  );
});

test('a rollback reads the route alone', () => {
  const refs = istio.objectsFor(rolloutIn(worldOf([split])), { kind: 'rollback' });
  expect(refs).toEqual([{ resource: virtualServices, namespace, name: 'shop' }]);
});

test('the roles stay when the weights cross', () => {
  const set = worldOf([split]);
  const after = set.after(planned(set, { kind: 'setWeight', percents: { v2: 90 } }));
  expect(rolloutIn(after).tracks.map(({ name, role }) => [name, role])).toEqual([
    ['v1', 'stable'],
    ['v2', 'canary'],
  ]);
});

test('a rollback takes out a rule for the canary alone, but keeps one that asks for more than the rule after it', () => {
  const beta = (more: JsonObject): JsonObject => ({
    match: [{ headers: { 'x-beta': { exact: 'yes' } } }],
    route: [{ destination: { host: 'shop', subset: 'v2' } }],
    ...more,
  });
  const after = (more: JsonObject, heir: JsonObject = {}): unknown => {
    const set = worldOf([beta(more), { ...split, ...heir }]);
    const back = set.after(planned(set, { kind: 'rollback' }));
    return valueAt(routeIn(back), '/spec/http');
  };
  const more = { rewrite: { uri: '/beta' } };
  expect(after({})).toHaveLength(1);
  expect(after(more, more)).toHaveLength(1);
  expect(after({}, more)).toHaveLength(1);
  expect(after(more)).toMatchObject([
    { ...more, route: [{ destination: { host: 'shop', subset: 'v1' } }] },
    { name: 'primary' },
  ]);
});

test('a rollback says that mirrors are left as they are', () => {
  const set = worldOf([{ ...split, mirror: { host: 'shop', subset: 'v2' } }]);
  expect(say(planned(set, { kind: 'rollback' }).summary)).toBe(
    'shop: send all requests back to v1, in shop. Copies of requests are still mirrored to shop/v2: mirrors are left as they are.',
  );
});

test('what the canary gives back goes to stable, where nobody else has any', () => {
  const route = [0, 0, 100].map((share, i) => ({
    destination: { host: 'shop', subset: versions[i] ?? '' },
    weight: share,
  }));
  const set = worldOf([{ route }]);
  expect(rolloutIn(set).tracks.map(({ id }) => id)).toEqual(['v2', 'v3', 'v1']);
  const after = set.after(planned(set, { kind: 'setWeight', percents: { v3: 90 } }));
  const weights = [0, 1, 2].map((i) =>
    valueAt(routeIn(after), `/spec/http/0/route/${String(i)}/weight`),
  );
  expect(weights).toEqual([0, 10, 90]);
});

test('a rollback of a rule without stable gives what the canary had to those that are there', () => {
  const rule = (weights: Readonly<Record<string, number>>): JsonObject => ({
    route: Object.entries(weights).map(([subset, share]) => ({
      destination: { host: 'shop', subset },
      weight: share,
    })),
  });
  const beta = { name: 'beta', match: [{ headers: { 'x-beta': { exact: '1' } } }] };
  const set = worldOf([{ ...beta, ...rule({ v1: 30, v3: 70 }) }, rule({ v1: 20, v2: 40, v3: 40 })]);
  const after = set.after(planned(set, { kind: 'rollback' }));
  expect(valueAt(routeIn(after), '/spec/http')).toEqual([
    { ...beta, ...rule({ v1: 100, v3: 0 }) },
    rule({ v1: 0, v2: 100, v3: 0 }),
  ]);
});

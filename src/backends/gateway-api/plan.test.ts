import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPatch, valueAt } from '../../../test/support/jsonPatch.ts';
import { ObjectSet } from '../../../test/support/objectSet.ts';
import { renderer, type Text } from '../../base/text.ts';
import type { ChangeSet, PatchOperation } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import type { Json, JsonObject } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import { gatewayApi } from './index.ts';
import { mostWeight } from './rules.ts';

const english = renderer(gatewayApi.words, 'en');

function backing(name: string): readonly JsonObject[] {
  const labels = { app: name };
  const metadata = { name, namespace: 'shop', uid: `uid-${name}` };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: `shop:${name}` }] },
  };
  const spec = { replicas: 1, template };
  const status = {
    observedGeneration: 1,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
  };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status },
  ];
}

function routeOf(rules: Json): JsonObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop', namespace: 'shop', uid: 'uid-route', generation: 1 },
    spec: { rules },
  };
}

function setOf(rules: Json, names: readonly string[] = ['shop-stable', 'shop-canary']): ObjectSet {
  return new ObjectSet([routeOf(rules), ...names.flatMap(backing)], gatewayApi.watches);
}

function rolloutIn(set: ObjectSet): Rollout {
  const [rollout] = gatewayApi.discover(set.snapshot).rollouts;
  if (rollout === undefined) throw new Error('no rollout');
  return rollout;
}

function planned(set: ObjectSet, intent: Intent): ChangeSet {
  const rollout = rolloutIn(set);
  const snapshot = set.snapshotWith(gatewayApi.objectsFor(rollout, intent));
  const plan = gatewayApi.plan(snapshot, rollout, intent);
  if (!plan.ok) throw new Error(english(plan.error.text));
  return plan.value;
}

function rulesIn(set: ObjectSet): Json {
  return valueAt(set.find(rolloutIn(set).route) ?? {}, '/spec/rules') ?? null;
}

function sentenceOf(set: ObjectSet, intent: Intent): string {
  return english(planned(set, intent).summary);
}

const pair = (stable?: number, canary?: number): readonly JsonObject[] => [
  { name: 'shop-stable', ...(stable === undefined ? {} : { weight: stable }) },
  { name: 'shop-canary', ...(canary === undefined ? {} : { weight: canary }) },
];

const weight = fc.option(
  fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: mostWeight })),
  { nil: undefined },
);
const split = fc
  .record({
    refs: fc.tuple(weight, weight).map(([a, b]) => pair(a, b)),
    header: fc.option(fc.string({ minLength: 1, maxLength: 3 }), { nil: undefined }),
    name: fc.option(fc.constantFrom('a', 'b', 'a/b~'), { nil: undefined }),
  })
  .map(({ refs, header, name }) => ({
    ...(name === undefined ? {} : { name }),
    ...(header === undefined ? {} : { matches: [{ headers: [{ name: 'x', value: header }] }] }),
    backendRefs: refs,
  }));
const canaryOnly = fc.constantFrom(
  {
    matches: [{ headers: [{ name: 'x-beta', value: 'yes' }] }],
    backendRefs: [{ name: 'shop-canary' }],
  },
  {
    matches: [{ path: { type: 'Exact', value: '/beta' } }],
    backendRefs: [{ name: 'shop-canary', port: 80, weight: 3 }],
  },
);
const rules = fc
  .tuple(fc.array(fc.oneof(split, canaryOnly), { maxLength: 4 }), split)
  .map(([some, last]) => [...some, last]);

describe('whatever the route', () => {
  test('a weight that is set reads back as achieved, keeps the totals or makes them 100, and comes back by undo', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 100 }), (some, percent) => {
        const before = setOf(some);
        const intent: Intent = { kind: 'setWeight', percents: { 'shop-canary': percent } };
        const changes = planned(before, intent);
        const after = before.after(changes);
        const now = rolloutIn(after);
        expect(now.canaryShare).toBeCloseTo(changes.achieved ?? NaN, 9);
        const was = rolloutIn(before).rules;
        now.rules.forEach(({ total, destinations }, index) => {
          if (destinations.length < 2) return;
          expect([was[index]?.total, 100]).toContain(total);
          const canary = destinations.find(({ trackId }) => trackId === 'shop-canary');
          expect(Math.abs((canary?.share ?? 0) * 100 - percent)).toBeLessThan(1e-6);
        });
        expect(planned(after, intent).changes).toEqual([]);
        expect(
          rulesIn(after.after(changes.inverse ?? { summary: changes.summary, changes: [] })),
        ).toEqual(some);
      }),
      { numRuns: 300 },
    );
  });

  test('a rollback is one patch after which nothing goes to the canary, and it comes back by undo', () => {
    fc.assert(
      fc.property(rules, (some) => {
        const before = setOf(some);
        const changes = planned(before, { kind: 'rollback' });
        expect(changes.changes.length).toBeLessThanOrEqual(1);
        const after = before.after(changes);
        const shares = rolloutIn(after).rules.flatMap(({ destinations, total }) => {
          expect(total).toBeGreaterThan(0);
          return destinations.filter(({ trackId }) => trackId === 'shop-canary');
        });
        expect(shares.every(({ share }) => share === 0)).toBe(true);
        const back = after.after(changes.inverse ?? { summary: changes.summary, changes: [] });
        expect(rulesIn(back)).toEqual(some);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a patch', 90],
    ['its undo', 50],
  ] as const)(
    '%s fails when somebody changed a weight, a name or the place of the rule in the meantime',
    (what, stable) => {
      const before = setOf([
        { backendRefs: pair(90, 10), matches: [{ path: { value: '/shop' } }] },
      ]);
      const changes = planned(before, { kind: 'setWeight', percents: { 'shop-canary': 50 } });
      const isUndo = what === 'its undo';
      const set = isUndo ? before.after(changes) : before;
      const [change] = (isUndo ? changes.inverse : changes)?.changes ?? [];
      if (change?.kind !== 'patch') throw new Error('no patch');
      const edits: readonly PatchOperation[] = [
        { op: 'add', path: '/spec/rules/0/backendRefs/1/weight', value: 11 },
        { op: 'add', path: '/spec/rules/0/backendRefs/1/name', value: 'other' },
        { op: 'add', path: '/spec/rules/0', value: { backendRefs: pair(stable, 100 - stable) } },
        { op: 'add', path: '/spec/rules/0/backendRefs/-', value: { name: 'third', weight: 100 } },
        { op: 'remove', path: '/spec/rules/0' },
        { op: 'add', path: '/metadata/uid', value: 'another' },
      ];
      const route = set.find(change.target) ?? {};
      expect(() => applyPatch(route, change.operations)).not.toThrow();
      for (const edit of edits)
        expect(() => applyPatch(applyPatch(route, [edit]), change.operations)).toThrow();
    },
  );
});

test('two entries of the largest weight are rescaled, for their total fits in none', () => {
  const set = setOf([{ backendRefs: pair(mostWeight, mostWeight) }]);
  const intent: Intent = { kind: 'setWeight', percents: { 'shop-canary': 75 } };
  expect(rolloutIn(set.after(planned(set, intent))).rules[0]).toMatchObject({ total: 100 });
  const back = set.after(planned(set, { kind: 'rollback' }));
  expect(rulesIn(back)).toMatchObject([{ backendRefs: pair(mostWeight, 0) }]);
});

test('the sentence says from what to what, and that the weights are rescaled', () => {
  const set = setOf([{ backendRefs: pair(9, 1) }]);
  const intent = (percent: number): Intent => ({
    kind: 'setWeight',
    percents: { 'shop-canary': percent },
  });
  expect(sentenceOf(set, intent(20))).toBe(
    'shop: send 20 % of requests to shop-canary (was 10 %), in shop.',
  );
  expect(sentenceOf(set, intent(33))).toBe(
    'shop: send 33 % of requests to shop-canary (was 10 %), in shop. The weights are rescaled to a total of 100.',
  );
  expect(sentenceOf(set, intent(10))).toBe(
    'shop: nothing to write, shop-canary already gets 10 % of requests.',
  );
});

test('raising is refused without a ready pod, lowering and rolling back are not', () => {
  const set = setOf([{ backendRefs: pair(50, 50) }], ['shop-stable']);
  const refused = (intent: Intent): Text | undefined => {
    const plan = gatewayApi.plan(set.snapshot, rolloutIn(set), intent);
    return plan.ok ? undefined : plan.error.text;
  };
  const text = refused({ kind: 'setWeight', percents: { 'shop-canary': 51 } });
  expect(text && english(text)).toBe(
    'The Service shop-canary does not exist, so its share would get errors. Create it, then try again.',
  );
  expect(refused({ kind: 'setWeight', percents: { 'shop-canary': 49 } })).toBeUndefined();
  expect(refused({ kind: 'rollback' })).toBeUndefined();
});

test('raising is refused where no Deployment is found, and where one of several rules would get more', () => {
  const [service] = backing('shop-canary');
  const bare = new ObjectSet(
    [routeOf([{ backendRefs: pair(90, 10) }]), ...backing('shop-stable'), service ?? {}],
    gatewayApi.watches,
  );
  const keyOf = (set: ObjectSet, percent: number): string | undefined => {
    const intent = { kind: 'setWeight', percents: { 'shop-canary': percent } } as const;
    const plan = gatewayApi.plan(set.snapshot, rolloutIn(set), intent);
    return plan.ok ? undefined : plan.error.text.key;
  };
  expect(keyOf(bare, 11)).toBe('gatewayApi.raiseNoWorkload');
  expect(keyOf(bare, 9)).toBeUndefined();
  const two = [{ backendRefs: pair(90, 10) }, { name: 'beta', backendRefs: pair(50, 50) }];
  expect(keyOf(setOf(two, ['shop-stable']), 20)).toBe('gatewayApi.raiseNoService');
});

test('a rollback needs no more than the route, and says when it leaves something', () => {
  const set = setOf([
    {
      name: 'bad',
      backendRefs: [
        { name: 'shop-stable', weight: '9' },
        { name: 'shop-canary', weight: 1 },
      ],
    },
    { backendRefs: pair(9, 1) },
  ]);
  expect(gatewayApi.objectsFor(rolloutIn(set), { kind: 'rollback' })).toEqual([
    rolloutIn(set).route,
  ]);
  expect(sentenceOf(set, { kind: 'rollback' })).toBe(
    'shop: send all requests back to shop-stable, in shop. The rule bad is malformed and keeps sending to the canary: correct it by hand.',
  );
});

test('a rollback takes out a rule for the canary alone, but keeps one that asks for more than the rule after it', () => {
  const beta = (more: JsonObject): JsonObject => ({
    matches: [{ path: { value: '/' }, headers: [{ name: 'x-beta', value: 'yes' }] }],
    backendRefs: [{ name: 'shop-canary', port: 80 }],
    ...more,
  });
  const main = { matches: [{ path: { value: '/' } }], backendRefs: pair(90, 10) };
  const after = (more: JsonObject, heir: JsonObject = {}): Json => {
    const set = setOf([beta(more), { ...main, ...heir }]);
    return rulesIn(set.after(planned(set, { kind: 'rollback' })));
  };
  const timeouts = { request: '60s' };
  expect(after({})).toHaveLength(1);
  expect(after({ timeouts }, { timeouts })).toHaveLength(1);
  expect(after({}, { timeouts })).toHaveLength(1);
  expect(after({ timeouts })).toMatchObject([
    { timeouts, backendRefs: [{ name: 'shop-stable' }] },
    { backendRefs: pair(100, 0) },
  ]);
});

test('a rollback says that mirrors are left as they are', () => {
  const requestMirror = { backendRef: { name: 'shop-canary', port: 80 }, percent: 5 };
  const set = setOf([
    { filters: [{ type: 'RequestMirror', requestMirror }], backendRefs: pair(90, 10) },
  ]);
  expect(sentenceOf(set, { kind: 'rollback' })).toBe(
    'shop: send all requests back to shop-stable, in shop. Copies of requests are still mirrored to shop-canary: mirrors are left as they are.',
  );
});

test('what the canary gives back goes to stable, where nobody else has any', () => {
  const three = ['shop-v1', 'shop-v2', 'shop-v3'];
  const weights = [0, 0, 100];
  const backendRefs = three.map((name, i) => ({ name, weight: weights[i] ?? 0 }));
  const set = setOf([{ backendRefs }], three);
  const rollout = rolloutIn(set);
  expect(rollout.tracks.map(({ id, role }) => [id, role])).toEqual([
    ['shop-v2', 'stable'],
    ['shop-v3', 'canary'],
    ['shop-v1', 'other'],
  ]);
  const after = set.after(planned(set, { kind: 'setWeight', percents: { 'shop-v3': 90 } }));
  const [rule] = rulesIn(after) as readonly JsonObject[];
  expect(rule?.['backendRefs']).toEqual([
    { name: 'shop-v1', weight: 0 },
    { name: 'shop-v2', weight: 10 },
    { name: 'shop-v3', weight: 90 },
  ]);
});

test('a rollback of a rule without stable gives what the canary had to those that are there', () => {
  const names = ['shop-v1', 'shop-v2', 'shop-v3'];
  const refs = (weights: readonly number[]): Json =>
    weights.flatMap((weight, i) => (weight < 0 ? [] : [{ name: names[i] ?? '', weight }]));
  const set = setOf(
    [{ backendRefs: refs([20, 40, 40]) }, { backendRefs: refs([30, -1, 70]) }],
    names,
  );
  const after = set.after(planned(set, { kind: 'rollback' }));
  expect(rulesIn(after)).toEqual([
    { backendRefs: refs([0, 100, 0]) },
    { backendRefs: refs([100, -1, 0]) },
  ]);
});

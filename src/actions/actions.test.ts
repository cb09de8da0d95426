import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ObjectSet } from '../../test/support/objectSet.ts';
import { ownerAnnotations, ownerWatches, withOwner } from '../backends/owners.ts';
import { ownerWords } from '../backends/owners.l10n.ts';
import { backends } from '../backends/registry.ts';
import { renderer, type Locale } from '../base/text.ts';
import type { Intent } from '../model/intent.ts';
import { deployments, services } from '../model/kinds.ts';
import type { JsonObject } from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import { actionWords } from './actions.l10n.ts';
import { objectsForAction, planAction } from './planAction.ts';
import { planStartCanary } from './startCanary.ts';

const deployment = (name: string, track: string, image: string): string => `
- apiVersion: apps/v1
  kind: Deployment
  metadata: { name: ${name}, namespace: shop, uid: uid-${name} }
  spec:
    replicas: 1
    selector: { matchLabels: { app: shop, track: ${track} } }
    template: { metadata: { labels: { app: shop, track: ${track} } }, spec: { containers: [{ name: app, image: '${image}' }] } }`;
const service = `
- { apiVersion: v1, kind: Service, metadata: { name: shop, namespace: shop, uid: s }, spec: { selector: { app: shop } } }`;
const pair =
  service + deployment('shop', 'stable', 'a:1') + deployment('shop-canary', 'canary', 'a:2');
const flagger = `
- { apiVersion: flagger.app/v1beta1, kind: Canary, metadata: { name: shop, namespace: shop }, spec: { targetRef: { kind: Deployment, name: shop } } }`;

/** The back end by Deployments, whose objects these are. */
const starters = backends.filter((backend) => backend.capabilities.startsCanary);

function snapshotOf(yaml: string): ObjectSet['snapshot'] {
  const watches = [...starters.flatMap((backend) => backend.watches), ...ownerWatches];
  return new ObjectSet(
    parse(yaml) as JsonObject[],
    watches.map((watched) => ({ ...watched, annotations: ownerAnnotations })),
  ).snapshot;
}

function rolloutIn(snapshot: ObjectSet['snapshot']): Rollout {
  const [rollout] = starters.flatMap((backend) => backend.discover(snapshot).rollouts);
  if (rollout === undefined) throw new Error('no rollout');
  return withOwner(snapshot, rollout);
}

const words = Object.assign(
  {},
  actionWords,
  ownerWords,
  ...backends.map((backend) => backend.words),
) as typeof actionWords;

/** Kind and sentence of the refusal. */
function refusal(yaml: string, intent: Intent, locale: Locale = 'en'): string {
  const snapshot = snapshotOf(yaml);
  const plan = planAction(snapshot, rolloutIn(snapshot), intent);
  return plan.ok ? 'planned' : `${plan.error.kind}: ${renderer(words, locale)(plan.error.text)}`;
}

const setWeight = (percents: Record<string, number>, rule?: string): Intent => ({
  kind: 'setWeight',
  percents,
  ...(rule === undefined ? {} : { rule }),
});

describe('bad percentages are refused with one sentence', () => {
  const id = rolloutIn(snapshotOf(pair)).id;
  test.each([
    [{}, `invalid: No percentage was given for ${id}: name at least one track.`],
    [{ green: 5 }, `invalid: ${id} has no track "green"; it has shop, shop-canary.`],
    [{ constructor: 5 }, `invalid: ${id} has no track "constructor"; it has shop, shop-canary.`],
    [
      { 'shop-canary': 1.5 },
      'invalid: 1.5 for "shop-canary" is not a whole percentage from 0 to 100.',
    ],
    [
      { 'shop-canary': -1 },
      'invalid: -1 for "shop-canary" is not a whole percentage from 0 to 100.',
    ],
    [
      { 'shop-canary': 101 },
      'invalid: 101 for "shop-canary" is not a whole percentage from 0 to 100.',
    ],
    [
      { 'shop-canary': NaN },
      'invalid: NaN for "shop-canary" is not a whole percentage from 0 to 100.',
    ],
    [
      { shop: 60, 'shop-canary': 50 },
      'invalid: The percentages add up to 110, which is more than 100.',
    ],
    [
      { shop: 60, 'shop-canary': 30 },
      'invalid: The percentages add up to 90, and no other track is left to take the rest.',
    ],
  ])('%o', (percents: Record<string, number>, sentence) => {
    expect(refusal(pair, setWeight(percents))).toBe(sentence);
  });

  test('and a rule that is not there, in both languages', () => {
    const intent = setWeight({ 'shop-canary': 50 }, 'beta');
    expect(refusal(pair, intent)).toBe(`invalid: ${id} has no rule "beta".`);
    expect(refusal(pair, intent, 'zh-cn')).toBe(`invalid: ${id} 没有规则“beta”。`);
  });
});

test('good percentages reach the back end', () => {
  expect(refusal(pair, setWeight({ 'shop-canary': 50 }))).toBe('planned');
  expect(refusal(pair, setWeight({ shop: 50, 'shop-canary': 50 }))).toBe('planned');
});

test.each<Intent>([
  setWeight({ 'shop-canary': 50 }),
  { kind: 'promote' },
  { kind: 'rollback' },
  { kind: 'endCanary' },
])('a controller that owns the rollout refuses $kind and says what to do instead', (intent) => {
  expect(refusal(pair + flagger, intent)).toMatch(
    /^owned: Flagger decides the split of .*, so nothing was written. Flagger would set the weights back at its next tick: edit Canary shop\/shop instead\.$/,
  );
});

test('a GitOps owner is no refusal', () => {
  const mark = 'labels: { kustomize.toolkit.fluxcd.io/name: apps }';
  const yaml = pair.replace(
    'name: shop-canary, namespace',
    `name: shop-canary, ${mark}, namespace`,
  );
  expect(rolloutIn(snapshotOf(yaml)).owner?.kind).toBe('gitops');
  expect(refusal(yaml, { kind: 'rollback' })).toBe('planned');
});

test('a rollout of an unknown back end is refused, and needs no objects', () => {
  const snapshot = snapshotOf(pair);
  const rollout = { ...rolloutIn(snapshot), backend: 'from-the-future' };
  expect(planAction(snapshot, rollout, { kind: 'rollback' })).toMatchObject({
    error: { kind: 'unsupported' },
  });
  expect(objectsForAction(rollout, { kind: 'rollback' })).toEqual([]);
});

test('a rollback reads the canary alone', () => {
  const rollout = rolloutIn(snapshotOf(pair));
  expect(objectsForAction(rollout, { kind: 'rollback' }).map(({ name }) => name)).toEqual([
    'shop-canary',
  ]);
});

describe('starting a canary', () => {
  const alone = service + deployment('shop', 'stable', 'a:1');
  const start = (yaml: string, image: string, namespace = 'shop'): string => {
    const plan = planStartCanary(snapshotOf(yaml), {
      kind: 'startCanary',
      service: { resource: services, namespace: 'shop', name: 'shop' },
      workload: { resource: deployments, namespace, name: 'shop' },
      image,
    });
    return plan.ok
      ? plan.value.changes.map(({ kind, target }) => `${kind} ${target.name}`).join()
      : `${plan.error.kind}: ${renderer(words, 'en')(plan.error.text)}`;
  };

  test('creates one Deployment', () => {
    expect(start(alone, ' a:2 ')).toBe('create shop-canary');
  });

  test('is refused without an image, with a bad one, and across namespaces', () => {
    expect(start(alone, ' ')).toBe(
      'invalid: No image was given for the canary of Deployment shop/shop.',
    );
    expect(start(alone, 'a:2 b')).toBe(
      'invalid: "a:2 b" is not an image name: it must have no spaces and no control characters.',
    );
    expect(start(alone, 'a:2', 'other')).toMatch(
      /^invalid: Deployment other\/shop and Service shop\/shop/,
    );
  });

  test('is refused where a controller has the workload', () => {
    expect(start(alone + flagger, 'a:2')).toMatch(/^owned: Flagger decides/);
  });

  test('gives pods that the Service selects and the stable does not', () => {
    const snapshot = snapshotOf(alone);
    const plan = planStartCanary(snapshot, {
      kind: 'startCanary',
      service: { resource: services, namespace: 'shop', name: 'shop' },
      workload: { resource: deployments, namespace: 'shop', name: 'shop' },
      image: 'a:2',
    });
    if (!plan.ok) throw new Error(plan.error.text.key);
    const change = plan.value.changes[0];
    expect(change?.kind === 'create' && change.object).toMatchObject({
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'shop', track: 'canary', 'cablecar/track': 'canary' } },
        template: { metadata: { labels: { app: 'shop', track: 'canary' } } },
      },
    });
    expect(plan.value.achieved).toBe(0.5);
  });
});

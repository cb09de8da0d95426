import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ObjectSet } from '../../../test/support/objectSet.ts';
import { renderer } from '../../base/text.ts';
import type { JsonObject } from '../../model/objects.ts';
import type { Problem } from '../../model/rollout.ts';
import { gatewayApi } from './index.ts';

const say = { en: renderer(gatewayApi.words, 'en'), zh: renderer(gatewayApi.words, 'zh-cn') };

function discovered(objects: readonly JsonObject[]): ReturnType<typeof gatewayApi.discover> {
  return gatewayApi.discover(new ObjectSet(objects, gatewayApi.watches).snapshot);
}

function routeOf(yaml: string, status = ''): readonly JsonObject[] {
  return [
    parse(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop, namespace: shop, uid: u, generation: 4 }
spec: { rules: ${yaml} }
status: { ${status} }`) as JsonObject,
  ];
}

function sentences(problems: readonly Problem[], locale: 'en' | 'zh' = 'en'): readonly string[] {
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ text }) => say[locale](text));
}

test("the shop's search is one rollout of half a percent, with its testers' cookie", () => {
  const file = new URL('../../../test/testbed/shop/search.yaml', import.meta.url);
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((d) => d.toJS() as JsonObject);
  const { rollouts, problems } = discovered(objects);
  expect(problems).toEqual([]);
  expect(rollouts).toHaveLength(1);
  expect(rollouts[0]).toMatchObject({
    id: 'default/search@gateway-api',
    service: 'search',
    canaryShare: 0.005,
    weights: { kind: 'any' },
    promotion: { style: 'copy', stage: 'idle' },
    tracks: [
      { id: 'search-stable', role: 'stable', version: 'v5.1.0' },
      { id: 'search-canary', role: 'canary', version: 'v5.2.0' },
    ],
    rules: [
      { id: '#0', matches: [[{ on: 'cookie', op: 'exact', name: 'group', value: 'testers' }]] },
      { id: '#1', matches: [], total: 1000 },
    ],
  });
});

test('a problem names the path and what is there', () => {
  const { rollouts } = discovered(
    routeOf(
      `[{ backendRefs: [{ name: a-stable, weight: '90' }, { name: a-canary, weight: -1 }] }, null]`,
    ),
  );
  const problems = rollouts[0]?.problems ?? [];
  expect(sentences(problems)).toEqual([
    'spec.rules[1] of HTTPRoute shop is null, not an object. Correct it there.',
    'spec.rules[0].backendRefs[0].weight of HTTPRoute shop is "90", not a whole number from 0 to 1000000. Correct it there.',
    'spec.rules[0].backendRefs[1].weight of HTTPRoute shop is -1, not a whole number from 0 to 1000000. Correct it there.',
    'The Service a-stable does not exist in shop: its share of the requests gets errors (500). Create it.',
    'The Service a-canary does not exist in shop: its share of the requests gets errors (500). Create it.',
  ]);
  expect(sentences(problems, 'zh')[0]).toBe(
    'HTTPRoute shop 的 spec.rules[1] 为 null，而不是对象。请在那里更正。',
  );
});

test('rules that are no list are a problem of nobody', () => {
  const { rollouts, problems } = discovered(routeOf('all'));
  expect(rollouts).toEqual([]);
  expect(sentences(problems)).toEqual([
    'spec.rules of HTTPRoute shop is "all", not a list. Correct it there.',
  ]);
});

test('a condition counts only for the generation that it saw', () => {
  const condition = (generation: number): string =>
    `parents: [{ parentRef: { name: public }, conditions: [{ type: Accepted, status: 'False', reason: NotAllowedByListeners, message: no, observedGeneration: ${String(generation)} }] }]`;
  const keys = (status: string): readonly string[] => {
    const rules = '[{ backendRefs: [{ name: a-stable }, { name: a-canary }] }]';
    return (discovered(routeOf(rules, status)).rollouts[0]?.problems ?? []).map(
      ({ text }) => text.key,
    );
  };
  expect(keys(condition(4))).toContain('gatewayApi.condition');
  expect(keys(condition(3))).not.toContain('gatewayApi.condition');
  expect(keys(condition(3))).toContain('gatewayApi.notTakenUp');
  expect(keys('')).toContain('gatewayApi.noStatus');
});

test('services that have nothing to do with each other are no rollout, though a header divides them', () => {
  const { rollouts } = discovered(
    routeOf(
      `[{ matches: [{ headers: [{ name: x, value: y }] }], backendRefs: [{ name: cart }] }, { backendRefs: [{ name: shop }] }]`,
    ),
  );
  expect(rollouts).toEqual([]);
});

test('a mirror is shown with its share', () => {
  const mirror = (percent: string): string =>
    `[{ filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: lab } ${percent} } }], backendRefs: [{ name: a-stable }, { name: a-canary }] }]`;
  const shown = (percent: string): unknown =>
    discovered(routeOf(mirror(percent))).rollouts[0]?.rules[0]?.mirror;
  expect(shown('')).toEqual({ to: 'lab', percent: 100 });
  expect(shown(', percent: 5')).toEqual({ to: 'lab', percent: 5 });
  expect(shown(', fraction: { numerator: 1, denominator: 1000 }')).toEqual({
    to: 'lab',
    percent: 0.1,
  });
});

test('a promotion copies the template only when every rule is at 100 %', () => {
  const backing = ['stable', 'canary'].flatMap((track) => {
    const metadata = { name: `a-${track}`, namespace: 'shop', uid: track };
    const template = {
      metadata: { labels: { track } },
      spec: { containers: [{ name: 'app', image: `a:${track}` }] },
    };
    return [
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { track } } },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } },
    ];
  });
  const stage = (second: number): unknown => {
    const rule = (canary: number): string =>
      `{ backendRefs: [{ name: a-stable, weight: ${String(100 - canary)} }, { name: a-canary, weight: ${String(canary)} }] }`;
    const route = routeOf(`[${rule(100)}, ${rule(second)}]`);
    return discovered([...route, ...backing]).rollouts[0]?.promotion;
  };
  expect(stage(50)).toEqual({ style: 'copy', stage: 'idle' });
  expect(stage(100)).toEqual({ style: 'copy', stage: 'copyTemplate' });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { head, problems, scope, small, withSteps } from '../../test/support/plans.ts';
import { readPlan } from './schema.ts';

test('the smallest plan gets its defaults', () => {
  const read = readPlan(small);
  expect(read).toEqual({
    ok: true,
    value: {
      name: 'shop',
      scope: { service: 'shop', namespace: 'default' },
      steps: [
        {
          to: { kind: 'weight', percent: 5 },
          minSeconds: 300,
          maxSeconds: 1800,
          minRequests: 50,
          gate: 'none',
        },
      ],
      metrics: [{ kind: 'errorRatio', name: 'errorRatio', max: 0.01 }],
      rollback: {
        alerts: [],
        alertsUnknown: 'hold',
        endpointsGone: true,
        crashRestarts: 3,
        deadlineSeconds: 1980,
        errorsInRow: 4,
      },
      onSuccess: 'promote',
      onInconclusive: 'hold',
      runBy: 'editor',
      notify: [],
      intervalSeconds: 15,
    },
  });
});

test('the example of the reference page is a plan with everything in it', () => {
  const file = new URL('../../docs/example.cablecar.yaml', import.meta.url);
  const read = readPlan(readFileSync(file, 'utf8'));
  expect(read.ok ? [] : read.error).toEqual([]);
  if (!read.ok) return;
  const plan = read.value;
  expect(plan.steps[0].to).toEqual({
    kind: 'weight',
    percent: 10,
    matches: [
      [{ on: 'device', op: 'exact', name: 'user-agent', value: 'phone' }],
      [
        { on: 'header', op: 'exact', name: 'x-beta', value: 'yes' },
        { on: 'header', op: 'prefix', name: 'x-region', value: 'eu-' },
        { on: 'cookie', op: 'exact', name: 'beta', value: '1' },
      ],
      [{ on: 'user', op: 'exact', name: 'x-user-id', value: 'ana' }],
      [{ on: 'user', op: 'exact', name: 'x-user-id', value: 'bo' }],
    ],
  });
  expect(plan.metrics[0]).toMatchObject({ max: 0.01, compare: { alpha: 0.01, maxRatio: 2 } });
  expect(plan.metrics[1]).toMatchObject({
    quantile: 0.99,
    maxMs: 500,
    compare: { tolerance: 0.2 },
  });
  expect(plan.metrics[2]).toMatchObject({
    canary: 'sum(rate(orders_total{namespace="${namespace}",version="v2"}[${window}]))',
    stable: 'sum(rate(orders_total{namespace="${namespace}",version="v1"}[${window}]))',
    direction: 'higherIsBetter',
  });
  expect(plan.rollback.alerts).toEqual([
    [
      { label: 'alertname', op: '=', value: 'ShopErrors' },
      { label: 'severity', op: '=~', value: 'page|critical' },
    ],
    [{ label: 'alertname', op: '=', value: 'ShopDown' }],
  ]);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('batches of a rolling update are pods in percent or a number of them', () => {
  const read = readPlan(
    withSteps('pods: 10%\n    maxSurge: 1\n    maxUnavailable: 0', 'pods: 30%', 'pods: 100%'),
  );
  expect(read.ok && read.value.steps.map((step) => step.to)).toEqual([
    { kind: 'batch', pods: { percent: 10 }, maxSurge: '1', maxUnavailable: '0' },
    { kind: 'batch', pods: { percent: 30 } },
    { kind: 'batch', pods: { percent: 100 } },
  ]);
});

test('a gate of a person in every step needs no metrics', () => {
  const plan = `${head}${scope}steps:\n  - weight: 5\n    gate: manual\n`;
  const read = readPlan(plan);
  expect(read.ok && read.value.rollback.deadlineSeconds).toBe(86_400);
  expect(read.ok && read.value.steps[0].to).toEqual({ kind: 'weight', percent: 5 });
});

test('a file of 10 MB is refused at once', () => {
  const text = `${small}# ${'x'.repeat(10 * 1024 * 1024)}`;
  expect(problems(text)).toEqual([
    '1:1 This file has 10241 KiB; a release plan has at most 64. Open the plan itself, or split it.',
  ]);
});

test('aliases that multiply are refused unexpanded', () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) =>
      `a${String(i + 1)}: &a${String(i + 1)} [${Array(9)
        .fill(`*a${String(i)}`)
        .join(', ')}]`,
  );
  expect(problems(`a0: &a0 x\n${levels.join('\n')}\n`)[0]).toBe(
    '1:9 Anchors and aliases (& and *) are not read in a release plan. Write the value out.',
  );
});

test.each(['[', '{a: ', '- ', '? '])(
  'thousands of levels of "%s" are refused',
  (part) => {
    expect(problems(part.repeat(60_000))).not.toEqual([]);
  },
  60_000,
);

test('any text gives problems, never an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(problems(text).length).toBeGreaterThan(0);
    }),
  );
}, 60_000);

test('a plan with any value anywhere gives a plan or problems within the text', () => {
  const read = readFileSync(new URL('../../docs/example.cablecar.yaml', import.meta.url), 'utf8');
  const lines = read.split('\n');
  const junk = fc.oneof(
    fc.jsonValue().map((value) => stringify(value).trim().replaceAll('\n', ' ')),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.nat(lines.length - 1), junk, (at, value) => {
      const text = lines
        .map((line, index) => (index === at ? line.replace(/: .*$|$/, `: ${value}`) : line))
        .join('\n');
      const result = readPlan(text);
      if (result.ok) return;
      expect(result.error.length).toBeGreaterThan(0);
      for (const { at: place } of result.error) {
        expect(place.from).toBeGreaterThanOrEqual(0);
        expect(place.to).toBeLessThanOrEqual(text.length);
        expect(place.line).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

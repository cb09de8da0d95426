import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { small, withMetric } from '../../test/support/plans.ts';
import { aRollout } from '../../test/support/inventory.ts';
import { backends } from '../backends/registry.ts';
import { renderer } from '../base/text.ts';
import type { TrackQueries } from '../model/metrics.ts';
import { hostWords } from '../words.ts';
import { alertMatchers, matcherText } from './alertMatchers.ts';
import { alertRules, hasLimits, ownAlerts, type RuleFormat } from './alertRule.ts';
import type { ReleasePlan } from './plan.ts';
import { readPlan } from './schema.ts';

const queries: TrackQueries = {
  trackId: 'canary',
  queries: {
    successRatio: 'good[$window]',
    p50Ms: 'histogram_quantile(0.5, b[$window])',
    p99Ms: 'histogram_quantile(0.99, b[$window])',
    requestsPerSecond: 'all[$window]',
  },
};

function planOf(text: string): ReleasePlan {
  const read = readPlan(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function rulesOf(text: string, format: RuleFormat = 'file'): string {
  const render = renderer(hostWords, 'en');
  const names = { track: 'canary', workload: 'shop-canary' };
  return alertRules(planOf(text), { queries, names }, { format, render });
}

test('a limit on errors becomes a rule file, with the matcher by which the plan listens', () => {
  expect(rulesOf(small))
    .toBe(`# Alerting rules of the release plan shop. The plan listens to them with this entry of rollback.alerts:
#   - cablecar_plan="default/shop"
groups:
  - name: cablecar-shop
    rules:
      - alert: CanaryShopErrorRatio
        expr: 1 - (good[120s]) > 0.01
        for: 1m
        labels:
          severity: warning
          cablecar_plan: default/shop
          service: shop
        annotations:
          summary: "shop: more than 1 % of the requests of the canary fail"
`);
});

test('the same as an object of the Prometheus operator', () => {
  const object = parse(rulesOf(small, 'PrometheusRule')) as object;
  expect(object).toMatchObject({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'cablecar-shop', namespace: 'default' },
    spec: { groups: [{ rules: [{ alert: 'CanaryShopErrorRatio' }] }] },
  });
});

test('limits of latency and of own queries keep their quantile and their direction', () => {
  const rules = (text: string): string => rulesOf(text);
  expect(rules(withMetric('kind: latency', 'quantile: p95', 'max: 1.5s'))).toContain(
    'expr: (histogram_quantile(0.95, b[120s])) > 1500',
  );
  const own = ['kind: query', 'name: orders', 'limit: 5'];
  expect(rules(withMetric(...own, 'better: higher', 'query: orders'))).toContain('(orders) < 5');
  expect(rules(withMetric(...own, 'better: lower', 'query: orders'))).toContain('(orders) > 5');
});

test('the places of an own query are filled in; one that names its pods is left out, and told', () => {
  const own = ['kind: query', 'name: orders', 'limit: 5', 'better: lower'];
  const query = 'query: sum(rate(x{job="${workload}",t="${track}",n="${namespace}"}[${window}]))';
  expect(rulesOf(withMetric(...own, query))).toContain(
    '(sum(rate(x{job="shop-canary",t="canary",n="default"}[120s]))) > 5',
  );
  const pods = rulesOf(withMetric(...own, 'query: sum(x{pod=~"${pods}"})'));
  expect(pods).toContain('# The query "orders" names its pods and is left out');
  expect(pods).toContain('rules: []');
});

test('a comparison with the stable version is no rule', () => {
  expect(hasLimits(planOf(withMetric('kind: errorRatio', 'compare: stable')))).toBe(false);
  expect(hasLimits(planOf(small))).toBe(true);
});

test('every back end has the quantile where a rule puts another one', () => {
  for (const backend of backends) {
    const found = backend.queries(
      { ...aRollout(), backend: backend.id },
      { reporter: 'destination', applicationMetrics: 'auto' },
    );
    for (const { queries: own } of found) expect(own.p99Ms).toContain('histogram_quantile(0.99,');
  }
});

test('the entry that is told is read back as the matcher', () => {
  const own = ownAlerts(planOf(small));
  expect(alertMatchers(matcherText(own))).toEqual([own]);
  const ugly = { label: 'a', op: '=', value: 'x"y\\z\nw, {b}' } as const;
  expect(alertMatchers(matcherText(ugly))).toEqual([ugly]);
});

test.each([
  ['{alertname="A",severity=~"page|critical"}', 2],
  ['alertname=A', 1],
  ['a!="b", c!~"d.*"', 2],
  ['', undefined],
  ['{}', undefined],
  ['a=~"("', undefined],
  ['a==b', undefined],
  ['a="b" c="d"', undefined],
])('matchers as Alertmanager writes them: %s', (text, count) => {
  expect(alertMatchers(text)?.length).toBe(count);
});

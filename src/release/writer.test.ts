import { expect, test } from 'vitest';
import { aRollout, aTrack } from '../../test/support/inventory.ts';
import { renderer, type Locale } from '../base/text.ts';
import type { MetricName, TrackSeries } from '../model/metrics.ts';
import type { Rollout } from '../model/rollout.ts';
import { hostWords } from '../words.ts';
import { readPlan } from './schema.ts';
import { trafficOf, type Traffic } from './traffic.ts';
import { planText } from './writer.ts';

const busy: Traffic = { perSecond: 80, errorRatio: 0.005, p99Ms: 123, isComparable: true };

function written(rollout: Rollout, traffic?: Traffic, locale: Locale = 'en'): string {
  const facts = { rollout, context: 'kind-dev', ...(traffic && { traffic }) };
  return planText(facts, renderer(hostWords, locale));
}

/** What the plan says as read back; throws when it is none. */
function plan(rollout: Rollout, traffic?: Traffic): ReturnType<typeof readPlan> & { ok: true } {
  const read = readPlan(written(rollout, traffic));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read;
}

test('a plan for a busy service says what each step needs to see a doubling of the errors', () => {
  expect(written(aRollout(), busy))
    .toBe(`# shop: 80 requests/s, 0.5 % of them failed, p99 123 ms (the stable version, now).
# A step is left only when all metrics passed. Ctrl+Space shows what else a plan may have.
apiVersion: cablecar/v1alpha1
kind: ReleasePlan
name: shop
scope:
  service: shop
  namespace: default
  context: kind-dev
  route: Deployment/shop
steps:
  # At 5 % and 80 requests/s a doubling of the errors (0.5 % to 1 %) is seen after 11m.
  - weight: 5%
    minTime: 11m
    maxTime: 33m
    minRequests: 2523
  # At 25 % and 80 requests/s a doubling of the errors (0.5 % to 1 %) is seen after 3m.
  - weight: 25%
    minTime: 3m
    maxTime: 30m
    minRequests: 3306
  # At 50 % and 80 requests/s a doubling of the errors (0.5 % to 1 %) is seen after 3m.
  - weight: 50%
    minTime: 3m
    maxTime: 30m
    minRequests: 5098
  # No request goes to the stable version any more: it is compared with what that had before, and with the limits ("max").
  - weight: 100%
    minTime: 10m
    maxTime: 30m
metrics:
  - kind: errorRatio
    max: 2%
    compare: stable
  - kind: latency
    quantile: p99
    max: 250ms
    compare: stable
rollback:
  # Alerts that take the canary back at once, for example:
  # alerts:
  #   - alertname="HighErrorRate", severity="page"
  endpointsGone: true
onSuccess: promote
`);
  expect(plan(aRollout(), busy).value.steps).toHaveLength(4);
});

test('with little traffic it says what can be seen, and what cannot', () => {
  const text = written(aRollout(), { ...busy, perSecond: 2 });
  expect(text).toContain(
    '# At 5 % and 2 requests/s a doubling of the errors (0.5 % to 1 %) would take 8h to be seen; 2h is enough for 5 times as many.',
  );
  const night = written(aRollout(), { ...busy, perSecond: 0.05 });
  expect(night).toContain(
    '# At 5 % and 0.1 requests/s not even 20 times the errors (0.5 %) are seen within 2h: give the canary more, or send test traffic.',
  );
  expect(plan(aRollout(), { ...busy, perSecond: 0.05 }).value.steps[0].minSeconds).toBe(7200);
});

test('without errors it counts with a usual ratio, and says so', () => {
  const text = written(aRollout(), { ...busy, errorRatio: 0 });
  expect(text).toContain('# No errors were seen; the times count with 0.5 %.');
});

test('without requests the times are a guess; without Prometheus a person decides', () => {
  expect(written(aRollout(), { isComparable: true })).toContain('# No requests were seen just now');
  const alone = plan(aRollout()).value;
  expect(alone.metrics).toEqual([]);
  expect(alone.steps.every((step) => step.gate === 'manual')).toBe(true);
});

test('only what has series becomes a metric; without any a person decides', () => {
  const slow = { perSecond: 80, p99Ms: 123, isComparable: true };
  expect(plan(aRollout(), slow).value.metrics.map(({ kind }) => kind)).toEqual(['latency']);
  const counted = { perSecond: 80, isComparable: true };
  expect(written(aRollout(), counted)).toContain('# Requests are counted, but no series tells');
  expect(plan(aRollout(), counted).value.steps.every((step) => step.gate === 'manual')).toBe(true);
});

test('a back end that counts pods gets the weights that its pods can show', () => {
  const stops = [0, 17, 29, 50, 100].map((percent, pods) => ({ percent, pods }));
  const read = plan(aRollout({ weights: { kind: 'stops', stops } }), busy);
  expect(read.value.steps.map((step) => step.to)).toEqual(
    [17, 29, 50, 100].map((percent) => ({ kind: 'weight', percent })),
  );
});

test('a rolling update gets batches of pods', () => {
  const limit = { value: '25%', pods: 1 };
  const update = {
    state: 'held',
    paused: false,
    wanted: 4,
    batch: 1,
    updated: 1,
    ready: 1,
    maxSurge: limit,
    maxUnavailable: limit,
  } as const;
  const read = plan(aRollout({ update }), busy);
  expect(read.value.steps.map((step) => step.to)).toEqual(
    [10, 30, 100].map((percent) => ({ kind: 'batch', pods: { percent } })),
  );
});

test('versions that the metrics cannot tell apart are not compared', () => {
  const read = plan(aRollout(), { ...busy, isComparable: false });
  expect(read.value.metrics.map((metric) => metric.compare)).toEqual([undefined, undefined]);
});

test('names that look like something else stay texts', () => {
  for (const service of ['true', '1e3', 'no', '2024-01-01']) {
    expect(plan(aRollout({ service }), busy).value.scope.service).toBe(service);
  }
});

test('a plan in Chinese is the same plan', () => {
  const rollout = aRollout();
  const chinese = written(rollout, busy, 'zh-cn');
  expect(chinese).toContain('# 占比 5%、80 请求/秒时，错误翻倍（0.5% 到 1%）在 11m 后可以看出。');
  expect(readPlan(chinese)).toEqual(readPlan(written(rollout, busy)));
});

test('the traffic is that of all tracks, its quality that of the version that serves', () => {
  const series = (trackId: string, metric: MetricName, value?: number): TrackSeries => ({
    trackId,
    metric,
    series: { points: [] },
    reading:
      value === undefined
        ? { kind: 'missing', why: 'noRequests' }
        : { kind: 'value', value, atSeconds: 0 },
  });
  const rollout = aRollout({ tracks: [aTrack('stable'), aTrack('canary')] });
  const measured = [
    series('stable', 'requestsPerSecond', 72),
    series('canary', 'requestsPerSecond', 8),
    series('stable', 'successRatio', 0.99),
    series('canary', 'successRatio', 0.5),
    series('stable', 'p99Ms'),
  ];
  const traffic = trafficOf(rollout, measured);
  expect(traffic.errorRatio).toBeCloseTo(0.01);
  expect(traffic).toMatchObject({ perSecond: 80, isComparable: true });
  expect(traffic.p99Ms).toBeUndefined();
  expect(trafficOf(rollout, [])).toEqual({ isComparable: false });
  // After a promotion by swap the canary is what serves.
  const swapped = [series('stable', 'successRatio'), series('canary', 'successRatio', 0.9)];
  expect(trafficOf(rollout, swapped).errorRatio).toBeCloseTo(0.1);
});

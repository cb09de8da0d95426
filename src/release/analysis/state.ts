import type { Text } from '../../base/text.ts';
import type { Count } from '../../model/verdict.ts';
import type { PlanMetric, PlanStep } from '../plan.ts';
import { limitOfBefore, noLogs, planLimit, type Logs, type Tests } from './badShare.ts';
import type { Baseline } from './deltas.ts';
import {
  noLatency,
  type Histogram,
  type LatencyMetric,
  type LatencySetting,
  type LatencyState,
  type LatencyTally,
} from './latency.ts';
import { noQueryLooks, type QueryState } from './ownQuery.ts';
import { emptyTally, type Tally } from './tally.ts';

/**
 * The judge of one step of a run. JSON-serialisable, and bounded but for `readings`, which are as large as the newest look and may be dropped
 * (`withoutReadings`).
 */
export interface JudgeState {
  /** Requests that the canary must have had before the step passes. */
  readonly minRequests: number;
  /** The step leaves stable no requests, so that the canary is compared with what stable had before. */
  readonly isAlone: boolean;
  /** The canary gets only requests that match. */
  readonly isMatched: boolean;
  readonly metrics: readonly MetricState[];
  readonly tally: Tally;
  readonly latency?: LatencyTally;
  /** What stable had in the steps before. */
  readonly before: { readonly requests?: Count; readonly latency?: Histogram };
  /** Why the canary was stopped at once; it stays, as every failure does. */
  readonly broken?: Text;
  readonly readings: Readings;
}

/** Where the counters were at the last look that could be used. */
export interface Readings {
  readonly requests?: TrackBaselines;
  readonly latency?: TrackBaselines;
}

export interface TrackBaselines {
  readonly stable: Baseline;
  readonly canary: Baseline;
}

export type MetricState = (
  | {
      readonly kind: 'errorRatio';
      readonly metric: Extract<PlanMetric, { kind: 'errorRatio' }>;
      readonly tests: Tests;
      readonly logs: Logs;
    }
  | {
      readonly kind: 'latency';
      readonly metric: LatencyMetric;
      /** Of each of its tests, with all tests of the plan counted in. */
      readonly alpha: number;
      readonly evidence: LatencyState;
    }
  | {
      readonly kind: 'query';
      readonly metric: Extract<PlanMetric, { kind: 'query' }>;
      readonly looks: QueryState;
    }
) & {
  /** The first failure: evidence that was enough once stays enough. */
  readonly failed?: Text;
};

/** For a limit without a comparison; a comparison says its own. */
const defaultAlpha = 0.01;
/** What stable had in fewer requests than this says nothing. */
const leastBefore = 50;

/**
 * A judge for a step. `before` is that of the step before, if there was one: its counters go on without a gap, its pods need no second
 * warm-up, and what stable had is remembered. Evidence begins anew, since more traffic may do what less did not. The chance of a false
 * failure in the step is at most `alpha`, divided among all tests of the plan (Bonferroni).
 */
export function startJudge(
  metrics: readonly PlanMetric[],
  step: PlanStep,
  before?: JudgeState,
): JudgeState {
  const { to } = step;
  const share = to.kind === 'weight' ? to.percent : 'percent' in to.pods ? to.pods.percent : 0;
  const isMatched = to.kind === 'weight' && to.matches !== undefined;
  const isAlone = share === 100 && !isMatched;
  const stable = stableBefore(before);
  const tests = metrics.reduce((count, metric) => count + testsOf(metric), 0);
  return {
    minRequests: step.minRequests,
    isAlone,
    isMatched,
    metrics: metrics.map((metric) => metricState(metric, { isAlone, stable, tests, before })),
    tally: emptyTally,
    before: stable,
    readings: before?.readings ?? {},
  };
}

/** What must survive a crash. The next look then only says where the counters are, and pods are warmed up anew. */
export function withoutReadings(state: JudgeState): JudgeState {
  return { ...state, readings: {} };
}

function stableBefore(before: JudgeState | undefined): JudgeState['before'] {
  if (before === undefined) return {};
  const { tally, latency } = before;
  return {
    ...before.before,
    ...(tally.stable.requests >= leastBefore && { requests: tally.stable }),
    ...(latency?.stable.some((count) => count > 0) === true && {
      latency: { bounds: latency.bounds, buckets: latency.stable },
    }),
  };
}

/** Tests that may fail by chance. Own queries are rules, not tests. */
function testsOf(metric: PlanMetric): number {
  const compares = metric.compare === undefined ? 0 : 1;
  switch (metric.kind) {
    case 'errorRatio':
      return compares + (metric.max === undefined ? 0 : 1);
    case 'latency':
      return compares + (metric.maxMs === undefined ? 0 : 1);
    case 'query':
      return 0;
  }
}

interface Start {
  readonly isAlone: boolean;
  readonly stable: JudgeState['before'];
  readonly tests: number;
  readonly before: JudgeState | undefined;
}

function metricState(metric: PlanMetric, start: Start): MetricState {
  switch (metric.kind) {
    case 'errorRatio':
      return { kind: 'errorRatio', metric, tests: errorTests(metric, start), logs: noLogs };
    case 'latency': {
      const alpha = (metric.compare?.alpha ?? defaultAlpha) / start.tests;
      return { kind: 'latency', metric, alpha, evidence: noLatency };
    }
    case 'query': {
      const same = start.before?.metrics.find(
        (one) => one.kind === 'query' && one.metric.name === metric.name,
      );
      const stable = same?.kind === 'query' ? same.looks.stable : undefined;
      const looks = { ...noQueryLooks, ...(stable !== undefined && { stable }) };
      return { kind: 'query', metric, looks };
    }
  }
}

function errorTests(
  { max, compare }: Extract<PlanMetric, { kind: 'errorRatio' }>,
  { isAlone, stable, tests }: Start,
): Tests {
  const alpha = (compare?.alpha ?? defaultAlpha) / tests;
  const limits = max === undefined ? [] : [planLimit(max, alpha)];
  if (compare === undefined) return { limits };
  const comparison = { alpha, maxRatio: compare.maxRatio };
  if (!isAlone) return { compare: comparison, limits };
  return stable.requests === undefined
    ? { limits }
    : { limits: [...limits, limitOfBefore(stable.requests, comparison)] };
}

/** What a latency metric is judged by; what stable had before serves only with the same buckets. */
export function latencySetting(
  { metric, alpha }: Extract<MetricState, { kind: 'latency' }>,
  { isAlone, before, latency }: JudgeState,
): LatencySetting {
  const same = JSON.stringify(before.latency?.bounds) === JSON.stringify(latency?.bounds);
  return { metric, alpha, isAlone, ...(same && before.latency && { before: before.latency }) };
}

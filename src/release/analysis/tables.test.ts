import { describe, expect, it } from 'vitest';
import { looksOf, randomOf, type TrackName, type Truth } from '../../../test/support/traffic.ts';
import type { PlanMetric, PlanStep } from '../plan.ts';
import { judge } from './judge.ts';
import { startJudge, type JudgeState } from './state.ts';

/**
 * The figures of handbook/analysis.md 5 on traffic with a known truth, by a few seeded runs; `bench/decision-quality.ts` has many. The same seeds
 * give the same figures, so the bounds do not flicker.
 */
const base = 0.005;
const step: PlanStep = {
  to: { kind: 'weight', percent: 5 },
  minSeconds: 0,
  maxSeconds: 3600,
  minRequests: 0,
  gate: 'none',
};

function metricOf(alpha: number): PlanMetric {
  return { kind: 'errorRatio', name: 'errors', compare: { alpha, maxRatio: 2 } };
}

function times(factor: number): Truth['failed'] {
  return (track: TrackName) => (track === 'canary' ? factor * base : base);
}

interface Story {
  readonly requestsPerSecond: number;
  readonly failed: Truth['failed'];
  readonly burst?: number;
  readonly minutes: number;
  readonly seed: number;
  readonly start?: JudgeState;
}

/** Minutes until the run fails and until it passes first; Infinity: it does not. */
function minutesTo({ minutes, seed, start, ...truth }: Story): { fail: number; pass: number } {
  let state = start ?? startJudge([metricOf(0.01)], step);
  let pass = Infinity;
  let at = -3;
  for (const look of looksOf({ ...truth, weight: 0.05 }, randomOf(seed))) {
    at += 1;
    if (at > 4 * minutes) break;
    const judged = judge(state, look);
    state = judged.state;
    if (judged.report.verdict.kind === 'fail') return { fail: at / 4, pass };
    if (judged.report.verdict.kind === 'pass') pass = Math.min(pass, at / 4);
  }
  return { fail: Infinity, pass };
}

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, at) => 7919 * (at + 1));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

describe('the simulated tables', { timeout: 30_000 }, () => {
  const caught = (requestsPerSecond: number, factor: number, runs: number): number =>
    median(
      seeds(runs).map(
        (seed) => minutesTo({ requestsPerSecond, failed: times(factor), minutes: 40, seed }).fail,
      ),
    );

  it('a doubling is caught in 10 minutes at 100 requests/s and in 1.2 at 1000', () => {
    expect(caught(1000, 2, 40)).toBeLessThanOrEqual(1.25);
    const slow = caught(100, 2, 9);
    expect(slow).toBeGreaterThan(5);
    expect(slow).toBeLessThan(14);
  });

  it('five times as many errors are caught in about a minute', () => {
    expect(caught(100, 5, 15)).toBeLessThanOrEqual(1.75);
    expect(caught(1000, 5, 15)).toBeLessThanOrEqual(0.5);
  });

  it('a good canary goes on, and is not rolled back in 25 minutes', () => {
    const runs = seeds(6).map((seed) =>
      minutesTo({ requestsPerSecond: 100, failed: times(1), minutes: 25, seed }),
    );
    expect(runs.filter(({ fail }) => fail < Infinity)).toEqual([]);
    expect(median(runs.map(({ pass }) => pass))).toBeLessThan(12);
  });

  it('nor is one whose errors come in bursts of five', () => {
    const runs = seeds(6).map((seed) =>
      minutesTo({ requestsPerSecond: 100, failed: times(1), burst: 5, minutes: 25, seed }),
    );
    expect(runs.filter(({ fail }) => fail < Infinity).length).toBeLessThanOrEqual(1);
  });

  it('row 58: an outage of a dependency that triples the errors of both rolls nothing back', () => {
    const failed = (_: TrackName, s: number): number => (s > 300 && s <= 900 ? 3 * base : base);
    const runs = seeds(6).map((seed) =>
      minutesTo({ requestsPerSecond: 1000, failed, minutes: 20, seed }),
    );
    expect(runs.filter(({ fail }) => fail < Infinity)).toEqual([]);
  });

  it('row 60: twenty metrics that are all good fail together no more often than one may', () => {
    const alpha = 0.2;
    const all = startJudge(
      Array.from({ length: 20 }, () => metricOf(alpha)),
      step,
    );
    // Each of them on traffic of its own, so that they are independent.
    const start = { ...all, metrics: all.metrics.slice(0, 1) };
    const plans = 5;
    const failed = seeds(plans * 20).filter(
      (seed) =>
        minutesTo({ requestsPerSecond: 400, failed: times(1), minutes: 5, seed, start }).fail <
        Infinity,
    );
    expect(failed.length).toBeLessThanOrEqual(Math.ceil(alpha * plans));
    // The same without control: each metric may use up all of it.
    const alone = startJudge([metricOf(alpha)], step);
    const uncontrolled = seeds(40).filter(
      (seed) =>
        minutesTo({ requestsPerSecond: 400, failed: times(1), minutes: 5, seed, start: alone })
          .fail < Infinity,
    );
    expect(uncontrolled.length).toBeGreaterThan(0);
  });
});

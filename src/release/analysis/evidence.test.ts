import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose, likelihoodRatio, slowNotWorse } from '../../../test/support/slowEvidence.ts';
import { logRatio, riskStakes, risks } from './evidence.ts';
import { quantile, shareAbove, slowerChance } from './histogram.ts';
import { rankLogs } from './ranks.ts';

const small = fc.integer({ min: 1, max: 12 });

describe('the likelihood ratio of one interval', () => {
  it('is that of exact fractions', () => {
    fc.assert(
      fc.property(
        fc.record({
          canary: fc.integer({ min: 1, max: 5000 }),
          stable: fc.integer({ min: 1, max: 50_000 }),
          canaryBad: fc.integer({ min: 0, max: 60 }),
          stableBad: fc.integer({ min: 0, max: 60 }),
        }),
        (look) => {
          const share = look.canary / (look.canary + look.stable);
          const log = logRatio(share, 3, { hits: look.canaryBad, misses: look.stableBad });
          const exact = -Math.log(slowNotWorse([look], 3n, 1n));
          expect(log).toBeCloseTo(exact, 8);
        },
      ),
    );
  });

  it('has a mean of at most 1 when both tracks are equal, by every way to draw the bad ones', () => {
    fc.assert(
      fc.property(small, small, small, fc.constantFrom(2n, 5n), (canary, stable, wanted, risk) => {
        const bad = Math.min(wanted, canary + stable);
        // All in fractions over one denominator: sum of ways · ratio against all ways.
        let mean = 0;
        for (let hits = Math.max(0, bad - stable); hits <= Math.min(bad, canary); hits += 1) {
          const ways = choose(canary, hits) * choose(stable, bad - hits);
          const look = { canary, stable, canaryBad: hits, stableBad: bad - hits };
          const [top, bottom] = likelihoodRatio(look, risk, 1n);
          mean +=
            Number((ways * top * 10n ** 15n) / (bottom * choose(canary + stable, bad))) / 1e15;
        }
        expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('says nothing when one track has no requests', () => {
    expect(logRatio(0, 2, { hits: 0, misses: 9 })).toBe(0);
    expect(logRatio(1, 2, { hits: 9, misses: 0 })).toBe(0);
  });

  it('is staked once, on all risks together', () => {
    expect(riskStakes).toHaveLength(risks.length);
    expect(riskStakes.reduce((sum, stake) => sum + stake, 0)).toBeCloseTo(1, 12);
  });
});

/** Every way to draw `n` requests from the pooled ones: how many of each bucket, and in how many ways. */
function* draws(pooled: readonly number[], n: number): Generator<readonly [number[], bigint]> {
  const [first, ...others] = pooled;
  if (first === undefined) {
    if (n === 0) yield [[], 1n];
    return;
  }
  for (let here = 0; here <= Math.min(first, n); here += 1)
    for (const [rest, ways] of draws(others, n - here))
      yield [[here, ...rest], ways * choose(first, here)];
}

describe('the rank test of one interval', () => {
  const buckets = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 4 });

  it('has a mean of at most 1 when both tracks are equal, by every way to draw the requests', () => {
    fc.assert(
      fc.property(buckets, fc.integer({ min: 1, max: 10 }), (pooled, n) => {
        const all = pooled.reduce((sum, count) => sum + count, 0);
        fc.pre(n < all);
        const means = [0, 0, 0, 0];
        for (const [canary, ways] of draws(pooled, n)) {
          const stable = pooled.map((count, at) => count - (canary[at] ?? 0));
          const chance = Number(ways) / Number(choose(all, n));
          rankLogs(canary, stable).forEach((log, at) => {
            means[at] = (means[at] ?? 0) + chance * Math.exp(log);
          });
        }
        for (const mean of means) expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('speaks for a slower canary, against a faster one, and of nothing without requests', () => {
    expect(Math.max(...rankLogs([10, 20, 70], [700, 200, 100]))).toBeGreaterThan(20);
    expect(Math.max(...rankLogs([95, 5, 0], [100, 200, 700]))).toBeLessThan(0);
    expect(rankLogs([0, 0], [5, 5])).toEqual([0, 0, 0, 0]);
  });

  it('has the effect size of all pairs, one by one', () => {
    fc.assert(
      fc.property(buckets, buckets, (a, b) => {
        fc.pre(a.length === b.length);
        const each = (of: readonly number[]): number[] =>
          of.flatMap((count, at) => Array.from({ length: count }, () => at));
        const pairs = each(a).flatMap((x) => each(b).map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
        const naive = pairs.reduce<number>((sum, win) => sum + win, 0) / pairs.length;
        const chance = slowerChance(a, b);
        if (pairs.length === 0) expect(chance).toBeUndefined();
        else expect(chance).toBeCloseTo(naive, 9);
      }),
    );
  });
});

describe('a quantile from buckets', () => {
  const bounds = [100, 200, 400];
  it('lies on a straight line within its bucket, as Prometheus has it', () => {
    expect(quantile(bounds, [50, 50, 0, 0], 0.75)).toBe(150);
    expect(quantile(bounds, [0, 0, 10, 0], 0.5)).toBe(300);
    expect(quantile(bounds, [1, 0, 0, 99], 0.5)).toBe(400);
    expect(quantile(bounds, [0, 0, 0, 0], 0.5)).toBeUndefined();
  });
  it('has at each bound the share of those above it, and falls by equal factors between', () => {
    const buckets = [60, 30, 9, 1];
    for (const [ms, share] of [
      [100, 0.4],
      [200, 0.1],
      [400, 0.01],
    ] as const)
      expect(shareAbove(bounds, buckets, ms)).toBeCloseTo(share, 9);
    expect(shareAbove(bounds, buckets, 150)).toBeCloseTo(Math.sqrt(0.4 * 0.1), 9);
    expect(shareAbove(bounds, buckets, 999)).toBe(0.01);
    expect(shareAbove(bounds, [0, 0, 0, 0], 150)).toBe(0);
  });
});

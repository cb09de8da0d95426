import { ratioOf } from '../../base/share.ts';
import type { Count } from '../../model/verdict.ts';
import {
  flat,
  logMixture,
  logRatio,
  rise,
  risingLog,
  risks,
  riskStakes,
  shifted,
  type Rising,
} from './evidence.ts';
import { badRatio, discount, type Pair, type Tally } from './tally.ts';

/**
 * The tests of a share of bad requests: failed ones for the error ratio, slow ones for latency. Against stable, against limits, or both;
 * all of them valid at every look and while the weights change (handbook/analysis.md 4.2).
 */
export interface Tests {
  /** `maxRatio` > 1: how many times as many bad requests as stable are too many. */
  readonly compare?: { readonly alpha: number; readonly maxRatio: number };
  readonly limits: readonly Limit[];
}

export interface Limit {
  /** The plan's own limit, or what stable had before it was left without requests. */
  readonly kind: 'plan' | 'stableBefore';
  /** It fails when the share is proven to be above this; 0–1 exclusive. */
  readonly share: number;
  /** It passes when the share is proven to be below this and seen to be at most `share`. */
  readonly passBelow: number;
  readonly alpha: number;
}

/** Evidence so far, as natural logarithms, not divided by any clustering. JSON-serialisable. */
export interface Logs {
  readonly worse: Rising;
  readonly notWorse: number;
  readonly rare: readonly number[];
  readonly limits: readonly { readonly over: Rising; readonly under: readonly number[] }[];
}

export const noLogs: Logs = { worse: flat, notWorse: 0, rare: [], limits: [] };

/** A canary that is as bad as the plan does not allow passes at most once in 10 times: the power of handbook/analysis.md 3. */
export const missed = 0.1;
/** A difference of shares below this never matters (handbook/analysis.md 4.3). */
export const leastDifference = 0.001;
/** A limit of 0 or 1 can neither be proven nor broken by counting. */
const extremes = [1e-6, 1 - 1e-6] as const;

/** The limit of a plan: what is seen must keep it, and twice as much must be ruled out. */
export function planLimit(share: number, alpha: number): Limit {
  const kept = Math.min(extremes[1], Math.max(extremes[0], share));
  return { kind: 'plan', share: kept, passBelow: shifted(kept, 2), alpha };
}

/** A comparison with what stable had before, for a step that leaves it no requests. */
export function limitOfBefore(
  before: Count,
  { alpha, maxRatio }: { readonly alpha: number; readonly maxRatio: number },
): Limit {
  const was = badRatio(before);
  const share = Math.min(extremes[1], Math.max(maxRatio * was, was + leastDifference));
  return { kind: 'stableBefore', share, passBelow: share, alpha };
}

/** `tally` already has the interval of `pair`. */
export function fold(
  logs: Logs,
  tests: Tests,
  { tally, pair }: { readonly tally: Tally; readonly pair: Pair },
): Logs {
  const { canary, stable } = pair;
  const share = ratioOf(canary.requests, canary.requests + stable.requests);
  const events = { hits: canary.bad, misses: stable.bad };
  const answers = { hits: canary.bad, misses: canary.requests - canary.bad };
  const at = { look: tally.looks, discount: discount(tally) };
  const rising = (of: Rising, chance: number, counts: typeof events): Rising =>
    rise(
      of,
      risks.map((risk) => logRatio(chance, risk, counts)),
      at,
    );
  const below = (of: readonly number[], limit: number): readonly number[] =>
    risks.map((risk, index) => (of[index] ?? 0) + logRatio(limit, 1 / risk, answers));
  return {
    worse: rising(logs.worse, share, events),
    notWorse: logs.notWorse - logRatio(share, tests.compare?.maxRatio ?? 1, events),
    rare: below(logs.rare, leastDifference),
    limits: tests.limits.map((limit, index) => ({
      over: rising(logs.limits[index]?.over ?? flat, limit.share, answers),
      under: below(logs.limits[index]?.under ?? [], limit.passBelow),
    })),
  };
}

/** Logarithms of the e-values, each divided by the discount. */
export function logsBy(
  { worse, notWorse, rare, limits }: Logs,
  by: number,
): Record<'worse' | 'notWorse', number> & {
  readonly over: readonly number[];
  readonly under: readonly number[];
} {
  const below = (logs: readonly number[]): number =>
    logs.length === 0
      ? 0
      : logMixture(
          logs.map((log) => log / by),
          riskStakes,
        );
  return {
    worse: risingLog(worse, riskStakes, by),
    // Whoever is too bad is so by ratio and by difference, so half of the stake is put against each.
    notWorse: logMixture([notWorse / by, below(rare)], [0.5, 0.5]),
    over: limits.map(({ over }) => risingLog(over, riskStakes, by)),
    under: limits.map(({ under }) => below(under)),
  };
}

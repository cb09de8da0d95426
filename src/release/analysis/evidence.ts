/**
 * Evidence that grows look by look: e-processes, kept as natural logarithms.
 *
 * Under the null hypothesis the expected value of an e-process is at most 1 at every look, so by Ville's inequality it ever reaches `1/α` with
 * a chance of at most α: one may look as often as one likes, and stop when one likes. Sources: Wald's likelihood ratios; Lindon et al.,
 * "Rapid Regression Detection in Software Deployments through Sequential Testing", arXiv 2205.14762; Ramdas et al., "Game-theoretic statistics
 * and safe anytime-valid inference", arXiv 2210.01948; handbook/analysis.md 4.
 */

/** How many times as likely to be bad a canary's request is, in the alternatives that are tried side by side. */
export const risks: readonly number[] = [1.25, 1.5, 2, 3, 5, 10];
/** Parts of the stake: half is on a doubling, which is what a plan is made to see. Sums to 1. */
export const riskStakes: readonly number[] = [0.1, 0.1, 0.5, 0.1, 0.1, 0.1];

/** A share whose odds are multiplied: of all bad requests, those of a canary that is `risk` times as bad and gets `share` of the requests. */
export function shifted(share: number, risk: number): number {
  return (share * risk) / (share * risk + 1 - share);
}

/**
 * Logarithm of the likelihood ratio of `hits` and `misses` when each is a hit with the chance `shifted(share, risk)`, against `share`. 0 where
 * the share says nothing (0 or 1).
 *
 * For bad requests of two tracks in one interval: `share` is the measured share of the canary's requests, hits are its bad ones, misses
 * those of stable. What makes both tracks worse at once cancels. Given the requests and the bad ones of both, the hits of equal tracks are drawn
 * without replacement, and the ratio is convex in them, so its mean is no larger than with independent draws, where it is 1 (Hoeffding, "Probability
 * inequalities for sums of bounded random variables", 1963, theorem 4): it holds for any error rate, not only for rare errors.
 */
export function logRatio(
  share: number,
  risk: number,
  { hits, misses }: { readonly hits: number; readonly misses: number },
): number {
  if (share <= 0 || share >= 1) return 0;
  const other = shifted(share, risk);
  return hits * Math.log(other / share) + misses * Math.log1p((share - other) / (1 - share));
}

/** ln(e^a + e^b) without overflow; −Infinity stands for nothing. */
export function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? larger : larger + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** Logarithm of a weighted mean of e-values, which is an e-value again; stakes sum to at most 1. */
export function logMixture(logs: readonly number[], stakes: readonly number[]): number {
  return logs.reduce((sum, log, at) => logAdd(sum, log + Math.log(stakes[at] ?? 0)), -Infinity);
}

/**
 * Evidence for something that may begin at any look: most of the stake is on the first look, the rest is spread over all later ones, so that
 * a leak after an hour is not outweighed by the good hour before it. One number for each alternative. JSON-serialisable.
 */
export interface Rising {
  /** Sums since the first look. */
  readonly first: readonly number[];
  /** Mixtures over all later beginnings, with their stakes; empty until the second look. */
  readonly later: readonly number[];
}

export const flat: Rising = { first: [], later: [] };
const firstStake = 0.8;

/** `look` counts from 1. Evidence is divided by `discount` ≥ 1, see `dispersion`; that of the first look on only when it is asked for. */
export function rise(
  before: Rising,
  increments: readonly number[],
  { look, discount }: { readonly look: number; readonly discount: number },
): Rising {
  return {
    first: increments.map((increment, at) => (before.first[at] ?? 0) + increment),
    later:
      look === 1
        ? []
        : increments.map((increment, at) => {
            const stake = Math.log((1 - firstStake) / (look * (look - 1)));
            return logAdd(before.later[at] ?? -Infinity, stake) + increment / discount;
          }),
  };
}

/** Logarithm of the e-value, 0 before the first look. */
export function risingLog(
  { first, later }: Rising,
  stakes: readonly number[],
  discount: number,
): number {
  if (first.length === 0) return 0;
  const whole = first.map((log) => log / discount);
  return logAdd(Math.log(firstStake) + logMixture(whole, stakes), logMixture(later, stakes));
}

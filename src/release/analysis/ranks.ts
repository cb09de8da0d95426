import { risingLog, type Rising } from './evidence.ts';
import { addBuckets, total, type Buckets } from './histogram.ts';

/** How strongly the canary's requests lean to high ranks, in the alternatives; 0.6 is about a chance of 55 % to be the slower one. */
const leanings: readonly number[] = [0.3, 0.6, 1.2, 2.4];

/**
 * One interval of a rank test for "the canary is slower" that is valid at every look: a logarithm of an e-value for each leaning λ.
 *
 * All requests of the interval are ranked together, ties (one bucket) by their mean rank, as in a grouped Mann–Whitney test. When the tracks are
 * equal, the canary's requests are drawn from them without replacement, whatever the response times are, and its sum of scores S has
 * E exp(λS) ≤ (mean of exp(λ·score))^n (Hoeffding 1963, theorem 4). Each interval thus gives an e-value, and their product is an e-process. What
 * slows both tracks down shifts no rank. The smaller of both samples is used, for which the bound is the tighter.
 */
export function rankLogs(canary: Buckets, stable: Buckets): readonly number[] {
  const pooled = addBuckets(canary, stable);
  const all = total(pooled);
  const [ours, theirs] = [total(canary), total(stable)];
  if (ours === 0 || theirs === 0) return leanings.map(() => 0);
  const scores = scoresOf(pooled, all);
  const [sample, n, sign] = ours <= theirs ? [canary, ours, 1] : [stable, theirs, -1];
  const sum = sample.reduce((s, count, at) => s + count * (scores[at] ?? 0), 0);
  return leanings.map((leaning) => {
    const lambda = sign * leaning;
    const mean = pooled.reduce((m, count, at) => {
      return m + (count / all) * Math.exp(lambda * (scores[at] ?? 0));
    }, 0);
    return lambda * sum - n * Math.log(mean);
  });
}

/** Mean rank of each bucket as a share of all, from −0.5 for the fastest to 0.5 for the slowest. */
function scoresOf(pooled: Buckets, all: number): readonly number[] {
  let below = 0;
  return pooled.map((count) => {
    const score = (below + count / 2) / all - 0.5;
    below += count;
    return score;
  });
}

/** Logarithm of the e-value of all looks so far. */
export function rankLog(ranks: Rising, by: number): number {
  return risingLog(
    ranks,
    leanings.map(() => 1 / leanings.length),
    by,
  );
}

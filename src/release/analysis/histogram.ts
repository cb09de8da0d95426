import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { HistogramReading } from '../../model/samples.ts';
import { say } from './analysis.l10n.ts';
import type { Counter } from './deltas.ts';

/** Finite upper bounds in milliseconds, ascending; there is one more bucket above the last. */
export type Bounds = readonly number[];
/** Requests in each bucket by itself, one more than bounds. */
export type Buckets = readonly number[];

/** The bounds that all histograms share; else why they cannot be compared (handbook/hazards.md row 61). */
export function sharedBounds(histograms: readonly HistogramReading[]): Result<Bounds, Text> {
  let bounds: Bounds | undefined;
  for (const { buckets, series } of histograms) {
    const args = { series: series.slice(0, 200) };
    if (buckets.length === 0) return err(say('analysis.nativeHistogram', args));
    const finite = buckets.slice(0, -1).map(({ leMs }) => leMs);
    if (buckets.at(-1)?.leMs !== '+Inf' || !isAscending(finite))
      return err(say('analysis.badBuckets', args));
    bounds ??= finite;
    if (finite.length !== bounds.length || finite.some((bound, at) => bound !== bounds?.[at]))
      return err(say('analysis.differentBuckets', args));
  }
  return ok(bounds ?? []);
}

function isAscending(bounds: readonly (number | '+Inf')[]): bounds is readonly number[] {
  return (
    bounds.length > 0 &&
    bounds.every((bound, at) => {
      const before = at === 0 ? -Infinity : bounds[at - 1];
      return typeof bound === 'number' && Number.isFinite(bound) && bound > Number(before);
    })
  );
}

export function histogramCounters(histograms: readonly HistogramReading[]): readonly Counter[] {
  return histograms.map(({ buckets, ...source }) => ({
    ...source,
    kind: JSON.stringify(buckets.map(({ leMs }) => leMs)),
    values: buckets.map(({ count }) => count),
  }));
}

/** Cumulative counts as counts of each bucket; undefined when they do not ascend, so that they are none. */
export function apart(cumulative: readonly number[]): Buckets | undefined {
  const buckets = cumulative.map((count, at) => count - (cumulative[at - 1] ?? 0));
  return buckets.every((count) => count >= 0) ? buckets : undefined;
}

export function total(buckets: Buckets): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

export function addBuckets(a: Buckets, b: Buckets): Buckets {
  return b.map((count, at) => count + (a[at] ?? 0));
}

/** Requests above the bound with this index. */
export function above(buckets: Buckets, index: number): number {
  return total(buckets.slice(index + 1));
}

/**
 * Share of requests above `ms`. Within a bucket the share falls by equal factors, as the tails of response times nearly do; a straight line there
 * would make the share, and with it what is tolerated, several times too large. Above the last bound all of the bucket counts.
 */
export function shareAbove(bounds: Bounds, buckets: Buckets, ms: number): number {
  const at = bounds.findIndex((bound) => bound >= ms);
  const all = total(buckets);
  if (all === 0) return 0;
  if (at < 0) return (buckets.at(-1) ?? 0) / all;
  const [low, high] = [bounds[at - 1] ?? 0, bounds[at] ?? ms];
  const part = high > low ? (high - ms) / (high - low) : 0;
  // Half a request stands for none, which has no logarithm.
  const shares = [above(buckets, at - 1), above(buckets, at)].map((n) => Math.max(n, 0.5) / all);
  const [before = 1, after = 1] = shares;
  return before ** part * after ** (1 - part);
}

/**
 * The quantile by a straight line within its bucket, as `histogram_quantile` of Prometheus has it; the last bound when it is above that;
 * undefined without requests.
 */
export function quantile(bounds: Bounds, buckets: Buckets, q: number): number | undefined {
  const all = total(buckets);
  if (all === 0) return undefined;
  let below = 0;
  for (const [at, bound] of bounds.entries()) {
    const count = buckets[at] ?? 0;
    if (count > 0 && below + count >= q * all) {
      const low = bounds[at - 1] ?? 0;
      return low + ((bound - low) * (q * all - below)) / count;
    }
    below += count;
  }
  return bounds.at(-1);
}

/** Chance that a request of `a` takes longer than one of `b`, ties by half; undefined when either has none. */
export function slowerChance(a: Buckets, b: Buckets): number | undefined {
  const pairs = total(a) * total(b);
  if (pairs === 0) return undefined;
  let faster = 0;
  let wins = 0;
  for (const [at, count] of a.entries()) {
    const same = b[at] ?? 0;
    wins += count * (faster + same / 2);
    faster += same;
  }
  return wins / pairs;
}

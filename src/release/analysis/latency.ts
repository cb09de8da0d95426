import type { PlanMetric } from '../plan.ts';
import { fold, leastDifference, noLogs, planLimit, type Logs, type Tests } from './badShare.ts';
import { flat, rise, type Rising } from './evidence.ts';
import { above, addBuckets, shareAbove, total, type Bounds, type Buckets } from './histogram.ts';
import { rankLogs } from './ranks.ts';
import { add, discount, emptyTally, type PodCount, type Tally } from './tally.ts';

export type LatencyMetric = Extract<PlanMetric, { kind: 'latency' }>;

/**
 * Response times of both tracks in one step, by bucket.
 *
 * A quantile is judged as a share of slow requests: "p99 is above 250 ms" says that more than 1 % of the requests take longer than 250 ms. So
 * the tests of the error ratio serve here too, at a bound of the buckets; beside them stands the rank test, which sees a shift of the
 * whole distribution.
 */
export interface LatencyTally {
  readonly bounds: Bounds;
  readonly looks: number;
  readonly canary: Buckets;
  readonly stable: Buckets;
  /** The newest intervals, oldest first. */
  readonly recent: readonly BucketPair[];
}

export interface BucketPair {
  readonly canary: Buckets;
  readonly stable: Buckets;
}

export interface LatencyInterval {
  readonly seconds: number;
  readonly canary: readonly PodBuckets[];
  readonly stable: readonly PodBuckets[];
}

export interface PodBuckets {
  readonly pod: string;
  readonly buckets: Buckets;
}

/** What stable had in the step before, or has had so far. */
export interface Histogram {
  readonly bounds: Bounds;
  readonly buckets: Buckets;
}

/** The tests at one bound. `under` stands for a limit above all bounds, which can be kept but not seen to be broken. */
export interface Strand {
  readonly role: 'compare' | 'limit' | 'under';
  /** Of the bound: slower is slow. */
  readonly index: number;
  readonly tests: Tests;
  readonly tally: Tally;
  readonly logs: Logs;
}

export interface LatencyState {
  readonly strands: readonly Strand[];
  readonly ranks: Rising;
}

export const noLatency: LatencyState = { strands: [], ranks: flat };

/** What the metric is judged by. `alpha` is that of each of its tests, with all metrics of the plan counted in. */
export interface LatencySetting {
  readonly metric: LatencyMetric;
  readonly alpha: number;
  readonly isAlone: boolean;
  /** Stable in the steps before, with the same buckets. */
  readonly before?: Histogram;
}

const keptIntervals = 20;
/** Slow requests of stable that make the share of slow ones known well enough to choose a bound by it. */
const leastSlow = 20;
/** A tolerance that hardly changes the share of slow requests would never be shown, and one that takes all of them always. */
const ratios = [1.02, 10] as const;

export function emptyLatency(bounds: Bounds): LatencyTally {
  const none = [...bounds, Infinity].map(() => 0);
  return { bounds, looks: 0, canary: none, stable: none, recent: [] };
}

export function addLatency(tally: LatencyTally, interval: LatencyInterval): LatencyTally {
  const pair = pairOf(tally, interval);
  return {
    ...tally,
    looks: tally.looks + 1,
    canary: addBuckets(tally.canary, pair.canary),
    stable: addBuckets(tally.stable, pair.stable),
    recent: [...tally.recent, pair].slice(-keptIntervals),
  };
}

export function recentBuckets({ recent, ...tally }: LatencyTally): BucketPair {
  const none = emptyLatency(tally.bounds);
  return recent.reduce<BucketPair>(
    (sum, { canary, stable }) => ({
      canary: addBuckets(sum.canary, canary),
      stable: addBuckets(sum.stable, stable),
    }),
    { canary: none.canary, stable: none.stable },
  );
}

function pairOf(tally: LatencyTally, { canary, stable }: LatencyInterval): BucketPair {
  const none = emptyLatency(tally.bounds);
  const sumOf = (pods: readonly PodBuckets[], of: Buckets): Buckets =>
    pods.reduce((sum, { buckets }) => addBuckets(sum, buckets), of);
  return { canary: sumOf(canary, none.canary), stable: sumOf(stable, none.stable) };
}

/** `tally` is that before the interval: a bound may be chosen by the past only, not by what it is then tested on. */
export function foldLatency(
  state: LatencyState,
  setting: LatencySetting,
  { tally, interval }: { readonly tally: LatencyTally; readonly interval: LatencyInterval },
): LatencyState {
  const before = [...state.strands, ...missingStrands(state, setting, tally)];
  const strands = before.map((strand) => foldStrand(strand, interval));
  const comparison = strands.find(({ role }) => role === 'compare');
  const { canary, stable } = pairOf(tally, interval);
  const at = {
    look: tally.looks + 1,
    discount: comparison === undefined ? 1 : discount(comparison.tally),
  };
  return { strands, ranks: rise(state.ranks, rankLogs(canary, stable), at) };
}

function foldStrand(strand: Strand, interval: LatencyInterval): Strand {
  const slow = ({ pod, buckets }: PodBuckets): PodCount => ({
    pod,
    requests: total(buckets),
    bad: above(buckets, strand.index),
  });
  const tally = add(strand.tally, {
    seconds: interval.seconds,
    canary: interval.canary.map(slow),
    stable: interval.stable.map(slow),
  });
  const pair = tally.recent.at(-1);
  return pair === undefined
    ? strand
    : { ...strand, tally, logs: fold(strand.logs, strand.tests, { tally, pair }) };
}

function missingStrands(
  { strands }: LatencyState,
  setting: LatencySetting,
  tally: LatencyTally,
): readonly Strand[] {
  const has = (wanted: Strand['role']): boolean => strands.some(({ role }) => role === wanted);
  const { maxMs, compare } = setting.metric;
  const isMissing = maxMs !== undefined && !has('limit') && !has('under');
  const limits = isMissing ? [limitStrand(maxMs, setting, tally.bounds)] : [];
  const comparison = compare && !has('compare') ? compareStrand(setting, tally) : undefined;
  return comparison === undefined ? limits : [...limits, comparison];
}

/** At the first bound that the limit does not exceed: whoever breaks it for sure breaks the limit. */
function limitStrand(maxMs: number, { metric, alpha }: LatencySetting, bounds: Bounds): Strand {
  const tests = { limits: [planLimit(1 - metric.quantile, alpha)] };
  const at = bounds.findIndex((bound) => bound >= maxMs);
  return at < 0 ? strand('under', bounds.length - 1, tests) : strand('limit', at, tests);
}

function strand(role: Strand['role'], index: number, tests: Tests): Strand {
  return { role, index, tests, tally: emptyTally, logs: noLogs };
}

/**
 * The comparison at the bound above which stable's share of slow requests is nearest to that of the quantile. How many times as many slow requests
 * are too many follows from the tolerance: a canary with every response time stretched by it has so many.
 */
function compareStrand(
  { metric, alpha, isAlone, before }: LatencySetting,
  tally: LatencyTally,
): Strand | undefined {
  const { bounds } = tally;
  const stable = { bounds, buckets: addBuckets(before?.buckets ?? [], tally.stable) };
  const index = slowBound(stable, 1 - metric.quantile);
  const bound = bounds[index ?? -1];
  if (index === undefined || bound === undefined) return undefined;
  const share = above(stable.buckets, index) / total(stable.buckets);
  const stretched = shareAbove(
    bounds,
    stable.buckets,
    bound / (1 + (metric.compare?.tolerance ?? 0)),
  );
  const ratio = share > 0 ? stretched / share : Infinity;
  const maxRatio = Math.min(ratios[1], Math.max(ratios[0], ratio));
  if (!isAlone) return strand('compare', index, { compare: { alpha, maxRatio }, limits: [] });
  const most = Math.min(0.999, Math.max(maxRatio * share, share + leastDifference));
  return strand('compare', index, {
    limits: [{ kind: 'stableBefore', share: most, passBelow: most, alpha }],
  });
}

function slowBound({ bounds, buckets }: Histogram, wanted: number): number | undefined {
  const all = total(buckets);
  if (all * wanted < leastSlow) return undefined;
  let best: { readonly index: number; readonly distance: number } | undefined;
  for (const index of bounds.keys()) {
    const slow = above(buckets, index);
    if (slow < leastSlow || slow >= all) continue;
    const distance = Math.abs(Math.log(slow / all / wanted));
    if (best === undefined || distance < best.distance) best = { index, distance };
  }
  // Nearly all of stable's requests are in one bucket: the bound above them.
  const lowest = bounds.findIndex((_, index) => above(buckets, index) < leastSlow);
  return best?.index ?? (lowest < 0 ? undefined : lowest);
}

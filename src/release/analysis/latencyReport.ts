import { percentText } from '../../base/share.ts';
import type { Evidence, MetricNumbers, Verdict } from '../../model/verdict.ts';
import { say } from './analysis.l10n.ts';

import { openReason } from './errorRatio.ts';
import { findings, type Findings } from './findings.ts';
import { quantile, slowerChance, type Buckets } from './histogram.ts';
import {
  recentBuckets,
  type LatencyMetric,
  type LatencySetting,
  type LatencyState,
  type LatencyTally,
  type Strand,
} from './latency.ts';
import { short } from './ownQuery.ts';
import { rankLog } from './ranks.ts';
import { discount, dispersion } from './tally.ts';

/** A strand and what its tests say. */
interface Told extends Findings {
  readonly strand: Strand;
}

/** The latency of the canary after the looks that `tally` and `state` have. */
export function judgeLatency(
  setting: LatencySetting,
  state: LatencyState,
  tally: LatencyTally,
): { readonly verdict: Verdict; readonly numbers: MetricNumbers } {
  const isMaterial = isSlower(setting.metric, tally);
  const told = state.strands.map((strand): Told => {
    const alsoWorse = rankLog(state.ranks, discount(strand.tally));
    const seen = { tally: strand.tally, isMaterial, alsoWorse };
    return { strand, ...findings(strand.logs, strand.tests, seen) };
  });
  const verdict = verdictOf(setting, told, tally);
  return { verdict, numbers: numbersOf(setting, told, { tally, verdict }) };
}

/** More than the tolerance slower at the quantile, in the whole step or of late. */
function isSlower({ quantile: q, compare }: LatencyMetric, tally: LatencyTally): boolean {
  return [tally, recentBuckets(tally)].some(({ canary, stable }) => {
    const [ours, theirs] = [canary, stable].map((buckets) => quantile(tally.bounds, buckets, q));
    if (ours === undefined || theirs === undefined) return false;
    return ours > theirs * (1 + (compare?.tolerance ?? 0));
  });
}

type Words = Readonly<Record<'quantile' | 'canary' | 'stable', string>>;

function wordsOf({ metric, before }: LatencySetting, tally: LatencyTally): Words {
  const ms = (buckets: Buckets): string => {
    const value = quantile(tally.bounds, buckets, metric.quantile);
    return value === undefined ? '–' : short(value);
  };
  const stable = tally.stable.some((count) => count > 0) ? tally.stable : (before?.buckets ?? []);
  return {
    quantile: `p${percentText(metric.quantile)}`,
    canary: ms(tally.canary),
    stable: ms(stable),
  };
}

function verdictOf(setting: LatencySetting, told: readonly Told[], tally: LatencyTally): Verdict {
  const words = wordsOf(setting, tally);
  const bad = badVerdict(setting, told, words);
  if (bad !== undefined) return bad;
  const { maxMs, compare } = setting.metric;
  const comparison = told.find(({ strand }) => strand.role === 'compare');
  const limit = told.find(({ strand }) => strand.role !== 'compare');
  const open = [...(compare ? [comparison] : []), ...(maxMs === undefined ? [] : [limit])].filter(
    (one) => one?.finding.kind !== 'good',
  );
  if (open.length > 0) return { kind: 'inconclusive', reason: openReason(secondsOf(open)) };
  const index = limit?.strand.index;
  if (maxMs === undefined || index === undefined || isSeenBelow(maxMs, setting.metric, tally))
    return { kind: 'pass' };
  const [low, high] = [tally.bounds[index - 1] ?? 0, tally.bounds[index] ?? '∞'];
  const args = { limit: maxMs, quantile: words.quantile, low, high };
  return { kind: 'inconclusive', reason: say('analysis.betweenBuckets', args) };
}

function badVerdict(
  { metric, alpha }: LatencySetting,
  told: readonly Told[],
  words: Words,
): Verdict | undefined {
  const certainty = percentText(1 - alpha);
  for (const { strand, finding } of told) {
    if (finding.kind === 'worse')
      return { kind: 'fail', reason: say('analysis.slower', { ...words, certainty }) };
    if (finding.kind !== 'over' || strand.role === 'under') continue;
    if (finding.stableToo) return { kind: 'inconclusive', reason: say('analysis.bothSlow', words) };
    const limit = metric.maxMs ?? 0;
    const reason =
      finding.limit.kind === 'plan'
        ? say('analysis.slowOverLimit', { ...words, limit, certainty })
        : say('analysis.slowerThanBefore', words);
    return { kind: 'fail', reason };
  }
  return undefined;
}

/**
 * The bound above the limit is kept for sure; within its bucket the quantile is where a straight line has it, in the whole step and of
 * late.
 */
function isSeenBelow(maxMs: number, { quantile: q }: LatencyMetric, tally: LatencyTally): boolean {
  return [tally.canary, recentBuckets(tally).canary].every(
    (buckets) => (quantile(tally.bounds, buckets, q) ?? Infinity) <= maxMs,
  );
}

function secondsOf(told: readonly (Told | undefined)[]): number | undefined {
  const times = told.map((one) =>
    one?.finding.kind === 'open' ? (one.finding.secondsToGo ?? NaN) : NaN,
  );
  const longest = Math.max(...times);
  return Number.isFinite(longest) ? longest : undefined;
}

function numbersOf(
  { metric, before }: LatencySetting,
  told: readonly Told[],
  { tally, verdict }: { readonly tally: LatencyTally; readonly verdict: Verdict },
): MetricNumbers {
  const stable = tally.stable.some((count) => count > 0) ? tally.stable : (before?.buckets ?? []);
  return known({
    canary: quantile(tally.bounds, tally.canary, metric.quantile),
    stable: quantile(tally.bounds, stable, metric.quantile),
    limit: metric.maxMs,
    slowerChance: slowerChance(tally.canary, tally.stable),
    ...shownNumbers(told, tally),
    secondsToGo: verdict.kind === 'inconclusive' ? secondsOf(told) : undefined,
  });
}

type Unknown<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Without what is unknown. */
function known(numbers: Unknown<Omit<MetricNumbers, 'unit'>>): MetricNumbers {
  const entries = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return { unit: 'ms', ...(Object.fromEntries(entries) as Omit<MetricNumbers, 'unit'>) };
}

/** The counts of the strand that matters most, and the evidence of all. */
function shownNumbers(
  told: readonly Told[],
  { bounds }: LatencyTally,
): Unknown<Omit<MetricNumbers, 'unit'>> {
  const shown = (told.find(({ strand }) => strand.role === 'compare') ?? told[0])?.strand;
  const nearness = ({ value, needed }: Evidence): number => value / needed;
  const byNearness = (a: Evidence, b: Evidence): number => nearness(a) - nearness(b);
  const against = told.filter(({ strand }) => strand.role !== 'under').map((one) => one.against);
  const inFavour = told.map((one) => one.inFavour);
  const clustering = shown === undefined ? 1 : dispersion(shown.tally);
  return {
    canaryCount: shown?.tally.canary,
    stableCount: shown?.tally.stable,
    slowMs: shown && bounds[shown.index],
    against: against.toSorted(byNearness).at(-1),
    inFavour: inFavour.toSorted(byNearness)[0],
    dispersion: clustering > 1 ? clustering : undefined,
  };
}

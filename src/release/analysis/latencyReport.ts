import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { Evidence, MetricNumbers, Verdict } from '../../model/verdict.ts';
import { say } from './analysis.l10n.ts';

import { openReason } from './errorRatio.ts';
import { findings, type Findings } from './findings.ts';
import { quantile, slowerChance, type Bounds, type Buckets } from './histogram.ts';
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
import { badRatio, discount, dispersion } from './tally.ts';

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
  const verdict = verdictOf(setting, told, {
    words: wordsOf(setting, tally),
    bounds: tally.bounds,
  });
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

function verdictOf(
  { metric, alpha }: LatencySetting,
  told: readonly Told[],
  { words, bounds }: { readonly words: Words; readonly bounds: Bounds },
): Verdict {
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
  const missing = [
    ...(metric.compare ? [told.find(({ strand }) => strand.role === 'compare')] : []),
    ...(metric.maxMs !== undefined ? [told.find(({ strand }) => strand.role === 'under')] : []),
  ].filter((one) => one?.finding.kind !== 'good');
  if (missing.length === 0) return { kind: 'pass' };
  const reason = bucketReason(metric, told, { words, bounds }) ?? openReason(secondsOf(missing));
  return { kind: 'inconclusive', reason };
}

function secondsOf(told: readonly (Told | undefined)[]): number | undefined {
  const times = told.map((one) =>
    one?.finding.kind === 'open' ? (one.finding.secondsToGo ?? NaN) : NaN,
  );
  const longest = Math.max(...times);
  return Number.isFinite(longest) ? longest : undefined;
}

/** When no amount of traffic would do, since no bucket has its bound near the limit. */
function bucketReason(
  { maxMs, quantile: q }: LatencyMetric,
  told: readonly Told[],
  { words, bounds }: { readonly words: Words; readonly bounds: Bounds },
): Text | undefined {
  const [low] = bounds;
  if (maxMs === undefined || low === undefined) return undefined;
  const over = told.find(({ strand }) => strand.role === 'over')?.strand;
  const under = told.find(({ strand }) => strand.role === 'under')?.strand;
  if (under === undefined) return say('analysis.noBucketBelow', { limit: maxMs, low });
  if (over?.index === under.index || isKept(under, q) || !isKept(over, q)) return undefined;
  const [from = low, to] = bounds.slice(under.index, under.index + 2);
  const args = { limit: maxMs, quantile: words.quantile, low: from, high: to ?? '∞' };
  return say('analysis.betweenBuckets', args);
}

/** A bound that is not there is not broken. */
function isKept(strand: Strand | undefined, q: number): boolean {
  return strand === undefined || badRatio(strand.tally.canary) <= 1 - q;
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
  const inFavour = told.filter(({ strand }) => strand.role !== 'over').map((one) => one.inFavour);
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

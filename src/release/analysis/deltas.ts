import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { SeriesSource } from '../../model/samples.ts';
import { say } from './analysis.l10n.ts';

/**
 * How much the counters of one track rose between two looks (handbook/hazards.md rows 49–52, 54–56). Our own deltas of raw counters, because
 * `rate()` loses the first value of a series that is new: the first failed requests.
 */

/** A counter, or the buckets of a histogram, that rise and fall back together. */
export interface Counter extends SeriesSource {
  /** `null`: not a finite number. */
  readonly values: readonly (number | null)[];
  /** What the values are; another kind of the same series begins anew. */
  readonly kind: string;
}

/** What a reading must be complete and new for. Times in milliseconds of the server's clock. */
export interface Expected {
  readonly track: 'stable' | 'canary';
  readonly pods: readonly string[];
  readonly scraped: readonly string[];
  readonly atMs: number;
  readonly scrapeMs: number;
}

/** What is remembered of the counters of one track until the next look. JSON-serialisable. */
export interface Baseline {
  readonly atMs: number;
  /** When each pod was first seen; `''` stands for all series that tell no pod. */
  readonly pods: readonly (readonly [pod: string, firstSeenMs: number])[];
  readonly series: readonly Seen[];
}

interface Seen {
  readonly series: string;
  readonly pod: string;
  readonly replica: string;
  readonly kind: string;
  readonly atMs: number;
  readonly values: readonly number[];
}

/** How much one series rose between two scrapes that are `ms` apart; values ≥ 0. */
export interface Rise {
  readonly pod: string;
  readonly ms: number;
  readonly kind: string;
  readonly values: readonly number[];
}

export interface Advance {
  readonly baseline: Baseline;
  readonly rises: readonly Rise[];
}

/** Prometheus looks back this long for a series that nobody ended. */
const lookbackMs = 300_000;
/** Over a longer gap the weights may have changed, so what came in it cannot be compared. */
const maxGapMs = 600_000;
/** A series that was away for so long while all else was there has ended. */
const forgottenMs = 3_600_000;
const maxScrapes = 2;
/** Two scrapes, but for the jitter of their times. */
const warmUpScrapes = 1.5;

/**
 * Compares a reading with what is remembered. An error says why the reading cannot be used; then nothing is counted and the baseline stays,
 * so that the next good look counts what was missed. Without a baseline nothing is counted.
 */
export function advance(
  before: Baseline | undefined,
  counters: readonly Counter[],
  expected: Expected,
): Result<Advance, Text> {
  const pods = firstSeen(before, expected);
  const ours = counters.filter(({ pod }) => pod === undefined || pods.has(pod));
  const known = new Map(before?.series.map((seen) => [seen.series, seen]));
  const chosen = oneOfEach(ours, known, expected);
  if (!chosen.ok) return chosen;
  const restarted = restartedPods(chosen.value, known);
  const seen = withoutEnded(chosen.value, { before, restarted, expected });
  const old = alive(known, restarted, seen);
  const problem =
    stale(seen, expected) ??
    missingPods(seen, pods, expected) ??
    goneSeries(seen, old, pods, expected);
  if (problem !== undefined) return err(problem);
  return ok(counted(before, seen, { pods, old, expected }));
}

/**
 * Without the series of processes that are no more: they stay in answers for minutes, though their pod has others that are up to date. They ended
 * with the restart that is seen now, or before the last look.
 */
function withoutEnded(
  seen: readonly Seen[],
  {
    before,
    restarted,
    expected,
  }: {
    readonly before: Baseline | undefined;
    readonly restarted: ReadonlySet<string>;
    readonly expected: Expected;
  },
): readonly Seen[] {
  const fresh = new Set(seen.filter((one) => !isOld(one, expected)).map(({ pod }) => pod));
  const known = new Set(before?.series.map(({ series }) => series));
  const endedBy = before?.atMs ?? expected.atMs;
  const hasEnded = ({ pod, series, atMs }: Seen): boolean =>
    pod !== '' && fresh.has(pod) && (restarted.has(pod) || (!known.has(series) && atMs <= endedBy));
  return seen.filter((one) => !isOld(one, expected) || !hasEnded(one));
}

/** Pods of which a counter fell: their process began anew, and series that it does not have yet are not lost. */
function restartedPods(seen: readonly Seen[], known: ReadonlyMap<string, Seen>): Set<string> {
  const fell = seen.filter((now) => {
    const was = known.get(now.series);
    return (
      was?.replica === now.replica && now.values.some((value, at) => value < (was.values[at] ?? 0))
    );
  });
  return new Set(fell.map(({ pod }) => pod).filter((pod) => pod !== ''));
}

function alive(
  known: ReadonlyMap<string, Seen>,
  restarted: ReadonlySet<string>,
  seen: readonly Seen[],
): ReadonlyMap<string, Seen> {
  const there = new Set(seen.map(({ series }) => series));
  return new Map(
    [...known].filter(([series, { pod }]) => !restarted.has(pod) || there.has(series)),
  );
}

function isOld({ atMs }: Seen, expected: Expected): boolean {
  return Math.abs(expected.atMs - atMs) > maxScrapes * expected.scrapeMs;
}

interface Known {
  readonly pods: ReadonlyMap<string, number>;
  readonly old: ReadonlyMap<string, Seen>;
  readonly expected: Expected;
}

function counted(
  before: Baseline | undefined,
  seen: readonly Seen[],
  { pods, old, expected }: Known,
): Advance {
  const { atMs, scrapeMs } = expected;
  const isCounted = (now: Seen, startMs: number): boolean =>
    startMs - (pods.get(now.pod) ?? startMs) >= warmUpScrapes * scrapeMs &&
    now.atMs - startMs <= maxGapMs;
  const kept = [...old].filter(([, was]) => pods.has(was.pod) && atMs - was.atMs <= forgottenMs);
  const series = new Map(kept);
  const rises: Rise[] = [];
  for (const now of seen) {
    const was = old.get(now.series);
    if (was !== undefined && now.atMs <= was.atMs && now.replica === was.replica) continue;
    const values = riseOf(now, was);
    const startMs = was?.atMs ?? before?.atMs ?? atMs;
    if (values !== undefined && isCounted(now, startMs))
      rises.push({ pod: now.pod, ms: now.atMs - startMs, kind: now.kind, values });
    series.set(now.series, now);
  }
  return { baseline: { atMs, pods: [...pods], series: [...series.values()] }, rises };
}

/** Since when each pod that is expected now has been known. */
function firstSeen(before: Baseline | undefined, { pods, atMs }: Expected): Map<string, number> {
  const known = new Map(before?.pods);
  return new Map(['', ...pods].map((pod) => [pod, known.get(pod) ?? atMs]));
}

/**
 * Of a series that several Prometheus servers took, one: the server of the look before, while it is up to date, else the newest. Counting
 * both would make the test twice as sure as it may be.
 */
function oneOfEach(
  counters: readonly Counter[],
  old: ReadonlyMap<string, Seen>,
  { track, atMs, scrapeMs }: Expected,
): Result<readonly Seen[], Text> {
  const chosen = new Map<string, Seen>();
  const taken = new Set<string>();
  for (const counter of counters) {
    const seen = seenOf(counter);
    if (seen === undefined) return err(say('analysis.notANumber', { track: trackName(track) }));
    const id = JSON.stringify([seen.series, seen.replica]);
    if (taken.has(id))
      return err(
        say('analysis.seriesTwice', { track: trackName(track), series: seen.series.slice(0, 200) }),
      );
    taken.add(id);
    const other = chosen.get(seen.series);
    const rank = (one: Seen): number =>
      one.replica === old.get(one.series)?.replica && atMs - one.atMs <= maxScrapes * scrapeMs
        ? Infinity
        : one.atMs;
    if (other === undefined || rank(seen) > rank(other)) chosen.set(seen.series, seen);
  }
  return ok([...chosen.values()]);
}

function seenOf({ series, pod, replica, kind, atMs, values }: Counter): Seen | undefined {
  if (!Number.isFinite(atMs) || !values.every(isCount)) return undefined;
  return { series, pod: pod ?? '', replica: replica ?? '', kind, atMs, values };
}

function isCount(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 0;
}

/** Too old, or from a time that has not come: one of the clocks is wrong. */
function stale(seen: readonly Seen[], expected: Expected): Text | undefined {
  const ages = seen
    .filter((one) => isOld(one, expected))
    .map(({ atMs }) => Math.abs(expected.atMs - atMs));
  if (ages.length === 0) return undefined;
  const seconds = Math.round(ages.reduce((a, b) => Math.max(a, b)) / 1000);
  return say('analysis.stale', { track: trackName(expected.track), seconds });
}

/** A pod in its first two scrapes may still be unknown to Prometheus; it does not count yet anyway. */
function missingPods(
  seen: readonly Seen[],
  pods: ReadonlyMap<string, number>,
  { track, scraped, atMs, scrapeMs }: Expected,
): Text | undefined {
  const tellPods = seen.some(({ pod }) => pod !== '');
  const there = new Set([...seen.map(({ pod }) => pod), ...scraped]);
  const missing = [...pods].filter(
    ([pod, sinceMs]) => pod !== '' && !there.has(pod) && atMs - sinceMs >= warmUpScrapes * scrapeMs,
  );
  if (missing.length === 0 || (seen.length > 0 && !tellPods)) return undefined;
  return say('analysis.podsMissing', {
    track: trackName(track),
    seen: pods.size - 1 - missing.length,
    expected: pods.size - 1,
    pods: missing
      .slice(0, 3)
      .map(([pod]) => pod)
      .join(', '),
  });
}

function goneSeries(
  seen: readonly Seen[],
  old: ReadonlyMap<string, Seen>,
  pods: ReadonlyMap<string, number>,
  { track, atMs }: Expected,
): Text | undefined {
  const there = new Set(seen.map(({ series }) => series));
  const gone = [...old.values()].filter(
    (one) => !there.has(one.series) && pods.has(one.pod) && atMs - one.atMs <= lookbackMs,
  );
  return gone.length === 0
    ? undefined
    : say('analysis.seriesGone', { track: trackName(track), n: gone.length });
}

/**
 * A value below the last one means that the process began anew, and all of it has come since. Not when another server took it: that one
 * may only be a moment behind. A series that was not there counts whole: its process was, so it began after the last look.
 */
function riseOf(now: Seen, was: Seen | undefined): readonly number[] | undefined {
  if (was === undefined) return now.values;
  if (was.kind !== now.kind) return undefined;
  const rise = now.values.map((value, at) => value - (was.values[at] ?? 0));
  if (rise.every((value) => value >= 0)) return rise;
  return was.replica === now.replica ? now.values : undefined;
}

function trackName(track: 'stable' | 'canary'): Text {
  return say(`analysis.${track}`);
}

import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { labelTest } from '../model/promql.ts';
import type {
  BucketReading,
  CounterReading,
  HistogramReading,
  SeriesSource,
} from '../model/samples.ts';
import type { SampleSelectors, SampleSource } from '../model/sampleSelectors.ts';
import { say } from './metrics.l10n.ts';
import type { LabelledSeries } from './prometheus.ts';

/** The series of one track, told by their labels; a series that fits another track as well is an error. */
export function seriesOfTrack(
  all: readonly LabelledSeries[],
  selectors: SampleSelectors,
  trackId: string,
): Result<readonly LabelledSeries[], Text> {
  const tests = selectors.tracks.map((track) => ({
    isOwn: track.trackId === trackId,
    fits: labelTest([...selectors.labels, ...track.labels]),
  }));
  const own = tests.filter(({ isOwn }) => isOwn);
  if (own.length === 0) return err(say('samples.notTold', { track: trackId }));
  const series = all.filter(({ labels }) => own.some(({ fits }) => fits(labels)));
  const others = tests.filter(({ isOwn }) => !isOwn);
  if (series.some(({ labels }) => others.some(({ fits }) => fits(labels))))
    return err(say('samples.bothTracks'));
  return ok(series);
}

/** Counters of the first source that has any; none at all is no error. */
export function counterReadings(
  series: readonly LabelledSeries[],
  sources: readonly SampleSource[],
): Result<readonly CounterReading[], Text> {
  const source = sources.find(({ counter }) => series.some((one) => nameOf(one) === counter));
  if (source === undefined) return ok([]);
  const counters = series.filter((one) => nameOf(one) === source.counter && one.points.length > 0);
  const known = counters.filter(({ labels }) => source.statusLabels.some((label) => labels[label]));
  if (known.length === 0 && counters.length > 0)
    return err(
      say('samples.noStatus', { counter: source.counter, labels: source.statusLabels.join(', ') }),
    );
  const failures = source.failed.map((matcher) => labelTest([matcher]));
  return unique(
    known.map((one) => {
      const [seconds, value] = one.points.at(-1) ?? [0, null];
      const failed = failures.some((fits) => fits(one.labels));
      return { ...sourceOf(one, source, seconds), failed, value };
    }),
  );
}

/** Histograms of the first source that has any; a native one has no buckets of its own. */
export function histogramReadings(
  series: readonly LabelledSeries[],
  sources: readonly SampleSource[],
): Result<readonly HistogramReading[], Text> {
  const isNative = (one: LabelledSeries, { histogram }: SampleSource): boolean =>
    nameOf(one) === histogram && one.nativeAtSeconds !== undefined;
  const isBucket = (one: LabelledSeries, { histogram }: SampleSource): boolean =>
    nameOf(one) === `${histogram}_bucket` && one.points.length > 0;
  const source = sources.find((candidate) =>
    series.some((one) => isNative(one, candidate) || isBucket(one, candidate)),
  );
  if (source === undefined) return ok([]);
  const native = series
    .filter((one) => isNative(one, source))
    .map((one) => ({ ...sourceOf(one, source, one.nativeAtSeconds ?? 0), buckets: [] }));
  const buckets = series.filter((one) => isBucket(one, source));
  const classic = Map.groupBy(
    buckets,
    ({ labels }) => `${seriesText(labels)} ${replicaOf(labels)}`,
  );
  return unique([...native, ...[...classic.values()].map((one) => histogramOf(one, source))]);
}

function histogramOf(buckets: readonly LabelledSeries[], source: SampleSource): HistogramReading {
  const [first = { labels: {}, points: [] }] = buckets;
  // All of a histogram come with one scrape; where they do not, the oldest says how old it is.
  const seconds = Math.min(...buckets.map(({ points }) => points.at(-1)?.[0] ?? 0));
  const readings = buckets.map(({ labels, points }): BucketReading => {
    return { leMs: leMsOf(labels['le'] ?? '', source), count: points.at(-1)?.[1] ?? null };
  });
  return { ...sourceOf(first, source, seconds), buckets: readings.sort(byBound) };
}

function byBound({ leMs: a }: BucketReading, { leMs: b }: BucketReading): number {
  if (a === b) return 0;
  if (a === '+Inf') return 1;
  return b === '+Inf' ? -1 : a - b;
}

/** What is no number counts as a bound that nothing exceeds. */
function leMsOf(le: string, { unit }: SampleSource): number | '+Inf' {
  const bound = le === '' ? Number.NaN : Number(le);
  if (!Number.isFinite(bound)) return '+Inf';
  // Rounded, so that 0.005 s is 5 ms and not 5.000000000000001.
  return unit === 'milliseconds' ? bound : Number((bound * 1000).toPrecision(12));
}

function sourceOf(
  { labels }: LabelledSeries,
  { podLabels }: SampleSource,
  seconds: number,
): SeriesSource {
  const pod = podOf(labels, podLabels);
  const replica = replicaOf(labels);
  return {
    series: seriesText(labels),
    ...(pod !== undefined && { pod }),
    ...(replica !== '' && { replica }),
    atMs: Math.round(seconds * 1000),
  };
}

export function podOf(
  labels: Readonly<Record<string, string>>,
  podLabels: readonly string[],
): string | undefined {
  return podLabels.map((label) => labels[label]).find((name) => name !== undefined && name !== '');
}

/** Labels by which Prometheus Operator, Mimir and Thanos tell the servers of a pair apart. */
const replicaLabels = ['prometheus_replica', '__replica__', 'thanos_replica', 'replica'];

function replicaOf(labels: Readonly<Record<string, string>>): string {
  return replicaLabels.map((label) => labels[label] ?? '').find((value) => value !== '') ?? '';
}

const notTold: ReadonlySet<string> = new Set(['__name__', 'le', ...replicaLabels]);

/** Name and labels in the order of the alphabet, without what tells a bucket or a server. */
export function seriesText(labels: Readonly<Record<string, string>>): string {
  let told = '';
  for (const label of Object.keys(labels).sort()) {
    if (notTold.has(label)) continue;
    const value = labels[label] ?? '';
    const literal = /["\\\n]/.test(value) ? JSON.stringify(value) : `"${value}"`;
    told += `${told === '' ? '' : ','}${label}=${literal}`;
  }
  return `${labels['__name__'] ?? ''}{${told}}`;
}

function nameOf({ labels }: LabelledSeries): string {
  return labels['__name__'] ?? '';
}

/** No server answers a series twice; what stands in front of one might. */
function unique<T extends SeriesSource>(readings: readonly T[]): Result<readonly T[], Text> {
  const names = new Set(readings.map(({ series, replica = '' }) => `${series} ${replica}`));
  return names.size === readings.length ? ok(readings) : err(say('samples.twice'));
}

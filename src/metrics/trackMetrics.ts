import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type {
  MetricName,
  Missing,
  Reading,
  Series,
  TrackQueries,
  TrackSeries,
} from '../model/metrics.ts';
import type { HttpAccess } from './access.ts';
import { say } from './metrics.l10n.ts';
import { queryRange, type Answer, type Range } from './prometheus.ts';
import { runLimited } from './runLimited.ts';

const metricNames: readonly MetricName[] = ['successRatio', 'p50Ms', 'p99Ms', 'requestsPerSecond'];
/** Queries under way at once: a panel must not load a shared Prometheus (handbook/performance.md 2). */
const maxInFlight = 2;
const scrapesUntilStale = 2;

/** A range that ends at a multiple of the step, with at most 300 points and no step shorter than a scrape. */
export function rangeOf(minutes: number, nowSeconds: number, scrapeSeconds: number): Range {
  const stepSeconds = Math.max(scrapeSeconds, Math.ceil((minutes * 60) / 300));
  const endSeconds = Math.floor(nowSeconds / stepSeconds) * stepSeconds;
  return { startSeconds: endSeconds - minutes * 60, endSeconds, stepSeconds };
}

/** Window of rates: four scrapes, so that one lost scrape leaves no hole, and no less than the step. */
function windowOf(range: Range, scrapeSeconds: number): string {
  return `${String(Math.max(4 * scrapeSeconds, range.stepSeconds))}s`;
}

/** All metrics of all tracks. A query that fails is a missing reading with its reason, never zero; only an abort throws. */
export async function fetchTrackMetrics(
  access: HttpAccess,
  tracks: readonly TrackQueries[],
  { range, scrapeSeconds }: { readonly range: Range; readonly scrapeSeconds: number },
  signal: AbortSignal,
): Promise<TrackSeries[]> {
  const window = windowOf(range, scrapeSeconds);
  const jobs = tracks.flatMap((track) =>
    metricNames.map((metric) => async (): Promise<TrackSeries> => {
      const expression = track.queries[metric].replaceAll('$window', window);
      const answer = await queryRange(access, expression, range, signal);
      signal.throwIfAborted();
      return { trackId: track.trackId, metric, ...readingOf(answer, range, scrapeSeconds) };
    }),
  );
  return runLimited(jobs, maxInFlight);
}

type ReadSeries = Pick<TrackSeries, 'series' | 'reading' | 'why'>;

/** What an answer says about now (handbook/hazards.md 48–53): anything unclear is missing, with its reason. */
export function readingOf(
  answer: Result<Answer, Text>,
  range: Range,
  scrapeSeconds: number,
): ReadSeries {
  if (!answer.ok) return missing('failed', say('metrics.failed', { reason: answer.error }));
  const { series, warnings } = answer.value;
  if (series.length > 1)
    return missing('severalSeries', say('metrics.severalSeries', { n: series.length }));
  const [only] = series;
  if (only === undefined || only.points.length === 0)
    return missing('noSeries', say('metrics.noSeries'));
  const kept = { points: only.points };
  const last = only.points.at(-1);
  const warned = warnings.length > 0 && {
    why: say('metrics.warnings', { warnings: warnings.join('; ').slice(0, 200) }),
  };
  if (last === undefined || last[1] === null) {
    return { ...missing('notANumber', say('metrics.notANumber')), series: kept };
  }
  if (
    range.endSeconds - last[0] >
    Math.max(scrapesUntilStale * scrapeSeconds, 2 * range.stepSeconds)
  ) {
    return { ...missing('stale', say('metrics.stale')), series: kept };
  }
  const reading: Reading = { kind: 'value', value: last[1], atSeconds: last[0] };
  return { series: kept, reading, ...warned };
}

function missing(why: Missing, text: Text): ReadSeries {
  return { series: { points: [] }, reading: { kind: 'missing', why }, why: text };
}

/** Measured share of a track, point by point: its requests by the sum over all tracks at that moment; a gap where none came. */
export function shareSeries(all: readonly TrackSeries[], trackId: string): Series {
  const rates = all.filter((s) => s.metric === 'requestsPerSecond');
  const sums = new Map<number, number>();
  for (const { series } of rates) {
    for (const [at, value] of series.points) sums.set(at, (sums.get(at) ?? 0) + (value ?? 0));
  }
  const own = new Map(rates.find((s) => s.trackId === trackId)?.series.points ?? []);
  const times = [...sums.keys()].sort((a, b) => a - b);
  return {
    points: times.map((at) => {
      const sum = sums.get(at) ?? 0;
      return [at, sum > 0 ? (own.get(at) ?? 0) / sum : null] as const;
    }),
  };
}

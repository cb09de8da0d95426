import type { Text } from '../base/text.ts';

/** What is measured for each track. */
export type MetricName = 'successRatio' | 'p50Ms' | 'p99Ms' | 'requestsPerSecond';

/**
 * PromQL for one rollout: one expression per metric and track, each giving at most one series. Units: ratio 0–1, milliseconds,
 * requests per second. `window` is filled in by the metrics layer for `$window` (at least 4 scrape intervals).
 */
export interface TrackQueries {
  readonly trackId: string;
  readonly queries: Readonly<Record<MetricName, string>>;
}

/** Why a value is missing; never zero and never success. */
export type Missing =
  'noRequests' | 'noSeries' | 'stale' | 'severalSeries' | 'notANumber' | 'failed';

export type Reading =
  | { readonly kind: 'value'; readonly value: number; readonly atSeconds: number }
  | { readonly kind: 'missing'; readonly why: Missing };

/** Points in ascending time; `null` is a gap (NaN, infinite or absent), never a zero. */
export interface Series {
  readonly points: readonly (readonly [seconds: number, value: number | null])[];
}

/** One metric of one track over the range, with its newest value or the reason why there is none. */
export interface TrackSeries {
  readonly trackId: string;
  readonly metric: MetricName;
  readonly series: Series;
  readonly reading: Reading;
  /** The reason in one sentence when `reading` is missing. */
  readonly why?: Text;
}

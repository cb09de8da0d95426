import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';

/**
 * What Prometheus said at one moment, as plain data: counters as they are, not rates. The metrics layer makes it, the judge of a run eats it,
 * and the two together are stored. JSON-serialisable: `null` stands for NaN and the infinities. Times are milliseconds since 1970 by
 * the clock of Prometheus.
 */
export type Look =
  | {
      readonly kind: 'reading';
      /** Time of the server when it answered, from its `Date` header or `time()`. */
      readonly atMs: number;
      /** Time between two scrapes of the targets; > 0. */
      readonly scrapeMs: number;
      /** Warnings of every answer of this look, in the server's words: a partial answer is not an answer. */
      readonly warnings: readonly string[];
      readonly stable: TrackReading;
      readonly canary: TrackReading;
      /** Own PromQL metrics of the plan by their name; absent without any. */
      readonly queries?: Readonly<Record<string, QueryReading>>;
    }
  /** Nothing could be read at all: no server, no answer in time, not Prometheus. */
  | { readonly kind: 'error'; readonly reason: Text };

/** The counters of one track. */
export interface TrackReading {
  /** Names of the pods that serve the track by its EndpointSlices, each once. Empty: the track has no pod. */
  readonly pods: readonly string[];
  /**
   * Pods of `pods` whose scrape just worked (`up == 1`), where that can be told: a pod without one request has no series yet, and this says
   * that it is idle and not lost. Absent: only pods with a series count as read.
   */
  readonly scraped?: readonly string[];
  /** Every series of the request counter; one query, so that no failed series means no failed request. */
  readonly requests: Result<readonly CounterReading[], Text>;
  /** Every series of the response time; absent where the plan has no latency metric. */
  readonly latency?: Result<readonly HistogramReading[], Text>;
}

/** Which series of which source a value is of. */
export interface SeriesSource {
  /** All labels but `le` and the replica's, in a fixed order. Unique within its reading together with `replica`. */
  readonly series: string;
  /** The pod that answered the requests; absent where the labels do not tell. Never the pod that asked. */
  readonly pod?: string;
  /** Which of several Prometheus servers took it (`prometheus_replica` and its like); absent with one. */
  readonly replica?: string;
  /** When the value was scraped, not when it was asked for. */
  readonly atMs: number;
}

/** One series of a request counter. */
export interface CounterReading extends SeriesSource {
  /** Whether the requests of this series failed, by its response class. */
  readonly failed: boolean;
  /** Requests since the process began; `null`: not a finite number. */
  readonly value: number | null;
}

/** One histogram of response times. */
export interface HistogramReading extends SeriesSource {
  /** Ascending by bound, `+Inf` last. Empty for a native histogram, which has no buckets of its own. */
  readonly buckets: readonly BucketReading[];
}

export interface BucketReading {
  /** Upper bound in milliseconds, whatever the unit of the series. */
  readonly leMs: number | '+Inf';
  /** Requests that took at most so long, since the process began; `null`: not a finite number. */
  readonly count: number | null;
}

/** Answers to one metric with PromQL of its own. `stable` is there when the plan compares. */
export interface QueryReading {
  readonly canary: Result<readonly QueryValue[], Text>;
  readonly stable?: Result<readonly QueryValue[], Text>;
}

/** One series of an instant vector; more or fewer than one is not judged. */
export interface QueryValue {
  readonly series: string;
  readonly atMs: number;
  readonly value: number | null;
}

import type { LabelMatcher } from './promql.ts';

/** How the raw counters of a rollout's tracks are found, and which of the series found belongs to which track. */
export interface SampleSelectors {
  /** Counters that may count the requests, the most specific first: of each track the first one counts that has a series of it. */
  readonly sources: readonly SampleSource[];
  /** What every series has, of whatever source and track. */
  readonly labels: readonly LabelMatcher[];
  /** Tracks that metrics can tell apart; others are left out. */
  readonly tracks: readonly TrackSelector[];
}

/** A request counter and the histogram of response times beside it, as one kind of program exports them. */
export interface SampleSource {
  readonly counter: string;
  /** Without `_bucket`. */
  readonly histogram: string;
  readonly unit: 'seconds' | 'milliseconds';
  /** A series without any of these says nothing of its responses. */
  readonly statusLabels: readonly string[];
  /** A series that one of these fits counts requests that failed. */
  readonly failed: readonly LabelMatcher[];
  /** Labels that may name the pod that answered, the first one counts; empty where `pod` is the one that asked. */
  readonly podLabels: readonly string[];
}

export interface TrackSelector {
  readonly trackId: string;
  /** What every series of the track has, and no series of another one. */
  readonly labels: readonly LabelMatcher[];
  /** Where its pods are listed; absent where they cannot be told from those of other tracks. */
  readonly endpoints?: TrackEndpoints;
}

/** Endpoints of a Service. */
export interface TrackEndpoints {
  readonly namespace: string;
  readonly service: string;
  /** Pattern of the names of the track's pods, as in a `LabelMatcher`; absent: all are its own. */
  readonly podNames?: string;
}

import type { Text } from '../base/text.ts';

/**
 * What a look at the metrics says about the canary. Only `pass` lets a run go on, only `fail` takes it back. `inconclusive`: the data is
 * there and does not say enough, or is missing, old or partial. `error`: nothing could be asked, or the answer makes no sense.
 */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly reason: Text }
  | { readonly kind: 'inconclusive'; readonly reason: Text }
  | { readonly kind: 'error'; readonly reason: Text };

/** One look, judged. JSON-serialisable, so that it is stored beside its look. */
export interface JudgeReport {
  /** Fail when a metric fails, else error, else inconclusive, else pass. */
  readonly verdict: Verdict;
  /** One for each metric of the plan, in its order. */
  readonly metrics: readonly MetricReport[];
  /** What a person should know beside the verdict, for example that both tracks got worse together. */
  readonly notes: readonly Text[];
  /** Requests that were counted in this step, whole numbers ≥ 0. */
  readonly requests: { readonly canary: number; readonly stable: number };
  /** Measured share of the canary in this step, 0–1; absent while nothing was counted. */
  readonly share?: number;
}

export interface MetricReport {
  /** As in the plan. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What the verdict rests on, for the panel. */
  readonly numbers: MetricNumbers;
}

/** Numbers behind a verdict; each is absent where it does not apply or nothing was counted. */
export interface MetricNumbers {
  /** What the values below are: ratio 0–1, milliseconds, or whatever an own query gives. */
  readonly unit: 'ratio' | 'ms' | 'own';
  readonly canary?: number;
  readonly stable?: number;
  /** Absolute limit of the plan, in the same unit. */
  readonly limit?: number;
  /** Requests, and those that failed or were slower than the bound looked at, counted in this step. */
  readonly canaryCount?: Count;
  readonly stableCount?: Count;
  /** The bound in milliseconds beyond which `bad` counts a request as slow. */
  readonly slowMs?: number;
  /** Evidence that the canary is bad: the largest e-value of the metric's tests and what it must reach, both > 0. */
  readonly against?: Evidence;
  /** Evidence that it is good: the least e-value of its tests and what it must reach. */
  readonly inFavour?: Evidence;
  /** Chance that a canary's request took longer than one of stable, ties by half; 0–1, 0.5 is no difference. */
  readonly slowerChance?: number;
  /** By how much errors cluster between pods beyond chance; evidence was divided by it. Absent when not above the guard. */
  readonly dispersion?: number;
  /** Looks in a row that were bad, of the plan's `failAfter`. */
  readonly badLooks?: { readonly inRow: number; readonly of: number };
  /** How much longer until the metric can pass at this traffic if the canary is as good as stable; seconds > 0. */
  readonly secondsToGo?: number;
}

export interface Count {
  readonly requests: number;
  readonly bad: number;
}

/** `value` and `needed` are e-values: 100 means that equal tracks show so much at most once in 100 runs, however often one looks. */
export interface Evidence {
  readonly value: number;
  readonly needed: number;
}

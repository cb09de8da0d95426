import type { TrackSeries } from '../model/metrics.ts';

/** Rates of one track now. */
export interface TrackFacts {
  readonly successRatio: number;
  readonly requestsPerSecond: number;
}

/** Least difference of success that is worth a notification: one percentage point. */
const leastDifference = 0.01;
/** Standard errors that the difference must be away from chance; with one look every half minute, 4 keeps false alarms to a few a year. */
const standardErrors = 4;
const leastRequests = 50;

/**
 * Whether the canary fails clearly more often than stable over a window of `seconds`: at least one percentage point, and far beyond what
 * chance does with this many requests (two-proportion z with pooled variance). Too few requests are never "worse". This only decides on a
 * notification; it is no verdict, and nothing is rolled back by it.
 */
export function isClearlyWorse(canary: TrackFacts, stable: TrackFacts, seconds: number): boolean {
  const n1 = canary.requestsPerSecond * seconds;
  const n2 = stable.requestsPerSecond * seconds;
  if (n1 < leastRequests || n2 < leastRequests) return false;
  const difference = stable.successRatio - canary.successRatio;
  if (difference < leastDifference) return false;
  const pooled = (canary.successRatio * n1 + stable.successRatio * n2) / (n1 + n2);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return difference > standardErrors * error;
}

/** Newest rates of a track; undefined when one of them is missing, for whatever reason. */
export function factsOf(series: readonly TrackSeries[], trackId: string): TrackFacts | undefined {
  const valueOf = (metric: TrackSeries['metric']): number | undefined => {
    const reading = series.find((s) => s.trackId === trackId && s.metric === metric)?.reading;
    return reading?.kind === 'value' ? reading.value : undefined;
  };
  const successRatio = valueOf('successRatio');
  const requestsPerSecond = valueOf('requestsPerSecond');
  if (successRatio === undefined || requestsPerSecond === undefined) return undefined;
  return { successRatio, requestsPerSecond };
}

import type { MetricName, TrackSeries } from '../model/metrics.ts';
import { trackOf, type Rollout } from '../model/rollout.ts';

/** What the metrics say of a service now; a number is absent where they say nothing. */
export interface Traffic {
  /** Requests of all tracks, per second. */
  readonly perSecond?: number;
  /** Failed requests of the version that serves: stable, or after a promotion by swap the canary; 0–1. */
  readonly errorRatio?: number;
  /** Response time that 99 of 100 requests of that version stay below, in milliseconds. */
  readonly p99Ms?: number;
  /** Both versions have series of their own, so that they can be compared. */
  readonly isComparable: boolean;
}

/** Reads it from the newest values of the graphs; a missing value is never a zero. */
export function trafficOf(rollout: Rollout, series: readonly TrackSeries[]): Traffic {
  const [stable, canary] = [trackOf(rollout, 'stable')?.id, trackOf(rollout, 'canary')?.id];
  const of = (trackId: string | undefined, metric: MetricName): number | undefined => {
    const found = series.find((one) => one.trackId === trackId && one.metric === metric);
    return found?.reading.kind === 'value' ? found.reading.value : undefined;
  };
  const rates = rollout.tracks
    .map((track) => of(track.id, 'requestsPerSecond'))
    .filter((rate) => rate !== undefined);
  const serving = [stable, canary].find(
    (id) => of(id, 'successRatio') !== undefined || of(id, 'p99Ms') !== undefined,
  );
  const success = of(serving, 'successRatio');
  const p99Ms = of(serving, 'p99Ms');
  const measured = new Set(series.map(({ trackId }) => trackId));
  return {
    ...(rates.length > 0 && { perSecond: rates.reduce((a, b) => a + b, 0) }),
    ...(success !== undefined && { errorRatio: Math.max(0, 1 - success) }),
    ...(p99Ms !== undefined && { p99Ms }),
    isComparable: [stable, canary].every((id) => id !== undefined && measured.has(id)),
  };
}

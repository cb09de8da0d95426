import { ok } from '../../src/base/result.ts';
import type { CounterReading, Look, TrackReading } from '../../src/model/samples.ts';

export type Reading = Extract<Look, { kind: 'reading' }>;

export const scrapeMs = 15_000;

/** Requests of one pod since it began. */
export interface PodCounts {
  readonly good: number | null;
  readonly failed?: number | null;
}

/** A track with one series of good requests for each pod, and one of failed ones where the story tells any. */
export function track(
  name: string,
  counts: Readonly<Record<string, PodCounts>>,
  atMs: number,
): TrackReading {
  const requests = Object.entries(counts).flatMap(([pod, { good, failed }]): CounterReading[] => {
    const series = (code: string): string =>
      `requests{version="${name}",pod="${pod}",code="${code}"}`;
    return [
      { series: series('200'), pod, atMs, failed: false, value: good },
      ...(failed === undefined
        ? []
        : [{ series: series('500'), pod, atMs, failed: true, value: failed }]),
    ];
  });
  return { pods: Object.keys(counts), requests: ok(requests) };
}

/** A look at `seconds` after the start, whose values were scraped three seconds before. */
export function lookAt(
  seconds: number,
  stable: Readonly<Record<string, PodCounts>>,
  canary: Readonly<Record<string, PodCounts>>,
): Reading {
  const atMs = 1_700_000_000_000 + seconds * 1000;
  return {
    kind: 'reading',
    atMs,
    scrapeMs,
    warnings: [],
    stable: track('v1', stable, atMs - 3000),
    canary: track('v2', canary, atMs - 3000),
  };
}

import type {
  CounterReading,
  HistogramReading,
  Look,
  TrackReading,
} from '../../src/model/samples.ts';

/** Traffic with a known truth, made by a seeded generator: for the tests and the bench of the judge. */
export interface Truth {
  readonly requestsPerSecond: number;
  /** Share of the canary, 0–1. */
  readonly weight: number;
  /** Chance that a request fails at this second. */
  readonly failed: (track: TrackName, seconds: number) => number;
  /** Failures that come together in one pod, as retries do; 1: each by itself. */
  readonly burst?: number;
  /** Chance that a request takes longer than each bound of `boundsMs`, descending; absent: no response times. */
  readonly slower?: (track: TrackName, seconds: number) => readonly number[];
  readonly pods?: Readonly<Record<TrackName, number>>;
}

export type TrackName = 'stable' | 'canary';
export type Reading = Extract<Look, { kind: 'reading' }>;

export const boundsMs = [50, 100, 250, 500, 1000, 2500] as const;
export const lookSeconds = 15;

/** Numbers 0–1, the same for the same seed (Mulberry32, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Pod {
  readonly name: string;
  readonly track: TrackName;
  good: number;
  failed: number;
  readonly buckets: number[];
}

/** Looks without end, `lookSeconds` apart. Two looks of warm-up come first, at negative seconds and with no traffic. */
export function* looksOf(truth: Truth, random: () => number): Generator<Reading> {
  const counts = truth.pods ?? { stable: 4, canary: 2 };
  const pods = (['stable', 'canary'] as const).flatMap((track) =>
    Array.from({ length: counts[track] }, (_, at): Pod => ({
      name: `${track}-${String(at)}`,
      track,
      good: 0,
      failed: 0,
      buckets: [...boundsMs, Infinity].map(() => 0),
    })),
  );
  for (let look = -2; ; look += 1) {
    const seconds = look * lookSeconds;
    if (look > 0) for (const pod of pods) serve(pod, truth, { seconds, random, counts });
    yield readingOf(pods, seconds, truth.slower !== undefined);
  }
}

interface Moment {
  readonly seconds: number;
  readonly random: () => number;
  readonly counts: Readonly<Record<TrackName, number>>;
}

function serve(pod: Pod, truth: Truth, { seconds, random, counts }: Moment): void {
  const share = pod.track === 'canary' ? truth.weight : 1 - truth.weight;
  const mean = (truth.requestsPerSecond * lookSeconds * share) / counts[pod.track];
  const requests = poisson(mean, random);
  const burst = truth.burst ?? 1;
  const trials = Math.floor(requests / burst);
  const failed = burst * binomial(trials, truth.failed(pod.track, seconds), random);
  pod.failed += failed;
  pod.good += requests - failed;
  if (truth.slower) spread(pod.buckets, requests, truth.slower(pod.track, seconds), random);
}

/** Puts requests into buckets, one binomial draw after another. */
function spread(
  buckets: number[],
  requests: number,
  ...[slower, random]: [readonly number[], () => number]
): void {
  let left = requests;
  let before = 1;
  for (const [at, share] of [...slower, 0].entries()) {
    const stay = before > 0 ? 1 - share / before : 1;
    const here = at === slower.length ? left : binomial(left, stay, random);
    buckets[at] = (buckets[at] ?? 0) + here;
    left -= here;
    before = share;
  }
}

function readingOf(pods: readonly Pod[], seconds: number, hasLatency: boolean): Reading {
  const atMs = 1_700_000_000_000 + seconds * 1000;
  const of = (track: TrackName): TrackReading => trackOf(pods, track, { atMs, hasLatency });
  return {
    kind: 'reading',
    atMs,
    scrapeMs: lookSeconds * 1000,
    warnings: [],
    stable: of('stable'),
    canary: of('canary'),
  };
}

function trackOf(
  all: readonly Pod[],
  track: TrackName,
  { atMs, hasLatency }: { readonly atMs: number; readonly hasLatency: boolean },
): TrackReading {
  const pods = all.filter((pod) => pod.track === track);
  const source = (name: string, what: string): CounterReading => ({
    series: `${what}{pod="${name}"}`,
    pod: name,
    atMs,
    failed: false,
    value: 0,
  });
  const requests = pods.flatMap(({ name, good, failed }): CounterReading[] => [
    { ...source(name, 'good'), value: good },
    // The series of failed requests comes with the first of them.
    ...(failed > 0 ? [{ ...source(name, 'failed'), failed: true, value: failed }] : []),
  ]);
  const latency = pods.map(({ name, buckets }): HistogramReading => {
    let sum = 0;
    const cumulative = buckets.map((count) => (sum += count));
    return {
      series: `latency{pod="${name}"}`,
      pod: name,
      atMs,
      buckets: cumulative.map((count, at) => ({ leMs: boundsMs[at] ?? '+Inf', count })),
    };
  });
  return {
    pods: pods.map(({ name }) => name),
    requests: { ok: true, value: requests },
    ...(hasLatency && { latency: { ok: true, value: latency } }),
  };
}

/** Exact for rare hits by the gaps between them; by the normal law where both kinds are many. */
export function binomial(n: number, p: number, random: () => number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  if (n * p > 400) {
    const value = Math.round(n * p + normal(random) * Math.sqrt(n * p * (1 - p)));
    return Math.min(n, Math.max(0, value));
  }
  const logMiss = Math.log1p(-p);
  let hits = 0;
  for (let at = gap(logMiss, random); at < n; at += 1 + gap(logMiss, random)) hits += 1;
  return hits;
}

function gap(logMiss: number, random: () => number): number {
  return Math.floor(Math.log1p(-random()) / logMiss);
}

export function poisson(mean: number, random: () => number): number {
  if (mean > 400) return Math.max(0, Math.round(mean + normal(random) * Math.sqrt(mean)));
  let count = -1;
  for (let left = mean; left >= 0; count += 1) left += Math.log1p(-random());
  return count;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log1p(-random())) * Math.cos(2 * Math.PI * random());
}

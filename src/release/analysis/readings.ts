import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { CounterReading, HistogramReading } from '../../model/samples.ts';
import type { Verdict } from '../../model/verdict.ts';
import { say } from './analysis.l10n.ts';
import { advance, type Advance, type Counter, type Rise } from './deltas.ts';
import { expectedOf, failedKind, requestCounters, type Reading } from './guards.ts';
import { apart, histogramCounters, sharedBounds, type Bounds } from './histogram.ts';
import {
  addLatency,
  emptyLatency,
  type LatencyInterval,
  type LatencyTally,
  type PodBuckets,
} from './latency.ts';
import type { JudgeState, TrackBaselines } from './state.ts';
import { add, type Pair, type PodCount, type Tally } from './tally.ts';

/** What a look added to a tally; `problem`: it could not be used, and the next good one counts what it missed. */
export type RequestsRead =
  | { readonly kind: 'problem'; readonly verdict: NoPass }
  | {
      readonly kind: 'read';
      readonly tally: Tally;
      /** What came since the last look; absent when nothing did. */
      readonly pair?: Pair;
      readonly baselines: TrackBaselines;
    };

export type LatencyRead =
  | {
      readonly kind: 'problem';
      readonly verdict: NoPass;
      /** The buckets are others than before, and counting begins anew from here. */
      readonly changed?: { readonly tally: LatencyTally; readonly baselines: TrackBaselines };
    }
  | {
      readonly kind: 'read';
      readonly tally: LatencyTally;
      /** The tally before this look, and what came since. */
      readonly since?: { readonly tally: LatencyTally; readonly interval: LatencyInterval };
      readonly baselines: TrackBaselines;
    };

export type NoPass = Exclude<Verdict, { kind: 'pass' }>;

interface Both<T> {
  readonly stable: T;
  readonly canary: T;
}

/** Requests of both tracks, or of none: their windows must be the same, so that what hits both cancels. */
export function readRequests({ tally, readings }: JudgeState, look: Reading): RequestsRead {
  const { stable, canary } = look;
  const wrong = [stable.requests, canary.requests].find(({ ok: isRead }) => !isRead);
  if (wrong?.ok === false)
    return problem('error', say('analysis.notRead', { reason: wrong.error }));
  const count = (value: Result<readonly CounterReading[], Text>): readonly Counter[] =>
    value.ok ? requestCounters(value.value) : [];
  const counters = { stable: count(stable.requests), canary: count(canary.requests) };
  const advanced = advanceBoth(readings.requests, counters, look);
  if (!advanced.ok) return problem('inconclusive', advanced.error);
  const { baselines, rises, seconds } = advanced.value;
  const next = add(tally, {
    seconds,
    stable: rises.stable.map(podCount),
    canary: rises.canary.map(podCount),
  });
  const pair = next.recent.at(-1);
  const isNothing = pair === undefined || pair.canary.requests + pair.stable.requests === 0;
  // An interval without requests says nothing; what is recent then reaches further back.
  return isNothing
    ? { kind: 'read', tally: { ...tally, seconds: next.seconds }, baselines }
    : { kind: 'read', tally: next, pair, baselines };
}

function problem(
  kind: 'error' | 'inconclusive',
  reason: Text,
): { readonly kind: 'problem'; readonly verdict: NoPass } {
  return { kind: 'problem', verdict: { kind, reason } };
}

function podCount({ pod, kind, values }: Rise): PodCount {
  const requests = values[0] ?? 0;
  return { pod, requests, bad: kind === failedKind ? requests : 0 };
}

interface Advanced {
  readonly baselines: TrackBaselines;
  readonly rises: Both<readonly Rise[]>;
  /** The longest time that one of the rises took. */
  readonly seconds: number;
}

function advanceBoth(
  before: TrackBaselines | undefined,
  counters: Both<readonly Counter[]>,
  look: Reading,
): Result<Advanced, Text> {
  const one = (track: keyof Both<unknown>): Result<Advance, Text> =>
    advance(before?.[track], counters[track], expectedOf(look, track));
  const [canary, stable] = [one('canary'), one('stable')];
  if (!canary.ok) return canary;
  if (!stable.ok) return stable;
  const rises = { stable: stable.value.rises, canary: canary.value.rises };
  const longestMs = [...rises.stable, ...rises.canary].reduce(
    (ms, rise) => Math.max(ms, rise.ms),
    0,
  );
  const baselines = { stable: stable.value.baseline, canary: canary.value.baseline };
  return ok({ baselines, rises, seconds: longestMs / 1000 });
}

/** Response times of both tracks in the same way. */
export function readLatency({ latency, readings }: JudgeState, look: Reading): LatencyRead {
  const histograms = histogramsOf(look);
  if (!histograms.ok) return { kind: 'problem', verdict: histograms.error };
  const { stable, canary } = histograms.value;
  const shared = sharedBounds([...stable, ...canary]);
  if (!shared.ok) return problem('inconclusive', shared.error);
  const counters = { stable: histogramCounters(stable), canary: histogramCounters(canary) };
  const known = latency !== undefined && latency.bounds.length > 0 ? latency : undefined;
  // Before the first request there are no buckets yet.
  const fresh = emptyLatency(shared.value);
  const isOther =
    known !== undefined && shared.value.length > 0 && !isSame(known.bounds, shared.value);
  const advanced = advanceBoth(isOther ? undefined : readings.latency, counters, look);
  if (!advanced.ok) return problem('inconclusive', advanced.error);
  if (!isOther) return added(known ?? fresh, advanced.value);
  const { baselines } = advanced.value;
  return {
    ...problem('inconclusive', say('analysis.changedBuckets')),
    changed: { tally: fresh, baselines },
  };
}

function isSame(a: Bounds, b: Bounds): boolean {
  return a.length === b.length && a.every((bound, at) => bound === b[at]);
}

function histogramsOf({
  stable,
  canary,
}: Reading): Result<Both<readonly HistogramReading[]>, NoPass> {
  for (const { latency } of [stable, canary]) {
    if (latency === undefined)
      return err({ kind: 'error', reason: say('analysis.latencyNotAsked') });
    if (!latency.ok) {
      const reason = say('analysis.latencyNotRead', { reason: latency.error });
      return err({ kind: 'error', reason });
    }
  }
  const values = ({ latency }: Reading['stable']): readonly HistogramReading[] =>
    latency?.ok === true ? latency.value : [];
  return ok({ stable: values(stable), canary: values(canary) });
}

function added(tally: LatencyTally, { rises, seconds, baselines }: Advanced): LatencyRead {
  const [stable, canary] = [podBuckets(rises.stable), podBuckets(rises.canary)];
  if (stable === undefined || canary === undefined)
    return problem('inconclusive', say('analysis.unevenBuckets'));
  const interval = { seconds, stable, canary };
  const isNothing = [...stable, ...canary].every(({ buckets }) => buckets.every((n) => n === 0));
  return isNothing
    ? { kind: 'read', tally, baselines }
    : { kind: 'read', tally: addLatency(tally, interval), since: { tally, interval }, baselines };
}

function podBuckets(rises: readonly Rise[]): readonly PodBuckets[] | undefined {
  const pods: PodBuckets[] = [];
  for (const { pod, values } of rises) {
    const buckets = apart(values);
    if (buckets === undefined) return undefined;
    pods.push({ pod, buckets });
  }
  return pods;
}

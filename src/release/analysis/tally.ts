import { ratioOf } from '../../base/share.ts';
import type { Count } from '../../model/verdict.ts';

/** Requests and bad ones of both tracks in one interval between two looks, by pod. Bad is failed, or slower than a bound. */
export interface Interval {
  readonly seconds: number;
  readonly canary: readonly PodCount[];
  readonly stable: readonly PodCount[];
}

export interface PodCount extends Count {
  readonly pod: string;
}

/** All that was counted in a step. JSON-serialisable and bounded. */
export interface Tally {
  readonly looks: number;
  readonly seconds: number;
  readonly canary: Count;
  readonly stable: Count;
  /** The newest intervals, oldest first. */
  readonly recent: readonly Pair[];
  /** Pods and intervals in which the canary had bad requests, each pair counted once. */
  readonly badPlaces: number;
  readonly spread: { readonly canary: Spread; readonly stable: Spread };
}

/** How far the bad requests of a track are from being spread over its pods by chance: Pearson's χ², summed over stretches of time. */
interface Spread {
  readonly chi2: number;
  readonly freedom: number;
  /** The stretch that has too few bad requests yet. */
  readonly open: readonly PodCount[];
}

export interface Pair {
  readonly canary: Count;
  readonly stable: Count;
}

const nothing: Count = { requests: 0, bad: 0 };
export const emptyTally: Tally = {
  looks: 0,
  seconds: 0,
  canary: nothing,
  stable: nothing,
  recent: [],
  badPlaces: 0,
  spread: {
    canary: { chi2: 0, freedom: 0, open: [] },
    stable: { chi2: 0, freedom: 0, open: [] },
  },
};

const keptIntervals = 20;
/** More do not make the spread much better known. */
const keptPods = 100;
/** Intervals that say how it is now. */
export const nowIntervals = 4;

export function add(tally: Tally, { seconds, canary, stable }: Interval): Tally {
  const pair = { canary: sum(canary), stable: sum(stable) };
  return {
    looks: tally.looks + 1,
    seconds: tally.seconds + seconds,
    canary: sum([tally.canary, pair.canary]),
    stable: sum([tally.stable, pair.stable]),
    recent: [...tally.recent, pair].slice(-keptIntervals),
    badPlaces:
      tally.badPlaces + new Set(canary.filter(({ bad }) => bad > 0).map((c) => c.pod)).size,
    spread: {
      canary: spreadBy(tally.spread.canary, canary),
      stable: spreadBy(tally.spread.stable, stable),
    },
  };
}

export function sum(counts: readonly Count[]): Count {
  return counts.reduce(
    (total, { requests, bad }) => ({
      requests: total.requests + requests,
      bad: total.bad + bad,
    }),
    nothing,
  );
}

/** Sums of the newest intervals, all that are kept unless fewer are asked for. */
export function recently({ recent }: Tally, intervals = keptIntervals): Pair {
  const newest = recent.slice(-intervals);
  return {
    canary: sum(newest.map(({ canary }) => canary)),
    stable: sum(newest.map(({ stable }) => stable)),
  };
}

/** 0 without requests. */
export function badRatio({ requests, bad }: Count): number {
  return ratioOf(bad, requests);
}

function mergePods(before: readonly PodCount[], now: readonly PodCount[]): readonly PodCount[] {
  const pods = new Map(before.map((pod) => [pod.pod, pod]));
  for (const count of now) {
    const was = pods.get(count.pod);
    pods.delete(count.pod);
    pods.set(count.pod, { pod: count.pod, ...sum(was === undefined ? [count] : [was, count]) });
  }
  return [...pods.values()].slice(-keptPods);
}

function spreadBy(before: Spread, counts: readonly PodCount[]): Spread {
  const pods = mergePods(before.open, counts);
  const all = sum(pods);
  const ratio = badRatio(all);
  const told = pods.filter(({ requests }) => requests > 0);
  if (told.length < 2 || all.bad < 2 * told.length || ratio >= 1) return { ...before, open: pods };
  const chi2 = told.reduce((total, { requests, bad }) => {
    const expected = requests * ratio;
    return total + (bad - expected) ** 2 / (expected * (1 - ratio));
  }, 0);
  return {
    chi2: before.chi2 + chi2,
    freedom: before.freedom + told.length - 1,
    open: [],
  };
}

/**
 * By how many times the bad requests cluster more than chance would have them (χ² per degree of freedom, over both tracks), as retries and
 * bad nodes do; 1 while that is within three standard errors of chance, which is 3 at 4 degrees of freedom (handbook/analysis.md
 * 4.3). Evidence is divided by it: n clustered errors are worth n/φ independent ones. What changes for a whole track at once is no clustering.
 */
export function dispersion({ spread: { canary, stable } }: Tally): number {
  const freedom = canary.freedom + stable.freedom;
  const factor = (canary.chi2 + stable.chi2) / Math.max(1, freedom);
  return freedom > 0 && factor > 1 + 3 * Math.sqrt(2 / freedom) ? factor : 1;
}

/** Degrees of freedom from which on clustering is known well enough, and looks after which it is not waited for. */
const knownFreedom = 8;
const cautiousLooks = 8;

/** By what evidence is divided: the clustering, and twice at first, when a single burst looks like a regression. */
export function discount(tally: Tally): number {
  const { canary, stable } = tally.spread;
  const isKnown = canary.freedom + stable.freedom >= knownFreedom;
  return Math.max(dispersion(tally), isKnown || tally.looks > cautiousLooks ? 1 : 2);
}

/**
 * Whether both tracks got worse together of late: a dependency is down, or the whole cluster is. Stable's ratio is twice what it was and more
 * than chance explains, and the canary's is up too. A rule of thumb, so it may only hold a run, never pass or fail it.
 * `earlier` is what stable had in the steps before.
 */
export function bothGotWorse(tally: Tally, earlier: Count | undefined): boolean {
  const now = recently(tally, nowIntervals);
  const past = {
    requests: tally.stable.requests - now.stable.requests + (earlier?.requests ?? 0),
    bad: tally.stable.bad - now.stable.bad + (earlier?.bad ?? 0),
  };
  if (past.requests < 50) return false;
  const was = badRatio(past);
  const expected = Math.max(1, now.stable.requests * was);
  const rose = badRatio(now.stable) - was;
  return (
    rose >= Math.max(was, 0.001) &&
    now.stable.bad - expected >= 4 * Math.sqrt(expected) &&
    badRatio(now.canary) >= 1.5 * was &&
    now.canary.bad > 0
  );
}

/** At least so many failures at more than this ratio stop a run at once (handbook/analysis.md 4.3). */
const hardFailures = 20;
const hardRatio = 0.2;

/** Whether the canary of late fails so much that no test is needed, and stable not half as much. */
export function isBroken(tally: Tally): Count | undefined {
  const { canary, stable } = recently(tally, nowIntervals);
  const ratio = badRatio(canary);
  return canary.bad >= hardFailures && ratio > hardRatio && ratio >= 2 * badRatio(stable)
    ? canary
    : undefined;
}

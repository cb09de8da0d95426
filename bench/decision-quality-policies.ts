import { requestsToSee } from '../src/release/sampleSize.ts';
import { lookSeconds } from '../test/support/traffic.ts';

/** Requests since the beginning, at one look. */
export interface Totals {
  readonly canary: number;
  readonly canaryBad: number;
  readonly stable: number;
  readonly stableBad: number;
}

/** What others do, by handbook/analysis.md 1 and 5 and handbook/peers.md. */
export interface Policy {
  readonly name: string;
  /** Whether it rolls back now; `totals` are those of all looks up to now, the first before any request. Called at each look. */
  readonly rollsBack: (totals: readonly Totals[]) => boolean;
}

const perMinute = 60 / lookSeconds;
/** One-sided 95 %. */
const z95 = 1.6449;

/** Fresh ones for each run: they count. */
export function policies(base: number, weight: number): readonly Policy[] {
  return [
    { name: '99 %, first breach', rollsBack: breaches(1) },
    { name: '99 %, five fails', rollsBack: breaches(5) },
    { name: 'fixed n', rollsBack: fixedSize(base, weight) },
    { name: 'peeked z', rollsBack: (totals) => zOf(last(totals)) > z95 },
    { name: 'Mann–Whitney (Kayenta)', rollsBack: kayenta },
  ];
}

/** Success of the last minute below 99 %, looked at once a minute; the breaches need not follow each other. */
function breaches(allowed: number): Policy['rollsBack'] {
  let count = 0;
  return (totals) => {
    const at = totals.length - 1;
    if (at % perMinute !== 0) return false;
    const { canary, canaryBad } = since(totals, at - perMinute, at);
    if (canary > 0 && 1 - canaryBad / canary < 0.99) count += 1;
    return count >= allowed;
  };
}

function fixedSize(base: number, share: number): Policy['rollsBack'] {
  const needed = requestsToSee({ baseRatio: base, times: 2, share });
  let isDone = false;
  return (totals) => {
    const now = last(totals);
    if (isDone || now.canary < needed) return false;
    isDone = true;
    return zOf(now) > z95;
  };
}

/** Two proportions, pooled. */
function zOf({ canary, canaryBad, stable, stableBad }: Totals): number {
  const pooled = (canaryBad + stableBad) / (canary + stable);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / canary + 1 / stable));
  return error > 0 ? (canaryBad / canary - stableBad / stable) / error : 0;
}

/**
 * NetflixACAJudge on the error ratio of each minute: the confidence interval of the shift (98 %) lies above a quarter of the estimated shift.
 * Every ten minutes on all minutes so far.
 */
function kayenta(totals: readonly Totals[]): boolean {
  const at = totals.length - 1;
  if (at % (10 * perMinute) !== 0) return false;
  const ratios = { canary: [] as number[], stable: [] as number[] };
  for (let end = perMinute; end <= at; end += perMinute) {
    const minute = since(totals, end - perMinute, end);
    if (minute.canary > 0) ratios.canary.push(minute.canaryBad / minute.canary);
    if (minute.stable > 0) ratios.stable.push(minute.stableBad / minute.stable);
  }
  const [m, n] = [ratios.canary.length, ratios.stable.length];
  const shifts = ratios.canary
    .flatMap((a) => ratios.stable.map((b) => a - b))
    .sort((a, b) => a - b);
  const z99 = 2.3263;
  const low = Math.round((m * n) / 2 - z99 * Math.sqrt((m * n * (m + n + 1)) / 12));
  const estimate = shifts[Math.floor(shifts.length / 2)] ?? 0;
  const lowest = shifts[Math.max(0, low - 1)] ?? 0;
  return lowest > 0.25 * Math.abs(estimate);
}

function since(totals: readonly Totals[], from: number, to: number): Totals {
  const [a, b] = [totals[from], totals[to]];
  if (a === undefined || b === undefined) throw new Error('No such look');
  return {
    canary: b.canary - a.canary,
    canaryBad: b.canaryBad - a.canaryBad,
    stable: b.stable - a.stable,
    stableBad: b.stableBad - a.stableBad,
  };
}

function last(totals: readonly Totals[]): Totals {
  return totals.at(-1) ?? { canary: 0, canaryBad: 0, stable: 0, stableBad: 0 };
}

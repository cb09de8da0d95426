import type { Count, Evidence } from '../../model/verdict.ts';
import { leastDifference, logsBy, missed, type Limit, type Logs, type Tests } from './badShare.ts';
import { logMixture } from './evidence.ts';
import { badRatio, discount, nowIntervals, recently, type Pair, type Tally } from './tally.ts';
import { timeToGo } from './timeToGo.ts';

const leastRatio = 1.25;
const leastRequests = 50;
const leastBad = 5;
const leastPlaces = 2;

/** Whether there are enough requests, and bad ones, that a failure may be told at all. */
function isEnough({ requests, bad }: Count): boolean {
  return requests >= leastRequests && bad >= leastBad;
}

/**
 * Whether a difference is large enough to matter: nearer to `maxRatio` than to 1, but no smaller than 1.25, and at least 0.1 % of the requests.
 * Looked at in the whole step and of late, since what began late is small in the whole.
 */
export function matters(tally: Tally, maxRatio: number): boolean {
  const floor = Math.min(maxRatio, Math.max(leastRatio, Math.sqrt(maxRatio)));
  return [tally, recently(tally)].some((pair) => exceeds(pair, floor));
}

function exceeds({ canary, stable }: Pair, ratio: number): boolean {
  const [ours, theirs] = [badRatio(canary), badRatio(stable)];
  return isEnough(canary) && ours >= ratio * theirs && ours - theirs >= leastDifference;
}

export type Finding =
  | { readonly kind: 'worse' }
  | { readonly kind: 'over'; readonly limit: Limit; readonly stableToo: boolean }
  | { readonly kind: 'good' }
  /** `secondsToGo` is absent where no amount of this traffic would do. */
  | { readonly kind: 'open'; readonly secondsToGo?: number };

export interface Findings {
  readonly finding: Finding;
  readonly against: Evidence;
  readonly inFavour: Evidence;
}

export interface Seen {
  readonly tally: Tally;
  /** Whether the difference to stable is large enough to matter. */
  readonly isMaterial: boolean;
  /** Logarithm of a further e-value that the canary is worse; the mean of both is judged. */
  readonly alsoWorse?: number;
}

/** What the evidence says by now. */
export function findings(logs: Logs, tests: Tests, seen: Seen): Findings {
  const { tally, isMaterial } = seen;
  const { worse, over, good } = testAll(logs, tests, seen);
  const evidence = {
    against: evidenceOf([...worse, ...over], Math.max),
    inFavour: evidenceOf(good, Math.min),
  };
  const isWorse = isMaterial && worse.some(({ isReached }) => isReached);
  const broken = tests.limits[over.findIndex(({ isReached }) => isReached)];
  const isGood = good.length > 0 && good.every(({ isReached }) => isReached);
  const finding =
    (isTold(tally) ? badFinding(isWorse, broken, tally) : undefined) ??
    (isGood && looksGood(tests, tally) ? { kind: 'good' as const } : undefined) ??
    openFinding(timeToGo(logs, tests, tally));
  return { finding, ...evidence };
}

/** Every test of the canary: that it is worse than stable, that it is over each limit, and that it is neither. */
function testAll(
  logs: Logs,
  { compare, limits }: Tests,
  { tally, alsoWorse }: Seen,
): Readonly<Record<'worse' | 'over' | 'good', readonly Tested[]>> {
  const by = logsBy(logs, discount(tally));
  const worse = logMixture([by.worse, alsoWorse ?? by.worse], [0.5, 0.5]);
  return {
    worse: compare ? [test(worse, compare.alpha)] : [],
    over: limits.map(({ alpha }, at) => test(by.over[at] ?? 0, alpha)),
    good: [
      ...(compare ? [test(by.notWorse, missed)] : []),
      ...limits.map((_, at) => test(by.under[at] ?? 0, missed)),
    ],
  };
}

/** Enough requests and bad ones, and not all in one burst, which is one event however many requests it took. */
function isTold({ canary, badPlaces }: Tally): boolean {
  return isEnough(canary) && badPlaces >= leastPlaces;
}

function badFinding(
  isWorse: boolean,
  broken: Limit | undefined,
  tally: Tally,
): Finding | undefined {
  if (isWorse) return { kind: 'worse' };
  if (broken === undefined) return undefined;
  const stableToo = broken.kind === 'plan' && isOver(tally, broken.share);
  return { kind: 'over', limit: broken, stableToo };
}

function openFinding(secondsToGo: number | undefined): Finding {
  return { kind: 'open', ...(secondsToGo !== undefined && { secondsToGo }) };
}

/** Whether stable breaks the limit too, in the whole step or of late. */
function isOver(tally: Tally, share: number): boolean {
  return [tally.stable, recently(tally, nowIntervals).stable].some(
    (count) => count.bad >= leastBad && badRatio(count) > share,
  );
}

/** What is seen must not contradict what is proven: no limit is broken and nothing got much worse of late. */
function looksGood({ compare, limits }: Tests, tally: Tally): boolean {
  const late = recently(tally);
  return (
    (compare === undefined || !exceeds(late, compare.maxRatio)) &&
    limits.every(({ share }) =>
      [tally.canary, late.canary].every((count) => badRatio(count) <= share),
    )
  );
}

interface Tested {
  readonly log: number;
  readonly needed: number;
  readonly isReached: boolean;
}

function test(log: number, alpha: number): Tested {
  const needed = -Math.log(alpha);
  return { log, needed, isReached: log >= needed };
}

/** The test that is nearest to, or farthest from, what it needs; as e-values that JSON can hold. */
function evidenceOf(tests: readonly Tested[], pick: (...gaps: number[]) => number): Evidence {
  const gap = pick(...tests.map(({ log, needed }) => log - needed));
  const chosen = tests.find(({ log, needed }) => log - needed === gap);
  const value = (log: number): number => Math.exp(Math.max(-600, Math.min(600, log)));
  return { value: value(chosen?.log ?? 0), needed: value(chosen?.needed ?? -Math.log(missed)) };
}

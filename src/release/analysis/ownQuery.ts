import type { Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { QueryReading, QueryValue } from '../../model/samples.ts';
import type { MetricNumbers, Verdict } from '../../model/verdict.ts';
import type { PlanMetric } from '../plan.ts';
import { say } from './analysis.l10n.ts';
import type { Reading, TrackName } from './guards.ts';

type QueryMetric = Extract<PlanMetric, { kind: 'query' }>;

/** Looks in a row on one side; a look that cannot be judged changes nothing. */
export interface QueryState {
  readonly side: 'good' | 'bad';
  readonly inRow: number;
  /** What stable had when it was last read, for a step that leaves it without requests. */
  readonly stable?: number;
}

export const noQueryLooks: QueryState = { side: 'good', inRow: 0 };

export interface Judged<S> {
  readonly state: S;
  readonly verdict: Verdict;
  readonly numbers: MetricNumbers;
}

/**
 * A metric with PromQL of its own: one finite, fresh value (handbook/hazards.md rows 49–53), on the bad or the good side of its limit
 * and of stable. It fails after `failAfter` bad looks in a row, and passes after as many good ones.
 */
export function judgeQuery(
  metric: QueryMetric,
  state: QueryState,
  { look, isAlone }: { readonly look: Reading; readonly isAlone: boolean },
): Judged<QueryState> {
  const reading = readingOf(metric.name, look);
  const canary = valueOf(metric.name, 'canary', { answer: reading?.canary, look });
  const stable = stableValue(metric, state, { answer: reading?.stable, look, isAlone });
  const limit = metric.limit !== undefined && { limit: metric.limit };
  const unread = (verdict: Verdict): Judged<QueryState> => {
    return { state, verdict, numbers: { unit: 'own', ...limit } };
  };
  if (canary.value === undefined) return unread(canary.why);
  if (stable?.why !== undefined) return unread(stable.why);
  const next = nextState(metric, state, { canary: canary.value, stable: stable?.value });
  const numbers: MetricNumbers = {
    unit: 'own',
    canary: canary.value,
    ...(stable?.value !== undefined && { stable: stable.value }),
    ...limit,
    badLooks: { inRow: next.side === 'bad' ? next.inRow : 0, of: metric.failAfter },
  };
  return { state: next, verdict: verdictOf(metric, next, canary.value), numbers };
}

function readingOf(name: string, { queries }: Reading): QueryReading | undefined {
  return queries !== undefined && Object.hasOwn(queries, name) ? queries[name] : undefined;
}

function nextState(
  metric: QueryMetric,
  { side: before, inRow }: QueryState,
  { canary, stable }: { readonly canary: number; readonly stable: number | undefined },
): QueryState {
  const side = isBad(metric, canary, stable) ? 'bad' : 'good';
  return {
    side,
    inRow: Math.min(metric.failAfter, side === before ? inRow + 1 : 1),
    ...(stable !== undefined && { stable }),
  };
}

function verdictOf({ name, failAfter }: QueryMetric, state: QueryState, canary: number): Verdict {
  const { side, inRow, stable } = state;
  if (inRow < failAfter) {
    const args = { name, inRow, of: failAfter, state: say(`analysis.${side}`) };
    return { kind: 'inconclusive', reason: say('analysis.queryOpen', args) };
  }
  if (side === 'good') return { kind: 'pass' };
  const against =
    stable === undefined ? '' : say('analysis.queryAgainst', { stable: short(stable) });
  const reason = say('analysis.queryBad', { name, inRow, canary: short(canary), against });
  return { kind: 'fail', reason };
}

/** Worse than stable means by more than both tolerances; the relative one is of the size of stable's value, whatever its sign. */
function isBad(metric: QueryMetric, canary: number, stable: number | undefined): boolean {
  const sign = metric.direction === 'lowerIsBetter' ? 1 : -1;
  if (metric.limit !== undefined && sign * (canary - metric.limit) > 0) return true;
  if (metric.compare === undefined || stable === undefined) return false;
  const worse = sign * (canary - stable);
  return worse > metric.compare.absolute && worse > metric.compare.relative * Math.abs(stable);
}

type Value =
  | { readonly value: number; readonly why?: undefined }
  | { readonly value?: undefined; readonly why: Exclude<Verdict, { kind: 'pass' }> };

interface Asked {
  readonly answer: Result<readonly QueryValue[], Text> | undefined;
  readonly look: Reading;
}

function stableValue(
  { name, compare }: QueryMetric,
  { stable }: QueryState,
  { answer, look, isAlone }: Asked & { readonly isAlone: boolean },
): Value | undefined {
  if (compare === undefined) return undefined;
  return isAlone && stable !== undefined
    ? { value: stable }
    : valueOf(name, 'stable', { answer, look });
}

function valueOf(name: string, track: TrackName, { answer, look }: Asked): Value {
  const args = { name, track: say(`analysis.${track}`) };
  const why = (kind: 'error' | 'inconclusive', reason: Text): Value => ({ why: { kind, reason } });
  if (answer === undefined) return why('error', say('analysis.queryNotAsked', args));
  if (!answer.ok) return why('error', answer.error);
  const [only, ...more] = answer.value;
  if (only === undefined) return why('inconclusive', say('analysis.queryNone', args));
  if (more.length > 0)
    return why('error', say('analysis.querySeveral', { ...args, n: answer.value.length }));
  if (only.value === null || !Number.isFinite(only.value))
    return why('inconclusive', say('analysis.queryNoNumber', args));
  const ageMs = Math.abs(look.atMs - only.atMs);
  if (!(ageMs <= 2 * look.scrapeMs)) {
    const seconds = Math.round(ageMs / 1000);
    return why('inconclusive', say('analysis.stale', { track: args.track, seconds }));
  }
  return { value: only.value };
}

/** Four digits that mean something. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

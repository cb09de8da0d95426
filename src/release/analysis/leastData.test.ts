import { expect, it } from 'vitest';
import { lookAt } from '../../../test/support/looks.ts';
import type { PlanMetric } from '../plan.ts';
import { judge } from './judge.ts';
import { startJudge } from './state.ts';

const compare: PlanMetric = {
  kind: 'errorRatio',
  name: 'errors',
  compare: { alpha: 0.01, maxRatio: 2 },
};

/** Three and a half quiet minutes of one pod of stable and two of the canary, then so many failures in each of the two. */
function verdictAfter(...failed: readonly [number, number]): string {
  const looks = Array.from({ length: 14 }, (_, at) =>
    lookAt(at * 15, { s: { good: 2000 * at } }, { a: { good: 10 * at }, b: { good: 10 * at } }),
  );
  const [a, b] = failed.map((bad) => ({ good: 140, failed: bad }));
  if (a === undefined || b === undefined) throw new Error('Two pods');
  const end = lookAt(14 * 15, { s: { good: 28_000 } }, { a, b });
  let state = startJudge([compare], {
    to: { kind: 'weight', percent: 1 },
    minSeconds: 0,
    maxSeconds: 3600,
    minRequests: 0,
    gate: 'none',
  });
  let verdict = 'none';
  for (const look of [...looks, end]) {
    const judged = judge(state, look);
    state = judged.state;
    verdict = judged.report.verdict.kind;
  }
  return verdict;
}

it('row 57: four failures are not enough to fail, however clear they look', () => {
  expect(verdictAfter(2, 2)).toBe('inconclusive');
  expect(verdictAfter(2, 3)).toBe('fail');
});

it('nor is one burst in one pod', () => {
  expect(verdictAfter(5, 0)).toBe('inconclusive');
});

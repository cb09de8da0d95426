import { expect, test } from 'vitest';
import { requestsToSee, secondsToSee } from './sampleSize.ts';

/** Rows of the table in handbook/analysis.md 3.1, recomputed there by another program: α .05, power .9. */
const table: readonly (readonly [base: number, times: number, requests: readonly number[]])[] = [
  [0.0001, 2, [120_971, 127_098, 135_441, 166_529, 256_876]],
  [0.001, 1.5, [41_735, 43_649, 46_273, 56_172, 85_530]],
  [0.001, 10, [410, 456, 513, 698, 1155]],
  [0.005, 2, [2402, 2523, 2689, 3306, 5098]],
  [0.01, 2, [1192, 1252, 1334, 1640, 2529]],
];
const shares = [0.01, 0.05, 0.1, 0.25, 0.5];

test.each(table)('at %f of errors, %f times more is seen after', (baseRatio, times, requests) => {
  for (const [index, share] of shares.entries()) {
    const found = requestsToSee({ baseRatio, times, share });
    expect(Math.abs(found - (requests[index] ?? 0))).toBeLessThanOrEqual(1);
  }
});

test('a doubling of 0.5 % at 5 % of 100 requests per second takes 8.4 minutes', () => {
  const seconds = secondsToSee({ baseRatio: 0.005, times: 2, share: 0.05 }, 100);
  expect(seconds / 60).toBeCloseTo(8.4, 1);
});

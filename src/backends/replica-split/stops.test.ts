import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestStop, shareOf, stopsBeside } from './stops.ts';

describe('the stops of a canary', () => {
  test('beside nine pods are those that nine more pods can reach', () => {
    expect(stopsBeside(9, 1).map(({ percent }) => percent)).toEqual([
      0, 10, 18, 25, 31, 36, 40, 44, 47, 50,
    ]);
  });

  test('beside one pod are none or half', () => {
    expect(stopsBeside(1, 0)).toEqual([
      { percent: 0, pods: 0 },
      { percent: 50, pods: 1 },
    ]);
  });

  test('hold what the canary has now, though it is more than half', () => {
    expect(stopsBeside(2, 6).at(-1)).toEqual({ percent: 75, pods: 6 });
  });

  test('ascend, one per percent, each as near to it as its pods allow; only no pods is 0 %', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(300), (others, now) => {
        const stops = stopsBeside(others, now);
        const percents = stops.map(({ percent }) => percent);
        expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
        expect(stops.length).toBeLessThanOrEqual(102);
        for (const { percent, pods } of stops) {
          expect(Math.round(shareOf(pods, others) * 100)).toBe(percent);
          expect(percent === 0).toBe(pods === 0);
        }
      }),
    );
  });
});

test('the nearest stop is taken, and of two equally near the lower', () => {
  const stops = [
    { percent: 0, pods: 0 },
    { percent: 10, pods: 1 },
    { percent: 18, pods: 2 },
  ];
  expect([4, 5, 6, 14, 15, 99].map((percent) => nearestStop(stops, percent)?.percent)).toEqual([
    0, 0, 10, 10, 18, 18,
  ]);
  expect(nearestStop([], 5)).toBeUndefined();
});

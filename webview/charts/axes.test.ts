import { describe, expect, test } from 'vitest';
import { gapSeconds, niceAbove, timeTicks, valueAxis } from './axes.ts';

describe('the value axis', () => {
  test('of success hangs from 100 and is never so short that noise looks like a fall', () => {
    expect(valueAxis('success', [0.9999, 1])).toEqual({ min: 99.5, max: 100, decimals: 2 });
    expect(valueAxis('success', [0.92, 1])).toEqual({ min: 90, max: 100, decimals: 0 });
    expect(valueAxis('success', [0])).toEqual({ min: 0, max: 100, decimals: 0 });
  });

  test('of the others stands on zero and has room above', () => {
    expect(valueAxis('requests', [121])).toEqual({ min: 0, max: 140, decimals: 0 });
    expect(valueAxis('latency', [1234])).toEqual({ min: 0, max: 1400, decimals: 0 });
    expect(valueAxis('share', [0.99])).toEqual({ min: 0, max: 100, decimals: 0 });
  });

  test('without values is the smallest there is', () => {
    expect(valueAxis('success', [])).toEqual({ min: 99.5, max: 100, decimals: 2 });
    expect(valueAxis('requests', [])).toEqual({ min: 0, max: 1, decimals: 1 });
  });
});

test.each([
  [0.03, 0.03],
  [0.31, 0.4],
  [9.1, 10],
  [100, 100],
  [101, 120],
])('%d is rounded up to %d', (value, nice) => {
  expect(niceAbove(value, 0.001)).toBe(nice);
});

test('time labels stand on round times and are at most as many as fit', () => {
  const noon = Date.UTC(2026, 10, 24, 12) / 1000;
  const ticks = timeTicks(noon + 7, noon + 907, 4);
  expect(ticks.length).toBeLessThanOrEqual(4);
  expect(ticks.every((at) => at % 300 === 0)).toBe(true);
  expect(timeTicks(noon, noon + 21_600, 4)).toHaveLength(4);
});

test('one missing point is a gap, and a single point needs none', () => {
  expect(
    gapSeconds([
      [0, 1],
      [15, null],
      [30, 2],
    ]),
  ).toBe(22.5);
  expect(gapSeconds([[0, 1]])).toBe(0);
});

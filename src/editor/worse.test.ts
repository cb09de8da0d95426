import { expect, it } from 'vitest';
import { factsOf, isClearlyWorse } from './worse.ts';

const rates = (successRatio: number, requestsPerSecond: number) => ({
  successRatio,
  requestsPerSecond,
});

it.each([
  ['8 % of errors against none at 20 requests/s', rates(0.92, 20), rates(1, 80), true],
  ['the same with hardly any requests', rates(0.5, 0.1), rates(1, 80), false],
  ['half a percentage point, however sure', rates(0.994, 10_000), rates(0.999, 10_000), false],
  ['a difference that chance makes', rates(0.97, 3), rates(0.985, 3), false],
  ['a canary that is better', rates(1, 100), rates(0.9, 100), false],
])('%s', (_name, canary, stable, worse) => {
  expect(isClearlyWorse(canary, stable, 60)).toBe(worse);
});

it('takes no missing value for a rate', () => {
  const series = { points: [] };
  const missing = { kind: 'missing', why: 'noSeries' } as const;
  const value = { kind: 'value', value: 1, atSeconds: 1 } as const;
  expect(
    factsOf(
      [
        { trackId: 'a', metric: 'successRatio', series, reading: missing },
        { trackId: 'a', metric: 'requestsPerSecond', series, reading: value },
      ],
      'a',
    ),
  ).toBeUndefined();
});

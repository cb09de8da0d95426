import { describe, expect, it } from 'vitest';
import { lookAt, type PodCounts, type Reading } from '../../../test/support/looks.ts';
import type { Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { CounterReading } from '../../model/samples.ts';
import { advance, type Advance, type Baseline } from './deltas.ts';
import { expectedOf, failedKind, requestCounters, worthless } from './guards.ts';

type Pods = Readonly<Record<string, PodCounts>>;

/** Looks 15 s apart, folded; what the last one counted, or the key of why it did not. */
function count(looks: readonly Reading[]): { good: number; failed: number } | string {
  let last: Result<Advance, Text> | undefined;
  let baseline: Baseline | undefined;
  for (const look of looks) {
    const requests = look.canary.requests;
    if (!requests.ok) throw new Error('A look of the test has requests');
    last = advance(baseline, requestCounters(requests.value), expectedOf(look, 'canary'));
    if (last.ok) baseline = JSON.parse(JSON.stringify(last.value.baseline)) as Baseline;
  }
  if (last === undefined) throw new Error('The test has no look');
  if (!last.ok) return last.error.key;
  const { rises } = last.value;
  const sum = (isFailed: boolean): number =>
    rises
      .filter(({ kind }) => (kind === failedKind) === isFailed)
      .reduce((total, { values }) => total + (values[0] ?? 0), 0);
  return { good: sum(false), failed: sum(true) };
}

/** Two looks of warm-up, then those of the story. */
function after(...story: readonly Pods[]): readonly Reading[] {
  const [first = {}] = story;
  const pods = [first, first, first, ...story];
  return pods.map((canary, at) => lookAt(at * 15, {}, canary));
}

function withSeries(
  look: Reading,
  change: (series: CounterReading, at: number) => readonly CounterReading[],
): Reading {
  const { requests } = look.canary;
  if (!requests.ok) throw new Error('A look of the test has requests');
  const value = requests.value.flatMap(change);
  return { ...look, canary: { ...look.canary, requests: { ok: true, value } } };
}

describe('counter deltas', () => {
  it('count what came between two looks, by pod', () => {
    const looks = after(
      { a: { good: 100 }, b: { good: 50 } },
      { a: { good: 130 }, b: { good: 70 } },
    );
    expect(count(looks)).toEqual({ good: 50, failed: 0 });
  });

  it('row 55: a counter that fell began anew, and all of it counts', () => {
    const looks = after({ a: { good: 1000, failed: 9 } }, { a: { good: 40, failed: 2 } });
    expect(count(looks)).toEqual({ good: 40, failed: 2 });
  });

  it('row 55: the first failed requests count, though their series begins above zero', () => {
    expect(count(after({ a: { good: 10 } }, { a: { good: 20, failed: 3 } }))).toEqual({
      good: 10,
      failed: 3,
    });
  });

  it('row 55: a pod that is new counts only after two scrapes of warm-up', () => {
    const story = [
      { a: { good: 0 } },
      { a: { good: 10 }, b: { good: 500, failed: 50 } },
      { a: { good: 20 }, b: { good: 510, failed: 60 } },
      { a: { good: 30 }, b: { good: 520, failed: 70 } },
      { a: { good: 40 }, b: { good: 530, failed: 70 } },
    ];
    expect(count(after(...story.slice(0, 2)))).toEqual({ good: 10, failed: 0 });
    expect(count(after(...story.slice(0, 4)))).toEqual({ good: 10, failed: 0 });
    expect(count(after(...story))).toEqual({ good: 20, failed: 0 });
  });

  it('row 55: a pod that was taken away takes its counters with it', () => {
    const looks = after(
      { a: { good: 10 }, b: { good: 99 } },
      { a: { good: 15 } },
      { a: { good: 20 } },
    );
    expect(count(looks)).toEqual({ good: 5, failed: 0 });
  });

  it('row 49: a value that is not a finite number is no value', () => {
    for (const value of [null, NaN, Infinity, -Infinity, -1])
      for (const failed of [false, true]) {
        const counts = failed ? { good: 20, failed: value } : { good: value, failed: 1 };
        expect(count(after({ a: { good: 10, failed: 1 } }, { a: counts }))).toBe(
          'analysis.notANumber',
        );
      }
  });

  it('row 50: no series at all is not zero requests, unless the scrape of the pod just worked', () => {
    const idle = lookAt(60, {}, {});
    const looks = after({ a: { good: 5 } });
    const gone: Reading = { ...idle, canary: { ...idle.canary, pods: ['a'] } };
    expect(count([gone, { ...gone, atMs: gone.atMs + 30_000 }])).toBe('analysis.podsMissing');
    const scraped: Reading = { ...gone, canary: { ...gone.canary, scraped: ['a'] } };
    expect(count([scraped, { ...scraped, atMs: scraped.atMs + 30_000 }])).toEqual({
      good: 0,
      failed: 0,
    });
    expect(count([...looks, scraped])).toBe('analysis.seriesGone');
  });

  it('row 51: values older than two scrapes, or from the future, are not judged', () => {
    const looks = after({ a: { good: 10 } }, { a: { good: 20 } });
    const last = looks.at(-1);
    if (last === undefined) throw new Error('no look');
    for (const ageMs of [30_001, -30_001])
      expect(
        count([
          ...looks.slice(0, -1),
          withSeries(last, (one) => [{ ...one, atMs: last.atMs - ageMs }]),
        ]),
      ).toBe('analysis.stale');
    const young = withSeries(last, (one) => [{ ...one, atMs: last.atMs - 30_000 }]);
    expect(count([...looks.slice(0, -1), young])).toEqual({ good: 0, failed: 0 });
  });

  it('row 52: a pod without values, and a series that went while its pod is there, stop the count', () => {
    const looks = after(
      { a: { good: 10, failed: 1 }, b: { good: 10 } },
      { a: { good: 20, failed: 2 }, b: { good: 20 } },
    );
    const last = looks.at(-1);
    if (last === undefined) throw new Error('no look');
    const without = (drop: (one: CounterReading) => boolean): Reading =>
      withSeries(last, (one) => (drop(one) ? [] : [one]));
    const before = looks.slice(0, -1);
    expect(count([...before, without(({ pod }) => pod === 'b')])).toBe('analysis.podsMissing');
    expect(count([...before, without(({ failed }) => failed)])).toBe('analysis.seriesGone');
  });

  it('row 55: a process that began anew need not have all of its series yet, and the old ones do not count', () => {
    const looks = after({ a: { good: 900, failed: 9 } }, { a: { good: 30 } }, { a: { good: 50 } });
    const ended = lookAt(45, {}, { a: { good: 900, failed: 9 } }).canary.requests;
    const failed = (ended.ok ? ended.value : []).filter((one) => one.failed);
    const [restarted, next] = looks
      .slice(-2)
      .map((look) =>
        withSeries(look, (one) => [
          one,
          ...failed.map((old) => ({ ...old, atMs: look.atMs - 40_000 })),
        ]),
      );
    const before = looks.slice(0, -2);
    expect(count(looks.slice(0, -1))).toEqual({ good: 30, failed: 0 });
    expect(count(looks)).toEqual({ good: 20, failed: 0 });
    expect(count([...before, restarted as Reading])).toEqual({ good: 30, failed: 0 });
    expect(count([...looks.slice(0, -1), next as Reading])).toEqual({ good: 20, failed: 0 });
    expect(count([next as Reading])).toEqual({ good: 0, failed: 0 });
  });

  it('counts over a look that could not be used, and nothing over a gap in which weights may have changed', () => {
    const [first, second] = [{ a: { good: 10 } }, { a: { good: 20 } }];
    const looks = after(first, first, second);
    const bad = withSeries(looks[4] as Reading, (one) => [{ ...one, value: null }]);
    expect(count([...looks.slice(0, 4), bad, looks[5] as Reading])).toEqual({
      good: 10,
      failed: 0,
    });
    const late = lookAt(3600, {}, second);
    expect(count([...looks.slice(0, 4), late])).toEqual({ good: 0, failed: 0 });
  });

  it('row 56: of two Prometheus servers one is counted, the same one as before while it is up to date', () => {
    const pair = (look: Reading, behind: number): Reading =>
      withSeries(look, (one) => [
        { ...one, replica: 'A' },
        { ...one, replica: 'B', value: (one.value ?? 0) - behind, atMs: one.atMs - 1000 },
      ]);
    const looks = after({ a: { good: 100 } }, { a: { good: 160 } }).map((look) => pair(look, 4));
    expect(count(looks)).toEqual({ good: 60, failed: 0 });
    const onlyB = withSeries(looks.at(-1) as Reading, (one) => (one.replica === 'B' ? [one] : []));
    expect(count([...looks.slice(0, -1), onlyB])).toEqual({ good: 56, failed: 0 });
    const still = withSeries(onlyB, (one) => [{ ...one, value: 96 }]);
    expect(count([...looks.slice(0, -1), still])).toEqual({ good: 0, failed: 0 });
  });

  it('row 56: the same series twice without a label that tells them apart is refused', () => {
    const looks = after({ a: { good: 100 } }, { a: { good: 160 } });
    expect(
      count(looks.map((look) => withSeries(look, (one) => [one, { ...one, atMs: one.atMs - 1 }]))),
    ).toBe('analysis.seriesTwice');
  });
});

describe('a look as a whole', () => {
  const look = lookAt(0, { a: { good: 1 } }, { b: { good: 1 } });

  it('rows 48, 62, 63: an error is an error', () => {
    const reason = { key: 'metrics.failed', args: {} };
    expect(worthless({ kind: 'error', reason })).toEqual({ kind: 'error', reason });
    expect(worthless(look)).toBeUndefined();
  });

  it('row 52: warnings mean that the answer may be partial', () => {
    expect(worthless({ ...look, warnings: ['partial response'] })?.kind).toBe('inconclusive');
  });

  it('row 54: tracks that are swapped or the same are an error', () => {
    expect(worthless({ ...look, canary: look.stable })?.kind).toBe('error');
    const swapped = {
      ...look,
      stable: { ...look.stable, requests: look.canary.requests },
      canary: { ...look.canary, requests: look.stable.requests },
    };
    expect(worthless(swapped)?.kind).toBe('error');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksOf, randomOf, type Reading, type TrackName } from '../../../test/support/traffic.ts';
import type { CounterReading, HistogramReading, Look } from '../../model/samples.ts';
import type { PlanMetric, PlanStep } from '../plan.ts';
import { judge } from './judge.ts';
import { startJudge } from './state.ts';

const metrics: readonly PlanMetric[] = [
  { kind: 'errorRatio', name: 'errors', max: 0.02, compare: { alpha: 0.01, maxRatio: 2 } },
  {
    kind: 'latency',
    name: 'p99',
    quantile: 0.99,
    maxMs: 1000,
    compare: { alpha: 0.01, tolerance: 0.3 },
  },
  {
    kind: 'query',
    name: 'queue',
    canary: 'a',
    stable: 'b',
    direction: 'lowerIsBetter',
    compare: { absolute: 1, relative: 0.1 },
    failAfter: 1,
  },
];
const step: PlanStep = {
  to: { kind: 'weight', percent: 20 },
  minSeconds: 0,
  maxSeconds: 600,
  minRequests: 100,
  gate: 'none',
};

/** A good canary with much traffic: it passes early and goes on passing. */
function goodLooks(seed: number, count: number): Reading[] {
  const looks: Reading[] = [];
  const truth = {
    requestsPerSecond: 2000,
    weight: 0.2,
    failed: () => 0.004,
    slower: () => [0.8, 0.3, 0.02, 0.004, 0.0005, 0],
  };
  for (const look of looksOf(truth, randomOf(seed))) {
    const value = { ok: true, value: [{ series: '{}', atMs: look.atMs, value: 5 }] } as const;
    looks.push({ ...look, queries: { queue: { canary: value, stable: value } } });
    if (looks.length === count) break;
  }
  return looks;
}

function kinds(looks: readonly Look[]): string[] {
  let state = startJudge(metrics, step);
  return looks.map((look) => {
    const judged = judge(state, look);
    state = judged.state;
    return judged.report.verdict.kind;
  });
}

const track = fc.constantFrom<TrackName>('stable', 'canary');
const broken = fc.constantFrom(null, NaN, Infinity, -Infinity);
const reason = { key: 'metrics.failed', args: {} };

type Damage = (look: Reading) => Look;

/** What can go wrong with the requests of one track. `at` picks a series. */
function requests(
  change: (series: readonly CounterReading[]) => readonly CounterReading[],
): (name: TrackName) => Damage {
  return (name) => (look) => {
    const { requests: read } = look[name];
    const value = change(read.ok ? read.value : []);
    return { ...look, [name]: { ...look[name], requests: { ok: true, value } } };
  };
}

function times(
  change: (series: readonly HistogramReading[]) => readonly HistogramReading[],
): (name: TrackName) => Damage {
  return (name) => (look) => {
    const { latency: read } = look[name];
    const value = change(read?.ok === true ? read.value : []);
    return { ...look, [name]: { ...look[name], latency: { ok: true, value } } };
  };
}

function atIndex<T>(
  index: number,
  change: (one: T) => readonly T[],
): (all: readonly T[]) => readonly T[] {
  return (all) => all.flatMap((one, at) => (at === index % all.length ? change(one) : [one]));
}

const index = fc.nat(20);
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>(() => ({ kind: 'error', reason })),
  fc.constant<Damage>((look) => ({ ...look, warnings: ['half of the stores answered'] })),
  fc.constant<Damage>((look) => ({ ...look, stable: look.canary })),
  track.map((name): Damage => (look) => ({
    ...look,
    [name]: { ...look[name], requests: { ok: false, error: reason } },
  })),
  track.map((name): Damage => (look) => ({
    ...look,
    [name]: { ...look[name], latency: { ok: false, error: reason } },
  })),
  track.map(
    (name): Damage =>
      ({ [name]: { latency: _, ...rest }, ...look }) =>
        ({
          ...look,
          [name]: rest,
        }) as unknown as Look,
  ),
  // A series is lost, not a number, old, or there twice.
  fc.tuple(track, index).map(([name, at]) => requests(atIndex<CounterReading>(at, () => []))(name)),
  fc
    .tuple(track, index, broken)
    .map(([name, at, value]) => requests(atIndex(at, (one) => [{ ...one, value }]))(name)),
  fc
    .tuple(track, index)
    .map(([name, at]) =>
      requests(atIndex(at, (one) => [{ ...one, atMs: one.atMs - 31_000 }]))(name),
    ),
  fc.tuple(track, index).map(([name, at]) => requests(atIndex(at, (one) => [one, one]))(name)),
  fc.tuple(track, index).map(([name, at]) => times(atIndex<HistogramReading>(at, () => []))(name)),
  fc
    .tuple(track, index)
    .map(([name, at]) => times(atIndex(at, (one) => [{ ...one, buckets: [] }]))(name)),
  fc
    .tuple(track, index, broken)
    .map(([name, at, count]) =>
      times(
        atIndex(at, (one) => [
          { ...one, buckets: one.buckets.map((bucket) => ({ ...bucket, count })) },
        ]),
      )(name),
    ),
  // An own query has no series, two, no number, an old one, or no answer.
  fc
    .constantFrom<(look: Reading) => Reading['queries']>(
      () => ({}),
      () => undefined,
      (look) => queue([], look),
      (look) => queue([5, 5], look),
      (look) => queue([NaN], look),
      (look) => queue([null], look),
      (look) => queue([5], { ...look, atMs: look.atMs - 31_000 }),
    )
    .map((queries): Damage => (look) => ({ ...look, queries: queries(look) ?? {} })),
);

function queue(values: readonly (number | null)[], { atMs }: Reading): Reading['queries'] {
  const vector = values.map((value, at) => ({ series: String(at), atMs, value }));
  const answer = { ok: true, value: vector } as const;
  return { queue: { canary: answer, stable: answer } };
}

describe('whatever Prometheus says', { timeout: 30_000 }, () => {
  const looks = goodLooks(1, 14);

  it('a good canary passes, so that the properties below are about something', () => {
    expect(kinds(looks).slice(-6)).toEqual(Array.from({ length: 6 }, () => 'pass'));
  });

  it('the same looks give the same reports, also when the state was stored between them', () => {
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 6 }), fc.nat(), (damages, seed) => {
        const story = goodLooks(seed, 8).map((look, at) => damages[at]?.(look) ?? look);
        let [one, other] = [startJudge(metrics, step), startJudge(metrics, step)];
        for (const look of story) {
          const first = judge(one, look);
          const second = judge(JSON.parse(JSON.stringify(other)) as typeof other, look);
          expect(second.report).toEqual(first.report);
          [one, other] = [first.state, second.state];
        }
      }),
      { numRuns: 30 },
    );
  });

  it('a look with anything missing, old, double or not a number never passes (I4)', () => {
    fc.assert(
      fc.property(damage, fc.integer({ min: 6, max: 13 }), (change, at) => {
        const look = looks[at];
        if (look === undefined) throw new Error('No such look');
        expect(kinds([...looks.slice(0, at), change(look)]).at(-1)).not.toBe('pass');
      }),
      { numRuns: 300 },
    );
  });

  it('damage never makes a bad canary pass', () => {
    const bad = goodLooks(2, 14).map((look, at) => worse(look, at));
    expect(kinds(bad)).not.toContain('pass');
    fc.assert(
      fc.property(fc.array(fc.tuple(damage, fc.nat(13)), { maxLength: 5 }), (damages) => {
        const story: Look[] = [...bad];
        for (const [change, at] of damages) {
          const look = bad[at];
          if (look) story[at] = change(look);
        }
        expect(kinds(story)).not.toContain('pass');
      }),
      { numRuns: 100 },
    );
  });
});

/** Three times as many failures of the canary as there were. */
function worse(look: Reading, at: number): Reading {
  const { requests: read } = look.canary;
  const value = (read.ok ? read.value : []).map((one) =>
    one.failed ? { ...one, value: 3 * (one.value ?? 0) + at } : one,
  );
  return { ...look, canary: { ...look.canary, requests: { ok: true, value } } };
}

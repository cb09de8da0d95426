import { describe, expect, it } from 'vitest';
import { slowWorse, type Counts } from '../../../test/support/slowEvidence.ts';
import {
  boundsMs,
  looksOf,
  randomOf,
  type Reading,
  type TrackName,
  type Truth,
} from '../../../test/support/traffic.ts';
import type { HistogramReading, Look } from '../../model/samples.ts';
import type { JudgeReport, Verdict } from '../../model/verdict.ts';
import { hostWords } from '../../words.ts';
import { renderer } from '../../base/text.ts';
import type { PlanMetric, PlanStep } from '../plan.ts';
import { judge } from './judge.ts';
import { startJudge, withoutReadings, type JudgeState } from './state.ts';

const compare: PlanMetric = {
  kind: 'errorRatio',
  name: 'errors',
  compare: { alpha: 0.01, maxRatio: 2 },
};
const limit: PlanMetric = { kind: 'errorRatio', name: 'limit', max: 0.01 };
const latency: PlanMetric = {
  kind: 'latency',
  name: 'p99',
  quantile: 0.99,
  compare: { alpha: 0.01, tolerance: 0.2 },
};

function step(percent = 5, minRequests = 0): PlanStep {
  return {
    to: { kind: 'weight', percent },
    minSeconds: 0,
    maxSeconds: 3600,
    minRequests,
    gate: 'none',
  };
}

const busy: Truth = { requestsPerSecond: 1000, weight: 0.05, failed: () => 0.005 };
/** Chances to be slower than each bound: about 1 % above 250 ms. */
const normalTimes = [0.8, 0.3, 0.012, 0.002, 0.0003, 0];
const slowTimes = [0.9, 0.6, 0.06, 0.02, 0.002, 0.0001];
const timed: Truth = { ...busy, failed: () => 0, slower: () => normalTimes };

function take(truth: Truth, count: number, seed = 1): Reading[] {
  const looks: Reading[] = [];
  for (const look of looksOf(truth, randomOf(seed))) {
    looks.push(look);
    if (looks.length === count) break;
  }
  return looks;
}

interface Folded {
  readonly state: JudgeState;
  readonly reports: readonly JudgeReport[];
}

function folded(
  metrics: readonly PlanMetric[],
  looks: readonly Look[],
  start?: JudgeState,
): Folded {
  let state = start ?? startJudge(metrics, step());
  const reports = looks.map((look) => {
    const judged = judge(state, look);
    state = JSON.parse(JSON.stringify(judged.state)) as JudgeState;
    return judged.report;
  });
  return { state, reports };
}

function last({ reports }: Folded): JudgeReport {
  const report = reports.at(-1);
  if (report === undefined) throw new Error('The test has no look');
  return report;
}

function kinds({ reports }: Folded): Verdict['kind'][] {
  return reports.map(({ verdict }) => verdict.kind);
}

function reasonOf({ verdict }: { readonly verdict: Verdict }): string {
  return verdict.kind === 'pass' ? 'pass' : verdict.reason.key;
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error('Not exactly one');
  return item;
}

describe('the judge of error ratios', () => {
  it('passes a canary that is as good as stable, and says by what', () => {
    const done = folded([compare, limit], take(busy, 40));
    expect(kinds(done)).toContain('pass');
    expect(kinds(done)).not.toContain('fail');
    const [errors] = last(done).metrics;
    expect(errors?.numbers).toMatchObject({ unit: 'ratio' });
    expect(errors?.numbers.inFavour?.value).toBeGreaterThan(errors?.numbers.inFavour?.needed ?? 0);
    expect(last(done).share).toBeCloseTo(0.05, 2);
  });

  it('fails one that fails five times as often, and stays so whatever comes after', () => {
    const bad: Truth = { ...busy, failed: (track) => (track === 'canary' ? 0.025 : 0.005) };
    const done = folded([compare], take(bad, 8));
    expect(reasonOf(last(done))).toBe('analysis.moreErrors');
    const lost: Look = { kind: 'error', reason: { key: 'x', args: {} } };
    expect(kinds(folded([], [lost, ...take(busy, 3)], done.state))).toEqual(
      Array.from({ length: 4 }, () => 'fail'),
    );
  });

  it('says how long it will take to be sure', () => {
    const quiet = { ...busy, requestsPerSecond: 100 };
    const report = last(folded([compare], take(quiet, 10)));
    const { numbers, verdict } = only(report.metrics);
    expect(verdict.kind).toBe('inconclusive');
    expect(numbers.secondsToGo).toBeGreaterThan(60);
    expect(numbers.secondsToGo).toBeLessThan(1500);
  });

  it('holds a limit that the canary keeps by luck, and fails one that it breaks for sure', () => {
    const over: Truth = { ...busy, failed: (track) => (track === 'canary' ? 0.03 : 0.005) };
    expect(reasonOf(last(folded([limit], take(over, 20))))).toBe('analysis.errorsOverLimit');
    expect(kinds(folded([limit], take({ ...busy, requestsPerSecond: 10 }, 8)))).not.toContain(
      'pass',
    );
  });

  it('stops at once what fails in every second request', () => {
    const broken: Truth = { ...busy, failed: (track) => (track === 'canary' ? 0.5 : 0.005) };
    const done = folded([ownQuery], take(broken, 4));
    expect(reasonOf(last(done))).toBe('analysis.broken');
  });

  it('waits for the requests that the step asks for', () => {
    const start = startJudge([compare], step(5, 1_000_000));
    const done = folded([], take(busy, 40), start);
    expect(reasonOf(last(done))).toBe('analysis.fewRequests');
    expect(only(last(done).metrics).verdict.kind).toBe('pass');
  });

  it('agrees with a slow judge that counts in fractions and tries every beginning', () => {
    const bad: Truth = {
      requestsPerSecond: 40,
      weight: 0.2,
      failed: (track, seconds) => (track === 'canary' && seconds > 400 ? 0.03 : 0.01),
      pods: { stable: 1, canary: 1 },
    };
    for (const seed of [1, 2, 3]) {
      const looks = take(bad, 60, seed);
      const { reports } = folded([compare], looks);
      const counts = looks.slice(1).map((look, at) => difference(looks[at] as Reading, look));
      // One pod in each track: nothing tells of clustering, so that the first 8 looks count half.
      const story = counts.slice(2);
      const discounts = story.map((_, at) => (at < 8 ? 2 : 1));
      for (const at of [2, 5, 9, 20, 40, story.length]) {
        const slow = slowWorse(story.slice(0, at), discounts.slice(0, at));
        const ours = reports[at + 2]?.metrics[0]?.numbers.against?.value ?? NaN;
        expect(Math.log(ours)).toBeCloseTo(Math.log(slow), 7);
      }
      const failedAt = reports.findIndex(({ verdict }) => verdict.kind === 'fail');
      expect(failedAt).toBeGreaterThan(25);
    }
  });
});

function difference(before: Reading, after: Reading): Counts {
  const sum = (look: Reading, track: TrackName, failedOnly: boolean): number => {
    const { requests } = look[track];
    if (!requests.ok) throw new Error('no requests');
    return requests.value
      .filter(({ failed }) => failed || !failedOnly)
      .reduce((total, { value }) => total + (value ?? 0), 0);
  };
  const rise = (track: TrackName, failedOnly: boolean): number =>
    sum(after, track, failedOnly) - sum(before, track, failedOnly);
  return {
    canary: rise('canary', false),
    canaryBad: rise('canary', true),
    stable: rise('stable', false),
    stableBad: rise('stable', true),
  };
}

describe('the judge of response times', () => {
  it('passes equal tracks and fails a canary whose slow requests are many more', () => {
    expect(kinds(folded([latency], take(timed, 12)))).toContain('pass');
    const slow = { ...timed, slower: (t: TrackName) => (t === 'canary' ? slowTimes : normalTimes) };
    const report = last(folded([latency], take(slow, 12)));
    expect(reasonOf(report)).toBe('analysis.slower');
    const { numbers } = only(report.metrics);
    expect(numbers.slowerChance).toBeGreaterThan(0.6);
    expect(numbers.canary).toBeGreaterThan(numbers.stable ?? Infinity);
  });

  it('keeps and breaks an absolute limit, and says when the buckets cannot tell', () => {
    const max = (maxMs: number): PlanMetric => ({
      kind: 'latency',
      name: 'p99',
      quantile: 0.99,
      maxMs,
    });
    expect(kinds(folded([max(500)], take(timed, 12)))).toContain('pass');
    const slow = { ...timed, slower: (t: TrackName) => (t === 'canary' ? slowTimes : normalTimes) };
    expect(reasonOf(last(folded([max(500)], take(slow, 12))))).toBe('analysis.slowOverLimit');
    // Between 250 and 500 ms: kept as it looks, not kept as it looks, and below all buckets.
    expect(reasonOf(last(folded([max(400)], take(timed, 12))))).toBe('pass');
    expect(reasonOf(last(folded([max(260)], take(timed, 12))))).toBe('analysis.betweenBuckets');
    expect(reasonOf(last(folded([max(20)], take(timed, 12))))).toBe('analysis.bothSlow');
    expect(reasonOf(last(folded([max(9000)], take(timed, 12))))).toBe('pass');
  });

  it('row 58: does not blame the canary when both tracks are slow', () => {
    const both = {
      ...timed,
      slower: (_: TrackName, s: number) => (s > 300 ? slowTimes : normalTimes),
    };
    const max: PlanMetric = { kind: 'latency', name: 'limit', quantile: 0.99, maxMs: 500 };
    const done = folded([latency, max], take(both, 60));
    expect(kinds(done)).not.toContain('fail');
    expect(reasonOf(last(done))).toBe('analysis.bothSlow');
  });

  it('row 61: native, incomplete, different and changed buckets are not judged', () => {
    const looks = take(timed, 12);
    const changed = (change: (one: HistogramReading) => HistogramReading): string => {
      const end = looks.at(-1) as Reading;
      const value = end.canary.latency?.ok === true ? end.canary.latency.value.map(change) : [];
      const look = { ...end, canary: { ...end.canary, latency: { ok: true as const, value } } };
      return reasonOf(last(folded([latency], [...looks.slice(0, -1), look])));
    };
    expect(changed((one) => ({ ...one, buckets: [] }))).toBe('analysis.nativeHistogram');
    expect(changed((one) => ({ ...one, buckets: one.buckets.slice(0, -1) }))).toBe(
      'analysis.badBuckets',
    );
    expect(changed((one) => ({ ...one, buckets: one.buckets.slice(1) }))).toBe(
      'analysis.differentBuckets',
    );
    expect(
      changed((one) => ({ ...one, buckets: one.buckets.map((b) => ({ ...b, count: null })) })),
    ).toBe('analysis.notANumber');
    const other = take(timed, 12).map((look, at) => (at < 11 ? look : withoutBound(look)));
    expect(reasonOf(last(folded([latency], other)))).toBe('analysis.changedBuckets');
  });
});

function withoutBound(look: Reading): Reading {
  const cut = (track: TrackName): Reading['stable'] => {
    const { latency: read } = look[track];
    const value = read?.ok === true ? read.value : [];
    const buckets = value.map((one) => ({
      ...one,
      buckets: one.buckets.filter(({ leMs }) => leMs !== boundsMs[0]),
    }));
    return { ...look[track], latency: { ok: true, value: buckets } };
  };
  return { ...look, stable: cut('stable'), canary: cut('canary') };
}

const ownQuery = {
  kind: 'query',
  name: 'queue',
  canary: 'queue{version="v2"}',
  stable: 'queue{version="v1"}',
  direction: 'lowerIsBetter',
  limit: 100,
  compare: { absolute: 5, relative: 0.1 },
  failAfter: 2,
} as const satisfies PlanMetric;

function asked(
  canary: readonly (number | null)[],
  stable: readonly (number | null)[] = [40],
): Reading {
  const [look] = take({ ...busy, requestsPerSecond: 0 }, 1);
  if (look === undefined) throw new Error('no look');
  const values = (
    all: readonly (number | null)[],
  ): { ok: true; value: { series: string; atMs: number; value: number | null }[] } => ({
    ok: true,
    value: all.map((value, at) => ({ series: `{n="${String(at)}"}`, atMs: look.atMs, value })),
  });
  return { ...look, queries: { queue: { canary: values(canary), stable: values(stable) } } };
}

describe('the judge of own queries', () => {
  const of = (...looks: readonly Look[]): string =>
    reasonOf(only(last(folded([ownQuery], looks)).metrics));

  it('passes after as many good looks as would be bad ones to fail', () => {
    expect(of(asked([40]))).toBe('analysis.queryOpen');
    expect(of(asked([40]), asked([44]))).toBe('pass');
  });

  it('fails on the limit, or when worse than stable by both tolerances', () => {
    expect(of(asked([101]), asked([101]))).toBe('analysis.queryBad');
    expect(of(asked([46]), asked([46]))).toBe('analysis.queryBad');
    expect(of(asked([44], [38]), asked([44], [38]))).toBe('analysis.queryBad');
    // By more than 5, yet by less than 10 %.
    expect(of(asked([87], [80]), asked([87], [80]))).toBe('pass');
    // By more than 10 %, yet by less than 5.
    expect(of(asked([14], [10]), asked([14], [10]))).toBe('pass');
    expect(of(asked([101]), asked([40]), asked([101]))).toBe('analysis.queryOpen');
  });

  it('row 49: takes only finite numbers, in every position', () => {
    for (const value of [null, NaN, Infinity, -Infinity]) {
      expect(of(asked([40]), asked([value]))).toBe('analysis.queryNoNumber');
      expect(of(asked([40]), asked([40], [value]))).toBe('analysis.queryNoNumber');
    }
  });

  it('row 50: takes no series for no answer', () => {
    expect(of(asked([40]), asked([]))).toBe('analysis.queryNone');
    expect(of(asked([40]), asked([40], []))).toBe('analysis.queryNone');
    expect(of(asked([40]), { ...asked([40]), queries: {} })).toBe('analysis.queryNotAsked');
  });

  it('row 53: refuses two series and more', () => {
    for (const n of [2, 3, 50]) {
      const several = Array.from({ length: n }, () => 40);
      const report = last(folded([ownQuery], [asked([40]), asked(several)]));
      expect([report.verdict.kind, reasonOf(report)]).toEqual(['error', 'analysis.querySeveral']);
    }
  });

  it('row 51: refuses an old value', () => {
    const look = asked([40]);
    expect(of(look, { ...look, atMs: look.atMs + 30_001 })).toBe('analysis.stale');
  });
});

describe('hazards as the judge meets them', () => {
  const good = take(busy, 25);
  const passing = folded([compare, limit], good);

  it('rows 48, 62, 63: an error holds the run, in every look of it', () => {
    const reason = { key: 'metrics.failed', args: {} };
    expect(kinds(passing).filter((kind) => kind === 'pass').length).toBeGreaterThan(5);
    for (const at of good.keys()) {
      const looks = good
        .slice(0, at + 1)
        .map((look, n): Look => (n === at ? { kind: 'error', reason } : look));
      expect(last(folded([compare, limit], looks)).verdict).toEqual({ kind: 'error', reason });
    }
  });

  it('row 57: three requests in the night are neither a pass nor a failure', () => {
    for (const requestsPerSecond of [0.05, 0.2, 1])
      for (const seed of [1, 2]) {
        const night = take({ ...busy, requestsPerSecond }, 100, seed);
        expect(new Set(kinds(folded([compare, limit], night)))).toEqual(new Set(['inconclusive']));
      }
    const none = folded([compare], take({ ...busy, requestsPerSecond: 0 }, 10));
    expect(reasonOf(last(none))).toBe('analysis.noRequests');
  });

  it('row 58: both tracks get worse: it holds with the note, and goes on when it is over', () => {
    const outage: Truth = { ...busy, failed: (_, s) => (s > 300 && s <= 600 ? 0.4 : 0.005) };
    const done = folded([compare, limit], take(outage, 100));
    expect(kinds(done)).not.toContain('fail');
    const during = done.reports[2 + 24];
    expect(during?.verdict.kind).toBe('inconclusive');
    expect(during?.notes.map(({ key }) => key)).toContain('analysis.bothWorse');
    const compared = folded([compare], take(outage, 100));
    expect(kinds(compared).at(-1)).toBe('pass');
  });

  it('row 59: a leak that begins after an hour is still seen, though the hour before was good', () => {
    const leak: Truth = {
      ...busy,
      requestsPerSecond: 200,
      failed: (track, s) =>
        track === 'canary' && s > 3600 ? 0.005 * (1 + (s - 3600) / 120) : 0.005,
    };
    const done = folded([compare], take(leak, 340));
    const at = kinds(done).indexOf('fail');
    expect((at - 2) * 15).toBeGreaterThan(3600);
    expect((at - 2) * 15).toBeLessThan(3600 + 600);
  });

  it('row 36: judges by the measured share, not by a weight', () => {
    const sticky = take({ ...busy, weight: 0.4 }, 20);
    const report = last(folded([compare], sticky));
    expect(report.share).toBeCloseTo(0.4, 2);
    expect(report.verdict.kind).toBe('pass');
  });

  it('says that errors cluster in single pods, and counts them less', () => {
    const report = last(folded([compare], take({ ...busy, burst: 6 }, 40)));
    expect(only(report.metrics).numbers.dispersion).toBeGreaterThan(3);
    expect(report.notes.map(({ key }) => key)).toContain('analysis.clustered');
  });
});

describe('the judge from step to step', () => {
  it('goes on counting without a gap and without a second warm-up', () => {
    const looks = take(busy, 12);
    const first = folded([compare], looks.slice(0, 8));
    const next = startJudge([compare], step(25), first.state);
    const report = last(folded([], looks.slice(8, 9), next));
    expect(report.requests.canary).toBeGreaterThan(500);
  });

  it('compares with what stable had when a step leaves it nothing', () => {
    const before = folded([compare, latency], take(timed, 40));
    const alone = (failed: number, slower: readonly number[]): Reading[] =>
      take({ ...timed, weight: 1, failed: () => failed, slower: () => slower }, 60);
    const run = (looks: readonly Reading[]): Folded =>
      folded([], looks, withoutReadings(startJudge([compare, latency], step(100), before.state)));
    expect(kinds(run(alone(0, normalTimes)))).toContain('pass');
    expect(last(run(alone(0, normalTimes))).notes.map(({ key }) => key)).toContain(
      'analysis.againstBefore',
    );
    expect(reasonOf(last(run(alone(0.02, normalTimes))))).toBe('analysis.moreErrorsThanBefore');
    expect(reasonOf(last(run(alone(0, slowTimes))))).toBe('analysis.slowerThanBefore');
    const nothing = folded([], alone(0, normalTimes), startJudge([compare], step(100)));
    expect(reasonOf(last(nothing))).toBe('analysis.noStableRequests');
  });

  it('keeps a bounded state when readings are left out', () => {
    const size = (looks: number): number =>
      JSON.stringify(withoutReadings(folded([compare, latency], take(timed, looks)).state)).length;
    expect(size(120)).toBeLessThan(1.1 * size(40));
    expect(size(120)).toBeLessThan(40_000);
  });

  it('without metrics leaves the word to the person at the gate', () => {
    expect(last(folded([], take(busy, 3), startJudge([], step()))).verdict.kind).toBe('pass');
  });
});

it('every reason has its words, with nothing left to fill in', () => {
  const looks = take({ ...timed, failed: (t) => (t === 'canary' ? 0.03 : 0.005) }, 12);
  const { reports } = folded([compare, limit, latency, ownQuery], looks);
  for (const locale of ['en', 'zh-cn'] as const) {
    const render = renderer(hostWords, locale);
    for (const { metrics } of reports)
      for (const { verdict } of metrics)
        if (verdict.kind !== 'pass') expect(render(verdict.reason)).not.toMatch(/[{}]/);
  }
});

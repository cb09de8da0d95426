import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '../src/release/analysis/judge.ts';
import { startJudge, type JudgeState } from '../src/release/analysis/state.ts';
import type { PlanMetric, PlanStep } from '../src/release/plan.ts';
import type { JudgeReport } from '../src/model/verdict.ts';
import type { Look } from '../src/model/samples.ts';
import {
  lookSeconds,
  looksOf,
  randomOf,
  type Reading,
  type TrackName,
  type Truth,
} from '../test/support/traffic.ts';
import { policies, type Policy, type Totals } from './decision-quality-policies.ts';
import { quantile } from './statistics.ts';

/**
 * How well our judge decides beside what others do, on the same seeded traffic of an hour. `node bench/decision-quality.ts [runs]` writes its
 * section of RESULTS.md.
 */
const weight = 0.05;
const base = 0.005;
const alpha = 0.01;
const looks = 3600 / lookSeconds;
const metric: PlanMetric = { kind: 'errorRatio', name: 'errors', compare: { alpha, maxRatio: 2 } };
const step: PlanStep = {
  to: { kind: 'weight', percent: 100 * weight },
  minSeconds: 0,
  maxSeconds: 3600,
  minRequests: 0,
  gate: 'none',
};

interface Scenario {
  readonly name: string;
  readonly truth: Truth;
  /** Whether the canary is bad, so that a rollback is right. */
  readonly isBad: boolean;
}

const outage = (seconds: number): number => (seconds > 1200 && seconds <= 1800 ? 3 * base : base);
const doubled = (track: TrackName): number => (track === 'canary' ? 2 * base : base);

function scenarios(): Scenario[] {
  const of = (
    name: string,
    requestsPerSecond: number,
    ...[failed, isBad, burst]: [Truth['failed'], boolean, number?]
  ): Scenario => ({
    name: `${name}, ${String(requestsPerSecond)}/s`,
    truth: { requestsPerSecond, weight, failed, ...(burst !== undefined && { burst }) },
    isBad,
  });
  return [
    ...[100, 1000].flatMap((rps) => [
      of('good', rps, () => base, false),
      of('good, errors in bursts of 5', rps, () => base, false, 5),
      of('good, 10 min of common outage × 3', rps, (_, seconds) => outage(seconds), false),
      of('doubled errors', rps, doubled, true),
      of('doubled errors in bursts of 5', rps, doubled, true, 5),
    ]),
    of('good, at night', 1, () => base, false),
    of('doubled errors, at night', 1, doubled, true),
  ];
}

/** What one policy did in all runs of a scenario; minutes of its rollbacks. */
interface Outcome {
  readonly policy: string;
  readonly rollbacks: number[];
  /** Runs that a policy which can pass let go on before it rolled back, if it ever did; minutes. */
  readonly passes: number[];
}

function runScenario({ truth }: Scenario, runs: number): Outcome[] {
  const outcomes = ['ours', ...policies(base, weight).map(({ name }) => name)].map(
    (policy): Outcome => ({ policy, rollbacks: [], passes: [] }),
  );
  for (let seed = 1; seed <= runs; seed += 1) {
    const [ours, ...others] = outcomes;
    const traffic = takeHour(truth, seed);
    if (ours) judgeHour(traffic, ours);
    const totals = traffic.map(totalsOf);
    policies(base, weight).forEach((policy, at) => {
      const minutes = rollbackOf(policy, totals);
      if (minutes !== undefined) others[at]?.rollbacks.push(minutes);
    });
  }
  return outcomes;
}

function takeHour(truth: Truth, seed: number): Reading[] {
  const taken: Reading[] = [];
  for (const look of looksOf(truth, randomOf(seed * 7919))) {
    taken.push(look);
    if (taken.length === looks + 3) break;
  }
  return taken;
}

/** The first two looks are before the traffic begins. */
function minutesAt(look: number): number {
  return ((look - 2) * lookSeconds) / 60;
}

function judgeHour(traffic: readonly Look[], outcome: Outcome): void {
  let hasPassed = false;
  fold(traffic, ({ verdict }, at) => {
    if (verdict.kind === 'pass' && !hasPassed) {
      hasPassed = true;
      outcome.passes.push(minutesAt(at));
    }
    if (verdict.kind === 'fail') outcome.rollbacks.push(minutesAt(at));
    return verdict.kind === 'fail';
  });
}

/** Until `seen` says that it is over. */
function fold(traffic: readonly Look[], seen: (report: JudgeReport, at: number) => boolean): void {
  let state: JudgeState = startJudge([metric], step);
  for (const [at, look] of traffic.entries()) {
    const judged = judge(state, look);
    state = judged.state;
    if (seen(judged.report, at)) return;
  }
}

function rollbackOf(policy: Policy, totals: readonly Totals[]): number | undefined {
  for (let at = 3; at < totals.length; at += 1)
    if (policy.rollsBack(totals.slice(2, at + 1))) return minutesAt(at);
  return undefined;
}

function totalsOf({ stable, canary }: Reading): Totals {
  const sum = ({ requests }: Reading['stable'], onlyFailed: boolean): number =>
    requests.ok
      ? requests.value
          .filter(({ failed }) => failed || !onlyFailed)
          .reduce((total, { value }) => total + (value ?? 0), 0)
      : NaN;
  return {
    canary: sum(canary, false),
    canaryBad: sum(canary, true),
    stable: sum(stable, false),
    stableBad: sum(stable, true),
  };
}

/** Everything that can be missing in a look, one after another, in looks that would pass. */
function passesOnMissing(runs: number): { readonly looks: number; readonly passes: number } {
  const truth: Truth = { requestsPerSecond: 1000, weight, failed: () => base };
  let [count, passes] = [0, 0];
  for (let seed = 1; seed <= runs; seed += 1) {
    let state = startJudge([metric], step);
    for (const look of takeHour(truth, seed).slice(0, 60)) {
      for (const damaged of damages(look)) {
        count += 1;
        if (judge(state, damaged).report.verdict.kind === 'pass') passes += 1;
      }
      state = judge(state, look).state;
    }
  }
  return { looks: count, passes };
}

function damages(look: Reading): Look[] {
  const change = (track: TrackName, requests: Reading['stable']['requests']): Reading => ({
    ...look,
    [track]: { ...look[track], requests },
  });
  const each = (['stable', 'canary'] as const).flatMap((track) => {
    const { requests } = look[track];
    const series = requests.ok ? requests.value : [];
    const reason = { key: 'metrics.failed', args: {} };
    return [
      change(track, { ok: false, error: reason }),
      change(track, { ok: true, value: [] }),
      change(track, { ok: true, value: series.slice(1) }),
      change(track, { ok: true, value: series.map((one) => ({ ...one, value: null })) }),
      change(track, { ok: true, value: series.map((one) => ({ ...one, value: NaN })) }),
      change(track, {
        ok: true,
        value: series.map((one) => ({ ...one, atMs: one.atMs - 31_000 })),
      }),
      change(track, { ok: true, value: series.flatMap((one) => [one, one]) }),
    ];
  });
  return [
    ...each,
    { ...look, warnings: ['partial'] },
    { ...look, canary: look.stable },
    { kind: 'error', reason: { key: 'metrics.failed', args: {} } },
  ];
}

/** The section of RESULTS.md. */
export function decisionQuality(runs: number): string {
  const rows = scenarios().map((scenario) => {
    const outcomes = runScenario(scenario, runs);
    process.stdout.write(`  ${scenario.name}\n`);
    return line(scenario, outcomes, runs);
  });
  const missing = passesOnMissing(20);
  const names = policies(base, weight).map(({ name }) => name);
  return [
    heading,
    '',
    `Made by \`node bench/decision-quality.ts\`: an hour of seeded traffic, the same for all judges, ${String(runs)} runs for each row. The canary gets`,
    `${percent(weight)}, ${percent(base)} of the requests fail, there is a look every ${String(lookSeconds)} s. Of a good canary: how many runs were rolled back, all of them falsely. Of`,
    'a bad one: how many were caught within the hour, and when (median). Ours also says when enough is known to go on to the next step.',
    '',
    `| traffic | **ours** | ours: goes on | ${names.join(' | ')} |`,
    `|---|---|---|${names.map(() => '---|').join('')}`,
    ...rows,
    '',
    `- **ours**: comparison of error ratios at α = ${String(alpha)}, with all its guards. In "goes on" of a bad canary are the steps that it passed wrongly before it was caught; the`,
    '  judge goes on watching in the next step. What is neither caught nor passed is held.',
    '- **99 %**: success of the last minute below 99 %, looked at once a minute; the first breach, or five of them, which need not follow each other.',
    '- **fixed n**: one z test, at the sample size that shows a doubling (α = 5 %, power 90 %). **peeked z**: the same test at every look.',
    '- **Mann–Whitney**: as in NetflixACAJudge, on the error ratio of each minute, 98 % confidence and its tolerance, every ten minutes.',
    `- **Missing data**: ${String(missing.looks)} looks of a good canary, each damaged in one way (no answer, no series, one series lost, NaN, old, twice, warnings, tracks`,
    `  mixed up): ${String(missing.passes)} passes by ours.`,
    '',
  ].join('\n');
}

const heading = '## Decision quality';

function line({ name, isBad }: Scenario, outcomes: readonly Outcome[], runs: number): string {
  const minutes = (all: readonly number[]): string =>
    all.length === 0 ? '' : `, ${quantile(all, 0.5).toFixed(2)} min`;
  const cell = ({ rollbacks }: Outcome): string =>
    `${percent(rollbacks.length / runs)}${isBad ? minutes(rollbacks) : ''}`;
  const [ours, ...others] = outcomes;
  if (ours === undefined) throw new Error('No outcome');
  const goesOn = `${percent(ours.passes.length / runs)}${minutes(ours.passes)}`;
  return `| ${[name, `**${cell(ours)}**`, goesOn, ...others.map(cell)].join(' | ')} |`;
}

function percent(ratio: number): string {
  return `${String(Number((100 * ratio).toFixed(1)))} %`;
}

/** Puts the section in the place of the one before, or at the end. */
export async function writeDecisionQuality(runs = 1000): Promise<void> {
  const file = join(import.meta.dirname, 'RESULTS.md');
  const page = await readFile(file, 'utf8');
  const start = page.indexOf(`\n${heading}\n`);
  const rest = start < 0 ? '' : page.slice(start + heading.length + 2);
  const next = rest.search(/^## /m);
  const after = next < 0 ? '' : `\n${rest.slice(next)}`;
  const before = (start < 0 ? page : page.slice(0, start)).trimEnd();
  await writeFile(file, `${before}\n\n${decisionQuality(runs)}${after}`);
}

if (import.meta.main) await writeDecisionQuality(Number(process.argv[2] ?? 1000));

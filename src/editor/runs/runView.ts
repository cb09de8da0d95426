import type { Text } from '../../base/text.ts';
import type { MetricReport } from '../../model/verdict.ts';
import type { RunView } from '../../protocol/messages.ts';
import type { PlanStep } from '../../release/plan.ts';
import type { Command, Phase } from '../../release/run.ts';
import { plainText } from '../plainText.ts';
import { say } from './runs.l10n.ts';
import type { KnownRun } from './runs.ts';

/** Lines of the record that a panel shows, newest first. */
const MOST_LINES = 40;

/** A run as the panel draws it. Pure. */
export function runView(run: KnownRun, words: (text: Text) => string): RunView {
  const render = orKey(words);
  const { state, lines } = run;
  const { phase, plan, report } = state;
  const step = plan.steps[state.step];
  return {
    id: state.id,
    plan: plan.name,
    phase: phase.kind,
    sentence: render(phaseText(phase, state.stepMs, step)),
    why: whyOf(run, render),
    tone: toneOf(run),
    steps: plan.steps.map((each, index) => ({
      label: render(stepText(each)),
      state: index < state.step ? 'done' : index === state.step ? 'now' : 'next',
    })),
    guide: phase.kind === 'gate' ? guideOf(step) : [],
    metrics: (report?.metrics ?? []).map((metric) => ({
      verdict: metric.verdict.kind,
      sentence: render(metricText(metric)),
      more: moreOf(metric, render),
    })),
    notes: (report?.notes ?? []).map(render),
    driver: render(driverText(run)),
    isDriven: run.isDriven,
    commands: commandsOf(phase.kind),
    lines: lines
      .slice(-MOST_LINES)
      .reverse()
      .map(({ at, text, driver }) => ({
        atMs: Date.parse(at) || 0,
        text: render(text),
        who: plainText(driver),
      })),
  };
}

/** A record may be of a later version, with sentences that this one does not know: then their key has to do. */
function orKey(words: (text: Text) => string): (text: Text) => string {
  return (text) => {
    try {
      return words(text);
    } catch {
      return plainText(text.key);
    }
  };
}

/** What a person may do with a run, by what it is doing; the most likely first. */
export function commandsOf(phase: Phase['kind']): Command[] {
  switch (phase) {
    case 'ended':
      return [];
    case 'gate':
      return ['approve', 'abort', 'pause', 'promote', 'leave'];
    case 'paused':
      return ['resume', 'abort', 'promote', 'leave'];
    case 'observing':
      return ['pause', 'abort', 'skip', 'promote', 'leave'];
    case 'checking':
    case 'writing':
    case 'promoting':
    case 'easing':
      return ['abort', 'leave'];
  }
}

/** "5 %", "3 pods", "10 % of the requests that match". */
export function stepText({ to }: PlanStep): Text {
  if (to.kind === 'weight')
    return say(to.matches === undefined ? 'runs.step' : 'runs.matched', { percent: to.percent });
  return 'percent' in to.pods
    ? say('runs.podsPercent', { percent: to.pods.percent })
    : say('runs.pods', { n: to.pods.count });
}

function phaseText(phase: Phase, stepMs: number, step: PlanStep | undefined): Text {
  if (phase.kind === 'ended') return say(`runs.result.${phase.result}`);
  if (phase.kind !== 'observing') return say(`runs.phase.${phase.kind}`);
  const minutes = (ms: number): number => Math.round(ms / 6000) / 10;
  const least = minutes((step?.minSeconds ?? 0) * 1000);
  return say('runs.phase.observing', { minutes: minutes(stepMs), least });
}

function whyOf({ state }: KnownRun, render: (text: Text) => string): string {
  const { phase, held, report } = state;
  if (phase.kind === 'ended' || phase.kind === 'paused') return render(phase.text);
  if (held !== undefined) return render(held);
  const verdict = report?.verdict;
  return verdict !== undefined && 'reason' in verdict ? render(verdict.reason) : '';
}

function toneOf({ state, isDriven }: KnownRun): RunView['tone'] {
  const { phase, held } = state;
  if (!isDriven) return 'bad';
  if (phase.kind === 'ended') {
    if (phase.result === 'promoted' || phase.result === 'completed') return 'good';
    return phase.result === 'rolledBack' ? 'bad' : 'waits';
  }
  const isBack = phase.kind === 'writing' && phase.goal.kind === 'rolledBack';
  if (isBack || phase.kind === 'easing') return 'bad';
  const isWaiting = phase.kind === 'gate' || phase.kind === 'paused' || held !== undefined;
  return isWaiting ? 'waits' : 'runs';
}

function guideOf(step: PlanStep | undefined): string[] {
  return [step?.guide, step?.owner, step?.onProblem].flatMap((line) =>
    line === undefined ? [] : [plainText(line)],
  );
}

function metricText({ name, numbers }: MetricReport): Text {
  const { unit, canary, stable, canaryCount } = numbers;
  const shown = (value: number | undefined): string => {
    if (value === undefined) return '–';
    return String(
      unit === 'ratio' ? Number((value * 100).toPrecision(3)) : Number(value.toPrecision(3)),
    );
  };
  return say(`runs.metric.${unit}`, {
    name,
    canary: shown(canary),
    stable: shown(stable),
    n: canaryCount?.requests ?? 0,
  });
}

function moreOf({ verdict, numbers }: MetricReport, render: (text: Text) => string): string {
  const reason = 'reason' in verdict ? render(verdict.reason) : '';
  if (verdict.kind !== 'inconclusive' || numbers.secondsToGo === undefined) return reason;
  const minutes = Math.max(1, Math.round(numbers.secondsToGo / 60));
  return `${reason} (${render(say('runs.metric.more', { minutes }))})`;
}

function driverText({ isOurs, isDriven, lines, state }: KnownRun): Text {
  if (state.phase.kind === 'ended') return say('runs.phase.ended');
  if (isOurs) return say('runs.drivenHere');
  if (!isDriven) return say('runs.nobody');
  return say('runs.drivenBy', { driver: plainText(lines.at(-1)?.driver ?? '') });
}

/** What the tree says of a run that is under way: "step 2 of 4, paused"; undefined of one that ended. */
export function runFact({ state, isDriven }: KnownRun): Text | undefined {
  const { phase, plan, step } = state;
  if (phase.kind === 'ended') return undefined;
  if (!isDriven) return say('runs.nobody');
  const doing = say(
    phase.kind === 'observing' ? 'runs.fact.observing' : `runs.phase.${phase.kind}`,
  );
  return say('runs.fact', { step: Math.max(step, 0) + 1, of: plan.steps.length, doing });
}

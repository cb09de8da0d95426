/** What the engine answers with: small moves that all of its parts are made of. */
import { omit } from '../base/omit.ts';
import type { Text } from '../base/text.ts';
import { startJudge, withoutReadings, type JudgeState } from './analysis/state.ts';
import type { PlanStep } from './plan.ts';
import { say } from './release.l10n.ts';
import type {
  Effect,
  Goal,
  Move,
  PauseReason,
  Phase,
  RunLine,
  RunResult,
  RunState,
  Wish,
} from './run.ts';

export type Severity = (Effect & { readonly kind: 'notify' })['severity'];

export const SAVE: Effect = { kind: 'save' };

export function notify(severity: Severity, text: Text): Effect {
  return { kind: 'notify', severity, text };
}

export function still(state: RunState): Move {
  return { state, lines: [], effects: [] };
}

export function move(state: RunState, texts: readonly Text[], effects: readonly Effect[]): Move {
  return { state, lines: texts.map((text) => line(state, text)), effects };
}

function line(state: RunState, text: Text): RunLine {
  return { runMs: Math.round(state.runMs), text };
}

/** Into another phase, saved. */
export function to(
  state: RunState,
  phase: Phase,
  texts: readonly Text[],
  effects: readonly Effect[] = [],
): Move {
  return move({ ...state, phase }, texts, [SAVE, ...effects]);
}

/** The same move, with a line of the record before its own. */
export function saying(text: Text, next: Move): Move {
  return { ...next, lines: [line(next.state, text), ...next.lines] };
}

export function write(state: RunState, wish: Wish, goal: Goal): Move {
  const phase: Phase = { kind: 'writing', wish, goal, attempt: 0, retryAtMs: 0 };
  return move({ ...state, phase }, [], [SAVE, { kind: 'write', wish }]);
}

export function toStep(state: RunState, index: number): Move {
  const target = state.plan.steps[index]?.to;
  if (target === undefined) return still(state);
  return write(state, { kind: 'step', target }, { kind: 'step', index });
}

/** The next step, or what the plan says of success. */
export function onward(state: RunState): Move {
  const next = state.step + 1;
  if (next < state.plan.steps.length) return toStep(state, next);
  if (state.plan.onSuccess === 'promote')
    return to(state, { kind: 'promoting' }, [say('release.promoting')]);
  return end(state, 'completed', say('release.completed'));
}

/**
 * A step from its beginning: its own window, its own clock. `hole`: nobody watched, or the split was another; then counters begin anew as
 * well.
 */
export function observe(
  state: RunState,
  texts: readonly Text[],
  window: 'goesOn' | 'hole' = 'hole',
): Move {
  const { plan } = state;
  const step = stepOf(state);
  const isJudged = step !== undefined && plan.metrics.length > 0;
  const fresh: RunState = {
    ...omit(state, 'judge', 'report', 'held'),
    stepMs: 0,
    errorsInRow: 0,
    ...(isJudged && { judge: startJudge(plan.metrics, step, judgeBefore(state, window)) }),
  };
  return to(fresh, { kind: 'observing' }, texts);
}

function judgeBefore({ judge }: RunState, window: 'goesOn' | 'hole'): JudgeState | undefined {
  return judge === undefined || window === 'goesOn' ? judge : withoutReadings(judge);
}

/** The shortest way: written before it is saved, for nothing may stand before it. */
export function rollBack(state: RunState, why: Text): Move {
  const wish: Wish = { kind: 'rollback' };
  const goal: Goal = { kind: 'rolledBack', why };
  const phase: Phase = { kind: 'writing', wish, goal, attempt: 0, retryAtMs: 0 };
  const text = say('release.rollingBack', { why });
  return move({ ...state, phase }, [text], [{ kind: 'write', wish }, SAVE]);
}

/** Says once why it does not go on. */
export function held(state: RunState, text: Text, severity: Severity = 'decision'): Move {
  if (state.held?.key === text.key) return still(state);
  return move({ ...state, held: text }, [text], [SAVE, notify(severity, text)]);
}

export function pause(state: RunState, why: PauseReason, text: Text): Move {
  const { phase } = state;
  if (phase.kind === 'paused' && (phase.why === why || why === 'asked')) return still(state);
  const effects = why === 'asked' ? [] : [notify('decision', text)];
  return to(state, { kind: 'paused', why, text }, [text], effects);
}

export function end(state: RunState, result: RunResult, text: Text): Move {
  const isGood = result === 'promoted' || result === 'completed';
  const effects = [notify(isGood ? 'info' : 'urgent', text), { kind: 'end' } as const];
  return to(state, { kind: 'ended', result, text }, [text], effects);
}

export function promoted(state: RunState): Move {
  return end(state, 'promoted', say('release.promoted'));
}

export function rolledBack(state: RunState, why: Text): Move {
  return end(state, 'rolledBack', say('release.rolledBack', { why }));
}

export function stepOf(state: RunState): PlanStep | undefined {
  return state.plan.steps[state.step];
}

/** One workload is updated in batches, rather than a split moved. */
export function inBatches(state: RunState): boolean {
  return state.plan.steps[0].to.kind === 'batch';
}

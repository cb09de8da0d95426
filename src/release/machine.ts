import { assertNever } from '../base/assertNever.ts';
import { omit } from '../base/omit.ts';
import type { Text } from '../base/text.ts';
import {
  end,
  move,
  notify,
  observe,
  onward,
  pause,
  rollBack,
  rolledBack,
  SAVE,
  saying,
  still,
  to,
  toStep,
} from './moves.ts';
import type { ReleasePlan } from './plan.ts';
import { say } from './release.l10n.ts';
import type { Command, Move, Phase, RunEvent, RunState, RunTarget } from './run.ts';
import { tick } from './ticks.ts';

/** Longest time on half of the way back before the rest follows, whatever stable's pods say (P14). */
const EASING_MS = 30_000;
const RETRY_MS = { first: 2_000, longest: 60_000 };

/** A run before its first event; the driver saves it, and then does the effects. */
export function beginRun(
  plan: ReleasePlan,
  run: { readonly id: string; readonly target: RunTarget; readonly position: string },
): Move {
  const state: RunState = {
    v: 1,
    id: run.id,
    plan,
    target: run.target,
    phase: { kind: 'checking' },
    step: -1,
    stepMs: 0,
    runMs: 0,
    position: run.position,
    stepsBack: 0,
    errorsInRow: 0,
  };
  return move(state, [say('release.began', { plan: plan.name })], [SAVE, { kind: 'check' }]);
}

/**
 * The engine: one event in, the next state and what is to be done out. Pure, total, and the same for every runner. Nothing widens the
 * split without a `pass` of the judge or a person's word (I4); whatever the phase, danger or `abort` leads back (I5).
 */
export function advance(state: RunState, event: RunEvent): Move {
  if (state.phase.kind === 'ended') return still(state);
  switch (event.kind) {
    case 'checked':
      return checked(state, event.problems);
    case 'tick':
      return tick(state, event.nowMs, event.seen);
    case 'written':
      return written(state, event.position);
    case 'notWritten':
      return notWritten(state, event.why, event.text);
    case 'command':
      return commanded(state, event.command, event.who);
    case 'takenUp':
      return takenUp(state, event.who);
    default:
      return assertNever(event);
  }
}

function checked(state: RunState, problems: readonly Text[]): Move {
  if (state.phase.kind !== 'checking') return still(state);
  const [first] = problems;
  return first === undefined
    ? toStep(state, 0)
    : end(state, 'refused', say('release.refused', { reason: first }));
}

function written(state: RunState, position: string): Move {
  const { phase } = state;
  if (phase.kind !== 'writing') return still(state);
  const { goal } = phase;
  const here: RunState = { ...state, position };
  switch (goal.kind) {
    case 'rolledBack':
      return rolledBack(here, goal.why);
    case 'promoting':
      return to(here, { kind: 'promoting' }, []);
    case 'easing':
      return to(here, { kind: 'easing', why: goal.why, untilMs: state.runMs + EASING_MS }, []);
    case 'step':
      return atStep(here, goal.index);
    default:
      return assertNever(goal);
  }
}

function atStep(state: RunState, index: number): Move {
  const text = say('release.atStep', { step: index + 1, of: state.plan.steps.length });
  return observe({ ...state, step: index }, [text], 'goesOn');
}

function notWritten(state: RunState, why: 'foreign' | 'refused' | 'failed', text: Text): Move {
  const { phase } = state;
  if (phase.kind !== 'writing') return still(state);
  if (phase.goal.kind === 'easing') return rollBack(state, phase.goal.why);
  const isBack = phase.goal.kind === 'rolledBack';
  if (!isBack && why !== 'failed') {
    const reason = why === 'foreign' ? say('release.foreign') : refusedBy(text);
    return pause(state, why, reason);
  }
  // The way back is tried for ever (hazards row 75).
  const waitMs = Math.min(RETRY_MS.first * 2 ** Math.min(phase.attempt, 10), RETRY_MS.longest);
  const next: Phase = { ...phase, attempt: phase.attempt + 1, retryAtMs: state.runMs + waitMs };
  if (phase.attempt > 0) return move({ ...state, phase: next }, [], [SAVE]);
  const said = say(isBack ? 'release.backFailed' : 'release.writeFailed', { reason: text });
  return to(state, next, [said], [notify(isBack ? 'urgent' : 'info', said)]);
}

function refusedBy(reason: Text): Text {
  return say('release.writeRefused', { reason });
}

function commanded(state: RunState, command: Command, who: string): Move {
  const by = say(`release.by.${command}`, { who });
  if (command === 'abort') return rollBack(state, by);
  if (command === 'leave') return end(state, 'left', by);
  return answers[command][state.phase.kind]?.(state, by) ?? still(state);
}

type Answer = (state: RunState, by: Text) => Move;
type Answers = Partial<Record<Phase['kind'], Answer>>;

const stop: Answer = (state, by) => pause(state, 'asked', by);
const next: Answer = (state, by) => saying(by, onward(state));
const finish: Answer = (state, by) => to({ ...state, position: '' }, { kind: 'promoting' }, [by]);

/** What a command does in which phase; in the others it comes too early or too late, and does nothing. */
const answers: Readonly<Record<Exclude<Command, 'abort' | 'leave'>, Answers>> = {
  pause: { checking: stop, observing: stop, gate: stop, promoting: stop },
  resume: { paused: resumed },
  approve: { gate: next },
  skip: { observing: next, gate: next },
  promote: { observing: finish, gate: finish, paused: finish },
};

/** From the beginning of the step: what was measured before may be of another split or another time. */
function resumed(state: RunState, by: Text): Move {
  const here: RunState = { ...state, position: '' };
  return state.step < 0 ? saying(by, toStep(here, 0)) : observe(here, [by]);
}

/** A promotion stands in the cluster itself: its stage may have been written by the driver that died, and then the next one is due. */
function whereverItIs({
  wish,
}: Phase & { readonly kind: 'writing' }): Pick<RunState, 'position'> | undefined {
  return wish.kind === 'promote' ? { position: '' } : undefined;
}

/** Windows begin anew; a write that may be on its way is planned again on what is there, and is nothing where it had arrived. */
function takenUp(before: RunState, who: string): Move {
  const state = omit(before, 'tickMs');
  const text = say('release.takenUp', { who });
  const { phase } = state;
  switch (phase.kind) {
    case 'writing': {
      const again: RunState = {
        ...state,
        phase: { ...phase, retryAtMs: 0 },
        ...whereverItIs(phase),
      };
      return move(again, [text], [SAVE, { kind: 'write', wish: phase.wish }]);
    }
    case 'checking':
      return move(state, [text], [SAVE, { kind: 'check' }]);
    case 'observing':
      return observe(state, [text]);
    case 'gate':
    case 'paused':
    case 'promoting':
    case 'easing':
    case 'ended':
      return move(state, [text], [SAVE]);
  }
}

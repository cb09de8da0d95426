import { omit } from '../base/omit.ts';
import type { Text } from '../base/text.ts';
import { judge } from './analysis/judge.ts';
import { dangerOf, type Danger } from './dangers.ts';
import {
  end,
  held,
  inBatches,
  move,
  notify,
  observe,
  onward,
  pause,
  promoted,
  rollBack,
  SAVE,
  saying,
  stepOf,
  still,
  to,
  write,
} from './moves.ts';
import type { PlanStep } from './plan.ts';
import { say } from './release.l10n.ts';
import type { Move, Phase, RunState, SeenTarget } from './run.ts';

/** The split is where it should be: judge, look out for danger, and go on when it may. */
export function watched(before: RunState, seen: SeenTarget, passedMs: number): Move {
  const state = judged({ ...before, stepMs: before.stepMs + passedMs }, seen);
  const danger = dangerOf(state, seen);
  if (danger !== undefined && mayReturn(state, seen)) return away(state, seen, danger);
  return gap(state, passedMs) ?? step(state, seen);
}

function step(state: RunState, seen: SeenTarget): Move {
  const { phase } = state;
  if (phase.kind === 'observing') return observed(state, seen);
  if (phase.kind === 'promoting') return promoting(state, seen);
  if (phase.kind === 'easing') return eased(state, seen, phase);
  return seen.look === undefined ? still(state) : move(state, [], [SAVE]);
}

function judged(state: RunState, seen: SeenTarget): RunState {
  const { phase } = state;
  const isJudging =
    phase.kind === 'observing' ||
    phase.kind === 'gate' ||
    (phase.kind === 'paused' && phase.why === 'asked');
  if (seen.look === undefined || !isJudging || state.judge === undefined) return state;
  const next = judge(state.judge, seen.look);
  const isError = next.report.verdict.kind === 'error';
  return {
    ...state,
    judge: next.state,
    report: next.report,
    errorsInRow: isError ? state.errorsInRow + 1 : 0,
  };
}

/** Nobody watched for more than two looks (hazards row 38). */
function gap(state: RunState, passedMs: number): Move | undefined {
  const { plan, phase } = state;
  const isGap = passedMs > 2 * plan.intervalSeconds * 1000;
  if (!isGap || phase.kind === 'paused' || phase.kind === 'easing') return undefined;
  if (plan.runBy === 'editor')
    return pause(state, 'gap', say('release.gap', { seconds: Math.round(passedMs / 1000) }));
  const isWindow = phase.kind === 'observing' || phase.kind === 'gate';
  return isWindow ? observe(state, [say('release.windowRestarted')]) : undefined;
}

function observed(state: RunState, seen: SeenTarget): Move {
  const at = stepOf(state);
  if (at === undefined) return still(state);
  const unknown = unknownAlerts(state, seen);
  if (unknown === undefined && hasPassed(state, seen, at)) return passed(state, at);
  const why = undecided(state, at, unknown);
  if (why !== undefined)
    return state.plan.onInconclusive === 'rollback' ? goBack(state, seen, why) : held(state, why);
  if (unknown !== undefined) return held(state, unknown);
  const isNews = seen.look !== undefined || state.held !== undefined;
  return isNews ? move(omit(state, 'held'), [], [SAVE]) : still(state);
}

/** Why there will be no verdict by itself: its time is up, or the metrics could not be read several times in a row. */
function undecided(state: RunState, at: PlanStep, unknown: Text | undefined): Text | undefined {
  const isLate = state.stepMs > at.maxSeconds * 1000;
  const isBlind = state.errorsInRow >= state.plan.rollback.errorsInRow;
  if (!isLate && !isBlind) return undefined;
  const reason = unknown ?? reasonOf(state) ?? say('release.noVerdict');
  return say(isBlind ? 'release.blind' : 'release.late', { reason });
}

/** What was seen long ago does not open the way: only a look of this tick does. Without metrics there is nothing to look at. */
function hasPassed(state: RunState, seen: SeenTarget, at: PlanStep): boolean {
  if (state.stepMs < at.minSeconds * 1000) return false;
  if (state.judge === undefined) return true;
  return seen.look !== undefined && state.report?.verdict.kind === 'pass';
}

function unknownAlerts({ plan }: RunState, { alerts }: SeenTarget): Text | undefined {
  const isHolding = alerts?.kind === 'unknown' && plan.rollback.alertsUnknown === 'hold';
  return isHolding ? alerts.reason : undefined;
}

function reasonOf({ report }: RunState): Text | undefined {
  return report !== undefined && 'reason' in report.verdict ? report.verdict.reason : undefined;
}

function passed(state: RunState, at: PlanStep): Move {
  if (at.gate === 'none') return onward(state);
  const text = say('release.gate', { step: state.step + 1 });
  return to(state, { kind: 'gate' }, [text], [notify('decision', text)]);
}

function promoting(state: RunState, { promotion, canaryShare }: SeenTarget): Move {
  switch (promotion.style) {
    case 'none':
      return end(state, 'completed', promotion.reason);
    case 'swap': {
      const isDone = canaryShare >= 1 && !inBatches(state);
      return isDone ? promoted(state) : write(state, { kind: 'promote' }, { kind: 'promoting' });
    }
    case 'copy':
      if (promotion.stage === 'done') return promoted(state);
      if (promotion.stage === 'waitReady') return still(state);
      return write(state, { kind: 'promote' }, { kind: 'promoting' });
  }
}

function away(state: RunState, seen: SeenTarget, danger: Danger): Move {
  const index = state.step - 1;
  const target = state.plan.steps[index]?.to;
  const isLeft = state.stepsBack < (state.plan.stepBack?.times ?? 0);
  if (danger.kind !== 'verdict' || target === undefined || !isLeft)
    return goBack(state, seen, danger.text);
  const narrowed = { ...state, stepsBack: state.stepsBack + 1 };
  const text = say('release.stepBack', { why: danger.text });
  const next = write(narrowed, { kind: 'step', target }, { kind: 'step', index });
  return saying(text, { ...next, effects: [...next.effects, notify('info', text)] });
}

/**
 * All traffic back to stable; by half first, where stable has fewer ready pods than at the start and the canary still answers (P14); not at
 * all while stable has no ready pod but the canary has some (P15).
 */
export function goBack(state: RunState, seen: SeenTarget, why: Text): Move {
  const { stableReady = Infinity, canaryReady = Infinity } = seen;
  if (stableReady === 0 && canaryReady > 0)
    return held(state, say('release.stableDown', { why }), 'urgent');
  const half = Math.floor(seen.canaryShare * 50);
  const isShort = stableReady < state.target.stableReady && canaryReady > 0 && half > 0;
  if (!isShort || state.phase.kind === 'easing' || inBatches(state)) return rollBack(state, why);
  const next = write(state, { kind: 'share', percent: half }, { kind: 'easing', why });
  return saying(say('release.easing', { why }), next);
}

function eased(
  state: RunState,
  { stableReady = Infinity }: SeenTarget,
  phase: Phase & { readonly kind: 'easing' },
): Move {
  const isReady = stableReady >= state.target.stableReady;
  return isReady || state.runMs >= phase.untilMs ? rollBack(state, phase.why) : still(state);
}

/**
 * Whether stable can be gone back to: not after its pods have got the canary's template in a promotion by copy, for both are the same then.
 * And not while somebody else moves the split: two who write make it worse.
 */
function mayReturn({ phase }: RunState, { promotion }: SeenTarget): boolean {
  if (phase.kind === 'paused') return phase.why !== 'foreign';
  if (phase.kind !== 'promoting') return phase.kind !== 'easing';
  return promotion.style !== 'copy' || ['idle', 'copyTemplate'].includes(promotion.stage);
}

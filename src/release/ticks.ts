import type { Text } from '../base/text.ts';
import { dangerOf } from './dangers.ts';
import { end, held, inBatches, move, pause, promoted, rolledBack, SAVE, still } from './moves.ts';
import { say } from './release.l10n.ts';
import type { Move, Phase, RunState, Seen, SeenTarget } from './run.ts';
import { goBack, watched } from './watching.ts';

/** Time passed, and this is what is seen now. */
export function tick(before: RunState, nowMs: number, seen: Seen): Move {
  const passedMs = before.tickMs === undefined ? 0 : Math.max(0, nowMs - before.tickMs);
  const state: RunState = { ...before, tickMs: nowMs, runMs: before.runMs + passedMs };
  if (seen.kind === 'unknown') return unseen(state);
  if (seen.kind === 'gone') return gone(state);
  if (seen.routeUid !== state.target.routeUid) return end(state, 'gone', say('release.recreated'));
  if (seen.controller !== undefined)
    return end(state, 'left', say('release.controlled', { controller: seen.controller }));
  const { phase } = state;
  if (phase.kind === 'checking') return move(state, [], [{ kind: 'check' }]);
  if (phase.kind === 'writing') return unwritten(state, seen, phase);
  const here = state.position === '' ? { ...state, position: seen.position } : state;
  return moved(here, seen) ?? watched(here, seen, passedMs);
}

/** Time that nobody saw is not time at the step. */
function unseen(state: RunState): Move {
  return state.phase.kind === 'observing' ? held(state, say('release.cannotSee')) : still(state);
}

function gone(state: RunState): Move {
  const { phase } = state;
  const why = backFor(phase);
  if (why !== undefined) return rolledBack(state, why);
  if (!inBatches(state)) return end(state, 'gone', say('release.gone'));
  // A finished or undone update is a workload like any other: there is no rollout any more.
  const goal = phase.kind === 'writing' ? phase.goal.kind : phase.kind;
  if (goal === 'promoting') return promoted(state);
  return end(state, 'takenBack', say('release.updateOver'));
}

/** Why all goes back, while that is being written. */
function backFor(phase: Phase): Text | undefined {
  const isBack = phase.kind === 'writing' && phase.goal.kind === 'rolledBack';
  return isBack && 'why' in phase.goal ? phase.goal.why : undefined;
}

/** A write that has not succeeded yet. What endangers users does not wait for it. */
function unwritten(
  state: RunState,
  seen: SeenTarget,
  phase: Phase & { readonly kind: 'writing' },
): Move {
  const why = backFor(phase);
  if (why !== undefined && !seen.takesRequests) return rolledBack(state, why);
  const isBack = why !== undefined || phase.goal.kind === 'easing';
  const danger = isBack ? undefined : dangerOf(state, seen);
  if (danger !== undefined && danger.kind !== 'verdict') return goBack(state, seen, danger.text);
  if (state.runMs < phase.retryAtMs) return still(state);
  const again = { kind: 'write', wish: phase.wish } as const;
  return move(state, [], phase.wish.kind === 'rollback' ? [again, SAVE] : [SAVE, again]);
}

/** Somebody else has changed what the run is about. */
function moved(state: RunState, seen: SeenTarget): Move | undefined {
  if (state.phase.kind === 'promoting' && inBatches(state)) return undefined; // It runs to its end by itself.
  if (seen.position !== state.position) {
    if (!seen.takesRequests && state.step >= 0)
      return end(state, 'takenBack', say('release.takenBack'));
    return pause(state, 'foreign', say('release.foreign'));
  }
  if (seen.version !== state.target.version) return pause(state, 'version', say('release.version'));
  return undefined;
}

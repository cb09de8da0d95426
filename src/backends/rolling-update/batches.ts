import { assertNever } from '../../base/assertNever.ts';
import type { BatchIntent, BatchSize } from '../../model/intent.ts';
import type { ClusterSnapshot, ObjectRef } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import { countAt } from '../guards.ts';
import { batchOf, type Batch } from './batch.ts';
import { templatePath } from './edit.ts';
import { batchEdits, keptLimitsEdit, limitEdits, pausedEdit } from './fields.ts';
import { limitFrom, limitsOf } from './limits.ts';
import {
  changeSet,
  finish,
  freshUpdate,
  namesOf,
  objectsFor,
  refuse,
  setPods,
  type Plan,
} from './plan.ts';
import { isObserved, podsIn, type Update } from './state.ts';
import { say } from './words.l10n.ts';

export function objectsForBatch(rollout: Rollout): readonly ObjectRef[] {
  return objectsFor(rollout, { kind: 'promote' });
}

/** One patch of the Deployment at most. */
export function planBatch(snapshot: ClusterSnapshot, rollout: Rollout, intent: BatchIntent): Plan {
  const update = freshUpdate(snapshot, rollout);
  if (!update.ok) return update;
  switch (intent.kind) {
    case 'setBatch':
      return setBatch(update.value, rollout, intent.size);
    case 'setSurge':
      return setSurge(update.value, intent);
    case 'pause':
      return pause(update.value);
    case 'resume':
      return resume(update.value);
    default:
      return assertNever(intent);
  }
}

/** Whole pods of a size, at least one. */
export function podsOfSize(size: BatchSize, wanted: number): number {
  return 'count' in size ? size.count : Math.max(1, Math.round((size.percent * wanted) / 100));
}

/** All of the percent is the end of the update: the controller's own, without a hold. */
function setBatch(update: Update, rollout: Rollout, size: BatchSize): Plan {
  if ('percent' in size && size.percent === 100) return finish(update, rollout);
  if (rollout.weights.kind === 'none') return refuse('unsupported', rollout.weights.reason);
  return setPods(update, rollout, podsOfSize(size, update.wanted));
}

/**
 * While it is held they are kept for the next batches and the end. Not of a Deployment that somebody else paused: the controller would
 * then scale both versions at once, up or down to the new `maxSurge` (seen on the real one).
 */
function setSurge(
  update: Update,
  wish: { readonly maxSurge: string; readonly maxUnavailable: string },
): Plan {
  const { wanted, hold, paused } = update;
  const maxSurge = limitFrom(wish.maxSurge);
  const maxUnavailable = limitFrom(wish.maxUnavailable);
  const bad = maxSurge === undefined ? wish.maxSurge : wish.maxUnavailable;
  if (maxSurge === undefined || maxUnavailable === undefined)
    return refuse('invalid', say('rollingUpdate.notALimit', { value: bad }));
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100)
    return refuse('invalid', say('rollingUpdate.notALimit', { value: wish.maxUnavailable }));
  if ([maxSurge, maxUnavailable].every((limit) => Number.parseInt(String(limit), 10) === 0))
    return refuse('invalid', say('rollingUpdate.bothZero', namesOf(update)));
  if (paused && hold === undefined)
    return refuse('unsupported', say('rollingUpdate.surgeWhilePaused', namesOf(update)));
  const limits = limitsOf(wanted, { maxSurge, maxUnavailable });
  const numbers = {
    ...namesOf(update),
    wanted,
    maxSurge,
    maxUnavailable,
    surge: limits.maxSurge.pods,
    unavailable: limits.maxUnavailable.pods,
  };
  const edits =
    hold === undefined
      ? limitEdits({ maxSurge, maxUnavailable })
      : [keptLimitsEdit(hold, { maxSurge, maxUnavailable })];
  return changeSet(update, edits, {
    does: say(hold === undefined ? 'rollingUpdate.setLimits' : 'rollingUpdate.keepLimits', numbers),
    undoes: say('rollingUpdate.undoLimits', numbers),
    done: say('rollingUpdate.sameLimits', numbers),
  });
}

/** Held as well, so that it can be widened from there in batches. */
function pause(update: Update): Plan {
  const { hold, paused, state, deployment } = update;
  const names = { ...namesOf(update), wanted: update.wanted, updated: updatedIn(update) };
  if (state === 'returning') return refuse('unsupported', say('rollingUpdate.isReturning', names));
  const isEnough = hold !== undefined || (paused && updatedIn(update) === 0);
  const edits = [pausedEdit(true), ...(isEnough ? [] : batchEdits(update, presentBatch(update)))];
  return changeSet({ deployment }, edits, {
    does: say('rollingUpdate.pause', names),
    undoes: say('rollingUpdate.undoPause', names),
    done: say('rollingUpdate.alreadyPaused', names),
  });
}

function resume(update: Update): Plan {
  const names = { ...namesOf(update), wanted: update.wanted };
  const key = update.hold === undefined ? 'rollingUpdate.resumeToEnd' : 'rollingUpdate.resume';
  return changeSet(update, [pausedEdit(false)], {
    guards: [templatePath],
    does: say(key, names),
    undoes: say('rollingUpdate.undoResume', names),
    done: say('rollingUpdate.notPaused', names),
  });
}

/** As many as the newest version has now, in the Deployment's own count where it is fresh. */
function updatedIn({ deployment, canary }: Update): number {
  const counted = countAt(deployment, 'status', 'updatedReplicas');
  return isObserved(deployment) && counted !== undefined ? counted : podsIn(canary);
}

/** The nearest batch to where it is; one old pod stays. */
function presentBatch(update: Update): Batch {
  const most = Math.max(1, update.wanted - 1 + update.limits.maxSurge.pods);
  return batchOf(
    Math.min(Math.max(1, updatedIn(update)), most, Math.max(1, update.wanted)),
    update,
  );
}

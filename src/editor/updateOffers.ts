import type { Rollout } from '../model/rollout.ts';

/** What may be done now with a workload that is updated in batches. */
export interface UpdateOffers {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly setBatch: boolean;
  readonly setSurge: boolean;
  /** All pods, which for every other rollout is to promote. */
  readonly finish: boolean;
  readonly undoRevision: boolean;
}

/** Undefined where nothing is updated in batches, or a controller decides. */
export function updateOffers({ update, owner, weights }: Rollout): UpdateOffers | undefined {
  if (update === undefined || owner?.kind === 'controller') return undefined;
  const { state, paused } = update;
  const isGoing = state !== 'returning';
  return {
    pause: isGoing && (!paused || state === 'paused'),
    resume: paused,
    setBatch: weights.kind === 'stops' && weights.stops.length > 1,
    setSurge: isGoing,
    finish: isGoing && state !== 'running',
    undoRevision: true,
  };
}

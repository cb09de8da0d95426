import { objectsForAction } from '../../actions/planAction.ts';
import type { ObjectRef } from '../../model/objects.ts';
import { refText } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { ReleasePlan } from '../../release/plan.ts';
import { intentsOf } from './wishes.ts';
import { wishesOf } from './preflight.ts';

/** Every object that a run of the plan may write: those of its steps, of the promotion in all its stages, and of the way back. */
export function objectsToWrite(plan: ReleasePlan, rollout: Rollout): readonly ObjectRef[] {
  const ofSteps = wishesOf(plan).flatMap(([, wish]) =>
    (intentsOf(rollout, wish) ?? []).flatMap((intent) => objectsForAction(rollout, intent)),
  );
  const copied =
    rollout.promotion.style === 'copy' && plan.onSuccess === 'promote'
      ? rollout.tracks.flatMap(({ workload }) => workload?.ref ?? [])
      : [];
  const all = [rollout.route, ...ofSteps, ...copied];
  return [...new Map(all.map((ref) => [refText(ref), ref])).values()];
}

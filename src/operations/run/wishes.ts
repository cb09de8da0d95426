import { equalJson } from '../../base/json.ts';
import type { AnyIntent } from '../../model/intent.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import type { StepTarget } from '../../release/plan.ts';
import type { Wish } from '../../release/run.ts';

/** The intents that make a wish true, in order; undefined when the rollout has no canary. */
export function intentsOf(rollout: Rollout, wish: Wish): readonly AnyIntent[] | undefined {
  const canary = trackOf(rollout, 'canary');
  if (canary === undefined) return undefined;
  switch (wish.kind) {
    case 'rollback':
    case 'promote':
      return [{ kind: wish.kind }];
    case 'share':
      return [setWeight(canary.id, wish.percent)];
    case 'step':
      return wish.target.kind === 'weight'
        ? weightIntents(rollout, canary.id, wish.target)
        : batchIntents(rollout, wish.target);
  }
}

function setWeight(canary: string, percent: number): AnyIntent {
  return { kind: 'setWeight', percents: { [canary]: percent } };
}

/**
 * A step for some of the requests gives the others none; a step for all takes the rules for some away, after all have the new share: nobody
 * who had the canary loses it in between.
 */
function weightIntents(
  { rules }: Rollout,
  canary: string,
  { percent, matches }: StepTarget & { readonly kind: 'weight' },
): readonly AnyIntent[] {
  const ours = rules.filter(({ isOurs }) => isOurs === true);
  const gone = ours
    .filter((rule) => !equalJson(rule.matches, matches ?? null))
    .map((rule): AnyIntent => ({ kind: 'setMatch', was: rule.matches }));
  return matches === undefined
    ? [setWeight(canary, percent), ...gone]
    : [setWeight(canary, 0), ...gone, { kind: 'setMatch', to: { matches, percent } }];
}

/** Limits first, where the plan has others than the workload: the batch counts with them. */
function batchIntents(
  { update }: Rollout,
  target: StepTarget & { readonly kind: 'batch' },
): readonly AnyIntent[] {
  const size: AnyIntent = { kind: 'setBatch', size: target.pods };
  if (update === undefined) return [size];
  const maxSurge = target.maxSurge ?? update.maxSurge.value;
  const maxUnavailable = target.maxUnavailable ?? update.maxUnavailable.value;
  const isSame =
    maxSurge === update.maxSurge.value && maxUnavailable === update.maxUnavailable.value;
  return isSame ? [size] : [{ kind: 'setSurge', maxSurge, maxUnavailable }, size];
}

/** An intent whose objects say where the split is. */
export function probeOf(rollout: Rollout): AnyIntent {
  return rollout.update === undefined ? { kind: 'setWeight', percents: {} } : { kind: 'pause' };
}

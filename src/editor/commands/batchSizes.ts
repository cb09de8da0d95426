import type { Text } from '../../base/text.ts';
import type { PodLimit } from '../../model/rollout.ts';
import type { Choice } from '../ui.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext } from './ports.ts';

export interface Stop {
  /** Share of the new version in all pods, whole percent. */
  readonly percent: number;
  readonly pods: number;
}

/** One choice for each batch: its pods, what share of the wanted ones these are, and what share of new connections that gives. */
export function batchChoices(
  ctx: CommandContext,
  stops: readonly Stop[],
  wanted: number,
): readonly Choice<number>[] {
  return stops.map(({ percent, pods }) => ({
    label: ctx.render(say('batch.pods', { pods, wanted })),
    description: ctx.render(say('batch.percent', { percent: Math.round((pods / wanted) * 100) })),
    detail: ctx.render(say('batch.share', { percent })),
    value: pods,
  }));
}

/** "maxSurge 25% lets 3 be added, maxUnavailable 25% lets 2 be missing". */
export function limitsText(limits: {
  readonly maxSurge: PodLimit;
  readonly maxUnavailable: PodLimit;
}): Text {
  const { maxSurge, maxUnavailable } = limits;
  return say('batch.limits', {
    maxSurge: maxSurge.value,
    surge: maxSurge.pods,
    maxUnavailable: maxUnavailable.value,
    unavailable: maxUnavailable.pods,
  });
}

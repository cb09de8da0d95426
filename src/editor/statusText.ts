import { percentText } from '../base/share.ts';
import type { Text } from '../base/text.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Inventory } from '../state/inventory.ts';
import type { RolloutRef } from './commands/ports.ts';
import { plainText } from './plainText.ts';
import { say } from './statusBar.l10n.ts';
import { activeRollouts, currentContext, waitingRollouts } from './tree/viewState.ts';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** What a click opens; absent when no rollout is under way. */
  readonly opens?: RolloutRef;
}

/** The status bar item: only while a rollout is under way, or the current context is protected and connected. */
export function statusText(
  inventory: Inventory,
  render: (text: Text) => string,
): StatusText | undefined {
  const active = activeRollouts(inventory);
  const [first, ...more] = active;
  const current = currentContext(inventory);
  if (first === undefined) {
    if (current?.protected !== true || current.connection.kind === 'idle') return undefined;
    const tooltip = say('status.protectedTooltip', { context: current.name });
    return { text: `$(shield) ${iconless(current.name)}`, tooltip: plainText(render(tooltip)) };
  }
  const { context, rollout } = first;
  const own = shortFact(rollout);
  const text = more.length === 0 ? own : say('status.more', { first: own, n: more.length });
  const isProtected = inventory.contexts.find(({ name }) => name === context)?.protected === true;
  const place = `${isProtected ? '$(shield) ' : ''}${iconless(context)}`;
  const tooltip = say('status.tooltip', {
    n: active.length,
    waiting: waitingRollouts(inventory).length,
    context: current?.name ?? context,
    service: rollout.service,
  });
  return {
    text: `$(git-compare) ${iconless(render(text))} · ${place}`,
    tooltip: plainText(render(tooltip)),
    opens: { context, rolloutId: rollout.id },
  };
}

/** How far it is: a share, or pods where a Deployment is updated in batches. */
function shortFact({ service, canaryShare, update }: Rollout): Text {
  if (update === undefined)
    return say('status.rollout', { service, percent: percentText(canaryShare) });
  const { updated, wanted } = update;
  return say('status.update', { service, updated, wanted });
}

/** A name from a file or cluster must not bring its own `$(icon)` along. */
function iconless(text: string): string {
  return plainText(text).replaceAll('$(', '$ (');
}

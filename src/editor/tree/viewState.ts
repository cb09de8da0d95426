import type { Text } from '../../base/text.ts';
import type { ContextKeys } from '../contributions.ts';
import type { ContextView, Inventory } from '../../state/inventory.ts';
import { isActive, type Rollout } from '../../model/rollout.ts';
import { needsDecision } from './facts.ts';
import { say } from './tree.l10n.ts';

/** Why the views are empty, or `ready`: chooses the welcome text. */
export function stateOf({ contexts }: Inventory): ContextKeys['cablecar.state'] {
  if (contexts.length === 0) return 'noKubeconfig';
  const current = contexts.find((context) => context.current);
  if (current === undefined) return 'noContext';
  const { connection } = current;
  switch (connection.kind) {
    case 'idle':
    case 'connecting':
      return 'connecting';
    case 'failed':
      return connection.reason;
    case 'live':
    case 'stale':
      if (current.rollouts.length > 0) return 'ready';
      return current.namespaces.length === 0 ? 'noServices' : 'noRollouts';
  }
}

export function currentContext({ contexts }: Inventory): ContextView | undefined {
  return contexts.find((context) => context.current);
}

/** Rollouts under way, of all connected contexts, the current context's first. */
export function activeRollouts(
  inventory: Inventory,
): readonly { readonly context: string; readonly rollout: Rollout }[] {
  return inventory.contexts.flatMap((context) =>
    context.rollouts.filter(isActive).map((rollout) => ({ context: context.name, rollout })),
  );
}

/** Line above the rows: a reason why they are old, few or none, and the filter; undefined when all is well. */
export function messageOf(
  inventory: Inventory,
  filter: string,
  time: (atMs: number) => string,
): readonly Text[] {
  const context = currentContext(inventory);
  return [
    ...(inventory.empty ? [inventory.empty] : []),
    ...(context ? contextMessage(context, time) : []),
    ...(filter === '' ? [] : [say('tree.filtered', { filter })]),
  ];
}

function contextMessage(
  { connection, partial }: ContextView,
  time: (atMs: number) => string,
): Text[] {
  switch (connection.kind) {
    case 'stale':
      return [say('tree.asOfReason', { time: time(connection.sinceMs), reason: connection.text })];
    case 'failed':
      return [connection.text];
    case 'idle':
    case 'connecting':
    case 'live':
      return partial === undefined ? [] : [partial];
  }
}

/** Rollouts that wait for a person, in all connected contexts. */
export function waitingRollouts({ contexts }: Inventory): readonly Rollout[] {
  return contexts.flatMap((context) => context.rollouts).filter(needsDecision);
}

export interface Badge {
  readonly value: number;
  readonly tooltip: Text;
}

/** How many rollouts wait for a person; undefined when none does. */
export function badgeOf(inventory: Inventory): Badge | undefined {
  const n = waitingRollouts(inventory).length;
  if (n === 0) return undefined;
  return { value: n, tooltip: n === 1 ? say('tree.badgeOne') : say('tree.badge', { n }) };
}

import type { Address, InventorySource } from '../tree/model.ts';
import { rolloutIdOf } from '../tree/address.ts';
import type { RolloutRef, ServiceRef } from './ports.ts';

/** Stands for a row that was drawn again, or went, between the click on its menu and the command. */
export const lostRow = { kind: 'lost' } as const;

/** What a command is about, from VS Code's arguments: none from the palette, else the row, which may be lost. */
export function targetOf(args: readonly unknown[]): unknown {
  return args.length === 0 ? undefined : (args[0] ?? lostRow);
}

/** The row that a menu command was opened on; undefined from the palette, or when it is not one of ours. */
export function addressOf(target: unknown): Address | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { kind, context } = target as { readonly kind?: unknown; readonly context?: unknown };
  return typeof kind === 'string' && typeof context === 'string' ? (target as Address) : undefined;
}

/** The rollout that a command was given: a row, or its name from a panel or another command. */
export function rolloutOf(source: InventorySource, target: unknown): RolloutRef | undefined {
  const address = addressOf(target);
  if (address !== undefined) {
    const rolloutId = rolloutIdOf(source, address);
    return rolloutId === undefined ? undefined : { context: address.context, rolloutId };
  }
  if (typeof target !== 'object' || target === null) return undefined;
  const { context, rolloutId } = target as Partial<Record<string, unknown>>;
  if (typeof context !== 'string' || typeof rolloutId !== 'string') return undefined;
  return { context, rolloutId };
}

/** The Service that a command was given: a row, or its name from a panel or another command. */
export function serviceOf(target: unknown): ServiceRef | undefined {
  const address = addressOf(target);
  if (address?.kind === 'service') return address;
  if (address?.kind === 'part') return serviceOf(address.parent);
  if (typeof target !== 'object' || target === null) return undefined;
  const { context, namespace, service } = target as Partial<Record<string, unknown>>;
  if (typeof context !== 'string' || typeof namespace !== 'string') return undefined;
  return typeof service === 'string' ? { context, namespace, name: service } : undefined;
}

export function contextOf(target: unknown): string | undefined {
  return addressOf(target)?.context;
}

import type { Disposable, Event } from '../../base/emitter.ts';
import type { ObjectRef } from '../../model/objects.ts';
import type { Rollout } from '../../model/rollout.ts';
import type {
  ContextView,
  Inventory,
  InventoryChange,
  NamespaceView,
  ServiceView,
} from '../../state/inventory.ts';

/**
 * Where the views and commands read. Every lookup is O(1) and returns what the last event left: with 10 000 services the tree asks one
 * of them per visible row.
 */
export interface InventorySource {
  inventory(): Inventory;
  context(name: string): ContextView | undefined;
  namespace(context: string, name: string): NamespaceView | undefined;
  service(context: string, namespace: string, name: string): ServiceView | undefined;
  rollout(context: string, id: string): Rollout | undefined;
  readonly onDidChange: Event<InventoryChange>;
  /** Connects a context and keeps it connected until the handle is disposed. Nothing connects without it. */
  watch(context: string): Disposable;
}

/**
 * Names one row of the views, and is what a menu command is given. `view` keeps the same rollout apart in the two views, whose rows
 * need different ids.
 */
export type Address =
  | { readonly kind: 'context'; readonly context: string }
  | { readonly kind: 'namespace'; readonly context: string; readonly namespace: string }
  | {
      readonly kind: 'service';
      readonly context: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly kind: 'rollout'; readonly context: string; readonly rolloutId: string }
  /** A line below a rollout or a service: track, route, owner, problem. `part` is unique below its parent. */
  | {
      readonly kind: 'part';
      readonly context: string;
      readonly parent: string;
      readonly part: string;
      readonly rolloutId?: string;
      readonly object?: ObjectRef;
    };

/** A row as it is drawn; plain data, so that it can be tested without an editor. All texts are rendered and stripped (`plainText`). */
export interface Row {
  readonly id: string;
  readonly label: string;
  /** Live facts; '' for none. */
  readonly description: string;
  /** The row in one spoken sentence, for screen readers. */
  readonly spoken: string;
  /** Codicon id and theme colour id; shape and words say the same as the colour. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** `contextValue`: kind first, then what can be done, each between semicolons, for `when` clauses. */
  readonly flags: readonly string[];
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** What a click opens; absent when a click only selects. */
  readonly opens?: 'rollout' | 'metrics' | 'yaml';
}

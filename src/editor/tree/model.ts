import type { Disposable, Event } from '../../base/emitter.ts';
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

export interface RolloutAddress {
  readonly kind: 'rollout';
  readonly context: string;
  readonly rolloutId: string;
}

export interface ServiceAddress {
  readonly kind: 'service';
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** Names one row of the views: what VS Code holds on to, and what a menu command is given. */
export type Address =
  | { readonly kind: 'context'; readonly context: string }
  | { readonly kind: 'namespace'; readonly context: string; readonly namespace: string }
  | RolloutAddress
  | ServiceAddress
  /** A line below a rollout or a service. `part` is unique below its parent, for example `track:v2` or `problem:0`. */
  | {
      readonly kind: 'part';
      readonly context: string;
      readonly parent: RolloutAddress | ServiceAddress;
      readonly part: string;
    }
  /** A problem of a context that belongs to no rollout. */
  | { readonly kind: 'problem'; readonly context: string; readonly index: number }
  /** Why there is nothing below a context. */
  | { readonly kind: 'note'; readonly context: string };

export type ViewName = 'rollouts' | 'services';

/** A row as it is drawn; plain data, so that it can be tested without an editor. All texts are rendered and free of unsafe characters. */
export interface Row {
  readonly label: string;
  /** Live facts; '' for none. */
  readonly description: string;
  /** The row in one spoken sentence, for screen readers. */
  readonly spoken: string;
  /** Codicon id and theme colour id; shape and words say the same as the colour. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** Kind first, then what can be done: joined with semicolons they are the `contextValue` of `when` clauses. */
  readonly flags: readonly string[];
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** What a click opens; absent when a click only selects. */
  readonly opens?: 'rollout' | 'metrics';
}

/** Id that is the same for the same row over restarts: `context/namespace/kind/name`. A context's name may hold slashes. */
export function idOf(address: Address): string {
  const context = encodeURIComponent(address.context);
  switch (address.kind) {
    case 'context':
      return context;
    case 'namespace':
      return `${context}/${address.namespace}`;
    case 'service':
      return `${context}/${address.namespace}/service/${address.name}`;
    case 'rollout': {
      const slash = address.rolloutId.indexOf('/');
      return `${context}/${address.rolloutId.slice(0, slash)}/rollout/${address.rolloutId.slice(slash + 1)}`;
    }
    case 'part':
      return `${idOf(address.parent)}/${address.part}`;
    case 'problem':
      return `${context}//problem/${String(address.index)}`;
    case 'note':
      return `${context}//note`;
  }
}

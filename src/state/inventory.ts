import type { Text } from '../base/text.ts';
import type { Connection } from '../model/cluster.ts';
import type { ObjectRef } from '../model/objects.ts';
import type { Problem, Rollout } from '../model/rollout.ts';

/** One Service of the cluster, with its canary where there is one. */
export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  /** Id of its rollout; absent without a canary. */
  readonly rolloutId?: string;
  /** Workloads behind it; empty when nothing matches its selector. */
  readonly workloads: readonly WorkloadView[];
}

export interface WorkloadView {
  readonly ref: ObjectRef;
  readonly image: string;
  readonly version?: string;
  readonly ready: number;
  readonly replicas: number;
}

export interface NamespaceView {
  readonly name: string;
  /** By name. */
  readonly services: readonly ServiceView[];
}

/** What the views show of one kubeconfig context. */
export interface ContextView {
  readonly name: string;
  readonly current: boolean;
  readonly protected: boolean;
  /** Where the context comes from: the API server's address and the kubeconfig files that count, in order, with the machine they are on. */
  readonly origin?: {
    readonly server: string;
    readonly files: readonly string[];
    readonly machine: string;
  };
  readonly connection: Connection;
  /** Namespaces that are watched; empty means all. `partial` says why it is fewer than asked for. */
  readonly scope: readonly string[];
  readonly partial?: Text;
  /** By name. */
  readonly namespaces: readonly NamespaceView[];
  /** Active ones first, then by namespace and service. */
  readonly rollouts: readonly Rollout[];
  /** Problems that belong to no rollout. */
  readonly problems: readonly Problem[];
}

/** Everything that the views show. Contexts in the order of the kubeconfig, the current one first. */
export interface Inventory {
  readonly contexts: readonly ContextView[];
  /** Why there is no context, or no current one: no kubeconfig, not readable, a name that it does not have. */
  readonly empty?: Text;
}

/**
 * What changed, so that a view refreshes only those rows. `structure` means that contexts, namespaces or rollouts came or went.
 */
export type InventoryChange =
  | { readonly kind: 'structure'; readonly context?: string }
  | { readonly kind: 'connection'; readonly context: string }
  | { readonly kind: 'rollout'; readonly context: string; readonly id: string }
  | {
      readonly kind: 'service';
      readonly context: string;
      readonly namespace: string;
      readonly name: string;
    };

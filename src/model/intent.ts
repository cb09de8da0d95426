import type { ObjectRef } from './objects.ts';
import type { Match } from './rollout.ts';

/** What a person or a plan wants of one rollout. */
export type Intent =
  /**
   * Give each named track this share of the requests, in whole percent 0–100; tracks that are not named share the rest in their present
   * proportion. `rule` limits it to one rule; without it, every rule that carries the pair gets the same.
   */
  | {
      readonly kind: 'setWeight';
      readonly percents: Readonly<Record<string, number>>;
      readonly rule?: string;
    }
  /**
   * Send requests that match to the canary, in a share of their own: a rule is added, changed or taken away. Only where the back end can
   * (`Capabilities.setsMatches`).
   */
  | {
      readonly kind: 'setMatch';
      /** Id of the rule that is meant. Without it, the rule of ours that has the matches `was`, else those of `to`; else a new one. */
      readonly rule?: string;
      /** The rule's matches as they were seen: another rule may stand in its place by now, and is not touched. */
      readonly was?: readonly Match[];
      /** Absent: the rule goes away. */
      readonly to?: MatchTarget;
    }
  /** Make the canary the stable version: the next step of it, see `Promotion`. */
  | { readonly kind: 'promote' }
  /** All traffic back to stable, including what match rules send to the canary. */
  | { readonly kind: 'rollback' }
  /** Take the canary's own objects away after its traffic is gone. */
  | { readonly kind: 'endCanary' };

/** Any of the matches holds: then the canary gets this share of the requests, in whole percent 0–100, and the other tracks share the rest. */
export interface MatchTarget {
  readonly matches: readonly Match[];
  readonly percent: number;
}

/** A new version beside a workload that has no canary yet. */
export interface StartCanary {
  readonly kind: 'startCanary';
  readonly service: ObjectRef;
  readonly workload: ObjectRef;
  /** Image of the first container of the canary. */
  readonly image: string;
}

/** Pods of the new version: a whole percent 1–100 of the wanted pods, or a count ≥ 1. */
export type BatchSize = { readonly percent: number } | { readonly count: number };

/** What is wanted of one workload that is updated in batches; only where the back end has `batches`. */
export type BatchIntent =
  /** This many pods of the new version, and no more until somebody says so. */
  | { readonly kind: 'setBatch'; readonly size: BatchSize }
  /** How many pods more, and how many fewer, than wanted there may be: each a count or a percentage ("25%"), as people write it. */
  | { readonly kind: 'setSurge'; readonly maxSurge: string; readonly maxUnavailable: string }
  /** Stop where it is. */
  | { readonly kind: 'pause' }
  /** Go on after a pause: to the present batch, where there is one, else to the end. */
  | { readonly kind: 'resume' };

export type AnyIntent = Intent | BatchIntent;

/** A new image for a workload that has no rollout yet, on a part of its pods first. */
export interface StartUpdate {
  readonly kind: 'startUpdate';
  readonly workload: ObjectRef;
  /** Image of the first container. */
  readonly image: string;
  readonly size: BatchSize;
}

/** The pod template of an earlier revision of a workload again, on all its pods, whether it is being updated or not. */
export interface UndoRevision {
  readonly kind: 'undoRevision';
  readonly workload: ObjectRef;
  readonly revision: number;
  /** The ReplicaSet that keeps the template. */
  readonly replicaSet: string;
}

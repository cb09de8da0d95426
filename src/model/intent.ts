import type { ObjectRef } from './objects.ts';

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
  /** Make the canary the stable version: the next step of it, see `Promotion`. */
  | { readonly kind: 'promote' }
  /** All traffic back to stable, including what match rules send to the canary. */
  | { readonly kind: 'rollback' }
  /** Take the canary's own objects away after its traffic is gone. */
  | { readonly kind: 'endCanary' };

/** A new version beside a workload that has no canary yet. */
export interface StartCanary {
  readonly kind: 'startCanary';
  readonly service: ObjectRef;
  readonly workload: ObjectRef;
  /** Image of the first container of the canary. */
  readonly image: string;
}

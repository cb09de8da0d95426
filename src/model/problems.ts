import type { Text } from '../base/text.ts';

/** Why a plan could not be made. Each carries one sentence: what is wrong, where, what to do. */
export interface PlanError {
  readonly kind:
    /** The back end cannot do this, ever or in this state. */
    | 'unsupported'
    /** Somebody else decides: refused. */
    | 'owned'
    /** The object is not what it must be to be written safely. */
    | 'invalid'
    /** The rollout, or the object behind it, is gone. */
    | 'notFound';
  readonly text: Text;
}

import type { Text } from '../base/text.ts';
import type { Json, JsonObject, ObjectRef } from './objects.ts';

/** RFC 6902. Weights are written with `add`, which sets a member whether or not it was there; `test` guards come first. */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** What a change does to one value, for the consent, the record and a conflict message. */
export interface FieldChange {
  /** For people: "canary (v2)". */
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

interface ChangeBase {
  readonly target: ObjectRef;
  readonly fields: readonly FieldChange[];
}

/** One conditional write of one object, as data. */
export type Change =
  | (ChangeBase & {
      readonly kind: 'patch';
      /** Begins with `test` on `/metadata/uid`, then on the identity and the old value of every entry touched. */
      readonly operations: readonly PatchOperation[];
    })
  | (ChangeBase & { readonly kind: 'create'; readonly object: JsonObject })
  /** Deletes exactly the object with this uid (precondition). */
  | (ChangeBase & { readonly kind: 'delete'; readonly uid: string });

/** Ordered changes with one sentence that says what they do. An empty list means that the goal is already reached. */
export interface ChangeSet {
  readonly summary: Text;
  readonly changes: readonly Change[];
  /**
   * Undo: the same guarded by the values that we wrote. Absent where there is no way back, or it makes no sense.
   * For a created object it is its removal; the uid is filled in from the server's answer.
   */
  readonly inverse?: ChangeSet;
  /** Share of the canary after it, 0–1, when all goes as planned; may differ from the wish (replica granularity). */
  readonly achieved?: number;
}

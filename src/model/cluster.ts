import type { Text } from '../base/text.ts';
import type { JsonObject, KubeObject, Resource } from './objects.ts';
import type { Pick } from './picking.ts';

/** What may be done with a resource, as RBAC names it. */
export type Verb = 'get' | 'list' | 'watch' | 'patch' | 'create' | 'delete';

/** Why the API server did not do it. */
export interface ClusterFailure {
  readonly kind:
    | 'notFound'
    | 'forbidden'
    | 'unauthorized'
    /** A `test` failed (422) or the object changed (409): nothing was written. */
    | 'conflict'
    /** The server or an admission webhook refused the content. */
    | 'invalid'
    /** No answer, or a 5xx. For a write: the outcome is unknown until a GET decides. */
    | 'unreachable'
    | 'tooManyRequests'
    /** Something that is not the API server answered (HTML, bad JSON). */
    | 'notKubernetes';
  readonly text: Text;
  /** HTTP status, absent when there was no answer. */
  readonly status?: number;
}

/** How fresh what we know of one cluster is. */
export type Connection =
  /** Not connected: nobody looked yet. Nothing is sent before somebody does. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Rows are older than `sinceMs` (wall clock); they stay visible and writes other than a rollback are not offered. */
  | { readonly kind: 'stale'; readonly sinceMs: number; readonly text: Text }
  /** Never reached, or refused: there are no rows. */
  | {
      readonly kind: 'failed';
      readonly reason: 'unreachable' | 'forbidden' | 'credentials' | 'invalid';
      readonly text: Text;
    };

/** A raw object as the server sent it, with the cut that the back ends read. */
export interface FreshObject {
  readonly raw: JsonObject;
  readonly object: KubeObject;
}

/** Who changed an object last, from `managedFields`. */
export interface LastWriter {
  readonly manager: string;
  /** RFC 3339. */
  readonly time: string;
}

/**
 * A kind that a back end reads, and what it may do with it: drives the cache, the permission checks and the RBAC page.
 * The cluster layer knows no back end; it sees only this.
 */
export interface Watched {
  readonly resource: Resource;
  /** What actions of this back end need besides reading (get, list, watch). */
  readonly writes: readonly Verb[];
  /**
   * Cuts the body of a raw object (everything but metadata, apiVersion and kind) to what is read. Pure; keeps array indices and paths
   * as they are, for JSON pointers are computed from the cut. Never throws, whatever the object holds. `picking` makes it of paths;
   * those of all who watch a kind become one cut.
   */
  readonly pick: Pick;
  /** Which objects the cache keeps; absent: all. One that is no more to be kept is gone from it. Pure, and never throws. */
  readonly keep?: (raw: JsonObject) => boolean;
  /** Annotation keys (exact, or prefix ending in `*`) that are read. */
  readonly annotations?: readonly string[];
}

import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Change, ChangeSet } from '../model/change.ts';
import type { ClusterFailure, FreshObject, LastWriter, Verb } from '../model/cluster.ts';
import type {
  JsonObject,
  KubeObject,
  ObjectRef,
  Resource,
  ClusterSnapshot,
} from '../model/objects.ts';

/** The one door to a cluster for actions. Implemented in src/cluster; every call takes a signal. */
export interface ClusterPort {
  /** Reads one object, from the server and not from a cache. */
  fetch(ref: ObjectRef, signal: AbortSignal): Promise<Result<FreshObject, ClusterFailure>>;
  /**
   * Sends one change: JSON Patch, create or delete, with field manager `cablecar` and `fieldValidation=Strict`. A dry run changes
   * nothing and returns the object as it would be. Exactly one request; never retried here.
   */
  send(
    change: Change,
    options: { readonly dryRun: boolean },
    signal: AbortSignal,
  ): Promise<Result<FreshObject, ClusterFailure>>;
  /** SelfSubjectAccessReview, cached for a minute. */
  allows(verb: Verb, ref: ObjectRef, signal: AbortSignal): Promise<Result<boolean, ClusterFailure>>;
  /** What is known without asking: the cache's snapshot. */
  snapshot(): ClusterSnapshot;
  /** The resource at the version that the server serves; undefined when it serves none. */
  served(resource: Resource): Resource | undefined;
  lastWriter(object: FreshObject): LastWriter | undefined;
}

/** Reads that are too rare to watch for. */
export interface ObjectLister {
  /** Objects of a namespace with these labels, from the server and in one request; cut as the cache's are. */
  list(
    resource: Resource,
    where: { readonly namespace: string; readonly labelSelector: string },
    signal: AbortSignal,
  ): Promise<Result<readonly KubeObject[], ClusterFailure>>;
}

/** What is about to happen, for the consent modal and the diff. */
export interface Preview {
  readonly changes: ChangeSet;
  /** Whole objects before and after the server's dry run, per change; raw, for the diff. Empty for a rollback (no dry run). */
  readonly objects: readonly {
    readonly ref: ObjectRef;
    readonly before: JsonObject | undefined;
    readonly after: JsonObject | undefined;
  }[];
  readonly warnings: readonly Text[];
}

/** Asks the person. In a runner it is the plan that consented. Resolves to false when they did not say yes. */
export type Consent = (preview: Preview) => Promise<boolean>;

/** One action in the history: written before the first write is sent, and completed after. */
export interface JournalEntry {
  readonly id: string;
  readonly atMs: number;
  readonly who: string;
  readonly rolloutId: string;
  readonly context: string;
  readonly intent: string;
  readonly sentence: Text;
  readonly changes: ChangeSet;
}

export type Outcome = 'written' | 'notWritten' | 'unknown';

export interface JournalPort {
  /** Durable (fsynced) before it resolves: only then is the first write sent. */
  begin(entry: JournalEntry): Promise<void>;
  /** `created` maps the key of created objects to their uid, so that undo can remove exactly them. */
  finish(id: string, outcome: Outcome, created: Readonly<Record<string, string>>): Promise<void>;
}

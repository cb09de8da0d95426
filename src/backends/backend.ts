import type { Result } from '../base/result.ts';
import type { Catalogue } from '../base/text.ts';
import type { ChangeSet } from '../model/change.ts';
import type { Watched } from '../model/cluster.ts';
import type {
  BatchIntent,
  Intent,
  StartCanary,
  StartUpdate,
  UndoRevision,
} from '../model/intent.ts';
import type { TrackQueries } from '../model/metrics.ts';
import type { ClusterSnapshot, KubeObject, ObjectRef, Resource } from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import type { BackendId, FirstBatch, Problem, Revision, Rollout } from '../model/rollout.ts';
import type { SampleSelectors } from '../model/sampleSelectors.ts';

export type { Watched };

/** What a back end can do in principle; drives the support table in the README. A single rollout may allow less. */
export interface Capabilities {
  readonly weights: 'any' | 'byReplicas';
  readonly showsMatches: readonly ('header' | 'cookie' | 'user' | 'device' | 'source' | 'path')[];
  /** Rules for some of the requests can be added, changed and taken away: then `plan` takes `setMatch`. */
  readonly setsMatches: boolean;
  readonly mirror: boolean;
  readonly startsCanary: boolean;
  readonly metrics: 'mesh' | 'application';
}

/** One way of splitting traffic. Pure: reads snapshots, returns changes; never does I/O, never reads the clock. */
export interface TrafficBackend {
  readonly id: BackendId;
  readonly title: string;
  /** Its words, merged into the catalogue of the product. */
  readonly words: Catalogue;
  readonly watches: readonly Watched[];
  readonly capabilities: Capabilities;
  /**
   * Rollouts in the snapshot, or in one namespace of it, and problems that belong to no rollout. Malformed objects become problems,
   * never exceptions. `owner` is left to the caller (`owners.ts`).
   */
  discover(snapshot: ClusterSnapshot, namespace?: string): Discovery;
  /**
   * Objects that must be read fresh before `plan`. For a rollback no more than those it writes, and what it goes back to where that is
   * kept in an object of its own. A plan sees the whole of them, and of others the cut.
   */
  objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[];
  /** Smallest change set that reaches the intent from the snapshot; no changes when already there. */
  plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Result<ChangeSet, PlanError>;
  /** PromQL per track; tracks that cannot be told apart in metrics are left out. */
  queries(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[];
  /** Where the raw counters behind those queries are, for the judge of a run; tracks that cannot be told apart are left out. */
  samples(rollout: Rollout, settings: QuerySettings): SampleSelectors;
  /** Plans the first objects of a canary beside a workload. Only where `capabilities.startsCanary`. */
  startCanary?(snapshot: ClusterSnapshot, start: StartCanary): Result<ChangeSet, PlanError>;
  /** Only where one workload is updated in batches. */
  readonly batches?: Batches;
}

/** Updating one workload in batches. */
export interface Batches {
  objectsFor(rollout: Rollout, intent: BatchIntent): readonly ObjectRef[];
  plan(
    snapshot: ClusterSnapshot,
    rollout: Rollout,
    intent: BatchIntent,
  ): Result<ChangeSet, PlanError>;
  /** What a workload's first batch can be; an error says why it cannot be updated in batches. */
  firstBatch(snapshot: ClusterSnapshot, workload: ObjectRef): Result<FirstBatch, PlanError>;
  /** Gives a workload without a rollout a new image, on a part of its pods. */
  start(snapshot: ClusterSnapshot, start: StartUpdate): Result<ChangeSet, PlanError>;
  readonly revisions: Revisions;
}

/** Earlier versions of a workload, which objects of their own keep. They are many and old, so nobody watches them. */
export interface Revisions {
  /** Where they are listed; an error when the workload has none. */
  query(snapshot: ClusterSnapshot, workload: ObjectRef): Result<RevisionQuery, PlanError>;
  /** Of what was listed, those of the workload, newest first. */
  read(snapshot: ClusterSnapshot, workload: ObjectRef, found: readonly KubeObject[]): Revision[];
  /** Objects that must be read whole before `undo`. */
  objectsFor(undo: UndoRevision): readonly ObjectRef[];
  undo(snapshot: ClusterSnapshot, undo: UndoRevision): Result<ChangeSet, PlanError>;
}

export interface RevisionQuery {
  readonly resource: Resource;
  readonly namespace: string;
  readonly labelSelector: string;
}

export interface Discovery {
  readonly rollouts: readonly Rollout[];
  readonly problems: readonly Problem[];
}

export interface QuerySettings {
  /** Istio-style reporter label: who counts a request; one, never both. */
  readonly reporter: 'destination' | 'source' | 'waypoint';
  /** Names a preset of application metrics, or `auto`. */
  readonly applicationMetrics: string;
}

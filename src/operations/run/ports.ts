import type { Clock } from '../../base/clock.ts';
import type { Event } from '../../base/emitter.ts';
import type { Text } from '../../base/text.ts';
import type { AlertAnswer, AlertMatcher } from '../../model/alerts.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { Look } from '../../model/samples.ts';
import type { PlanMetric } from '../../release/plan.ts';
import type { Effect } from '../../release/run.ts';
import type { ClusterPort } from '../ports.ts';

/** What a driver of runs works with; the same in the editor, in the Job and in the tests. */
export interface RunPorts {
  readonly cluster: ClusterPort;
  readonly clock: Clock;
  /** Whether what `cluster.snapshot()` holds is confirmed by the server now. */
  readonly isLive: () => boolean;
  /** Something in the cluster changed: look at once. */
  readonly onDidChange: Event<unknown>;
  /** Counters of all tracks, as of now. */
  readonly look: (
    rollout: Rollout,
    metrics: readonly PlanMetric[],
    signal: AbortSignal,
  ) => Promise<Look>;
  /** Container restarts of the canary's pods, all together; undefined when it cannot be told. */
  readonly restarts: (rollout: Rollout, signal: AbortSignal) => Promise<number | undefined>;
  readonly alerts: (
    matchers: readonly (readonly AlertMatcher[])[],
    signal: AbortSignal,
  ) => Promise<AlertAnswer>;
  /** Tells people; never fails, never waits. */
  readonly notify: (note: Note) => void;
  /** Ids that nobody else makes. */
  readonly newId: () => string;
}

export interface Note {
  readonly severity: (Effect & { readonly kind: 'notify' })['severity'];
  readonly text: Text;
}

/** Who drives: written into the Lease and the record. */
export interface Driver {
  /** Unique to this process: holder of the Lease. */
  readonly id: string;
  /** For people: "anna in the editor", "Job shop-run-7". */
  readonly name: string;
}

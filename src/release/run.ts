import type { Text } from '../base/text.ts';
import type { AlertAnswer } from '../model/alerts.ts';
import type { Promotion } from '../model/rollout.ts';
import type { Look } from '../model/samples.ts';
import type { JudgeReport } from '../model/verdict.ts';
import type { JudgeState } from './analysis/state.ts';
import type { ReleasePlan, StepTarget } from './plan.ts';

/** What a run is bound to, pinned when it begins: a change of the kubeconfig, of the route object or of the image never retargets it. */
export interface RunTarget {
  /** For people: where the run began. What pins it is the route's uid, for the run is kept in the same cluster. */
  readonly context: string;
  readonly namespace: string;
  readonly rolloutId: string;
  readonly routeUid: string;
  /** Track ids. */
  readonly stable: string;
  readonly canary: string;
  /** Hash of the canary's pod template (hazards rows 30, P16). */
  readonly version: string;
  /** Pods of stable that were ready at the start: what a rollback needs again (P14); 0 where no workload is known. */
  readonly stableReady: number;
  /** Container restarts of the canary's pods before the run. */
  readonly restarts: number;
}

/** One execution of a release plan: all that a copy needs to go on with it. JSON-serialisable; times are milliseconds of the run. */
export interface RunState {
  readonly v: 1;
  readonly id: string;
  readonly plan: ReleasePlan;
  readonly target: RunTarget;
  readonly phase: Phase;
  /** Index of the step where the split is; -1 before the first write. */
  readonly step: number;
  /** Watched time: at this step, and of the whole run. Time that nobody saw does not count. */
  readonly stepMs: number;
  readonly runMs: number;
  /**
   * Where the split must be: what was found at the start or what the run wrote last. Each later write is fenced by it. `''`: a person said
   * to go on from wherever it is, and the next tick tells.
   */
  readonly position: string;
  /** Why it does not go on by itself although it may be time. It goes on when the reason is gone. */
  readonly held?: Text;
  /** Absent while nothing is to be judged. */
  readonly judge?: JudgeState;
  readonly report?: JudgeReport;
  /** Times that the run narrowed instead of rolling back. */
  readonly stepsBack: number;
  /** Looks in a row that gave an error instead of data. */
  readonly errorsInRow: number;
  /** Monotonic time of the driver's last tick; absent when a copy has just taken the run up. */
  readonly tickMs?: number;
}

export type Phase =
  /** Are all later writes, and the way back, possible? Nothing is written before. */
  | { readonly kind: 'checking' }
  /** Saved before the write is sent, so that whoever takes up the run knows what may be on its way. */
  | {
      readonly kind: 'writing';
      readonly wish: Wish;
      readonly goal: Goal;
      /** Failed attempts so far; the next not before `retryAtMs` of the run. */
      readonly attempt: number;
      readonly retryAtMs: number;
    }
  | { readonly kind: 'observing' }
  /** The metrics passed; a person must say "go on". */
  | { readonly kind: 'gate' }
  /** Nothing goes forward until somebody resumes. What endangers users still rolls back, except when somebody else moved the split. */
  | { readonly kind: 'paused'; readonly why: PauseReason; readonly text: Text }
  | { readonly kind: 'promoting' }
  /** Half of the canary's traffic is back; the rest follows when stable has its pods, or at `untilMs` of the run (P14). */
  | { readonly kind: 'easing'; readonly why: Text; readonly untilMs: number }
  | { readonly kind: 'ended'; readonly result: RunResult; readonly text: Text };

export type PauseReason =
  | 'asked'
  /** Somebody else moved the split (hazards rows 10, 21). */
  | 'foreign'
  /** The canary runs another version than at the start (row 30). */
  | 'version'
  /** The driver was away for longer than two looks (row 38). */
  | 'gap'
  /** A write was refused for good. */
  | 'refused';

export type RunResult =
  | 'promoted'
  /** The last step passed and the plan said to stay there. */
  | 'completed'
  | 'rolledBack'
  /** Somebody else took all traffic back to stable. */
  | 'takenBack'
  /** It never began: a later step would fail. */
  | 'refused'
  /** A person ended the run and left the split where it was. */
  | 'left'
  /** Route or namespace are gone, or no longer the same object. */
  | 'gone';

/** What the driver is asked to write; `src/operations/run` turns it into intents. */
export type Wish =
  | { readonly kind: 'step'; readonly target: StepTarget }
  /** Whole percent of the canary, on the way back. */
  | { readonly kind: 'share'; readonly percent: number }
  | { readonly kind: 'promote' }
  | { readonly kind: 'rollback' };

/** Where a write leads when it succeeds. */
export type Goal =
  | { readonly kind: 'step'; readonly index: number }
  | { readonly kind: 'promoting' }
  | { readonly kind: 'easing'; readonly why: Text }
  | { readonly kind: 'rolledBack'; readonly why: Text };

/** What the driver sees at a tick. */
export type Seen =
  /** The connection is down or what is shown is stale. */
  { readonly kind: 'unknown' } | { readonly kind: 'gone' } | SeenTarget;

export interface SeenTarget {
  readonly kind: 'target';
  readonly routeUid: string;
  readonly position: string;
  readonly version: string;
  /** A controller that decides the split by now. */
  readonly controller?: string;
  /** 0–1. */
  readonly canaryShare: number;
  /** Whether any rule sends requests to the canary, whatever its share is in the others. */
  readonly takesRequests: boolean;
  /** Ready pods; absent where no workload is known. */
  readonly canaryReady?: number;
  readonly stableReady?: number;
  /** Container restarts of the canary's pods; absent where they are not known. */
  readonly restarts?: number;
  readonly promotion: Promotion;
  /** Present at a look at the metrics, absent at the ticks between. */
  readonly look?: Look;
  readonly alerts?: AlertAnswer;
}

export type Command = 'pause' | 'resume' | 'skip' | 'approve' | 'promote' | 'abort' | 'leave';

export type RunEvent =
  | { readonly kind: 'checked'; readonly problems: readonly Text[] }
  | { readonly kind: 'tick'; readonly nowMs: number; readonly seen: Seen }
  /** The write of the present phase is done, or there was nothing to do; `position` as read after it. */
  | { readonly kind: 'written'; readonly position: string }
  | {
      readonly kind: 'notWritten';
      /** `foreign`: the split is not where the run left it. `refused`: it would be refused again. `failed`: worth another attempt. */
      readonly why: 'foreign' | 'refused' | 'failed';
      readonly text: Text;
    }
  | { readonly kind: 'command'; readonly command: Command; readonly who: string }
  /** Another driver, or the same after a restart, goes on from the saved state. */
  | { readonly kind: 'takenUp'; readonly who: string };

/** In order. A `save` that fails stops those after it, except a rollback, which does not wait for it. */
export type Effect =
  | { readonly kind: 'check' }
  | { readonly kind: 'save' }
  | { readonly kind: 'write'; readonly wish: Wish }
  | {
      readonly kind: 'notify';
      readonly severity: 'info' | 'decision' | 'urgent';
      readonly text: Text;
    }
  | { readonly kind: 'end' };

/** One line of the run's record. */
export interface RunLine {
  readonly runMs: number;
  readonly text: Text;
}

export interface Move {
  readonly state: RunState;
  readonly lines: readonly RunLine[];
  readonly effects: readonly Effect[];
}

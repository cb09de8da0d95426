import type { AlertMatcher } from '../model/alerts.ts';
import type { Match } from '../model/rollout.ts';

/** A release plan as the engine runs it: read from a file by `schema.ts`, units normalised, defaults filled in. JSON-serialisable. */
export interface ReleasePlan {
  readonly name: string;
  readonly scope: PlanScope;
  /** At least one; weights rise. */
  readonly steps: readonly [PlanStep, ...PlanStep[]];
  /** Narrow to the step before instead of rolling back, at most `times` in a run; absent: roll back at once. */
  readonly stepBack?: { readonly times: number };
  /** At least one, unless every step has a manual gate. Judged together at each look. */
  readonly metrics: readonly PlanMetric[];
  readonly rollback: RollbackConditions;
  /** `promote`: make the canary the stable version after the last step. `hold`: keep the last step's split and end. */
  readonly onSuccess: 'promote' | 'hold';
  /** What happens when a step is still inconclusive at its `maxSeconds`. */
  readonly onInconclusive: 'hold' | 'rollback';
  readonly runBy: 'editor' | 'job' | 'controller';
  readonly notify: readonly Notification[];
  /** Seconds between two looks; 5–300. */
  readonly intervalSeconds: number;
}

export interface PlanScope {
  readonly service: string;
  readonly namespace: string;
  /** Glob over the context's name (`*`, `?`); a plan never runs in another context. Absent: any, pinned when the run begins. */
  readonly context?: string;
  /** `Kind/name` of the route, where the service has more than one. */
  readonly route?: string;
  /** Ids or names of the tracks where the roles found are not the ones meant. */
  readonly tracks?: { readonly stable: string; readonly canary: string };
}

export interface PlanStep {
  /** What the step changes; exactly one of both. */
  readonly to: StepTarget;
  /** Shortest and longest time at the step, seconds ≥ 0. `maxSeconds` ends in `onInconclusive`. */
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Requests that the canary must have answered in this step before it can pass; whole number ≥ 0. */
  readonly minRequests: number;
  /** `manual`: after the metrics passed a person must say "go on". */
  readonly gate: 'none' | 'manual';
  /** Shown at the gate: what to look at, who to ask, what to do when it looks bad. */
  readonly guide?: string;
  readonly owner?: string;
  readonly onProblem?: string;
}

export type StepTarget =
  /**
   * Whole percent of the canary, 0–100. With `matches`: only requests that match get this share of the canary (a match rule), others
   * none, until a step without matches.
   */
  | { readonly kind: 'weight'; readonly percent: number; readonly matches?: readonly Match[] }
  /** Pods of the new version in a batch of a Deployment: a whole percent 1–100 of the wanted pods, or a count ≥ 1. */
  | {
      readonly kind: 'batch';
      readonly pods: { readonly percent: number } | { readonly count: number };
      /** As in a Deployment: a count or "25%"; absent: as the Deployment has it. */
      readonly maxSurge?: string;
      readonly maxUnavailable?: string;
    };

/** One thing that is judged for the canary, by itself or against stable. `name` is unique in the plan. */
export type PlanMetric =
  /** Ratio of failed requests. `max`: absolute limit 0–1. `compare`: sequential test against stable, see analysis. At least one of both. */
  | {
      readonly kind: 'errorRatio';
      readonly name: string;
      readonly max?: number;
      readonly compare?: { readonly alpha: number; readonly maxRatio: number };
    }
  /** A quantile of the response time. `maxMs`: absolute limit. `compare`: rank test against stable with the tolerated relative rise. */
  | {
      readonly kind: 'latency';
      readonly name: string;
      /** 0–1 exclusive, 0.99 for p99. */
      readonly quantile: number;
      readonly maxMs?: number;
      readonly compare?: { readonly alpha: number; readonly tolerance: number };
    }
  /**
   * Own PromQL that gives exactly one series, with places like `${pods}` (`model/ownQuery.ts`); `stable` is the expression for the stable
   * track, needed for `compare`.
   */
  | {
      readonly kind: 'query';
      readonly name: string;
      readonly canary: string;
      readonly stable?: string;
      /** Which side is bad. */
      readonly direction: 'lowerIsBetter' | 'higherIsBetter';
      readonly limit?: number;
      /** Bad when worse than stable by more than both: absolute units, and relative ratio (0.1 = 10 %). */
      readonly compare?: { readonly absolute: number; readonly relative: number };
      /** Looks in a row that must be bad before it fails; ≥ 1. */
      readonly failAfter: number;
    };

export interface RollbackConditions {
  /** Roll back when any alert that matches all matchers of one entry is active (not silenced, not inhibited). */
  readonly alerts: readonly (readonly AlertMatcher[])[];
  /** What it means when Alertmanager cannot be asked. */
  readonly alertsUnknown: 'hold' | 'goOn';
  /** No ready endpoint of the canary while it has traffic. */
  readonly endpointsGone: boolean;
  /** Restarts of one container of the canary during the run that count as a crash loop; 0: not watched. */
  readonly crashRestarts: number;
  /** The whole run; seconds. */
  readonly deadlineSeconds: number;
  /** Looks with an error in a row before a hold becomes what `onInconclusive` says (handbook/analysis.md 2.2: 4). */
  readonly errorsInRow: number;
}

export type Notification =
  | { readonly kind: 'command'; readonly command: string }
  /** Only where the setting allows its origin. */
  | { readonly kind: 'webhook'; readonly url: string };

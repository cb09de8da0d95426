import type { Text } from '../base/text.ts';
import type { Json, ObjectRef } from './objects.ts';

/** Folder name of a back end. Only the back end itself and the registry may spell one out. */
export type BackendId = string;

export type TrackRole = 'stable' | 'canary' | 'other';

/** One version of a service that can take traffic, with its pods. */
export interface Track {
  /** Stable within its rollout, for example a subset, a Service or a Deployment name. */
  readonly id: string;
  readonly role: TrackRole;
  /** How people call it: the subset, Service or Deployment behind it. */
  readonly name: string;
  /** Version for people: image tag, else `app.kubernetes.io/version` or `version` label; absent when nothing tells. */
  readonly version?: string;
  /** What runs its pods; absent when no workload was found. */
  readonly workload?: Workload;
  /** The Service its pods are behind, where the track has one of its own or shares one. */
  readonly service?: string;
  /** Labels that select exactly the pods of this track. */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface Workload {
  readonly ref: ObjectRef;
  /** Pods wanted and pods ready; whole numbers ≥ 0. */
  readonly replicas: number;
  readonly ready: number;
  /** Image of the first container. */
  readonly image: string;
  /** JSON text of the pod template without what the tool itself adds: equal text means the same version. */
  readonly template: Json;
  /** True when the newest template is on all pods and all are available (handbook/backends.md 17.4). */
  readonly settled: boolean;
}

/** A condition on a request, as a back end found it. All of one `Match` must hold; a rule applies when any of its matches does. */
export interface MatchCondition {
  readonly on:
    'header' | 'cookie' | 'user' | 'device' | 'source' | 'path' | 'method' | 'query' | 'other';
  readonly op: 'exact' | 'oneOf' | 'prefix' | 'regex' | 'present' | 'absent';
  /** Header, cookie or parameter name; '' where the condition has none. */
  readonly name: string;
  /** `oneOf`: values separated by commas, two or more. A device is one of `deviceClasses`, or a condition on the user agent itself. */
  readonly value: string;
}
export type Match = readonly MatchCondition[];

/** What a device is told by; a request has one of them or none. */
export const deviceClasses = ['phone', 'tablet', 'desktop'] as const;
export type DeviceClass = (typeof deviceClasses)[number];

/** One track in one rule. `weight` is the number in the object, `share` is weight / total of its rule (0–1). */
export interface Destination {
  readonly trackId: string;
  readonly weight: number;
  readonly share: number;
}

/** One list of destinations in a route, in the order of the object. The first rule that matches a request decides. */
export interface Rule {
  /** Stable within the route: its name, else `#index`. */
  readonly id: string;
  readonly matches: readonly Match[];
  readonly destinations: readonly Destination[];
  /** Sum of the weights in the object; ≥ 0. */
  readonly total: number;
  /** Where copies of the requests go, for display. */
  readonly mirror?: { readonly to: string; readonly percent: number };
  /** Present when we cannot write this rule; says why. */
  readonly readOnly?: Text;
  /** Present on a rule that `setMatch` made: its share is its own, a weight for everybody leaves it, and a rollback takes it away. */
  readonly isOurs?: true;
}

const audience: readonly MatchCondition['on'][] = [
  'header',
  'cookie',
  'user',
  'device',
  'source',
  'query',
];

/** Whether the rule is only for some of those who call: each of its matches asks for something about them. */
export function isForSome({ matches }: Pick<Rule, 'matches'>): boolean {
  return (
    matches.length > 0 && matches.every((match) => match.some(({ on }) => audience.includes(on)))
  );
}

/** Who decides the split. */
export interface Owner {
  /** `controller`: a direct write is refused; `gitops`: allowed with a warning that it will be reverted. */
  readonly kind: 'controller' | 'gitops';
  /** Name for people: "Argo Rollouts", "Flagger", "Argo CD", … */
  readonly name: string;
  /** The owner's object, `Canary shop/shop`; '' when only a mark was found. */
  readonly object: string;
  /** What it means for a write, in one sentence. */
  readonly effect: Text;
}

/** Something wrong or surprising, in one sentence that says what it means for an action now. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: Text;
  /** The object it is about, for "open YAML". */
  readonly object?: ObjectRef;
}

/** Which weights can be set. */
export type WeightRange =
  /** Any whole percent 0–100. */
  | { readonly kind: 'any' }
  /** Only these; ascending whole percents, and what the canary's pod count is at each (replica granularity). */
  | {
      readonly kind: 'stops';
      readonly stops: readonly { readonly percent: number; readonly pods: number }[];
    }
  | { readonly kind: 'none'; readonly reason: Text };

/**
 * How the canary becomes the stable version. `swap`: tracks are versions, the canary takes 100 %. `copy`: tracks have fixed names;
 * the canary's pod template is copied to the stable workload in stages. `none`: says why promotion is impossible here.
 */
export type Promotion =
  | { readonly style: 'swap' }
  | { readonly style: 'copy'; readonly stage: CopyStage }
  | { readonly style: 'none'; readonly reason: Text };

/**
 * Where a copy promotion is, read from the cluster alone, so that anybody can take it up again after a crash. `idle`: not started.
 * The others name what is to be done next; `scaleDown` is the last.
 */
export type CopyStage = 'idle' | 'copyTemplate' | 'waitReady' | 'shiftBack' | 'scaleDown' | 'done';

/** A limit of a rolling update as it is written, and what it comes to with the pods that are wanted now. */
export interface PodLimit {
  /** A count or a percentage, "1" or "25%". */
  readonly value: string;
  readonly pods: number;
}

/** Where the update of one workload in batches is; whole numbers ≥ 0. */
export interface BatchUpdate {
  /**
   * `held`: at the batch, until somebody widens it. `running`: to the end by itself. `paused`: stopped where it is, and not by us.
   * `returning`: back to the stable version by itself.
   */
  readonly state: 'held' | 'running' | 'paused' | 'returning';
  readonly paused: boolean;
  /** Pods that are wanted in all. */
  readonly wanted: number;
  /** Pods of the new version: asked for, there, and ready. */
  readonly batch: number;
  readonly updated: number;
  readonly ready: number;
  readonly maxSurge: PodLimit;
  readonly maxUnavailable: PodLimit;
}

/** What the first batch of a workload can be, before its update; whole numbers ≥ 1. */
export interface FirstBatch {
  readonly wanted: number;
  /** Ascending by pods: how many of the new version, and what share of all pods these then are, in whole percent. */
  readonly stops: readonly { readonly percent: number; readonly pods: number }[];
  readonly maxSurge: PodLimit;
  readonly maxUnavailable: PodLimit;
}

/** A version that a workload had or has, as its ReplicaSet keeps it. */
export interface Revision {
  /** Counted up with each change of the template; ≥ 1. */
  readonly revision: number;
  readonly replicaSet: string;
  readonly image: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Pods of it now. */
  readonly pods: number;
  /** Its template is the one that the workload has now. */
  readonly isCurrent: boolean;
}

/** One service's canary. */
export interface Rollout {
  /** `namespace/name@backend`, unique in a cluster and stable over updates; `name` is the route object's or Service's. */
  readonly id: string;
  readonly backend: BackendId;
  readonly namespace: string;
  /** The Service that clients call, as people know it. */
  readonly service: string;
  /** The object whose fields hold the split. */
  readonly route: ObjectRef;
  /** Stable first, then canary, then others by name. */
  readonly tracks: readonly Track[];
  readonly rules: readonly Rule[];
  /** Share of the canary in the rules that a slider writes, 0–1. With several such rules, that of the first. */
  readonly canaryShare: number;
  readonly weights: WeightRange;
  readonly promotion: Promotion;
  /** Present where one workload is updated in batches: then `BatchIntent`s are possible. */
  readonly update?: BatchUpdate;
  readonly owner?: Owner;
  readonly problems: readonly Problem[];
}

export function trackOf(rollout: Rollout, role: 'stable' | 'canary'): Track | undefined {
  return rollout.tracks.find((track) => track.role === role);
}

/** What people call a track: its version where each version is a track of its own, else its name. */
export function labelOf({ promotion, tracks }: Rollout, { version, name }: Track): string {
  if (promotion.style !== 'swap' || version === undefined) return name;
  return tracks.filter((track) => track.version === version).length === 1 ? version : name;
}

/**
 * Active: the canary takes some of the traffic, by weight or by a rule for some, or a promotion or an update in batches is under way.
 */
export function isActive(rollout: Rollout): boolean {
  if (rollout.update !== undefined) return true;
  if (rollout.canaryShare < 1 && takesTraffic(rollout)) return true;
  return rollout.promotion.style === 'copy' && !['idle', 'done'].includes(rollout.promotion.stage);
}

/** Whether any rule sends requests to the canary. */
export function takesTraffic(rollout: Rollout): boolean {
  const canary = trackOf(rollout, 'canary')?.id;
  const isSent = ({ destinations }: Rule): boolean =>
    destinations.some(({ trackId, share }) => trackId === canary && share > 0);
  return rollout.canaryShare > 0 || rollout.rules.some(isSent);
}

/** Rolling back has an effect: the canary takes traffic, or an update in batches is not on its way back. */
export function canRollBack(rollout: Rollout): boolean {
  const { update } = rollout;
  return update === undefined ? takesTraffic(rollout) : update.state !== 'returning';
}

import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import { services } from '../../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { trackOf, type Rollout, type Track } from '../../model/rollout.ts';
import { countAt } from '../guards.ts';
import { edited, type RouteEdit } from './edit.ts';
import { shareIn, type Pair } from './pair.ts';
import { rulesOf, type RouteRule } from './rules.ts';
import { say } from './words.l10n.ts';

export type Plan = Result<ChangeSet, PlanError>;

/** What a plan is made from: the route as it was just read, the tracks as the rollout names them. */
export interface Scene {
  readonly snapshot: ClusterSnapshot;
  readonly rollout: Rollout;
  readonly route: KubeObject;
  readonly rules: readonly RouteRule[];
  readonly stable: Track;
  readonly canary: Track;
  readonly pair: Pair;
}

export function sceneOf(snapshot: ClusterSnapshot, rollout: Rollout): Result<Scene, PlanError> {
  const [stable, canary] = [trackOf(rollout, 'stable'), trackOf(rollout, 'canary')];
  const route = found(snapshot, rollout.route);
  if (route === undefined || stable === undefined || canary === undefined)
    return refuse('notFound', say('gatewayApi.gone', { object: refText(rollout.route) }));
  const pair = { stable: stable.id, canary: canary.id };
  const ids = rollout.tracks.map(({ id }) => id);
  const rules = ownRules(route, ids);
  return ok({ snapshot, rollout, route, rules, stable, canary, pair });
}

/** Rules of the route that send to a track of the rollout. */
export function ownRules(route: KubeObject, trackIds: readonly string[]): readonly RouteRule[] {
  return rulesOf(route).rules.filter(({ refs }) =>
    refs.some(({ trackId }) => trackIds.includes(trackId)),
  );
}

/** Why the canary must not get more than it has; undefined when it gets no more, or somebody is there to answer. */
export function raiseProblem(scene: Scene, edit: RouteEdit): Text | undefined {
  const { pair, route } = scene;
  const after = rulesOf(edited(route, edit)).rules;
  const isRaised = edit.weights.some(({ rule }) => {
    const now = after.find(({ index }) => index === rule.index);
    return now !== undefined && shareIn(now, pair.canary) > shareIn(rule, pair.canary) + 1e-12;
  });
  return isRaised ? whyNotRaise(scene) : undefined;
}

/** Why the canary must not get more; undefined when somebody is there to answer. */
export function whyNotRaise({ canary, rollout, snapshot }: Scene): Text | undefined {
  const [service] = serviceRefs(rollout, canary);
  if (service === undefined || found(snapshot, service) === undefined)
    return say('gatewayApi.raiseNoService', { canary: canary.name });
  const pods = canary.workload && found(snapshot, canary.workload.ref);
  if (pods === undefined) return say('gatewayApi.raiseNoWorkload', { canary: canary.name });
  if ((countAt(pods, 'status', 'readyReplicas') ?? 0) > 0) return undefined;
  return say('gatewayApi.raiseNoPods', { canary: canary.name, workload: pods.meta.name });
}

/** By the track's id, for it names the namespace where that is another one. */
export function serviceRefs(rollout: Rollout, track: Track | undefined): readonly ObjectRef[] {
  if (track === undefined) return [];
  const [name = '', namespace = rollout.namespace, kind] = track.id.split('/').reverse();
  const isService =
    kind === undefined && (track.service !== undefined || namespace !== rollout.namespace);
  return isService ? [{ resource: services, namespace, name }] : [];
}

export function found(snapshot: ClusterSnapshot, ref: ObjectRef): KubeObject | undefined {
  return snapshot.get(resourceId(ref.resource), ref.namespace, ref.name);
}

export function refuse(kind: PlanError['kind'], text: Text): { ok: false; error: PlanError } {
  return err({ kind, text });
}

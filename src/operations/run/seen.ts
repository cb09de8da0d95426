import { createHash } from 'node:crypto';
import type { ClusterSnapshot } from '../../model/objects.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import type { SeenTarget } from '../../release/run.ts';

/** What of a rollout the engine looks at; uid and metrics come from elsewhere. */
export function seenOf(rollout: Rollout, routeUid: string): SeenTarget {
  const [stable, canary] = [trackOf(rollout, 'stable'), trackOf(rollout, 'canary')];
  const takesRequests = rollout.rules.some((rule) =>
    rule.destinations.some(({ trackId, weight }) => trackId === canary?.id && weight > 0),
  );
  return {
    kind: 'target',
    routeUid,
    position: positionOf(rollout),
    version: versionOf(rollout),
    ...(rollout.owner?.kind === 'controller' && { controller: rollout.owner.name }),
    canaryShare: rollout.canaryShare,
    takesRequests,
    ...(canary?.workload && { canaryReady: canary.workload.ready }),
    ...(stable?.workload && { stableReady: stable.workload.ready }),
    promotion: rollout.promotion,
  };
}

/**
 * Names where the split is: equal text means that nobody moved it. Of an update its batch and limits, of a split by pods the canary's (an
 * autoscaler may scale the stable version meanwhile), else every weight and condition of the route.
 */
export function positionOf({ update, rules, weights, tracks }: Rollout): string {
  if (update !== undefined) {
    const { batch, paused, maxSurge, maxUnavailable } = update;
    return digest(['update', batch, paused, maxSurge.value, maxUnavailable.value]);
  }
  const canary = tracks.find((track) => track.role === 'canary')?.id;
  const byPods = weights.kind === 'stops';
  return digest(
    rules.map(({ id, matches, destinations }) => [
      id,
      matches,
      destinations
        .filter(({ trackId }) => !byPods || trackId === canary)
        .map(({ trackId, weight }) => [trackId, weight]),
    ]),
  );
}

/** Names the version of the canary: equal text means the same pod template. */
export function versionOf(rollout: Rollout): string {
  const { workload } = trackOf(rollout, 'canary') ?? {};
  return workload === undefined ? '' : digest(workload.template);
}

/** Uid of the route; '' when it is not there. */
export function routeUidOf(snapshot: ClusterSnapshot, { route }: Rollout): string {
  const { group, plural } = route.resource;
  return snapshot.get(`${group}/${plural}`, route.namespace, route.name)?.meta.uid ?? '';
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

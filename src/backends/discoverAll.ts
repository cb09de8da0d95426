import type { ClusterSnapshot } from '../model/objects.ts';
import { refText } from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Discovery } from './backend.ts';
import { withOwners } from './owners.ts';
import { backends } from './registry.ts';

/**
 * What all back ends find, with owners. Where a route decides the split of some pods, their numbers do not: a rollout by
 * replicas gives way to one that splits the same workloads by a route.
 */
export function discoverAll(snapshot: ClusterSnapshot, namespace?: string): Discovery {
  const found = backends.map((backend) => ({
    backend,
    ...backend.discover(snapshot, namespace),
  }));
  const routed = new Set(
    found
      .filter(({ backend }) => backend.capabilities.weights === 'any')
      .flatMap(({ rollouts }) => rollouts.flatMap(workloadsOf)),
  );
  const rollouts = found.flatMap((discovery) =>
    discovery.backend.capabilities.weights === 'any'
      ? discovery.rollouts
      : discovery.rollouts.filter(
          (rollout) => !workloadsOf(rollout).some((key) => routed.has(key)),
        ),
  );
  return {
    rollouts: withOwners(snapshot, rollouts),
    problems: found.flatMap(({ problems }) => problems),
  };
}

function workloadsOf({ tracks }: Rollout): readonly string[] {
  return tracks.flatMap(({ workload }) => (workload === undefined ? [] : [refText(workload.ref)]));
}

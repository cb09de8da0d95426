import type { TrackQueries } from '../../model/metrics.ts';
import type { Rollout, Track } from '../../model/rollout.ts';
import { applicationQueries, generatedNames } from '../applicationQueries.ts';
import type { QuerySettings } from '../backend.ts';

/** Above it, the API server cuts the hash out of a pod's name (58 characters, less two dashes and a hash of ten). */
const longestName = 46;

/** Application metrics joined by the Deployment in a pod's name. */
export function queriesOf(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[] {
  return applicationQueries(rollout, settings, podNames);
}

function podNames({ workload }: Track): string | undefined {
  const name = workload?.ref.name;
  if (name === undefined || name.length > longestName) return undefined;
  return generatedNames(name, ['+', '{5}']);
}

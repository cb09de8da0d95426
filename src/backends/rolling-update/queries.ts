import type { TrackQueries } from '../../model/metrics.ts';
import type { Rollout, Track } from '../../model/rollout.ts';
import type { SampleSelectors } from '../../model/sampleSelectors.ts';
import { applicationQueries, applicationSamples } from '../applicationQueries.ts';
import type { QuerySettings } from '../backend.ts';
import { generatedNames } from '../podNames.ts';
import { hashLabel } from './types.ts';

/** Above it, the API server cuts what the name of a pod is generated from (kubernetes `names.SimpleNameGenerator`: 63 less 5). */
const longestName = 57;

/** Application metrics joined by the ReplicaSet in a pod's name. */
export function queriesOf(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[] {
  return applicationQueries(rollout, settings, podNames);
}

export function samplesOf(rollout: Rollout, settings: QuerySettings): SampleSelectors {
  return applicationSamples(rollout, settings, podNames);
}

/** None as long as a version has no pods: its name is then that of the Deployment. */
function podNames({ name, podLabels }: Track): string | undefined {
  const isSet = podLabels[hashLabel] !== undefined;
  return isSet && name.length <= longestName ? generatedNames(name, ['{5}']) : undefined;
}

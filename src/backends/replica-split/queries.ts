import type { TrackQueries } from '../../model/metrics.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { SampleSelectors } from '../../model/sampleSelectors.ts';
import { applicationQueries, applicationSamples } from '../applicationQueries.ts';
import type { QuerySettings } from '../backend.ts';
import { deploymentPods } from '../podNames.ts';

/** Application metrics joined by the Deployment in a pod's name. */
export function queriesOf(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[] {
  return applicationQueries(rollout, settings, deploymentPods);
}

export function samplesOf(rollout: Rollout, settings: QuerySettings): SampleSelectors {
  return applicationSamples(rollout, settings, deploymentPods);
}

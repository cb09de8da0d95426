import { literalPattern } from '../model/promql.ts';
import type { TrackEndpoints } from '../model/sampleSelectors.ts';
import type { Rollout, Track } from '../model/rollout.ts';

/** The alphabet of Kubernetes' `rand.SafeEncodeString`: no vowels, so that `shop-…` is not `shop-canary-…`. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';

/** Above it, the API server cuts the hash out of a pod's name (58 characters, less two dashes and a hash of ten). */
const longestName = 46;

/** Pattern of a name with generated parts after it; `endings` are how long each is, as a regular expression has it: `+`, `{5}`. */
export function generatedNames(name: string, endings: readonly string[]): string {
  const literal = name.replace(/[^\w-]/g, (one) => (one === '.' ? '[.]' : literalPattern(one)));
  return [literal, ...endings.map((count) => `${safe}${count}`)].join('-');
}

/** Pattern of the names of the pods of a track's Deployment; undefined where they cannot be told from those of others. */
export function deploymentPods({ workload }: Track): string | undefined {
  const name = workload?.ref.name;
  if (name === undefined || name.length > longestName) return undefined;
  return generatedNames(name, ['+', '{5}']);
}

/** Where the pods of a track are listed: told by their names, or by a Service that no other track has. */
export function endpointsOf(
  rollout: Rollout,
  track: Track,
  podNames: string | undefined,
): TrackEndpoints | undefined {
  const namespace = track.workload?.ref.namespace ?? rollout.namespace;
  if (podNames !== undefined)
    return { namespace, service: track.service ?? rollout.service, podNames };
  const { service } = track;
  const isOwn = rollout.tracks.every((other) => other === track || other.service !== service);
  return service !== undefined && isOwn ? { namespace, service } : undefined;
}

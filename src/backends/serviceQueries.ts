import { deployments } from '../model/kinds.ts';
import type { MetricName, TrackQueries } from '../model/metrics.ts';
import type { Rollout, Track } from '../model/rollout.ts';
import type { QuerySettings } from './backend.ts';
import { backends } from './registry.ts';

/** A Service with one workload and no canary. */
export interface PlainService {
  readonly namespace: string;
  readonly service: string;
  readonly deployment: string;
}

const metricNames: readonly MetricName[] = ['successRatio', 'p50Ms', 'p99Ms', 'requestsPerSecond'];

/**
 * Queries for a service without a canary: whatever data plane serves it, so those of every back end, the first one that answers. All
 * of them aggregate to one series without labels, hence PromQL's `or` leaves at most one.
 */
export function serviceQueries(
  plain: PlainService,
  settings: QuerySettings,
): { readonly tracks: readonly Track[]; readonly queries: readonly TrackQueries[] } {
  const track = trackOfWorkload(plain);
  const candidates = backends.flatMap((backend) =>
    backend.queries(pseudoRollout(backend.id, plain, track), settings),
  );
  const combine = (metric: MetricName): string =>
    [...new Set(candidates.map((c) => c.queries[metric]))].map((q) => `(${q})`).join(' or ');
  const queries = Object.fromEntries(metricNames.map((m) => [m, combine(m)])) as Record<
    MetricName,
    string
  >;
  return {
    tracks: [track],
    queries: candidates.length > 0 ? [{ trackId: track.id, queries }] : [],
  };
}

function trackOfWorkload({ namespace, service, deployment }: PlainService): Track {
  const ref = { resource: deployments, namespace, name: deployment };
  return {
    id: deployment,
    role: 'stable',
    name: deployment,
    service,
    podLabels: {},
    workload: { ref, replicas: 0, ready: 0, image: '', template: null, settled: true },
  };
}

function pseudoRollout(backend: string, plain: PlainService, track: Track): Rollout {
  const ref = { resource: deployments, namespace: plain.namespace, name: plain.deployment };
  return {
    id: plain.service,
    backend,
    namespace: plain.namespace,
    service: plain.service,
    route: ref,
    tracks: [track],
    rules: [],
    canaryShare: 0,
    weights: { kind: 'any' },
    promotion: { style: 'swap' },
    problems: [],
  };
}

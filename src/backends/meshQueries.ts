import type { TrackQueries } from '../model/metrics.ts';
import { selectorText, type LabelMatcher } from '../model/promql.ts';
import type { Rollout, Track } from '../model/rollout.ts';
import type { SampleSelectors } from '../model/sampleSelectors.ts';
import type { QuerySettings } from './backend.ts';
import { deploymentPods, endpointsOf } from './podNames.ts';

/**
 * Queries on the standard metrics of Istio's proxies, which also serve Gateway API routes. One reporter only, or every request counts twice.
 * Source: https://istio.io/latest/docs/reference/config/metrics/ (1.31) and handbook/backends.md 5.9, 19.4.
 */
export function meshQueries(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[] {
  const reporter = reporterOf(settings);
  return toldApart(rollout).map(({ track, labels }) => ({
    trackId: track.id,
    queries: queriesOf(selectorText([reporter, ...labels])),
  }));
}

/** The same metrics, raw. Beside the pod that answers only the reporter `destination` runs: others name the pod that asked, or none. */
export function meshSamples(rollout: Rollout, settings: QuerySettings): SampleSelectors {
  const isBesidePod = settings.reporter === 'destination';
  return {
    sources: [
      {
        counter: 'istio_requests_total',
        histogram: 'istio_request_duration_milliseconds',
        unit: 'milliseconds',
        statusLabels: ['response_code'],
        failed: failures,
        podLabels: isBesidePod ? ['pod', 'kubernetes_pod_name', 'pod_name'] : [],
      },
    ],
    labels: [reporterOf(settings)],
    tracks: toldApart(rollout).map(({ track, labels }) => {
      const endpoints = endpointsOf(rollout, track, deploymentPods(track));
      return { trackId: track.id, labels, ...(endpoints && { endpoints }) };
    }),
  };
}

function reporterOf({ reporter }: QuerySettings): LabelMatcher {
  return { label: 'reporter', op: '=', value: reporter };
}

interface Told {
  readonly track: Track;
  readonly labels: readonly LabelMatcher[];
}

/** Tracks that the metrics cannot tell apart are left out: a number of both would be read as a number of one. */
function toldApart(rollout: Rollout): readonly Told[] {
  const all = rollout.tracks.flatMap((track) => {
    const labels = labelsOf(rollout, track);
    return labels === undefined ? [] : [{ track, labels }];
  });
  const timesOf = (selector: string): number =>
    all.filter(({ labels }) => selectorText(labels) === selector).length;
  return all.filter(({ labels }) => timesOf(selectorText(labels)) === 1);
}

function labelsOf(rollout: Rollout, track: Track): readonly LabelMatcher[] | undefined {
  if (track.workload !== undefined) {
    const { namespace, name } = track.workload.ref;
    return [
      { label: 'destination_workload', op: '=', value: name },
      { label: 'destination_workload_namespace', op: '=', value: namespace },
    ];
  }
  if (track.service === undefined) return undefined;
  const version = track.podLabels['version'];
  return [
    { label: 'destination_service_name', op: '=', value: track.service },
    { label: 'destination_service_namespace', op: '=', value: rollout.namespace },
    ...(version === undefined
      ? []
      : [{ label: 'destination_version', op: '=', value: version } as const]),
  ];
}

/**
 * gRPC says with HTTP 200 that it failed. Those that are the server's fault, as OpenTelemetry's conventions for RPC have it: unknown,
 * deadline exceeded, unimplemented, internal, unavailable, data loss.
 */
const failures: readonly LabelMatcher[] = [
  { label: 'response_code', op: '=~', value: '5..' },
  { label: 'grpc_response_status', op: '=~', value: '2|4|12|13|14|15' },
];

function queriesOf(selector: string): TrackQueries['queries'] {
  const rate = (more = ''): string =>
    `sum(rate(istio_requests_total{${selector}${more}}[$window]))`;
  const failed = failures.map(
    (matcher) => `rate(istio_requests_total{${selector},${selectorText([matcher])}}[$window])`,
  );
  const quantile = (q: number): string =>
    `histogram_quantile(${String(q)}, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${selector}}[$window])))`;
  return {
    requestsPerSecond: rate(),
    successRatio: `1 - (sum(${failed.join(' or ')}) or vector(0)) / (${rate()} > 0)`,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

import type { TrackQueries } from '../model/metrics.ts';
import type { Rollout, Track } from '../model/rollout.ts';
import type { QuerySettings } from './backend.ts';

/**
 * Queries on the standard metrics of Istio's proxies, which also serve Gateway API routes. One reporter only, or every request counts twice.
 * Source: https://istio.io/latest/docs/reference/config/metrics/ (1.31) and handbook/backends.md 5.9, 19.4.
 */
export function meshQueries(rollout: Rollout, settings: QuerySettings): readonly TrackQueries[] {
  const selectors = rollout.tracks.map((track) => ({
    track,
    selector: selectorOf(rollout, track),
  }));
  return selectors.flatMap(({ track, selector }) =>
    selector === undefined || isShared(selector, selectors)
      ? []
      : [
          {
            trackId: track.id,
            queries: queriesOf(`reporter=${quoted(settings.reporter)},${selector}`),
          },
        ],
  );
}

/** Tracks that the metrics cannot tell apart are left out: a number of both would be read as a number of one. */
function isShared(
  selector: string,
  all: readonly { readonly selector: string | undefined }[],
): boolean {
  return all.filter((other) => other.selector === selector).length > 1;
}

function selectorOf(rollout: Rollout, track: Track): string | undefined {
  if (track.workload !== undefined) {
    const { namespace, name } = track.workload.ref;
    return `destination_workload=${quoted(name)},destination_workload_namespace=${quoted(namespace)}`;
  }
  if (track.service === undefined) return undefined;
  const service = `destination_service_name=${quoted(track.service)},destination_service_namespace=${quoted(rollout.namespace)}`;
  const version = track.podLabels['version'];
  return version === undefined ? service : `${service},destination_version=${quoted(version)}`;
}

/**
 * gRPC says with HTTP 200 that it failed. Those that are the server's fault, as OpenTelemetry's conventions for RPC have it: unknown,
 * deadline exceeded, unimplemented, internal, unavailable, data loss.
 */
const grpcFaults = '2|4|12|13|14|15';

function queriesOf(selector: string): TrackQueries['queries'] {
  const rate = (more = ''): string =>
    `sum(rate(istio_requests_total{${selector}${more}}[$window]))`;
  const failures = [`response_code=~"5.."`, `grpc_response_status=~"${grpcFaults}"`].map(
    (failed) => `rate(istio_requests_total{${selector},${failed}}[$window])`,
  );
  const quantile = (q: number): string =>
    `histogram_quantile(${String(q)}, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${selector}}[$window])))`;
  return {
    requestsPerSecond: rate(),
    successRatio: `1 - (sum(${failures.join(' or ')}) or vector(0)) / (${rate()} > 0)`,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

/** A PromQL string literal. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

import { createCounter, createHistogram, type Labels } from './exposition.ts';
import type { Pod } from './objects.ts';
import type { ServiceName } from './routing.ts';
import { fullHostOf } from './services.ts';
import { type Identity, identityOf } from './workload.ts';

/** One request, as the proxies at both ends saw it. */
export interface MeshRequest {
  readonly source: { readonly workload: string; readonly namespace: string };
  readonly service: ServiceName | undefined;
  /** `undefined` when the request never reached a pod; then only the source has seen it. */
  readonly pod: Pod | undefined;
  readonly protocol: 'http' | 'grpc';
  readonly status: number;
  /** Empty unless gRPC. */
  readonly grpcStatus: string;
  /** Envoy's short code, `-` for none. */
  readonly flags: string;
  readonly durationMs: number;
}

/** Istio's standard metrics: https://istio.io/latest/docs/reference/config/metrics/ */
export interface MeshMetrics {
  readonly record: (request: MeshRequest) => void;
  readonly forgetPod: (pod: Pod) => void;
  readonly text: () => string;
}

/** Milliseconds: the buckets that Istio's proxies have unless told otherwise. */
const BUCKETS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
  600_000, 1_800_000, 3_600_000,
];

const UNKNOWN: Identity = {
  app: 'unknown',
  version: 'unknown',
  canonicalService: 'unknown',
  canonicalRevision: 'latest',
  workload: 'unknown',
  namespace: 'unknown',
};

export function createMeshMetrics(): MeshMetrics {
  const requests = createCounter('istio_requests_total', 'requests_total');
  const durations = createHistogram(
    'istio_request_duration_milliseconds',
    'request_duration_milliseconds',
    BUCKETS_MS,
  );
  const record = (labels: Labels, durationMs: number): void => {
    requests.increment(labels);
    durations.observe(labels, durationMs);
  };
  return {
    record: (request) => {
      const labels = labelsOf(request);
      record({ reporter: 'source', ...labels }, request.durationMs);
      if (request.pod === undefined) return;
      // As a scrape of the pod's own sidecar adds them.
      const { name, namespace = '' } = request.pod.metadata;
      record({ reporter: 'destination', ...labels, namespace, pod: name }, request.durationMs);
    },
    forgetPod: ({ metadata }) => {
      requests.forget('pod', metadata.name);
      durations.forget('pod', metadata.name);
    },
    text: () => requests.text() + durations.text(),
  };
}

function labelsOf(request: MeshRequest): Labels {
  const destination = request.pod === undefined ? UNKNOWN : identityOf(request.pod);
  const { service, source } = request;
  return {
    source_workload: source.workload,
    source_workload_namespace: source.namespace,
    source_app: source.workload,
    source_canonical_service: source.workload,
    source_canonical_revision: 'latest',
    destination_app: destination.app,
    destination_version: destination.version,
    destination_workload: destination.workload,
    destination_workload_namespace: destination.namespace,
    destination_canonical_service: destination.canonicalService,
    destination_canonical_revision: destination.canonicalRevision,
    destination_service: service === undefined ? 'unknown' : fullHostOf(service),
    destination_service_name: service?.name ?? 'unknown',
    destination_service_namespace: service?.namespace ?? 'unknown',
    request_protocol: request.protocol,
    response_code: String(request.status),
    grpc_response_status: request.grpcStatus,
    response_flags: request.flags,
    connection_security_policy: request.pod === undefined ? 'unknown' : 'mutual_tls',
  };
}

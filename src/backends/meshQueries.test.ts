import { expect, test } from 'vitest';
import { deployments } from '../model/kinds.ts';
import type { Rollout, Track } from '../model/rollout.ts';
import { meshQueries } from './meshQueries.ts';

function track(id: string, deployment: string | undefined, more: Partial<Track> = {}): Track {
  const track: Track = { id, role: 'other', name: id, service: id, podLabels: {}, ...more };
  if (deployment === undefined) return track;
  const ref = { resource: deployments, namespace: 'shop', name: deployment };
  const workload = { ref, replicas: 1, ready: 1, image: '', template: null, settled: true };
  return { ...track, workload };
}

function queries(
  tracks: readonly Track[],
  reporter: 'destination' | 'source' = 'destination',
): ReturnType<typeof meshQueries> {
  const rollout: Rollout = {
    id: 'shop/shop@x',
    backend: 'x',
    namespace: 'shop',
    service: 'shop',
    route: { resource: deployments, namespace: 'shop', name: 'shop' },
    tracks,
    rules: [],
    canaryShare: 0,
    weights: { kind: 'any' },
    promotion: { style: 'swap' },
    problems: [],
  };
  return meshQueries(rollout, { reporter, applicationMetrics: 'auto' });
}

test('a track with a workload is told by it, one without by its Service', () => {
  const [a, b] = queries([track('a', 'a-v1'), track('b', undefined)]);
  expect(a?.queries.requestsPerSecond).toBe(
    'sum(rate(istio_requests_total{reporter="destination",destination_workload="a-v1",destination_workload_namespace="shop"}[$window]))',
  );
  expect(b?.queries.requestsPerSecond).toBe(
    'sum(rate(istio_requests_total{reporter="destination",destination_service_name="b",destination_service_namespace="shop"}[$window]))',
  );
});

test('every query asks one reporter, and success divides by more than nothing', () => {
  const [a] = queries([track('a', 'a-v1')], 'source');
  for (const query of Object.values(a?.queries ?? {})) {
    const series = query.match(/istio_\w+\{/g) ?? [];
    expect(query.match(/reporter="source"/g)).toHaveLength(series.length);
  }
  expect(a?.queries.successRatio).toMatch(/ \/ \(sum\(rate\(.*\)\) > 0\)$/);
});

test('failures are server errors of HTTP, and of gRPC, which come with HTTP 200', () => {
  const [a] = queries([track('a', 'a-v1')]);
  expect(a?.queries.successRatio).toContain('response_code=~"5.."');
  expect(a?.queries.successRatio).toContain('grpc_response_status=~"2|4|12|13|14|15"');
});

test('tracks of one workload are left out, for a number of both would be read as one of one', () => {
  expect(
    queries([track('a', 'same'), track('b', 'same'), track('c', 'own')]).map((q) => q.trackId),
  ).toEqual(['c']);
});

test('names are quoted as PromQL strings', () => {
  const [a] = queries([track('a"b\\c\n', undefined)]);
  expect(a?.queries.requestsPerSecond).toContain('destination_service_name="a\\"b\\\\c\\n"');
});

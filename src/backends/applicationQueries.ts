import type { MetricName, TrackQueries } from '../model/metrics.ts';
import { selectorText, type LabelMatcher } from '../model/promql.ts';
import type { Rollout, Track } from '../model/rollout.ts';
import type { SampleSelectors } from '../model/sampleSelectors.ts';
import type { QuerySettings } from './backend.ts';
import { endpointsOf } from './podNames.ts';

/** Names of an application's own HTTP metrics, with the labels that may hold the status of a response. */
interface Preset {
  readonly name: string;
  readonly counter: string;
  /** Histogram in seconds. */
  readonly buckets: string;
  readonly statusLabels: readonly string[];
}

/**
 * In the order in which `auto` tries them: the most specific names first. Sources: Micrometer's `http.server.requests` as
 * Prometheus names it, the usual names of the Prometheus client libraries, OpenTelemetry's HTTP semantic conventions 1.23+.
 */
const presets: readonly Preset[] = [
  {
    name: 'micrometer',
    counter: 'http_server_requests_seconds_count',
    buckets: 'http_server_requests_seconds_bucket',
    statusLabels: ['status'],
  },
  {
    name: 'opentelemetry',
    counter: 'http_server_request_duration_seconds_count',
    buckets: 'http_server_request_duration_seconds_bucket',
    statusLabels: ['http_response_status_code'],
  },
  {
    name: 'prometheus-client',
    counter: 'http_requests_total',
    buckets: 'http_request_duration_seconds_bucket',
    statusLabels: ['code', 'status', 'status_code'],
  },
];

/** Names of the presets, for the setting. */
export const presetNames: readonly string[] = presets.map(({ name }) => name);

/**
 * Application metrics joined by pod. Tracks whose pods cannot be told by name (`podNames` gives a pattern, or nothing) are left out; an
 * unknown preset gives none.
 */
export function applicationQueries(
  rollout: Rollout,
  settings: QuerySettings,
  podNames: (track: Track) => string | undefined,
): readonly TrackQueries[] {
  const chosen = chosenPresets(settings);
  if (chosen.length === 0) return [];
  return rollout.tracks.flatMap((track) => {
    const names = podNames(track);
    if (names === undefined) return [];
    const pods = selectorText(labelsOf(rollout, names));
    return [{ trackId: track.id, queries: queriesFor(chosen, pods) }];
  });
}

/** The same metrics, raw. */
export function applicationSamples(
  rollout: Rollout,
  settings: QuerySettings,
  podNames: (track: Track) => string | undefined,
): SampleSelectors {
  return {
    sources: chosenPresets(settings).map(({ counter, buckets, statusLabels }) => ({
      counter,
      histogram: buckets.replace(/_bucket$/, ''),
      unit: 'seconds',
      statusLabels,
      failed: statusLabels.map((label) => ({ label, op: '=~', value: '5..' })),
      podLabels: ['pod'],
    })),
    labels: [],
    tracks: rollout.tracks.flatMap((track) => {
      const names = podNames(track);
      if (names === undefined) return [];
      const endpoints = endpointsOf(rollout, track, names);
      const labels = labelsOf(rollout, names);
      return [{ trackId: track.id, labels, ...(endpoints && { endpoints }) }];
    }),
  };
}

function chosenPresets({ applicationMetrics: wanted }: QuerySettings): readonly Preset[] {
  return presets.filter(({ name }) => wanted === 'auto' || wanted === name);
}

function labelsOf({ namespace }: Rollout, podNames: string): readonly LabelMatcher[] {
  return [
    { label: 'namespace', op: '=', value: namespace },
    { label: 'pod', op: '=~', value: podNames },
  ];
}

function queriesFor(chosen: readonly Preset[], pods: string): Readonly<Record<MetricName, string>> {
  const firstOf = (query: (preset: Preset) => string): string =>
    chosen.map((preset) => `(${query(preset)})`).join(' or ');
  return {
    successRatio: firstOf((preset) => successRatio(preset, pods)),
    p50Ms: firstOf((preset) => quantileMs(preset, pods, 0.5)),
    p99Ms: firstOf((preset) => quantileMs(preset, pods, 0.99)),
    requestsPerSecond: firstOf(({ counter }) => `sum(rate(${counter}{${pods}}[$window]))`),
  };
}

/**
 * Counts only requests whose status is known: a series without a status label is no success. `sum` takes all labels away,
 * so each part is one series and `or` keeps the first that has one.
 */
function successRatio({ counter, statusLabels }: Preset, pods: string): string {
  const rates = (condition: string): string =>
    statusLabels
      .map((label) => `rate(${counter}{${pods},${label}${condition}}[$window])`)
      .join(' or ');
  return `1 - (sum(${rates('=~"5.."')}) or vector(0)) / (sum(${rates('!=""')}) > 0)`;
}

function quantileMs({ buckets }: Preset, pods: string, quantile: number): string {
  return `1000 * histogram_quantile(${String(quantile)}, sum by (le) (rate(${buckets}{${pods}}[$window])))`;
}

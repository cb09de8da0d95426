import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { MetricName, Series, TrackSeries } from '../../model/metrics.ts';
import type { Rollout, Track } from '../../model/rollout.ts';
import type { ChartView, MetricsView } from '../../protocol/messages.ts';
import type { HistoryEntry } from '../history.ts';
import { say } from './panel.l10n.ts';

/** What the metrics of one panel amount to. `shares` is measured share by track id. */
export interface MeasuredTracks {
  readonly series: readonly TrackSeries[];
  readonly shares: Readonly<Record<string, Series>>;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly source: Text;
  readonly publicUrl?: string;
}

export interface MetricsInput {
  readonly minutes: MetricsView['minutes'];
  readonly tracks: readonly Track[];
  readonly rollout?: Rollout;
  readonly history: readonly HistoryEntry[];
  readonly grafana: boolean;
}

const charts: readonly (readonly [id: ChartView['id'], metric: MetricName])[] = [
  ['success', 'successRatio'],
  ['latency', 'p99Ms'],
  ['requests', 'requestsPerSecond'],
];

/** The four charts with their current values, the marks and the facts. Pure. */
export function metricsView(
  measured: MeasuredTracks,
  input: MetricsInput,
  render: (text: Text) => string,
): MetricsView {
  const views = charts.map((chart) => chartOf(chart, measured, input, render));
  if (input.rollout !== undefined) views.push(shareChart(measured, input, render));
  return {
    minutes: input.minutes,
    startSeconds: measured.startSeconds,
    endSeconds: measured.endSeconds,
    charts: views,
    marks: marksOf(input.history, measured.startSeconds, render),
    facts: factsOf(views, input).map(render).join(' '),
    source: render(measured.source),
    tried: [],
    canOpenPrometheus: measured.publicUrl !== undefined,
    canOpenGrafana: input.grafana,
  };
}

/** Without a Prometheus, or before the first answer: the charts' place says what was tried. */
export function emptyMetricsView(
  input: MetricsInput & { readonly nowSeconds: number; readonly tried: readonly string[] },
): MetricsView {
  return {
    minutes: input.minutes,
    startSeconds: input.nowSeconds - input.minutes * 60,
    endSeconds: input.nowSeconds,
    charts: [],
    marks: [],
    facts: '',
    source: '',
    tried: [...input.tried],
    canOpenPrometheus: false,
    canOpenGrafana: input.grafana,
  };
}

function chartOf(
  [id, metric]: (typeof charts)[number],
  measured: MeasuredTracks,
  input: MetricsInput,
  render: (text: Text) => string,
): ChartView {
  const linesOf = (name: MetricName): ChartView['lines'] =>
    input.tracks.flatMap((track) => {
      const found = measured.series.find((s) => s.trackId === track.id && s.metric === name);
      if (found === undefined) return [];
      return [
        {
          trackId: track.id,
          role: track.role,
          points: found.series.points.map(([at, value]): [number, number | null] => [at, value]),
          current:
            found.reading.kind === 'value' ? valueText(name, found.reading.value, render) : '',
        },
      ];
    });
  const lines = linesOf(metric);
  const hasPoints = lines.some((line) => line.points.length > 0);
  return {
    id,
    lines,
    secondary: metric === 'p99Ms' ? linesOf('p50Ms') : [],
    empty: hasPoints ? '' : render(whyEmpty(metric, measured, input)),
  };
}

function whyEmpty(metric: MetricName, measured: MeasuredTracks, input: MetricsInput): Text {
  const [track] = input.tracks;
  if (track === undefined || measured.series.length === 0) return say('panel.noMetrics');
  const reason = measured.series.find((s) => s.metric === metric && s.why !== undefined)?.why;
  return reason ?? say('panel.noRequestsTo', { track: track.name, minutes: input.minutes });
}

function shareChart(
  measured: MeasuredTracks,
  input: MetricsInput,
  render: (text: Text) => string,
): ChartView {
  const canary = input.tracks.find((track) => track.role === 'canary');
  const points = canary ? (measured.shares[canary.id]?.points ?? []) : [];
  const last = points.findLast(([, value]) => value !== null)?.[1];
  return {
    id: 'share',
    lines: canary
      ? [
          {
            trackId: canary.id,
            role: 'canary',
            points: points.map(([at, value]): [number, number | null] => [at, value]),
            current:
              last === undefined || last === null ? '' : percent((last * 100).toFixed(1), render),
          },
        ]
      : [],
    secondary: [],
    empty: points.length > 0 ? '' : render(whyEmpty('requestsPerSecond', measured, input)),
    ...(input.rollout && { asked: input.rollout.canaryShare }),
  };
}

function percent(n: string, render: (text: Text) => string): string {
  return render(say('panel.percentage', { n }));
}

function valueText(metric: MetricName, value: number, render: (text: Text) => string): string {
  switch (metric) {
    case 'successRatio':
      return percent((value * 100).toFixed(2), render);
    case 'requestsPerSecond':
      return value < 10 ? value.toFixed(1) : String(Math.round(value));
    case 'p50Ms':
    case 'p99Ms':
      return value < 1000 ? `${String(Math.round(value))} ms` : `${(value / 1000).toFixed(2)} s`;
  }
}

/** The numbers side by side, or none where one of them is missing: the charts say why. Judging them is not done here. */
function factsOf(views: readonly ChartView[], input: MetricsInput): readonly Text[] {
  const current = (id: ChartView['id'], role: Track['role']): string =>
    views.find((view) => view.id === id)?.lines.find((line) => line.role === role)?.current ?? '';
  const [stable, stableP99] = [current('success', 'stable'), current('latency', 'stable')];
  if (stable === '' || stableP99 === '') return [];
  if (input.rollout === undefined)
    return [say('panel.factsOne', { value: stable, p99: stableP99 })];
  const [canary, canaryP99] = [current('success', 'canary'), current('latency', 'canary')];
  if (canary === '' || canaryP99 === '') return [];
  return [say('panel.facts', { canary, stable, canaryP99, stableP99 })];
}

/** When a weight was written, with the share that was asked for. Ascending. */
function marksOf(
  history: readonly HistoryEntry[],
  startSeconds: number,
  render: (text: Text) => string,
): MetricsView['marks'] {
  return history
    .filter((entry) => entry.outcome === 'written' && entry.changes.achieved !== undefined)
    .map((entry) => ({
      atSeconds: entry.atMs / 1000,
      label: percent(percentText(entry.changes.achieved ?? 0), render),
    }))
    .filter((mark) => mark.atSeconds >= startSeconds)
    .reverse();
}

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ChartView, MetricsView } from '../../src/protocol/messages.ts';
import type { Hover } from '../charts/board.ts';
import { clock, valueText } from '../format.ts';
import { trackClass, trackLabel, type View } from '../view.ts';

type Line = ChartView['lines'][number];

/** Rows of a table at most: enough to follow a line, few enough to be read aloud. */
const maxRows = 16;

/** The same numbers as the chart, for those who cannot see it; newest first, thinned evenly. */
export function chartTable(view: View, metrics: MetricsView, chart: ChartView): TemplateResult {
  const moments = thinned(momentsOf(chart));
  return html`<div class="plot table" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${view.say('panel.chart.time')}</th>
          ${chart.lines.map(
            (line) =>
              html`<th scope="col">${trackLabel(view, { id: line.trackId, role: line.role })}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${moments.map((seconds) => tableRow(view, metrics, chart, seconds))}
      </tbody>
    </table>
  </div>`;
}

function tableRow(
  view: View,
  metrics: MetricsView,
  chart: ChartView,
  seconds: number,
): TemplateResult {
  const precision = metrics.minutes <= 15 ? 'second' : 'minute';
  return html`<tr>
    <th scope="row">${clock(seconds * 1000, view.snapshot.locale, precision)}</th>
    ${chart.lines.map((line) => html`<td>${valueAt(view, chart, line, seconds)}</td>`)}
  </tr>`;
}

/** What stands beside the crosshair: the time, each track's value, and the second line (p50) where there is one. */
export function tooltip(view: View, { chart, seconds }: Hover): TemplateResult {
  const mark = view.state.metrics?.marks.find((one) => Math.abs(one.atSeconds - seconds) < 15);
  return html`<span class="when">${clock(seconds * 1000, view.snapshot.locale, 'second')}</span>
    ${chart.lines.map((line, index) => {
      const second = chart.secondary[index];
      return html`<span
        class="of ${trackClass(view.snapshot, { id: line.trackId, role: line.role })}"
        >${trackLabel(view, { id: line.trackId, role: line.role })}
        <b>${valueAt(view, chart, line, seconds)}</b>${
          second === undefined
            ? nothing
            : html` <span class="second"
                >${view.say('panel.chart.p50')} ${valueAt(view, chart, second, seconds)}</span
              >`
        }</span
      >`;
    })}
    ${
      mark === undefined
        ? nothing
        : html`<span>${view.say('panel.chart.weightMark', { label: mark.label })}</span>`
    }`;
}

function valueAt(view: View, chart: ChartView, line: Line, seconds: number): string {
  const value = line.points.find(([at]) => at === seconds)?.[1];
  return value === null || value === undefined
    ? view.say('panel.chart.missing')
    : valueText(chart.id, value, view.snapshot.locale);
}

function momentsOf(chart: ChartView): readonly number[] {
  const moments = new Set(chart.lines.flatMap((line) => line.points.map(([at]) => at)));
  return [...moments].sort((a, b) => b - a);
}

function thinned(moments: readonly number[]): readonly number[] {
  const stride = Math.max(1, Math.ceil(moments.length / maxRows));
  return moments.filter((_, index) => index % stride === 0);
}

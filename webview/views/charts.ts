import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { percentText } from '../../src/base/share.ts';
import { rangeMinutes, type ChartView, type MetricsView } from '../../src/protocol/messages.ts';
import { icon } from '../ui/icons.ts';
import { button, checkbox } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import { trackClass, trackLabel, type View } from '../view.ts';
import { chartTable } from './chartTable.ts';

const rangeWords = {
  15: 'panel.range.15',
  60: 'panel.range.60',
  360: 'panel.range.360',
} as const;

/** Canary against stable: four charts under one range switch, or what was tried when no Prometheus answers. */
export function chartsSection(view: View): TemplateResult {
  const { metrics, minutes } = view.state;
  const isWaiting = metrics !== undefined && metrics.minutes !== minutes;
  return html`<section
    class="charts ${isWaiting ? 'is-waiting' : ''}"
    aria-busy=${String(isWaiting)}
  >
    ${heading(view)}
    ${
      metrics === undefined
        ? html`<p class="hint">${view.say('panel.metricsLoading')}</p>`
        : body(view, metrics)
    }
  </section>`;
}

function body(view: View, metrics: MetricsView): TemplateResult {
  if (metrics.charts.length === 0) return noPrometheus(view, metrics);
  return html`<div class="grid">
      ${repeat(
        metrics.charts,
        (chart) => chart.id,
        (chart) => figure(view, metrics, chart),
      )}
    </div>
    ${footer(view, metrics)}`;
}

function heading(view: View): TemplateResult {
  const { say, state, snapshot } = view;
  const hasCharts = (state.metrics?.charts.length ?? 0) > 0;
  return html`<div class="heading">
    <h2>${say(snapshot.mode === 'service' ? 'panel.chartsService' : 'panel.charts')}</h2>
    ${
      hasCharts
        ? html`${snapshot.mode === 'rollout' ? legend(view) : nothing}
            <div class="switches">${tableSwitch(view)} ${rangeSwitch(view)}</div>`
        : nothing
    }
  </div>`;
}

/** Names the lines once for all charts, drawn as they are drawn there. */
function legend(view: View): TemplateResult {
  const lines = view.state.metrics?.charts.flatMap((chart) => chart.lines) ?? [];
  const known = new Map(lines.map((line) => [line.trackId, line]));
  return html`<ul class="legend">
    ${[...known.values()].map(
      (line) =>
        html`<li class=${trackClass(view.snapshot, { id: line.trackId, role: line.role })}>
          <span class="sample" aria-hidden="true"></span
          >${trackLabel(view, { id: line.trackId, role: line.role })}
        </li>`,
    )}
  </ul>`;
}

function tableSwitch(view: View): TemplateResult {
  return checkbox({
    label: view.say('panel.asTable'),
    checked: view.state.asTable,
    name: 'table',
    onChange: (on) => {
      view.dispatch({ type: 'table', on });
    },
  });
}

function rangeSwitch(view: View): TemplateResult {
  return html`<div class="segments" role="radiogroup" aria-label=${view.say('panel.range')}>
    ${rangeMinutes.map(
      (minutes) =>
        html`<label>
          <input
            type="radio"
            name="range"
            class="sr-only"
            value=${String(minutes)}
            .checked=${view.state.minutes === minutes}
            @change=${() => {
              view.dispatch({ type: 'range', minutes });
              view.post({ type: 'setRange', minutes });
            }}
          /><span>${view.say(rangeWords[minutes])}</span>
        </label>`,
    )}
  </div>`;
}

function figure(view: View, metrics: MetricsView, chart: ChartView): TemplateResult {
  const title = view.say(`panel.chart.${chart.id}`);
  return html`<figure class="chart" data-chart=${chart.id}>
    <figcaption>
      <span class="title">${title} ${openButton(view, metrics, chart, title)}</span>
      <span class="values">${currentValues(view, chart)}</span>
    </figcaption>
    ${picture(view, metrics, chart, title)}
  </figure>`;
}

function picture(
  view: View,
  metrics: MetricsView,
  chart: ChartView,
  title: string,
): TemplateResult {
  if (chart.empty !== '')
    return html`<p class="plot empty"><span>${richText(chart.empty)}</span></p>`;
  if (view.state.asTable) return chartTable(view, metrics, chart);
  return html`<div class="plot">
    <canvas
      role="img"
      tabindex="0"
      aria-label=${sentence(view, chart, title)}
      ${ref(view.board.canvasRef(chart.id))}
      @pointermove=${(event: PointerEvent) => {
        view.board.pointAt(chart.id, event.offsetX);
      }}
      @pointerleave=${() => {
        view.board.leave();
      }}
      @blur=${() => {
        view.board.leave();
      }}
      @keydown=${(event: KeyboardEvent) => {
        onChartKey(view, chart, event);
      }}
    ></canvas>
    <div class="crosshair" hidden></div>
    <div class="tooltip" role="status" hidden></div>
  </div>`;
}

function onChartKey(view: View, chart: ChartView, event: KeyboardEvent): void {
  const step = event.shiftKey ? 10 : 1;
  if (event.key === 'ArrowLeft') view.board.step(chart.id, -step);
  else if (event.key === 'ArrowRight') view.board.step(chart.id, step);
  else if (event.key === 'Escape') view.board.leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Canary first, as in the bar; with the track's name for those who do not see its colour. */
function currentValues(view: View, chart: ChartView): TemplateResult {
  const lines = [...chart.lines].sort((a, b) => rank(a.role) - rank(b.role));
  const asked = chart.asked === undefined ? '' : percentText(chart.asked);
  return html`${lines.map(
    (line) =>
      html`<span class=${trackClass(view.snapshot, { id: line.trackId, role: line.role })}>
        <span class="sr-only">${trackLabel(view, { id: line.trackId, role: line.role })} </span
        >${line.current === '' ? '–' : line.current}</span
      > `,
  )}${
    asked === ''
      ? nothing
      : html`<span class="asked">${view.say('panel.chart.asked', { n: asked })}</span>`
  }`;
}

function rank(role: ChartView['lines'][number]['role']): number {
  return role === 'canary' ? 0 : role === 'stable' ? 1 : 2;
}

function sentence(view: View, chart: ChartView, title: string): string {
  const { say, state } = view;
  const values = chart.lines.map((line) =>
    say('panel.chart.value', {
      name: trackLabel(view, { id: line.trackId, role: line.role }),
      value: line.current === '' ? say('panel.chart.missing') : line.current,
    }),
  );
  const range = say(rangeWords[state.metrics?.minutes ?? state.minutes]);
  return say('panel.chart.sentence', { title, values: values.join(', '), range });
}

function openButton(
  view: View,
  metrics: MetricsView,
  chart: ChartView,
  title: string,
): TemplateResult | typeof nothing {
  if (!metrics.canOpenPrometheus) return nothing;
  const label = view.say('panel.chart.openPrometheus', { title });
  return html`<button
    class="link open"
    data-action="openInPrometheus"
    title=${label}
    aria-label=${label}
    @click=${() => {
      view.post({ type: 'openInPrometheus', chart: chart.id });
    }}
  >
    ${icon('open')}
  </button>`;
}

function footer(view: View, metrics: MetricsView): TemplateResult {
  return html`<p class="source">
    ${
      metrics.source === ''
        ? nothing
        : html`<span>${view.say('panel.source', { source: metrics.source })}</span>`
    }
    ${
      metrics.canOpenGrafana
        ? html`<button
            class="link"
            data-action="openInGrafana"
            @click=${() => {
              view.post({ type: 'openInGrafana' });
            }}
          >
            ${view.say('panel.openGrafana')}
          </button>`
        : nothing
    }
  </p>`;
}

function noPrometheus(view: View, metrics: MetricsView): TemplateResult {
  const { say } = view;
  return html`<div class="no-prometheus">
    <p>${say('panel.noPrometheus')}</p>
    ${
      metrics.tried.length === 0
        ? nothing
        : html`<h3>${say('panel.tried')}</h3>
            <ul>
              ${metrics.tried.map((attempt) => html`<li>${richText(attempt)}</li>`)}
            </ul>`
    }
    ${button({
      label: say('panel.setPrometheus'),
      look: 'secondary',
      name: 'setPrometheus',
      onClick: () => {
        view.post({ type: 'setPrometheus' });
      },
    })}
  </div>`;
}

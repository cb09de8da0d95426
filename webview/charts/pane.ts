import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type ChartOptions,
  type Plugin,
} from 'chart.js';
import type { ChartView, MetricsView, PanelSnapshot } from '../../src/protocol/messages.ts';
import { clock, drawnUnit } from '../format.ts';
import { gapSeconds, timeTicks, valueAxis } from './axes.ts';
import { markLabelHeight, marksPlugin, type Marks } from './marksPlugin.ts';
import { lineLook, type Palette } from './palette.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale);

type Point = { x: number; y: number };
type Line = ChartView['lines'][number];

/** Width kept for the labels of the value axis, the same in all charts, so that their crosshairs stand under each other. */
const axisWidth = 44;
const pixelsPerTimeLabel = 90;

export interface PaneInput {
  readonly view: ChartView;
  readonly metrics: MetricsView;
  readonly palette: Palette;
  readonly locale: PanelSnapshot['locale'];
}

/** One chart on one canvas. It lives as long as the canvas; `update` is cheap. */
export class ChartPane {
  readonly #chart: Chart<'line', Point[]>;
  #marks: Marks | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#chart = new Chart(canvas, configuration(marksPlugin(() => this.#marks)));
  }

  update({ view, metrics, palette, locale }: PaneInput): void {
    const unit = drawnUnit(view.id);
    this.#marks = {
      marks: metrics.marks,
      asked: view.asked === undefined ? undefined : view.asked * unit,
      palette,
    };
    const others = view.lines.filter((line) => line.role === 'other');
    this.#chart.data.datasets = view.lines.map((line) =>
      dataset(line, unit, palette, lineLook(palette, line.role, others.indexOf(line))),
    );
    this.#chart.options.scales = scaleOptions(view, metrics, palette, locale);
    this.#chart.update('none');
  }

  /** Seconds at a horizontal place on the canvas, in CSS pixels from its left edge. */
  secondsAt(offset: number): number {
    return this.#chart.scales['x']?.getValueForPixel(offset) ?? 0;
  }

  /** Place of a moment on the canvas: CSS pixels from its left edge, and the plot's top and height. */
  placeOf(seconds: number): { left: number; top: number; height: number } {
    const { chartArea, scales } = this.#chart;
    const left = scales['x']?.getPixelForValue(seconds) ?? 0;
    return { left, top: chartArea.top, height: chartArea.bottom - chartArea.top };
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

/** A new one for each chart: the library keeps and changes what it is given. */
function configuration(marks: Plugin<'line'>): ChartConfiguration<'line', Point[]> {
  return {
    type: 'line',
    data: { datasets: [] },
    plugins: [marks],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: markLabelHeight, right: 4 } },
    },
  };
}

function dataset(
  line: Line,
  unit: number,
  palette: Palette,
  look: ReturnType<typeof lineLook>,
): ChartDataset<'line', Point[]> {
  // NaN is what the library skips: the line breaks there.
  const data = line.points.map(([x, value]) => ({ x, y: value === null ? NaN : value * unit }));
  return {
    data,
    borderColor: look.colour,
    backgroundColor: look.colour,
    borderWidth: palette.lineWidth,
    borderDash: [...look.dash],
    spanGaps: gapSeconds(line.points),
    pointRadius: lonelyRadii(data),
    order: line.role === 'canary' ? 0 : 1,
  };
}

/** A point between two gaps has no line to be on; it is drawn as a dot, the others are not. */
function lonelyRadii(data: readonly Point[]): number | number[] {
  const isGap = (point: Point | undefined): boolean => point === undefined || Number.isNaN(point.y);
  const radii = data.map((point, index) =>
    !isGap(point) && isGap(data[index - 1]) && isGap(data[index + 1]) ? 2 : 0,
  );
  return radii.some((radius) => radius > 0) ? radii : 0;
}

type Scales = NonNullable<ChartOptions<'line'>['scales']>;

function scaleOptions(
  view: ChartView,
  metrics: MetricsView,
  palette: Palette,
  locale: PanelSnapshot['locale'],
): Scales {
  const axis = valueAxis(view.id, drawnValues(view));
  const font = { family: palette.fontFamily, size: 10 };
  const ticks = { color: palette.text, font, maxRotation: 0 };
  const { startSeconds, endSeconds } = metrics;
  return {
    x: {
      type: 'linear',
      min: startSeconds,
      max: endSeconds,
      border: { display: false },
      grid: { display: false },
      ticks: {
        ...ticks,
        autoSkip: false,
        callback: (value) => clock(Number(value) * 1000, locale, 'minute'),
      },
      afterBuildTicks: (scale) => {
        const most = Math.max(2, Math.floor(scale.chart.width / pixelsPerTimeLabel));
        scale.ticks = timeTicks(startSeconds, endSeconds, most).map((value) => ({ value }));
      },
    },
    y: {
      type: 'linear',
      min: axis.min,
      max: axis.max,
      border: { display: false },
      grid: { color: palette.grid, lineWidth: 0.5, tickLength: 0 },
      ticks: {
        ...ticks,
        padding: 6,
        callback: (value) => Number(value).toFixed(axis.decimals),
      },
      afterFit: (scale) => {
        scale.width = axisWidth;
      },
      afterBuildTicks: (scale) => {
        const values = [axis.min, (axis.min + axis.max) / 2, axis.max];
        scale.ticks = values.map((value) => ({ value }));
      },
    },
  };
}

function* drawnValues(view: ChartView): Iterable<number> {
  for (const line of view.lines)
    for (const [, value] of line.points) if (value !== null) yield value;
  if (view.asked !== undefined) yield view.asked;
}

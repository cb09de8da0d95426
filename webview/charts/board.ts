import { render, nothing, type TemplateResult } from 'lit/html.js';
import type { ChartView, MetricsView, PanelSnapshot } from '../../src/protocol/messages.ts';
import type { ChartId } from '../format.ts';
import { ChartPane } from './pane.ts';
import { readPalette, type Palette } from './palette.ts';

export const chartIds = ['success', 'latency', 'requests', 'share'] as const satisfies ChartId[];

/** What the pointer or the arrow keys point at. */
export interface Hover {
  readonly chart: ChartView;
  readonly seconds: number;
}

export type TooltipTemplate = (hover: Hover) => TemplateResult;

interface Shown {
  readonly metrics: MetricsView;
  readonly locale: PanelSnapshot['locale'];
  readonly tooltip: TooltipTemplate;
}

/**
 * The four charts together: they share the time under the pointer. Templates place the canvases and hand them over by `canvasRef`; the
 * crosshair and the tooltip are elements over them, so that a moving pointer redraws no chart.
 */
export class ChartBoard {
  readonly #panes = new Map<ChartId, { canvas: HTMLCanvasElement; pane: ChartPane }>();
  readonly #refs = new Map(chartIds.map((id) => [id, this.#attach.bind(this, id)] as const));
  #palette: Palette | undefined;
  #shown: Shown | undefined;
  #drawn: Shown['metrics'] | undefined;
  #hover: { readonly id: ChartId; readonly seconds: number } | undefined;

  /** The same function for a chart each time, as lit's `ref` wants it. */
  canvasRef(id: ChartId): (element: Element | undefined) => void {
    return this.#refs.get(id) ?? (() => undefined);
  }

  /** Call after each rendering; draws only what changed. */
  update(shown: Shown): void {
    this.#shown = shown;
    if (this.#drawn === shown.metrics) return;
    this.#drawn = shown.metrics;
    this.#palette ??= readPalette();
    for (const view of shown.metrics.charts) this.#draw(view);
    this.#showHover();
  }

  /** The theme changed: read its colours again and redraw. */
  restyle(): void {
    this.#palette = undefined;
    this.#drawn = undefined;
    if (this.#shown !== undefined) this.update(this.#shown);
  }

  /** The pointer is over a chart, at CSS pixels from the canvas's left edge. */
  pointAt(id: ChartId, offset: number): void {
    const pane = this.#panes.get(id)?.pane;
    if (pane !== undefined) this.#hoverNear(id, pane.secondsAt(offset));
  }

  /** Moves the crosshair by points; without one, it starts at the newest. */
  step(id: ChartId, by: number): void {
    const moments = this.#momentsOf(id);
    const current = this.#hover?.id === id ? this.#hover.seconds : Infinity;
    const found = moments.findIndex((moment) => moment >= current);
    const index = (found < 0 ? moments.length : found) + by;
    const moment = moments[Math.min(moments.length - 1, Math.max(0, index))];
    if (moment !== undefined) this.#hoverNear(id, moment);
  }

  leave(): void {
    if (this.#hover === undefined) return;
    this.#hover = undefined;
    this.#showHover();
  }

  #attach(id: ChartId, element: Element | undefined): void {
    this.#panes.get(id)?.pane.destroy();
    this.#panes.delete(id);
    if (!(element instanceof HTMLCanvasElement)) return;
    this.#panes.set(id, { canvas: element, pane: new ChartPane(element) });
    this.#drawn = undefined;
  }

  #draw(view: ChartView): void {
    const entry = this.#panes.get(view.id);
    if (entry === undefined || this.#shown === undefined || this.#palette === undefined) return;
    const { metrics, locale } = this.#shown;
    entry.pane.update({ view, metrics, palette: this.#palette, locale });
  }

  #hoverNear(id: ChartId, seconds: number): void {
    const nearest = nearestOf(this.#momentsOf(id), seconds);
    if (nearest === undefined) return;
    this.#hover = { id, seconds: nearest };
    this.#showHover();
  }

  #momentsOf(id: ChartId): readonly number[] {
    const view = this.#shown?.metrics.charts.find((chart) => chart.id === id);
    const moments = new Set(view?.lines.flatMap((line) => line.points.map(([at]) => at)));
    return [...moments].sort((a, b) => a - b);
  }

  #showHover(): void {
    for (const [id, { canvas, pane }] of this.#panes) {
      const plot = canvas.parentElement;
      const line = plot?.querySelector<HTMLElement>('.crosshair');
      const tip = plot?.querySelector<HTMLElement>('.tooltip');
      if (line === null || line === undefined || tip === null || tip === undefined) continue;
      this.#placeLine(line, pane);
      this.#placeTip(tip, pane, id);
    }
  }

  #placeLine(line: HTMLElement, pane: ChartPane): void {
    line.hidden = this.#hover === undefined;
    if (this.#hover === undefined) return;
    const { left, top, height } = pane.placeOf(this.#hover.seconds);
    line.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    line.style.height = `${height.toFixed(1)}px`;
  }

  #placeTip(tip: HTMLElement, pane: ChartPane, id: ChartId): void {
    const chart = this.#shown?.metrics.charts.find((one) => one.id === id);
    const hover = this.#hover?.id === id ? this.#hover : undefined;
    tip.hidden = hover === undefined || chart === undefined;
    if (hover === undefined || chart === undefined || this.#shown === undefined) {
      render(nothing, tip);
      return;
    }
    render(this.#shown.tooltip({ chart, seconds: hover.seconds }), tip);
    const { left } = pane.placeOf(hover.seconds);
    const room = tip.parentElement?.clientWidth ?? 0;
    const fits = left + 12 + tip.offsetWidth <= room;
    const x = fits ? left + 12 : Math.max(0, left - 12 - tip.offsetWidth);
    tip.style.transform = `translate(${x.toFixed(0)}px, 0)`;
  }
}

function nearestOf(moments: readonly number[], seconds: number): number | undefined {
  let nearest: number | undefined;
  for (const moment of moments)
    if (nearest === undefined || Math.abs(moment - seconds) < Math.abs(nearest - seconds))
      nearest = moment;
  return nearest;
}

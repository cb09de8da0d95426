/**
 * Entry of the bench alone (H17), never of the product: how long the panel takes from the text of a `metrics` message to drawn charts.
 * Built like the panel, as a global `cablecarBench`.
 */
import * as v from 'valibot';
import { toWebview } from '../src/protocol/messages.ts';
import { ChartPane } from './charts/pane.ts';
import { readPalette } from './charts/palette.ts';

export interface ChartUpdateTimes {
  readonly parseMs: number;
  readonly updateMs: number;
}

/**
 * Parses `messages` (JSON of `metrics` messages with the same charts) one after another and draws each. The first round builds the charts
 * and is not in the result. Throws when a message does not parse.
 */
export function measureChartUpdates(messages: readonly string[]): ChartUpdateTimes[] {
  const panes = new Map<string, ChartPane>();
  const palette = readPalette();
  const times = messages.map((text) => {
    const start = performance.now();
    const message = v.parse(toWebview, JSON.parse(text));
    if (message.type !== 'metrics') throw new Error(`Expected metrics, got ${message.type}.`);
    const parsed = performance.now();
    for (const view of message.metrics.charts) {
      const pane = panes.get(view.id) ?? new ChartPane(newCanvas());
      panes.set(view.id, pane);
      pane.update({ view, metrics: message.metrics, palette, locale: 'en' });
    }
    return { parseMs: parsed - start, updateMs: performance.now() - parsed };
  });
  for (const pane of panes.values()) pane.destroy();
  return times.slice(1);
}

function newCanvas(): HTMLCanvasElement {
  const plot = document.createElement('div');
  plot.className = 'plot';
  const canvas = document.createElement('canvas');
  plot.append(canvas);
  document.body.append(plot);
  return canvas;
}

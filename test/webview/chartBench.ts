import type { Browser } from 'playwright-core';
import type { ChartView, ToWebview } from '../../src/protocol/messages.ts';
import { bundlePanel, openPanel } from './page.ts';
import { good, nowSeconds } from './samples.ts';

export interface ChartBenchResult {
  /** Medians over the rounds, milliseconds. */
  readonly parseMs: number;
  readonly updateMs: number;
  /** The slowest round from text to drawn. */
  readonly worstMs: number;
}

const seriesPerChart = [3, 3, 3, 1];
const pointCount = 240;

/** H17: updates of four charts with 10 series × 240 points, from the message's text to drawn, in a real browser. */
export async function benchChartUpdate(browser: Browser, rounds = 50): Promise<ChartBenchResult> {
  const files = await bundlePanel('bench.ts', 'cablecarBench');
  const { page, faults } = await openPanel(browser, files);
  const messages = Array.from({ length: rounds + 1 }, (_, round) => JSON.stringify(message(round)));
  const times = await page.evaluate<{ parseMs: number; updateMs: number }[]>(
    `cablecarBench.measureChartUpdates(${JSON.stringify(messages)})`,
  );
  await page.context().close();
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return {
    parseMs: median(times.map((time) => time.parseMs)),
    updateMs: median(times.map((time) => time.updateMs)),
    worstMs: Math.max(...times.map((time) => time.parseMs + time.updateMs)),
  };
}

function message(round: number): ToWebview {
  const charts = good.metrics.charts.map((chart, index) => ({
    ...chart,
    lines: Array.from({ length: seriesPerChart[index] ?? 0 }, (_, line) => series(round, line)),
    secondary: [],
  }));
  const startSeconds = nowSeconds - 3600;
  return { type: 'metrics', metrics: { ...good.metrics, charts, startSeconds } };
}

function series(round: number, index: number): ChartView['lines'][number] {
  const roles = ['stable', 'canary', 'other'] as const;
  return {
    trackId: String(index),
    role: roles[index % 3] ?? 'other',
    current: '1',
    points: Array.from({ length: pointCount }, (_, point) => [
      nowSeconds - (pointCount - point) * 15,
      0.5 + Math.sin((point + round) * 0.3 + index) * 0.4,
    ]),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

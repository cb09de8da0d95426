import type { Chart, Plugin } from 'chart.js';
import type { MetricsView } from '../../src/protocol/messages.ts';
import type { Palette } from './palette.ts';

export interface Marks {
  readonly marks: MetricsView['marks'];
  /** Percent that the weights ask for now, drawn from the last mark on; absent where there is no such thing. */
  readonly asked: number | undefined;
  readonly palette: Palette;
}

/** Room above the plot for the labels of marks, in pixels, so that no line runs through them. */
export const markLabelHeight = 14;
const labelGap = 6;

/** Dotted lines where a weight changed, with the new weight above the plot; and the asked share as a thin level. */
export function marksPlugin(read: () => Marks | undefined): Plugin<'line'> {
  return {
    id: 'marks',
    beforeDatasetsDraw: (chart) => {
      const marks = read();
      if (marks !== undefined) draw(chart, marks);
    },
  };
}

function draw(chart: Chart, { marks, asked, palette }: Marks): void {
  const { ctx, chartArea, scales } = chart;
  const x = scales['x'];
  if (x === undefined) return;
  ctx.save();
  ctx.strokeStyle = palette.text;
  ctx.fillStyle = palette.text;
  ctx.font = `10px ${palette.fontFamily}`;
  ctx.textBaseline = 'bottom';
  ctx.setLineDash([1, 3]);
  ctx.lineWidth = 1;
  let freeFrom = -Infinity;
  for (const mark of marks) {
    const at = x.getPixelForValue(mark.atSeconds);
    if (at < chartArea.left || at > chartArea.right) continue;
    stroke(ctx, [at, chartArea.top - 2], [at, chartArea.bottom]);
    const width = ctx.measureText(mark.label).width;
    const left = Math.min(Math.max(at - width / 2, chartArea.left), chartArea.right - width);
    if (left < freeFrom) continue;
    ctx.fillText(mark.label, left, chartArea.top - 3);
    freeFrom = left + width + labelGap;
  }
  if (asked !== undefined) drawAsked(chart, asked, marks.at(-1)?.atSeconds);
  ctx.restore();
}

function drawAsked(chart: Chart, asked: number, since: number | undefined): void {
  const { ctx, chartArea, scales } = chart;
  const level = scales['y']?.getPixelForValue(asked) ?? NaN;
  const from = since === undefined ? chartArea.left : (scales['x']?.getPixelForValue(since) ?? 0);
  if (!(level >= chartArea.top && level <= chartArea.bottom)) return;
  ctx.setLineDash([6, 4]);
  stroke(ctx, [Math.max(from, chartArea.left), level], [chartArea.right, level]);
}

function stroke(
  ctx: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

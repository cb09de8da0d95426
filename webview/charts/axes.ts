import { drawnUnit, type ChartId } from '../format.ts';

/** A value axis: from, to, and how many decimals its labels need. In the unit that is drawn (percent, ms, requests per second). */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly decimals: number;
}

const niceSteps = [1, 1.2, 1.4, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10];

/**
 * The axis for the values of one chart (model units). Success hangs from 100 %, so that a loss of a tenth is seen; the others stand on
 * zero. Without values it is the smallest sensible axis.
 */
export function valueAxis(id: ChartId, values: Iterable<number>): ValueAxis {
  let low = Infinity;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value * drawnUnit(id));
    high = Math.max(high, value * drawnUnit(id));
  }
  if (id === 'success') return successAxis(low);
  const max = Math.min(niceAbove(high * 1.05, floors[id]), id === 'share' ? 100 : Infinity);
  return { min: 0, max, decimals: decimalsFor(max / 2) };
}

/** The least height of an axis, so that noise about zero does not look like a mountain. */
const floors: Readonly<Record<Exclude<ChartId, 'success'>, number>> = {
  latency: 10,
  requests: 1,
  share: 2,
};

function successAxis(low: number): ValueAxis {
  const gap = low === Infinity ? 0 : (100 - low) * 1.05;
  const height = Math.min(100, niceAbove(gap, 0.5));
  return { min: 100 - height, max: 100, decimals: decimalsFor(height / 2) };
}

/** The smallest nice number ≥ both. */
export function niceAbove(value: number, floor: number): number {
  const least = Math.max(value, floor);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = niceSteps.find((one) => one * power >= least - 1e-9) ?? 10;
  return Number((step * power).toPrecision(12));
}

function decimalsFor(step: number): number {
  for (let decimals = 0; decimals < 3; decimals++)
    if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6) return decimals;
  return 3;
}

const timeSteps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400];

/** Moments for labels on a time axis, in seconds: on round local times, at most `most` of them. */
export function timeTicks(start: number, end: number, most: number): number[] {
  const span = end - start;
  const step = timeSteps.find((one) => span / one <= most) ?? span;
  const zone = new Date(start * 1000).getTimezoneOffset() * 60;
  const first = Math.ceil((start - zone) / step) * step + zone;
  const ticks: number[] = [];
  for (let at = first; at <= end; at += step) ticks.push(at);
  return ticks;
}

/** Distance between points that hold together: below it a line is drawn, above it is a gap. One missing point is a gap. */
export function gapSeconds(points: readonly (readonly [number, number | null])[]): number {
  let step = Infinity;
  for (let index = 1; index < points.length; index++)
    step = Math.min(step, (points[index]?.[0] ?? 0) - (points[index - 1]?.[0] ?? 0));
  return Number.isFinite(step) ? step * 1.5 : 0;
}

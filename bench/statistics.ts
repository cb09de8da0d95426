/** Runs of one thing, in its unit; median and p95 are those of the runs themselves. */
export interface Sample {
  readonly median: number;
  readonly p95: number;
  readonly runs: readonly number[];
}

/** Throws for no runs: a figure must come from somewhere. */
export function sampleOf(runs: readonly number[]): Sample {
  if (runs.length === 0) throw new Error('No runs');
  return { median: quantile(runs, 0.5), p95: quantile(runs, 0.95), runs };
}

/** The smallest value that is at least as large as this part of all. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}

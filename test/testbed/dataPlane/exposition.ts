/** Counters and classic histograms in Prometheus' text format 0.0.4. */

export type Labels = Readonly<Record<string, string>>;

/** One family of series, drawn as text. */
interface Family {
  readonly text: () => string;
  /** Forgets the series that have this label, as when their pod is gone. */
  readonly forget: (label: string, value: string) => void;
}

export interface Counter extends Family {
  readonly increment: (labels: Labels) => void;
}

export interface Histogram extends Family {
  readonly observe: (labels: Labels, value: number) => void;
}

interface HistogramSeries {
  readonly labels: Labels;
  /** Per bucket, not cumulative. The last is +Inf. */
  readonly counts: number[];
  sum: number;
}

export function createCounter(name: string, help: string): Counter {
  const series = new Map<string, { readonly labels: Labels; value: number }>();
  return {
    increment: (labels) => {
      const key = labelText(labels);
      const one = series.get(key);
      if (one === undefined) series.set(key, { labels, value: 1 });
      else one.value += 1;
    },
    text: () =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} counter`,
        ...[...series].map(([key, { value }]) => `${name}{${key}} ${String(value)}`),
      ].join('\n') + '\n',
    forget: (label, value) => {
      forget(series, label, value);
    },
  };
}

/** `bounds` are the upper limits, inclusive and rising, without +Inf. */
export function createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const series = new Map<string, HistogramSeries>();
  return {
    observe: (labels, value) => {
      const key = labelText(labels);
      const one = series.get(key) ?? { labels, counts: [...bounds, Infinity].map(() => 0), sum: 0 };
      series.set(key, one);
      const index = bounds.findIndex((bound) => value <= bound);
      const bucket = index < 0 ? bounds.length : index;
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      one.sum += value;
    },
    text: () =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} histogram`,
        ...[...series].flatMap(([key, one]) => histogramLines(name, key, bounds, one)),
      ].join('\n') + '\n',
    forget: (label, value) => {
      forget(series, label, value);
    },
  };
}

function histogramLines(
  name: string,
  key: string,
  bounds: readonly number[],
  { counts, sum }: HistogramSeries,
): readonly string[] {
  let cumulative = 0;
  const buckets = counts.map((count, index) => {
    cumulative += count;
    const bound = index < bounds.length ? String(bounds[index]) : '+Inf';
    return `${name}_bucket{${key},le="${bound}"} ${String(cumulative)}`;
  });
  return [
    ...buckets,
    `${name}_sum{${key}} ${String(sum)}`,
    `${name}_count{${key}} ${String(cumulative)}`,
  ];
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function forget(
  series: Map<string, { readonly labels: Labels }>,
  label: string,
  value: string,
): void {
  for (const [key, { labels }] of series) if (labels[label] === value) series.delete(key);
}

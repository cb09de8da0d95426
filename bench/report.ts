import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { sampleOf, type Sample } from './statistics.ts';

/** One benchmark: our figure, what it is measured against, and what is wanted of it. */
export interface Row {
  /** `H1`, as the project's list of benchmarks numbers them. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: Sample;
  /** The least that is possible, or a control. */
  readonly floor?: Against;
  readonly peers: readonly Against[];
  readonly target: string;
  readonly isMet: boolean;
  /** What a reader must know to take the figures for what they are. */
  readonly note?: string;
}

export interface Against {
  readonly name: string;
  readonly sample: Sample;
}

/** A benchmark that could not be run here. */
export interface Missing {
  readonly id: string;
  readonly why: string;
}

export function against(name: string, runs: readonly number[]): Against {
  return { name, sample: sampleOf(runs) };
}

/** How many times ours is of another, by medians. */
export function ratio(ours: Sample, other: Sample): number {
  return ours.median / other.median;
}

/** What one run of `npm run bench` found. */
export interface Results {
  /** As `machineNow` said before the first bench. */
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
}

/** The page `RESULTS.md`. */
export function markdown({ machine, rows, missing }: Results): string {
  return [
    '# Results of the benches',
    '',
    'Made by `npm run bench`; edit nothing here. Ours, the floor and the peers ran side by side, in turns, each in a process of its own,',
    'so that the ratios hold where the milliseconds do not. A cell is the median, then the 95th percentile; `×` is that median over ours',
    '(above 1: slower than us). The floor is a kept TLS connection, gunzip and `JSON.parse` in plain Node, with nothing made of the result.',
    '',
    `Machine: ${machine}.`,
    '',
    '| | what | ours | floor or control | peers | target | met |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(line),
    '',
    ...rows.flatMap(({ id, note }) => (note === undefined ? [] : [`- **${id}**: ${note}`])),
    ...missing.map(({ id, why }) => `- **${id}** was not measured: ${why}`),
    '',
  ].join('\n');
}

function line(row: Row): string {
  const { id, what, unit, ours, floor, peers, target, isMet } = row;
  const cell = ({ name, sample }: Against): string =>
    `${name} ${figures(sample, unit)}, ${number(ratio(sample, ours))} ×`;
  return `| ${[
    id,
    what,
    `**${figures(ours, unit)}**${ours.runs.length > 1 ? ` (${String(ours.runs.length)} runs)` : ''}`,
    floor === undefined ? '–' : cell(floor),
    peers.map(cell).join('; ') || '–',
    target,
    isMet ? 'yes' : '**no**',
  ].join(' | ')} |`;
}

function figures({ median, p95, runs }: Sample, unit: string): string {
  const value = runs.length === 1 ? number(median) : `${number(median)} / ${number(p95)}`;
  return `${value} ${unit}`;
}

/** Three digits that mean something. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** Whatever the figures depend on; above all how busy the machine is with other things. */
export function machineNow(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `Node ${process.versions.node}`,
    `${platform()} ${release()} ${arch()}`,
    `${String(cpus().length)} × ${model}`,
    `${String(Math.round(totalmem() / 2 ** 30))} GiB`,
    'loopback',
    `load average ${number(loadavg()[0] ?? NaN)} at the start`,
    new Date().toISOString().slice(0, 10),
  ].join(', ');
}

import type { Text } from '../base/text.ts';
import type { Rollout } from '../model/rollout.ts';
import { apiVersion, kind } from './planFile.ts';
import { requestsToSee, secondsToSee } from './sampleSize.ts';
import type { Traffic } from './traffic.ts';
import { durationText } from './units.ts';
import { say } from './writer.l10n.ts';

/** What is known of the service that a plan is written for. */
export interface PlanFacts {
  readonly rollout: Rollout;
  readonly context: string;
  /** Absent where no Prometheus answered. */
  readonly traffic?: Traffic;
}

/** Where no errors are seen there is nothing to double. */
const assumedErrors = 0.005;
const minute = 60;
const guessSeconds = 10 * minute;
/** A step is not made longer than this to see a doubling. */
const capSeconds = 2 * 60 * minute;
const wanted = [5, 25, 50, 100] as const;
const wantedPods = [10, 30, 100] as const;

/** A plan as text with comments in the language of `render`; `readPlan` takes it as it is. */
export function planText(facts: PlanFacts, render: (text: Text) => string): string {
  const { rollout, context } = facts;
  const traffic = judgeable(facts.traffic);
  const note = (text: Text): string => `# ${render(text)}`;
  const { resource, name } = rollout.route;
  return [
    ...headNotes(facts).map(note),
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    `name: ${quoted(rollout.service)}`,
    'scope:',
    `  service: ${quoted(rollout.service)}`,
    `  namespace: ${quoted(rollout.namespace)}`,
    `  context: ${quoted(context)}`,
    ...(rollout.update === undefined ? [`  route: ${quoted(`${resource.kind}/${name}`)}`] : []),
    'steps:',
    ...stepsOf(rollout, traffic, note),
    ...(traffic === undefined ? [] : metricLines(traffic)),
    'rollback:',
    `  ${note(say('writer.alerts'))}`,
    '  # alerts:',
    '  #   - alertname="HighErrorRate", severity="page"',
    '  endpointsGone: true',
    'onSuccess: promote',
    '',
  ].join('\n');
}

/** Undefined where requests are counted and nothing tells how they went: then there is nothing to judge by. */
function judgeable(traffic: Traffic | undefined): Traffic | undefined {
  const { perSecond = 0, errorRatio, p99Ms } = traffic ?? {};
  return perSecond > 0 && errorRatio === undefined && p99Ms === undefined ? undefined : traffic;
}

function headNotes({ rollout, traffic }: PlanFacts): readonly Text[] {
  if (traffic === undefined) return [say('writer.noMetrics')];
  const { perSecond, errorRatio, p99Ms } = traffic;
  if (perSecond === undefined || perSecond <= 0)
    return [say('writer.noTraffic'), say('writer.help')];
  if (judgeable(traffic) === undefined) return [say('writer.noSeries')];
  const seen = say('writer.traffic', {
    service: rollout.service,
    rate: shortNumber(perSecond),
    errors: errorRatio === undefined ? '–' : percentText(errorRatio),
    p99: p99Ms === undefined ? '–' : `${String(Math.round(p99Ms))} ms`,
  });
  const isAssumed = (errorRatio ?? 0) === 0;
  const assumed = say('writer.assumed', { base: percentText(assumedErrors) });
  return [seen, ...(isAssumed ? [assumed] : []), say('writer.help')];
}

/** Weights that the back end can set, or batches of pods. */
function stepsOf(
  rollout: Rollout,
  traffic: Traffic | undefined,
  note: (text: Text) => string,
): readonly string[] {
  const targets =
    rollout.update === undefined
      ? weightsOf(rollout).map((percent) => ({
          percent,
          line: `weight: ${String(percent)}%`,
        }))
      : wantedPods.map((percent) => ({ percent, line: `pods: ${String(percent)}%` }));
  return targets.flatMap(({ percent, line }) => {
    const { notes, lines } = stepBody(percent, traffic);
    return [
      ...notes.map((text) => `  ${note(text)}`),
      `  - ${line}`,
      ...lines.map((l) => `    ${l}`),
    ];
  });
}

/** The usual ones, or the nearest that so many pods can show; rising. */
function weightsOf({ weights }: Rollout): readonly number[] {
  if (weights.kind !== 'stops') return wanted;
  const stops = weights.stops.map(({ percent }) => percent).filter((percent) => percent > 0);
  const nearest = wanted.map((percent) =>
    stops.reduce<number | undefined>(
      (best, stop) =>
        best === undefined || Math.abs(stop - percent) < Math.abs(best - percent) ? stop : best,
      undefined,
    ),
  );
  return [...new Set(nearest.filter((stop) => stop !== undefined))].sort((a, b) => a - b);
}

interface Body {
  readonly notes: readonly Text[];
  readonly lines: readonly string[];
}

function stepBody(percent: number, traffic: Traffic | undefined): Body {
  if (traffic === undefined) return { notes: [], lines: ['minTime: 10m', 'gate: manual'] };
  const { perSecond = 0, errorRatio = 0 } = traffic;
  if (percent === 100) return { notes: [say('writer.all')], lines: times(guessSeconds) };
  if (perSecond <= 0) return { notes: [], lines: times(guessSeconds) };
  const baseRatio = Math.min(0.4, errorRatio > 0 ? errorRatio : assumedErrors);
  return measuredBody(percent, perSecond, baseRatio);
}

function measuredBody(percent: number, perSecond: number, baseRatio: number): Body {
  const share = percent / 100;
  const secondsFor = (factor: number): number =>
    secondsToSee({ baseRatio, times: factor, share }, perSecond);
  const doubling = secondsFor(2);
  const args = {
    weight: percent,
    rate: shortNumber(perSecond),
    from: percentText(baseRatio),
    to: percentText(2 * baseRatio),
    time: roundedTime(doubling),
    cap: durationText(capSeconds),
  };
  if (doubling <= capSeconds) {
    const seconds = Math.max(2 * minute, Math.ceil(doubling / minute) * minute);
    const requests = requestsToSee({ baseRatio, times: 2, share });
    return {
      notes: [say('writer.seen', args)],
      lines: [...times(seconds), `minRequests: ${String(requests)}`],
    };
  }
  const factors = [3, 5, 10, 20].filter((factor) => factor * baseRatio < 1);
  const seen = factors.find((factor) => secondsFor(factor) <= capSeconds);
  const note =
    seen === undefined
      ? say('writer.unseen', { ...args, times: factors.at(-1) ?? 2 })
      : say('writer.seenLater', { ...args, times: seen });
  return { notes: [note], lines: times(capSeconds) };
}

function times(seconds: number): readonly string[] {
  const longest = Math.max(30 * minute, 3 * seconds);
  return [`minTime: ${durationText(seconds)}`, `maxTime: ${durationText(longest)}`];
}

/** Only what has series; limits with some room above what the stable version does now. */
function metricLines({
  perSecond = 0,
  errorRatio,
  p99Ms,
  isComparable,
}: Traffic): readonly string[] {
  const compare = isComparable ? ['    compare: stable'] : [];
  const maxErrors = Math.min(100, Math.max(1, Math.ceil((errorRatio ?? 0) * 300)));
  const errors = ['  - kind: errorRatio', `    max: ${String(maxErrors)}%`, ...compare];
  const latency = ['  - kind: latency', '    quantile: p99', `    max: ${roomAbove(p99Ms ?? 0)}`];
  return [
    'metrics:',
    ...(perSecond > 0 && errorRatio === undefined ? [] : errors),
    ...(p99Ms === undefined ? [] : [...latency, ...compare]),
  ];
}

/** Twice as long, in two figures. */
function roomAbove(ms: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(2 * ms)) - 1);
  return `${String(Math.ceil((2 * ms) / unit) * unit)}ms`;
}

function roundedTime(seconds: number): string {
  const unit = seconds > 3 * 3600 ? 3600 : minute;
  return durationText(Math.ceil(seconds / unit) * unit);
}

function shortNumber(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}

function percentText(ratio: number): string {
  return String(Number((ratio * 100).toPrecision(2)));
}

/** Names from a cluster stay texts of YAML whatever they look like. */
function quoted(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

import type { Match } from '../model/rollout.ts';
import type { Notification, PlanMetric, PlanStep, ReleasePlan, StepTarget } from './plan.ts';
import type { FileMetric, FileStep, PlanFile } from './planFile.ts';
import { matchesOf } from './planMatches.ts';
import { queryOf } from './planQuery.ts';

const day = 86_400;
/** What `compare: stable` stands for; the same as the defaults of the long form. */
const usual = {
  errorRatio: { alpha: 0.01, maxRatio: 2 },
  latency: { alpha: 0.01, tolerance: 0.2 },
};

/** The plan of a file that has no problems. */
export function normalised(file: PlanFile): ReleasePlan {
  const [first, ...rest] = file.steps.map(stepOf);
  if (first === undefined) throw new Error('A plan file has at least one step.');
  const steps = [first, ...rest] as const;
  const { deadline, ...conditions } = file.rollback;
  return {
    name: nameOf(file),
    scope: defined(file.scope),
    steps,
    ...(file.stepBack > 0 && { stepBack: { times: file.stepBack } }),
    metrics: file.metrics.map(metricOf),
    rollback: {
      ...conditions,
      alerts: file.rollback.alerts,
      deadlineSeconds: deadline ?? usualDeadline(steps),
    },
    onSuccess: file.onSuccess,
    onInconclusive: file.onInconclusive,
    runBy: file.runBy,
    notify: file.notify.map((n): Notification =>
      'command' in n
        ? { kind: 'command', command: n.command }
        : { kind: 'webhook', url: n.webhook },
    ),
    intervalSeconds: file.interval,
  };
}

function nameOf({ name, scope }: PlanFile): string {
  return name ?? scope.service;
}

/** Name of a metric that was given none: its kind, and the quantile. */
export function metricName(metric: FileMetric): string {
  if (metric.name !== undefined) return metric.name;
  return metric.kind === 'latency' ? `latency ${metric.quantile}` : metric.kind;
}

/** All longest times and a tenth; a day where somebody must say "go on". */
function usualDeadline(steps: readonly PlanStep[]): number {
  if (steps.some((step) => step.gate === 'manual')) return day;
  const all = steps.reduce((sum, step) => sum + step.maxSeconds, 0);
  return all + Math.ceil(all / 10);
}

/** The longest time of a step that names none: three times the shortest, at least half an hour. */
function longestSeconds(step: FileStep): number {
  return step.maxTime ?? Math.max(3 * step.minTime, 1800);
}

function stepOf(step: FileStep): PlanStep {
  const { gate, guide, owner, onProblem } = step;
  return {
    to: targetOf(step),
    minSeconds: step.minTime,
    maxSeconds: longestSeconds(step),
    minRequests: step.minRequests,
    gate,
    ...defined({ guide, owner, onProblem }),
  };
}

function targetOf({ weight, matches, pods, maxSurge, maxUnavailable }: FileStep): StepTarget {
  if (pods !== undefined) return { kind: 'batch', pods, ...defined({ maxSurge, maxUnavailable }) };
  const found: readonly Match[] | undefined = matches?.flatMap(matchesOf);
  return { kind: 'weight', percent: weight ?? 0, ...defined({ matches: found }) };
}

function metricOf(metric: FileMetric): PlanMetric {
  const name = metricName(metric);
  switch (metric.kind) {
    case 'errorRatio': {
      const compare = metric.compare === 'stable' ? usual.errorRatio : metric.compare;
      return { kind: 'errorRatio', name, ...defined({ max: metric.max, compare }) };
    }
    case 'latency': {
      const compare = metric.compare === 'stable' ? usual.latency : metric.compare;
      const quantile = Number(metric.quantile.slice(1)) / 100;
      return { kind: 'latency', name, quantile, ...defined({ maxMs: metric.max, compare }) };
    }
    case 'query': {
      const { limit, compare, failAfter } = metric;
      return {
        kind: 'query',
        name,
        ...queryOf(metric).queries,
        direction: metric.better === 'lower' ? 'lowerIsBetter' : 'higherIsBetter',
        ...defined({ limit, compare }),
        failAfter,
      };
    }
  }
}

type Defined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function defined<T extends object>(members: T): Partial<Defined<T>> & Pick<T, RequiredKeys<T>> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Partial<Defined<T>> & Pick<T, RequiredKeys<T>>;
}

type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

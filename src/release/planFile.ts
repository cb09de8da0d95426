/**
 * The one schema of a plan file, in the shape in which people write it. It validates; the JSON Schema for editors, our own completion and
 * hover and the reference page in docs/ are made of it. Descriptions and messages are keys of `fields.l10n.ts` and `plan.l10n.ts`.
 */
import * as v from 'valibot';
import { alertMatchers } from './alertMatchers.ts';
import type { fieldWords } from './fields.l10n.ts';
import type { planWords } from './plan.l10n.ts';
import {
  durationPattern,
  millisecondsOf,
  millisecondsPattern,
  percentOf,
  percentPattern,
  podLimitPattern,
  ratioPattern,
  secondsOf,
} from './units.ts';

export const apiVersion = 'cablecar/v1alpha1';
export const kind = 'ReleasePlan';

/** A message of a check: its key, which `problems.ts` makes a sentence of. */
const message = (key: keyof typeof planWords): string => key;

/** Gives a schema its description. */
function field<const S extends v.GenericSchema>(
  name: keyof typeof fieldWords,
  schema: S,
): v.SchemaWithPipe<readonly [S, v.DescriptionAction<v.InferOutput<S>, string>]> {
  return v.pipe(schema, v.description(name));
}

const text = v.pipe(
  v.string(message('plan.wantText')),
  v.trim(),
  v.minLength(1, message('plan.emptyText')),
  v.maxLength(2000, message('plan.longText')),
);
/** Names of headers, cookies, labels and arguments. */
const name = v.pipe(v.string(), v.regex(/^[A-Za-z_@][\w.@/-]{0,199}$/, message('plan.wantName')));
const flag = v.boolean(message('plan.wantFlag'));

function count(min: number, max: number) {
  const range = { min, max };
  return v.pipe(
    v.number(message('plan.wantCount')),
    v.integer(message('plan.wantCount')),
    v.minValue(range.min, message('plan.wantCountFrom')),
    v.maxValue(range.max, message('plan.wantCountTo')),
  );
}

function number(min: number, max: number) {
  return v.pipe(
    v.number(message('plan.wantNumber')),
    v.minValue(min, message('plan.wantCountFrom')),
    v.maxValue(max, message('plan.wantCountTo')),
  );
}

const duration = v.pipe(
  v.string(message('plan.wantDuration')),
  v.regex(durationPattern, message('plan.wantDuration')),
  v.transform(secondsOf),
);
/** `5%` or 5. */
const percent = v.union(
  [
    v.pipe(
      v.string(message('plan.wantPercent')),
      v.regex(percentPattern, message('plan.wantPercent')),
      v.transform(percentOf),
    ),
    v.pipe(
      v.number(message('plan.wantPercent')),
      v.integer(message('plan.wantPercent')),
      v.minValue(1, message('plan.wantPercent')),
      v.maxValue(100, message('plan.wantPercent')),
    ),
  ],
  message('plan.wantPercent'),
);
/** The sign is wanted here: 0.01 could be one percent or a hundredth of one. */
const ratio = v.pipe(
  v.string(message('plan.wantRatio')),
  v.regex(ratioPattern, message('plan.wantRatio')),
  v.transform((value) => percentOf(value) / 100),
);
const milliseconds = v.pipe(
  v.string(message('plan.wantMilliseconds')),
  v.regex(millisecondsPattern, message('plan.wantMilliseconds')),
  v.transform(millisecondsOf),
);
/** "1" and 1 are the same here, as in a Deployment. */
const podLimit = v.pipe(
  v.union(
    [
      v.pipe(
        v.string(message('plan.wantPodLimit')),
        v.regex(podLimitPattern, message('plan.wantPodLimit')),
      ),
      count(0, 10_000),
    ],
    message('plan.wantPodLimit'),
  ),
  v.transform(String),
);
const alpha = field('alpha', v.optional(number(0.0001, 0.2), 0.01));

const scope = v.strictObject({
  service: field('scope.service', text),
  namespace: field('scope.namespace', v.optional(text, 'default')),
  context: field('scope.context', v.optional(text)),
  route: field(
    'scope.route',
    v.optional(v.pipe(text, v.regex(/^[A-Za-z]+\/\S+$/, message('plan.wantRoute')))),
  ),
  tracks: field(
    'scope.tracks',
    v.optional(
      v.strictObject({
        stable: field('scope.tracks.stable', text),
        canary: field('scope.tracks.canary', text),
      }),
    ),
  ),
});

const condition = v.union(
  [
    v.pipe(text, v.description('condition.exact' satisfies keyof typeof fieldWords)),
    v.strictObject({ prefix: field('condition.prefix', text) }),
    v.strictObject({ regex: field('condition.regex', text) }),
    v.strictObject({ present: field('condition.present', v.literal(true)) }),
  ],
  message('plan.wantCondition'),
);
const match = v.strictObject({
  headers: field('match.headers', v.optional(v.record(name, condition))),
  cookies: field('match.cookies', v.optional(v.record(name, text))),
  users: field(
    'match.users',
    v.optional(
      v.strictObject({
        header: field('match.users.header', v.optional(text, 'x-user-id')),
        ids: field(
          'match.users.ids',
          v.pipe(
            v.array(text),
            v.minLength(1, message('plan.emptyList')),
            v.maxLength(50, message('plan.longList')),
          ),
        ),
      }),
    ),
  ),
  device: field(
    'match.device',
    v.optional(v.picklist(['phone', 'tablet', 'desktop'], message('plan.wantOneOf'))),
  ),
});

const step = v.strictObject({
  weight: field('step.weight', v.optional(percent)),
  matches: field(
    'step.matches',
    v.optional(
      v.pipe(
        v.array(match),
        v.minLength(1, message('plan.emptyList')),
        v.maxLength(20, message('plan.longList')),
      ),
    ),
  ),
  pods: field(
    'step.pods',
    v.optional(
      v.union(
        [
          v.pipe(
            v.string(message('plan.wantPods')),
            v.regex(percentPattern, message('plan.wantPods')),
            v.transform((value) => ({ percent: percentOf(value) })),
          ),
          v.pipe(
            v.number(message('plan.wantPods')),
            v.integer(message('plan.wantPods')),
            v.minValue(1, message('plan.wantPods')),
            v.maxValue(10_000, message('plan.wantPods')),
            v.transform((value) => ({ count: value })),
          ),
        ],
        message('plan.wantPods'),
      ),
    ),
  ),
  maxSurge: field('step.maxSurge', v.optional(podLimit)),
  maxUnavailable: field('step.maxUnavailable', v.optional(podLimit)),
  minTime: field('step.minTime', v.optional(duration, '5m')),
  maxTime: field('step.maxTime', v.optional(duration)),
  minRequests: field('step.minRequests', v.optional(count(0, 1_000_000_000), 50)),
  gate: field(
    'step.gate',
    v.optional(v.picklist(['none', 'manual'], message('plan.wantOneOf')), 'none'),
  ),
  guide: field('step.guide', v.optional(text)),
  owner: field('step.owner', v.optional(text)),
  onProblem: field('step.onProblem', v.optional(text)),
});

/** Against the stable version: with the usual limits, or with one's own. */
function comparison<const S extends v.GenericSchema>(own: S) {
  return v.optional(
    v.union(
      [v.literal('stable', message('plan.wantComparison')), own],
      message('plan.wantComparison'),
    ),
  );
}

const errorRatio = v.strictObject({
  kind: field('metric.kind', v.literal('errorRatio')),
  name: field('metric.name', v.optional(text)),
  max: field('errorRatio.max', v.optional(ratio)),
  compare: field(
    'metric.compare',
    comparison(
      v.strictObject({
        alpha,
        maxRatio: field('errorRatio.maxRatio', v.optional(number(1.05, 100), 2)),
      }),
    ),
  ),
});
const latency = v.strictObject({
  kind: field('metric.kind', v.literal('latency')),
  name: field('metric.name', v.optional(text)),
  quantile: field(
    'latency.quantile',
    v.optional(v.picklist(['p50', 'p90', 'p95', 'p99', 'p99.9'], message('plan.wantOneOf')), 'p99'),
  ),
  max: field('latency.max', v.optional(milliseconds)),
  compare: field(
    'metric.compare',
    comparison(
      v.strictObject({ alpha, tolerance: field('latency.tolerance', v.optional(ratio, '20%')) }),
    ),
  ),
});
const argument = v.union(
  [
    text,
    v.strictObject({
      canary: field('argument.canary', text),
      stable: field('argument.stable', v.optional(text)),
    }),
  ],
  message('plan.wantArgument'),
);
const query = v.strictObject({
  kind: field('metric.kind', v.literal('query')),
  name: field('metric.name', v.optional(text)),
  query: field('query.query', text),
  args: field('query.args', v.optional(v.record(name, argument), {})),
  better: field('query.better', v.picklist(['lower', 'higher'], message('plan.wantOneOf'))),
  limit: field('query.limit', v.optional(number(-1e15, 1e15))),
  compare: field(
    'query.compare',
    v.optional(
      v.strictObject({
        absolute: field('query.absolute', v.optional(number(0, 1e15), 0)),
        relative: field('query.relative', v.optional(ratio, '10%')),
      }),
    ),
  ),
  failAfter: field('query.failAfter', v.optional(count(1, 100), 2)),
});

const alert = v.union(
  [
    v.pipe(
      text,
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const matchers = alertMatchers(dataset.value);
        if (matchers !== undefined) return matchers;
        addIssue({ message: message('plan.wantMatchers') });
        return NEVER;
      }),
    ),
    v.pipe(
      v.record(name, text),
      v.minEntries(1, message('plan.wantMatchers')),
      v.transform((labels) =>
        Object.entries(labels).map(([label, value]) => ({ label, op: '=' as const, value })),
      ),
    ),
  ],
  message('plan.wantMatchers'),
);
const rollback = v.strictObject({
  alerts: field(
    'rollback.alerts',
    v.optional(v.pipe(v.array(alert), v.maxLength(50, message('plan.longList'))), []),
  ),
  alertsUnknown: field(
    'rollback.alertsUnknown',
    v.optional(v.picklist(['hold', 'goOn'], message('plan.wantOneOf')), 'hold'),
  ),
  endpointsGone: field('rollback.endpointsGone', v.optional(flag, true)),
  crashRestarts: field('rollback.crashRestarts', v.optional(count(0, 1000), 3)),
  deadline: field('rollback.deadline', v.optional(duration)),
  errorsInRow: field('rollback.errorsInRow', v.optional(count(1, 100), 4)),
});

const notification = v.union(
  [
    v.strictObject({ command: field('notify.command', text) }),
    v.strictObject({
      webhook: field(
        'notify.webhook',
        v.pipe(text, v.regex(/^https?:\/\/[^\s/]+/, message('plan.wantUrl'))),
      ),
    }),
  ],
  message('plan.wantNotification'),
);

export const planFile = v.strictObject({
  apiVersion: field('apiVersion', v.literal(apiVersion, message('plan.wantExactly'))),
  kind: field('kind', v.literal(kind, message('plan.wantExactly'))),
  name: field('name', v.optional(text)),
  scope: field('scope', scope),
  interval: field('interval', v.optional(duration, '15s')),
  steps: field(
    'steps',
    v.pipe(
      v.array(step),
      v.minLength(1, message('plan.emptyList')),
      v.maxLength(50, message('plan.longList')),
    ),
  ),
  stepBack: field('stepBack', v.optional(count(0, 20), 0)),
  metrics: field(
    'metrics',
    v.optional(
      v.pipe(
        v.array(v.variant('kind', [errorRatio, latency, query], message('plan.wantMetricKind'))),
        v.maxLength(20, message('plan.longList')),
      ),
      [],
    ),
  ),
  rollback: field('rollback', v.optional(rollback, {})),
  onSuccess: field(
    'onSuccess',
    v.optional(v.picklist(['promote', 'hold'], message('plan.wantOneOf')), 'promote'),
  ),
  onInconclusive: field(
    'onInconclusive',
    v.optional(v.picklist(['hold', 'rollback'], message('plan.wantOneOf')), 'hold'),
  ),
  runBy: field(
    'runBy',
    v.optional(v.picklist(['editor', 'job', 'controller'], message('plan.wantOneOf')), 'editor'),
  ),
  notify: field(
    'notify',
    v.optional(v.pipe(v.array(notification), v.maxLength(10, message('plan.longList'))), []),
  ),
});

/** A plan file after the schema: units are numbers, defaults are filled in, the structure is still the file's. */
export type PlanFile = v.InferOutput<typeof planFile>;
export type FileStep = PlanFile['steps'][number];
export type FileMetric = PlanFile['metrics'][number];

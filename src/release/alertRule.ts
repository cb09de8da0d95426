import { stringify } from 'yaml';
import type { Text } from '../base/text.ts';
import type { AlertMatcher } from '../model/alerts.ts';
import type { TrackQueries } from '../model/metrics.ts';
import { fillOwnQuery, type OwnQueryValues } from '../model/ownQuery.ts';
import { matcherText } from './alertMatchers.ts';
import { say } from './alertRule.l10n.ts';
import type { PlanMetric, ReleasePlan } from './plan.ts';

/** Window of the rates in a rule, and how long a limit must be broken before the alert fires. */
const windowSeconds = 120;
const forTime = '1m';

/** The track that the rules watch. */
export interface Canary {
  readonly queries: TrackQueries;
  readonly names: Pick<OwnQueryValues, 'track' | 'workload'>;
}

/** How rules are written: an object of the Prometheus operator, or a file that `rule_files` names. */
export type RuleFormat = 'PrometheusRule' | 'file';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The matcher by which a plan listens to its own alerts. */
export function ownAlerts(plan: ReleasePlan): AlertMatcher {
  return { label: 'cablecar_plan', op: '=', value: `${plan.scope.namespace}/${plan.name}` };
}

/** Whether a limit of the plan can become a rule: comparisons with the stable version are the judge's. */
export function hasLimits(plan: ReleasePlan): boolean {
  return plan.metrics.some((metric) => limitOf(metric) !== undefined);
}

/**
 * The limits of a plan as alerting rules, in YAML with comments in the language of `render`. A limit on a quantile takes the query for p99.
 * A query that names its pods is left out, and the comments say so: pods change, a rule does not.
 */
export function alertRules(
  plan: ReleasePlan,
  canary: Canary,
  options: { readonly format: RuleFormat; readonly render: (text: Text) => string },
): string {
  const { format, render } = options;
  const own = ownAlerts(plan);
  const left: string[] = [];
  const rules = plan.metrics.flatMap((metric): Rule[] => {
    const limit = limitOf(metric);
    if (limit === undefined) return [];
    const rule = ruleOf(metric, limit, { canary, plan });
    if (rule === undefined) {
      left.push(metric.name);
      return [];
    }
    return [
      {
        alert: alertName(plan, metric),
        expr: rule.expr.replaceAll('$window', `${String(windowSeconds)}s`),
        for: forTime,
        labels: { severity: 'warning', [own.label]: own.value, service: plan.scope.service },
        annotations: { summary: render(rule.summary) },
      },
    ];
  });
  const name = objectName(plan);
  const body = { groups: [{ name, rules }] };
  const notes = [
    `# ${render(say('alertRule.head', { plan: plan.name }))}`,
    `#   - ${matcherText(own)}`,
    ...left.map((name) => `# ${render(say('alertRule.left', { name }))}`),
    ...(format === 'PrometheusRule' ? [`# ${render(say('alertRule.selector'))}`] : []),
  ];
  const object =
    format === 'file'
      ? body
      : {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PrometheusRule',
          metadata: {
            name,
            namespace: plan.scope.namespace,
            labels: { 'app.kubernetes.io/managed-by': 'cablecar' },
          },
          spec: body,
        };
  return `${notes.join('\n')}\n${stringify(object, { lineWidth: 0 })}`;
}

function limitOf(metric: PlanMetric): number | undefined {
  if (metric.kind === 'query') return metric.limit;
  return metric.kind === 'latency' ? metric.maxMs : metric.max;
}

function ruleOf(
  metric: PlanMetric,
  limit: number,
  { canary, plan }: { readonly canary: Canary; readonly plan: ReleasePlan },
): { readonly expr: string; readonly summary: Text } | undefined {
  const { service, namespace } = plan.scope;
  switch (metric.kind) {
    case 'errorRatio': {
      const max = Number((limit * 100).toPrecision(6));
      return {
        expr: `1 - (${canary.queries.queries.successRatio}) > ${String(limit)}`,
        summary: say('alertRule.errors', { service, max }),
      };
    }
    case 'latency': {
      const quantile = `p${String(Number((metric.quantile * 100).toPrecision(6)))}`;
      return {
        expr: `(${quantileQuery(canary.queries, metric.quantile)}) > ${String(limit)}`,
        summary: say('alertRule.latency', { service, quantile, max: limit }),
      };
    }
    case 'query': {
      const isUpper = metric.direction === 'lowerIsBetter';
      const values: OwnQueryValues = {
        namespace,
        service,
        pods: [],
        windowSeconds,
        ...canary.names,
      };
      const filled = fillOwnQuery(metric.canary, values);
      if ('problem' in filled) return undefined;
      return {
        expr: `(${filled.text}) ${isUpper ? '>' : '<'} ${String(limit)}`,
        summary: say(isUpper ? 'alertRule.above' : 'alertRule.below', {
          service,
          name: metric.name,
          limit,
        }),
      };
    }
  }
}

/** The back end's query for p99 with another quantile; a test holds that every back end has it as the first argument. */
function quantileQuery({ queries }: TrackQueries, quantile: number): string {
  return queries.p99Ms.replaceAll(
    'histogram_quantile(0.99,',
    `histogram_quantile(${String(quantile)},`,
  );
}

/** `ShopErrorRatio`: what names an alert has letters and digits only, so that nobody needs to quote it. */
function alertName({ scope }: ReleasePlan, { name, kind }: PlanMetric): string {
  const words = `canary ${scope.service} ${/[a-z]/i.test(name) ? name : kind}`;
  return (words.match(/[A-Za-z0-9]+/g) ?? [])
    .map((w) => w.charAt(0).toUpperCase() + w.slice(1))
    .join('');
}

/** A name for an object: a DNS label of the service, whatever the plan is called. */
function objectName({ scope }: ReleasePlan): string {
  return `cablecar-${scope.service}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 63)
    .replace(/-+$/, '');
}

import type { FileMetric, PlanFile } from './planFile.ts';

type QueryMetric = Extract<FileMetric, { readonly kind: 'query' }>;

export interface FilledQuery {
  readonly queries: { readonly canary: string; readonly stable?: string };
  /** Placeholders that no argument fills, without the dollar sign. */
  readonly unknown: readonly string[];
  /** Arguments that the query does not use. */
  readonly unused: readonly string[];
}

const placeholder = /\$([A-Za-z_]\w*)/g;

/**
 * An own query with its arguments put in. `$namespace` and `$service` are those of the plan, `$window` is one minute unless an argument
 * says otherwise. Values go in as the inside of a PromQL string: quotes and backslashes are escaped, so that no value ends its string.
 */
export function queryOf(metric: QueryMetric, scope: PlanFile['scope']): FilledQuery {
  const all = {
    namespace: scope.namespace,
    service: scope.service,
    window: '1m',
    ...metric.args,
  } as Readonly<Record<string, QueryMetric['args'][string]>>;
  const names = [...metric.query.matchAll(placeholder)].map((found) => found[1] ?? '');
  const fill = (track: 'canary' | 'stable'): string =>
    metric.query.replaceAll(placeholder, (whole, name: string) => {
      const value = Object.hasOwn(all, name) ? all[name] : undefined;
      if (value === undefined) return whole;
      return escaped(typeof value === 'string' ? value : (value[track] ?? value.canary));
    });
  const [canary, stable] = [fill('canary'), fill('stable')];
  return {
    queries: { canary, ...(stable !== canary && { stable }) },
    unknown: [...new Set(names)].filter((name) => !Object.hasOwn(all, name)),
    unused: Object.keys(metric.args).filter((name) => !names.includes(name)),
  };
}

function escaped(value: string): string {
  return value.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

import { fillOwnQuery, type OwnQueryProblem } from '../model/ownQuery.ts';
import type { FileMetric } from './planFile.ts';

type QueryMetric = Extract<FileMetric, { readonly kind: 'query' }>;

export interface FilledQuery {
  /** With the plan's own arguments put in; places like `${namespace}` are filled in at each look (`ownQuery.ts`). */
  readonly queries: { readonly canary: string; readonly stable?: string };
  /** What is wrong with a place that is left. */
  readonly problem?: OwnQueryProblem;
  /** A name after a dollar sign that lacks its braces. */
  readonly bare?: string;
  /** Arguments that the query does not use. */
  readonly unused: readonly string[];
}

const place = /\$\{([A-Za-z_]\w*)\}/g;
/** Places whose value is another one for each track. */
const ofTrack = /\$\{(track|workload|pods)\}/;
const anyValues = {
  namespace: 'a',
  service: 'a',
  track: 'a',
  workload: 'a',
  pods: ['a'],
  windowSeconds: 60,
};

/** An own query with its arguments: one expression for the canary, and one for the stable version where the two differ. */
export function queryOf({ query, args }: QueryMetric): FilledQuery {
  const names = [...query.matchAll(place)].map((found) => found[1] ?? '');
  const fill = (track: 'canary' | 'stable'): string =>
    query.replaceAll(place, (whole, name: string) => {
      const value = Object.hasOwn(args, name) ? args[name] : undefined;
      if (value === undefined) return whole;
      return escaped(typeof value === 'string' ? value : (value[track] ?? value.canary));
    });
  const [canary, stable] = [fill('canary'), fill('stable')];
  const filled = fillOwnQuery(canary, anyValues);
  const bare = bareOf(query, [...Object.keys(anyValues), 'window', ...Object.keys(args)]);
  return {
    queries: { canary, ...((stable !== canary || ofTrack.test(query)) && { stable }) },
    ...('problem' in filled && { problem: filled.problem }),
    ...(bare !== undefined && { bare }),
    unused: Object.keys(args).filter((name) => !names.includes(name)),
  };
}

/** A dollar sign is no PromQL; in a string it may end a pattern, and then no name that is known follows. */
function bareOf(query: string, known: readonly string[]): string | undefined {
  const [outside] = /\$[A-Za-z_]\w*/.exec(query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')) ?? [];
  const all = query.match(/\$[A-Za-z_]\w*/g) ?? [];
  return outside ?? all.find((found) => known.includes(found.slice(1)));
}

/** As the inside of a PromQL string: no value ends its string. */
function escaped(value: string): string {
  return value.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

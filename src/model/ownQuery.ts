import { literalPattern } from './promql.ts';

/**
 * A plan's own PromQL with places to fill in, written `${name}`:
 *
 * - `${namespace}`, `${service}`: those of the release;
 * - `${track}`, `${workload}`: name of the track (the one that the expression is for), and of its Deployment;
 * - `${pods}`: pattern of exactly the track's pods, only in a string behind `=~` or `!~`;
 * - `${window}`: a duration of four scrapes, only outside of strings, as in `rate(x[${window}])`.
 *
 * All but the last stand in strings. Values are escaped there, and in a pattern (`=~`, `!~`) match as they are written. `${1}` of
 * `label_replace` is left alone.
 */
export interface OwnQueryValues {
  readonly namespace: string;
  readonly service: string;
  readonly track: string;
  /** Absent when the track has no workload. */
  readonly workload?: string;
  readonly pods: readonly string[];
  readonly windowSeconds: number;
}

/** `place` is the placeholder with its braces. */
export interface OwnQueryProblem {
  readonly kind:
    /** No such placeholder. */
    | 'unknown'
    /** It belongs into a string. */
    | 'outside'
    /** It belongs outside of strings. */
    | 'inside'
    /** It belongs into a string behind `=~` or `!~`. */
    | 'noPattern'
    /** The track has no such value now. */
    | 'absent';
  readonly place: string;
}

/** The expression with its values, or the first problem. Pure text: whether it is PromQL, the server says. */
export function fillOwnQuery(
  expression: string,
  values: OwnQueryValues,
): { readonly text: string } | { readonly problem: OwnQueryProblem } {
  let problem: OwnQueryProblem | undefined;
  let text = '';
  for (const token of expression.match(tokens) ?? []) {
    const site: Site = {
      quote: /^["'`]/.test(token) ? (token[0] ?? '') : '',
      isPattern: /[=!]~\s*$/.test(text),
    };
    text += token.startsWith('#')
      ? token
      : token.replace(places, (place, name: string) => {
          const filled = valueAt(name, site, values);
          if (typeof filled === 'string') return filled;
          problem ??= { kind: filled.problem, place };
          return place;
        });
  }
  return problem === undefined ? { text } : { problem };
}

/** Comments, strings of the three kinds, and what is between; an open string goes to the end. */
const tokens = /#[^\n]*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`[^`]*`?|[^#"'`]+/gs;
const places = /\$\{([a-zA-Z_]\w*)\}/g;

interface Site {
  /** '' outside of strings. */
  readonly quote: string;
  readonly isPattern: boolean;
}

function valueAt(
  name: string,
  { quote, isPattern }: Site,
  values: OwnQueryValues,
): string | { readonly problem: OwnQueryProblem['kind'] } {
  const { windowSeconds, pods, namespace, service, track, workload } = values;
  if (name === 'window') return quote === '' ? `${String(windowSeconds)}s` : { problem: 'inside' };
  const named = new Map([
    ['namespace', namespace],
    ['service', service],
    ['track', track],
    ['workload', workload],
  ]);
  if (name !== 'pods' && !named.has(name)) return { problem: 'unknown' };
  if (quote === '') return { problem: 'outside' };
  if (name === 'pods') {
    if (!isPattern) return { problem: 'noPattern' };
    return pods.length === 0
      ? { problem: 'absent' }
      : inString(pods.map(literalPattern).join('|'), quote);
  }
  const value = named.get(name);
  if (value === undefined) return { problem: 'absent' };
  return inString(isPattern ? literalPattern(value) : value, quote);
}

/** A raw string knows no escapes; the names of Kubernetes have no backquote. */
function inString(value: string, quote: string): string {
  if (quote === '`') return value.replaceAll('`', '');
  return value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
}

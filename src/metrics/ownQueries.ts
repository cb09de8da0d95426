import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { fillOwnQuery, type OwnQueryProblem, type OwnQueryValues } from '../model/ownQuery.ts';
import type { QueryValue } from '../model/samples.ts';
import { say } from './metrics.l10n.ts';
import type { Answer } from './prometheus.ts';
import { seriesText } from './readings.ts';

/** A metric with PromQL of its own, as a release plan has it: see `fillOwnQuery`. `name` is unique among them. */
export interface OwnQuery {
  readonly name: string;
  readonly canary: string;
  readonly stable?: string;
}

/** The expression with its places filled in, or a sentence about the first that cannot be. */
export function ownExpression(expression: string, values: OwnQueryValues): Result<string, Text> {
  const filled = fillOwnQuery(expression, values);
  if ('text' in filled) return ok(filled.text);
  const { kind, place } = filled.problem;
  return err(say(problemKeys[kind], { place, track: values.track }));
}

const problemKeys = {
  unknown: 'ownQuery.unknown',
  outside: 'ownQuery.outside',
  inside: 'ownQuery.inside',
  noPattern: 'ownQuery.noPattern',
  absent: 'ownQuery.absent',
} as const satisfies Record<OwnQueryProblem['kind'], string>;

/** Every series of the answer: that it is exactly one, the judge sees to. */
export function queryValues(answer: Result<Answer, Text>): Result<readonly QueryValue[], Text> {
  if (!answer.ok) return answer;
  const { series } = answer.value;
  if (series.some(({ points }) => points.length > 1)) return err(say('ownQuery.range'));
  return ok(
    series.map(({ labels, points, nativeAtSeconds = 0 }) => {
      const [seconds, value] = points[0] ?? [nativeAtSeconds, null];
      return { series: seriesText(labels), atMs: Math.round(seconds * 1000), value };
    }),
  );
}

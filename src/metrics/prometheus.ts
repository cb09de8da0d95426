import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Series } from '../model/metrics.ts';
import type { HttpAccess } from './access.ts';
import { parseJson } from './json.ts';
import { say } from './metrics.l10n.ts';

/** What Prometheus said: the series, and its warnings (partial answers of Thanos and Mimir come as warnings). */
export interface Answer {
  readonly series: readonly LabelledSeries[];
  readonly warnings: readonly string[];
}

export interface LabelledSeries extends Series {
  readonly labels: Readonly<Record<string, string>>;
}

const sample = v.tuple([v.number(), v.string()]);
const labels = v.record(v.string(), v.string());
const envelope = v.variant('status', [
  v.object({
    status: v.literal('success'),
    warnings: v.optional(v.array(v.string()), []),
    data: v.variant('resultType', [
      v.object({
        resultType: v.literal('vector'),
        result: v.array(v.object({ metric: labels, value: v.optional(sample) })),
      }),
      v.object({
        resultType: v.literal('matrix'),
        result: v.array(v.object({ metric: labels, values: v.optional(v.array(sample), []) })),
      }),
      v.object({ resultType: v.literal('scalar'), result: sample }),
    ]),
  }),
  v.object({ status: v.literal('error'), error: v.optional(v.string(), '') }),
]);

/** Evaluates an expression at one moment, or at the server's own time when it is left out. */
export function queryInstant(
  access: HttpAccess,
  expression: string,
  signal: AbortSignal,
): Promise<Result<Answer, Text>> {
  return ask(access, '/api/v1/query', { query: expression }, signal);
}

export interface Range {
  /** Seconds since the epoch, aligned to the step so that the server's cache hits. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

/** Evaluates an expression over a range; at most 11 000 points, the server's own limit. */
export function queryRange(
  access: HttpAccess,
  expression: string,
  range: Range,
  signal: AbortSignal,
): Promise<Result<Answer, Text>> {
  const query = {
    query: expression,
    start: String(range.startSeconds),
    end: String(range.endSeconds),
    step: String(range.stepSeconds),
  };
  return ask(access, '/api/v1/query_range', query, signal);
}

async function ask(
  access: HttpAccess,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<Answer, Text>> {
  const answer = await access.get(path, query, signal);
  if (!answer.ok) return answer;
  const parsed = v.safeParse(envelope, parseJson(answer.value.body));
  if (!parsed.success) {
    const url = access.title;
    const { status } = answer.value;
    return err(
      status === 200
        ? say('metrics.notPrometheus', { url })
        : say('metrics.status', { status, url }),
    );
  }
  if (parsed.output.status === 'error') {
    return err(say('metrics.refusedQuery', { message: parsed.output.error.slice(0, 300) }));
  }
  return ok({ series: seriesOf(parsed.output.data), warnings: parsed.output.warnings });
}

type Data = Extract<v.InferOutput<typeof envelope>, { status: 'success' }>['data'];

function seriesOf(data: Data): LabelledSeries[] {
  switch (data.resultType) {
    case 'scalar':
      return [{ labels: {}, points: [pointOf(data.result)] }];
    case 'vector':
      return data.result.map((r) => ({
        labels: r.metric,
        points: r.value ? [pointOf(r.value)] : [],
      }));
    case 'matrix':
      return data.result.map((r) => ({ labels: r.metric, points: r.values.map(pointOf) }));
  }
}

/** Prometheus sends numbers as text, "NaN" and "+Inf" among them: those are gaps. */
function pointOf([seconds, text]: readonly [number, string]): readonly [number, number | null] {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return [seconds, Number.isFinite(value) ? value : null];
}

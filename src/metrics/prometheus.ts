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
  /** Time of its newest native histogram; absent where its values are numbers. */
  readonly nativeAtSeconds?: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [seconds: number, value: string];

// Checked by hand: an answer has up to a million of them, and the extension host waits meanwhile.
const labels = v.custom<Labels>(
  (input) => isObject(input) && Object.values(input).every((value) => typeof value === 'string'),
);
const sample = v.custom<Sample>(isSample);
const samples = v.custom<readonly Sample[]>(
  (input) => Array.isArray(input) && input.every(isSample),
);
const native = v.tuple([v.number(), v.unknown()]);
const envelope = v.variant('status', [
  v.object({
    status: v.literal('success'),
    warnings: v.optional(v.array(v.string()), []),
    data: v.variant('resultType', [
      v.object({
        resultType: v.literal('vector'),
        result: v.array(
          v.object({ metric: labels, value: v.optional(sample), histogram: v.optional(native) }),
        ),
      }),
      v.object({
        resultType: v.literal('matrix'),
        result: v.array(
          v.object({
            metric: labels,
            values: v.optional(samples, []),
            histograms: v.optional(v.array(native), []),
          }),
        ),
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

/** Bounds that the server is asked to keep (handbook/hazards.md row 62); more series than the limit come with a warning. */
const bounds = { timeout: '10s', limit: '20000' };

/** Evaluates an expression at a moment of the server's own clock, in seconds. A range selector gives the values as they were scraped. */
export function queryAt(
  access: HttpAccess,
  expression: string,
  atSeconds: number,
  signal: AbortSignal,
): Promise<Result<Answer, Text>> {
  const query = { query: expression, time: String(atSeconds), ...bounds };
  return ask(access, '/api/v1/query', query, signal);
}

/** What the clock of Prometheus says, in seconds: ours may be wrong (handbook/hazards.md row 40). */
export async function serverTime(
  access: HttpAccess,
  signal: AbortSignal,
): Promise<Result<number, Text>> {
  const answer = await queryInstant(access, 'time()', signal);
  if (!answer.ok) return answer;
  const seconds = answer.value.series[0]?.points[0]?.[1];
  return typeof seconds === 'number'
    ? ok(seconds)
    : err(say('metrics.notPrometheus', { url: access.title }));
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
        ...(r.histogram && { nativeAtSeconds: r.histogram[0] }),
      }));
    case 'matrix':
      return data.result.map((r) => {
        const newest = r.histograms.at(-1);
        return {
          labels: r.metric,
          points: r.values.map(pointOf),
          ...(newest && { nativeAtSeconds: newest[0] }),
        };
      });
  }
}

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isSample(input: unknown): input is Sample {
  return (
    Array.isArray(input) &&
    input.length === 2 &&
    typeof input[0] === 'number' &&
    typeof input[1] === 'string'
  );
}

/** Prometheus sends numbers as text, "NaN" and "+Inf" among them: those are gaps. */
function pointOf([seconds, text]: readonly [number, string]): readonly [number, number | null] {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return [seconds, Number.isFinite(value) ? value : null];
}

import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { FieldChange } from '../model/change.ts';
import { withoutReadings } from './analysis/state.ts';
import { say } from './release.l10n.ts';
import type { Command, RunState } from './run.ts';

/** One line of a run's record as it is stored: what happened, when, and for a write what it changed (hazards I8). */
export interface RecordLine {
  /** RFC 3339, by the driver's clock: for people. */
  readonly at: string;
  /** Milliseconds of the run. */
  readonly runMs: number;
  readonly driver: string;
  readonly text: Text;
  readonly changes?: readonly (FieldChange & { readonly object: string })[];
}

/** A run as its ConfigMap holds it. */
export interface StoredRun {
  readonly state: RunState;
  /** Counts the saves; each save tests the one before, so that of two drivers one fails. */
  readonly seq: number;
  readonly lines: readonly RecordLine[];
}

/** A wish of somebody who does not drive; `id` tells one from the next. */
export interface StoredCommand {
  readonly id: string;
  readonly command: Command;
  readonly who: string;
}

/** Bounds of the record: a ConfigMap holds 1 MiB in all. The oldest lines go first. */
const MOST_LINES = 300;
const MOST_BYTES = 200_000;

/** The `data` of the ConfigMap. */
export type RunData = Readonly<Record<string, string>>;

export function encodeRun(run: StoredRun): RunData {
  return {
    format: '1',
    seq: String(run.seq),
    state: JSON.stringify(stored(run.state)),
    record: compact(run.lines.map((line) => JSON.stringify(line))).join('\n'),
  };
}

/** Without the counters as they stood: there are as many as series, and whoever takes the run up begins the step's window anew. */
function stored(state: RunState): RunState {
  return state.judge === undefined ? state : { ...state, judge: withoutReadings(state.judge) };
}

function compact(lines: readonly string[]): readonly string[] {
  const kept = lines.slice(-MOST_LINES);
  let bytes = 0;
  const dropped = kept.findLastIndex((line) => (bytes += line.length) > MOST_BYTES);
  return kept.slice(dropped + 1);
}

const plainPhases = ['checking', 'observing', 'gate', 'promoting'] as const;
const results = [
  'promoted',
  'completed',
  'rolledBack',
  'takenBack',
  'refused',
  'left',
  'gone',
] as const;
const text = v.looseObject({ key: v.string(), args: v.record(v.string(), v.unknown()) });
const target = v.variant('kind', [
  v.looseObject({ kind: v.literal('weight'), percent: v.number() }),
  v.looseObject({ kind: v.literal('batch'), pods: v.looseObject({}) }),
]);
const commands = ['pause', 'resume', 'skip', 'approve', 'promote', 'abort', 'leave'] as const;

const stateSchema = v.looseObject({
  v: v.literal(1),
  id: v.string(),
  plan: v.looseObject({
    name: v.string(),
    scope: v.looseObject({ service: v.string(), namespace: v.string() }),
    steps: v.pipe(v.array(v.looseObject({ to: target, minSeconds: v.number() })), v.minLength(1)),
    metrics: v.array(v.looseObject({ name: v.string() })),
    rollback: v.looseObject({ deadlineSeconds: v.number() }),
    intervalSeconds: v.pipe(v.number(), v.minValue(1)),
  }),
  target: v.looseObject({
    namespace: v.string(),
    rolloutId: v.string(),
    routeUid: v.string(),
  }),
  phase: v.union([
    v.looseObject({ kind: v.picklist(plainPhases) }),
    v.looseObject({
      kind: v.literal('writing'),
      goal: v.looseObject({ kind: v.string() }),
      wish: v.looseObject({ kind: v.string() }),
    }),
    v.looseObject({ kind: v.literal('easing'), why: text }),
    v.looseObject({ kind: v.literal('paused'), why: v.string(), text }),
    v.looseObject({ kind: v.literal('ended'), result: v.picklist(results), text }),
  ]),
  held: v.optional(text),
  stepMs: v.number(),
  step: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  position: v.string(),
});
const lineSchema = v.looseObject({
  at: v.string(),
  runMs: v.number(),
  driver: v.string(),
  text,
});
const commandSchema = v.object({
  id: v.string(),
  command: v.picklist(commands),
  who: v.string(),
});

/** A run from its ConfigMap; one sentence when it is not one, or of a later format. Lines that cannot be read are left out. */
export function decodeRun(data: RunData): Result<StoredRun, Text> {
  const { format = '' } = data;
  if (format !== '1') return err(say('release.record.format', { format }));
  const state = v.safeParse(stateSchema, parsed(data['state']));
  const seq = Number(data['seq']);
  if (!state.success || !Number.isSafeInteger(seq)) return err(say('release.record.broken'));
  const lines = (data['record'] ?? '')
    .split('\n')
    .map((line) => parsed(line))
    .filter((line) => v.is(lineSchema, line));
  return ok({
    state: state.output as unknown as RunState,
    seq,
    lines: lines as unknown as readonly RecordLine[],
  });
}

/** What somebody asks of the run; undefined when nobody does, or not in words that we know. */
export function decodeCommand(data: RunData): StoredCommand | undefined {
  const command = v.safeParse(commandSchema, parsed(data['command']));
  return command.success ? command.output : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

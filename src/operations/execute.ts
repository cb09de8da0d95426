import type { Clock } from '../base/clock.ts';
import { equalJson } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Change, ChangeSet } from '../model/change.ts';
import type { ClusterFailure } from '../model/cluster.ts';
import { refText, type JsonObject } from '../model/objects.ts';
import { say } from './operations.l10n.ts';
import {
  decideOutcome,
  firstBrokenGuard,
  firstDifference,
  inverseAt,
  type Decided,
} from './outcome.ts';
import type { ClusterPort, Consent, JournalEntry, JournalPort, Outcome, Preview } from './ports.ts';

/** Why an action ended without its effect, in one sentence. `cancelled` is silent; `fenced`: the split is not where a run left it. */
export interface OperationError {
  readonly kind: 'cancelled' | 'refused' | 'fenced' | 'conflict' | 'failed' | 'unknown';
  readonly text: Text;
  /** What it was about, for "Show what changed". */
  readonly change?: Change;
}

export interface Done {
  readonly changeSet: ChangeSet;
  readonly outcome: 'written' | 'nothingToDo';
}

/** What `execute` works with; the same in the editor and in the Job. */
export interface Tools {
  readonly cluster: ClusterPort;
  readonly journal: JournalPort;
  readonly clock: Clock;
  readonly consent: Consent;
  /** Makes ids of journal entries. */
  readonly newId: () => string;
}

export interface Occasion {
  readonly rolloutId: string;
  readonly context: string;
  readonly who: string;
  readonly intent: string;
  readonly warnings: readonly Text[];
  /** A rollback takes the shortest way: no dry run, no read after the write. */
  readonly shortest: boolean;
  /** Objects as they were read for the plan, by `refText`. */
  readonly before: Readonly<Record<string, JsonObject>>;
  /** The plan made anew, when a person took long to consent: the guards see the object, not the pods behind it. */
  readonly replan?: (signal: AbortSignal) => Promise<Result<ChangeSet, OperationError>>;
}

/** What was read longer ago than this is read again before a write (handbook/hazards.md I3). */
const freshMs = 10_000;

/** Dry run → consent → journal → write → verify → record, for any change set. The only place where a write is sent. */
export async function execute(
  tools: Tools,
  changeSet: ChangeSet,
  occasion: Occasion,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  if (changeSet.changes.length === 0) return ok({ changeSet, outcome: 'nothingToDo' });
  const readAtMs = tools.clock.monotonicMs();
  const preview = await prepare(tools, changeSet, occasion, signal);
  if (!preview.ok) return preview;
  if (!(await tools.consent(preview.value)))
    return err({ kind: 'cancelled', text: changeSet.summary });
  const isFresh = occasion.shortest || tools.clock.monotonicMs() - readAtMs <= freshMs;
  const stopped = isFresh ? undefined : await recheck(tools, changeSet, occasion, signal);
  if (stopped !== undefined) return err(stopped);
  const entry: JournalEntry = {
    id: tools.newId(),
    atMs: tools.clock.nowMs(),
    who: occasion.who,
    rolloutId: occasion.rolloutId,
    context: occasion.context,
    intent: occasion.intent,
    sentence: changeSet.summary,
    changes: changeSet,
  };
  const unrecorded = await begin(tools.journal, entry);
  // A full disk must not keep anybody from rolling back.
  if (unrecorded !== undefined && !occasion.shortest) return err(unrecorded);
  const written = await write(tools, changeSet, occasion.shortest, signal).catch(() =>
    interrupted(changeSet),
  );
  // What could not be recorded here is found out by reading the objects, as after a crash.
  await tools.journal.finish(entry.id, written.outcome, written.created).catch(() => undefined);
  return written.error === undefined ? ok({ changeSet, outcome: 'written' }) : err(written.error);
}

/** Why what was consented to must not be sent any more: the same wish comes to something else by now, or to nothing. */
async function recheck(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  changeSet: ChangeSet,
  { replan }: Occasion,
  signal: AbortSignal,
): Promise<OperationError | undefined> {
  const again = (await replan?.(signal)) ?? ok(changeSet);
  if (!again.ok) return again.error;
  const now = again.value;
  const isSame = now.changes.length === changeSet.changes.length;
  const change = changeSet.changes.find((one, index) => !equalJson(one, now.changes[index]));
  if (isSame && change === undefined) return undefined;
  const edited = change && (await brokenBy(tools, change, signal));
  return edited ?? { kind: 'conflict', text: say('operations.changedPlan', { now: now.summary }) };
}

async function begin(
  journal: JournalPort,
  entry: JournalEntry,
): Promise<OperationError | undefined> {
  try {
    await journal.begin(entry);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', text: say('operations.notRecorded', { reason }) };
  }
}

/** The server's dry run of every change: refused or changed content stops here, before anybody is asked. */
export async function prepare(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  changeSet: ChangeSet,
  occasion: Occasion,
  signal: AbortSignal,
): Promise<Result<Preview, OperationError>> {
  const objects: {
    -readonly [K in keyof Preview['objects'][number]]: Preview['objects'][number][K];
  }[] = [];
  for (const [index, change] of changeSet.changes.entries()) {
    const before = occasion.before[refText(change.target)];
    if (occasion.shortest || change.kind === 'delete') {
      objects.push({ ref: change.target, before, after: undefined });
      continue;
    }
    const answer = await tools.cluster.send(change, { dryRun: true }, signal);
    if (!answer.ok) return err(await explain(tools, change, answer.error, signal));
    const difference = firstDifference(change, answer.value.raw, inverseAt(changeSet, index));
    if (difference !== undefined) {
      const text = say('operations.mutated', { object: refText(change.target), ...difference });
      return err({ kind: 'refused', text, change });
    }
    objects.push({ ref: change.target, before, after: answer.value.raw });
  }
  return ok({ changes: changeSet, objects, warnings: occasion.warnings });
}

interface Written {
  readonly outcome: Outcome;
  readonly created: Record<string, string>;
  readonly error?: OperationError;
}

/** The connection was closed under it, or the caller gave up: what was sent may have arrived. */
function interrupted({ changes }: ChangeSet): Written {
  const object = changes.map(({ target }) => refText(target)).join(', ');
  const text = say('operations.unknownUnreachable', { object });
  return { outcome: 'unknown', created: {}, error: { kind: 'unknown', text } };
}

async function write(
  tools: Tools,
  changeSet: ChangeSet,
  shortest: boolean,
  signal: AbortSignal,
): Promise<Written> {
  const created: Record<string, string> = {};
  for (const [index, change] of changeSet.changes.entries()) {
    const answer = await tools.cluster.send(change, { dryRun: false }, signal);
    if (!answer.ok) {
      const lost = await afterFailure(tools, { changeSet, change }, answer.error, signal);
      if ('created' in lost) {
        Object.assign(created, lost.created);
        continue;
      }
      return { ...partly(lost, index, changeSet, change), created };
    }
    if (change.kind === 'create') created[refText(change.target)] = answer.value.object.meta.uid;
    const stored =
      shortest || change.kind !== 'patch'
        ? answer.value.raw
        : await storedObject(tools, change, answer.value.raw, signal);
    const difference = firstDifference(change, stored, inverseAt(changeSet, index));
    if (difference !== undefined) {
      const text = say('operations.mutatedAfter', {
        object: refText(change.target),
        ...difference,
      });
      return { outcome: 'written', created, error: { kind: 'failed', text, change } };
    }
  }
  return { outcome: 'written', created };
}

/** What the server holds after the write, read back; on the shortest way the answer to the write has to do. */
async function storedObject(
  tools: Tools,
  change: Change,
  answered: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const read = await tools.cluster.fetch(change.target, signal).catch(() => undefined);
  return read?.ok === true ? read.value.raw : answered;
}

interface Lost {
  readonly outcome: Outcome;
  readonly error: OperationError;
}

/** A write without a good answer: refused means not written; no answer means that a GET decides, never a second send. */
async function afterFailure(
  tools: Tools,
  { changeSet, change }: { readonly changeSet: ChangeSet; readonly change: Change },
  failure: ClusterFailure,
  signal: AbortSignal,
): Promise<Lost | Pick<Decided, 'created'>> {
  if (failure.kind !== 'unreachable' && failure.kind !== 'notKubernetes') {
    return { outcome: 'notWritten', error: await explain(tools, change, failure, signal) };
  }
  const object = refText(change.target);
  const index = changeSet.changes.indexOf(change);
  const inverse = inverseAt(changeSet, index);
  const single: ChangeSet = {
    summary: changeSet.summary,
    changes: [change],
    ...(inverse && { inverse: { summary: changeSet.summary, changes: [inverse] } }),
  };
  const { outcome, created } = await decideOutcome(tools.cluster, single, signal);
  switch (outcome) {
    case 'written':
      return { created };
    case 'notWritten': {
      const text = say('operations.notWritten', { object, reason: failure.text });
      return { outcome, error: { kind: 'failed', text, change } };
    }
    case 'unknown':
      return {
        outcome,
        error: { kind: 'unknown', text: say('operations.unknown', { object }), change },
      };
    case 'unreachable': {
      const text = say('operations.unknownUnreachable', { object });
      return { outcome: 'unknown', error: { kind: 'unknown', text, change } };
    }
  }
}

function partly(
  lost: Lost,
  done: number,
  changeSet: ChangeSet,
  change: Change,
): Omit<Written, 'created'> {
  if (done === 0) return lost;
  const text = say('operations.partial', {
    done,
    all: changeSet.changes.length,
    object: refText(change.target),
    reason: lost.error.text,
  });
  const outcome = lost.outcome === 'unknown' ? 'unknown' : 'written';
  return { outcome, error: { ...lost.error, text } };
}

/** The server's refusal in one sentence; a conflict names the other writer and both values. */
async function explain(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  change: Change,
  failure: ClusterFailure,
  signal: AbortSignal,
): Promise<OperationError> {
  const object = refText(change.target);
  if (failure.kind === 'notFound') {
    return { kind: 'failed', text: say('operations.gone', { object }), change };
  }
  if (failure.kind !== 'conflict') {
    return {
      kind: 'refused',
      text: say('operations.refused', { object, reason: failure.text }),
      change,
    };
  }
  const conflict = await brokenBy(tools, change, signal);
  return (
    conflict ?? { kind: 'conflict', text: say('operations.conflictUnknown', { object }), change }
  );
}

/** That somebody changed what the patch is guarded by: who, and both values. Undefined when nobody did, or it cannot be read. */
async function brokenBy(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  change: Change,
  signal: AbortSignal,
): Promise<OperationError | undefined> {
  const read = await tools.cluster.fetch(change.target, signal);
  const broken = read.ok ? firstBrokenGuard(change, read.value.raw) : undefined;
  if (!read.ok || broken === undefined) return undefined;
  const writer = tools.cluster.lastWriter(read.value);
  const text = say('operations.conflict', {
    object: refText(change.target),
    writer: writer?.manager ?? say('operations.somebody'),
    when:
      writer === undefined
        ? say('operations.recently')
        : ago(tools.clock.nowMs() - Date.parse(writer.time)),
    was: shown(broken.was),
    now: shown(broken.now),
  });
  return { kind: 'conflict', text, change };
}

function shown(value: unknown): string {
  return value === undefined ? '–' : JSON.stringify(value).slice(0, 80);
}

function ago(ms: number): Text {
  if (!(ms > 1500)) return say('operations.recently');
  if (ms < 90_000) return say('operations.secondsAgo', { n: Math.round(ms / 1000) });
  return say('operations.minutesAgo', { n: Math.round(ms / 60_000) });
}

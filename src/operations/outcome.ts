import { equalJson, holds, valueAt } from '../base/json.ts';
import type { Change, ChangeSet, PatchOperation } from '../model/change.ts';
import { refText, type Json, type JsonObject } from '../model/objects.ts';
import type { ClusterPort, Outcome } from './ports.ts';

type Patch = Extract<Change, { kind: 'patch' }>;

/**
 * First value that was written and that the object does not hold afterwards: a webhook changed what was sent. Where the patch moves entries of
 * a list, its own paths are not those of the result; there the guards of its inverse tell, for they name the values that were written.
 */
export function firstDifference(
  change: Change,
  after: JsonObject,
  inverse?: Change,
): { readonly path: string; readonly wanted: string; readonly got: string } | undefined {
  if (change.kind !== 'patch') return undefined;
  if (change.operations.some(movesEntries)) {
    const broken = inverse && firstBrokenGuard(inverse, after);
    return broken && { path: broken.path, wanted: brief(broken.was), got: brief(broken.now) };
  }
  for (const operation of change.operations) {
    if (operation.op === 'test') continue;
    const got = valueAt(after, operation.path);
    const wanted = operation.op === 'remove' ? undefined : operation.value;
    if (!isAsSent(got, wanted))
      return { path: operation.path, wanted: brief(wanted), got: brief(got) };
  }
  return undefined;
}

/** What was sent as a whole has defaults filled in; a single value is as it was sent, or not there. */
function isAsSent(got: unknown, sent: Json | undefined): boolean {
  return typeof sent === 'object' && sent !== null ? holds(got, sent) : equalJson(got, sent);
}

function brief(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}

/** An entry put into an array, or taken out of it: the paths of the other operations are then not those of the result. */
function movesEntries({ op, path }: PatchOperation): boolean {
  return (op === 'remove' || op === 'add') && /\/(\d+|-)$/.test(path);
}

/** First guard of the patch that the object no longer meets, with the value it has now; the uid counts too. */
export function firstBrokenGuard(
  change: Change,
  now: JsonObject,
): { readonly path: string; readonly was: unknown; readonly now: unknown } | undefined {
  if (change.kind !== 'patch') return undefined;
  for (const operation of change.operations) {
    if (operation.op !== 'test') continue;
    const value = valueAt(now, operation.path);
    if (!equalJson(value, operation.value)) {
      return { path: operation.path, was: operation.value, now: value };
    }
  }
  return undefined;
}

/** What became of a change set, by the objects as they are now. */
export interface Decided {
  readonly outcome: Outcome | 'unreachable';
  /** Uids of the objects that it created, by `refText`, so that an undo can remove exactly them. */
  readonly created: Readonly<Record<string, string>>;
}

/**
 * Whether a change set whose answer was lost took effect, by reading its objects: a patch whose values are there → written; whose guards
 * still hold → not written; anything else → unknown.
 */
export async function decideOutcome(
  cluster: Pick<ClusterPort, 'fetch'>,
  changeSet: ChangeSet,
  signal: AbortSignal,
): Promise<Decided> {
  const outcomes = new Set<Outcome>();
  const created: Record<string, string> = {};
  for (const [index, change] of changeSet.changes.entries()) {
    const read = await cluster.fetch(change.target, signal);
    if (!read.ok && read.error.kind !== 'notFound') return { outcome: 'unreachable', created: {} };
    const outcome = outcomeOf(
      change,
      inverseAt(changeSet, index),
      read.ok ? read.value.raw : undefined,
    );
    outcomes.add(outcome);
    if (read.ok && change.kind === 'create' && outcome === 'written')
      created[refText(change.target)] = read.value.object.meta.uid;
  }
  const [only] = outcomes;
  return { outcome: outcomes.size === 1 && only !== undefined ? only : 'unknown', created };
}

/** The change that takes the one at `index` back: an inverse goes from the last change to the first. */
export function inverseAt({ inverse }: ChangeSet, index: number): Change | undefined {
  return inverse?.changes[inverse.changes.length - 1 - index];
}

/** The same of one change and the one that takes it back, by its object; `undefined` where there is none. Pure. */
export function outcomeOf(
  change: Change,
  inverse: Change | undefined,
  now: JsonObject | undefined,
): Outcome {
  switch (change.kind) {
    case 'create':
      // Somebody else may have taken the name: what is not ours must not be removed by an undo.
      if (now === undefined) return 'notWritten';
      return holds(now, change.object) ? 'written' : 'unknown';
    case 'delete':
      // With finalizers it stays for a while, marked.
      return valueAt(now, '/metadata/uid') === change.uid && !isGoing(now)
        ? 'notWritten'
        : 'written';
    case 'patch':
      return now === undefined ? 'unknown' : outcomeOfPatch(change, inverse, now);
  }
}

function isGoing(now: JsonObject | undefined): boolean {
  return valueAt(now, '/metadata/deletionTimestamp') !== undefined;
}

function outcomeOfPatch(change: Patch, inverse: Change | undefined, now: JsonObject): Outcome {
  if (!change.operations.some(movesEntries)) {
    // First: where a member was added, nothing that the guards name has changed.
    if (isStored(change, inverse, now)) return 'written';
    return firstBrokenGuard(change, now) === undefined ? 'notWritten' : 'unknown';
  }
  if (firstBrokenGuard(change, now) === undefined) return 'notWritten';
  const isThere = inverse !== undefined && firstBrokenGuard(inverse, now) === undefined;
  return isThere ? 'written' : 'unknown';
}

/** All that was sent is there, in the same object, and what the patch only relied on is as it was. */
function isStored(change: Patch, inverse: Change | undefined, now: JsonObject): boolean {
  if (firstDifference(change, now) !== undefined) return false;
  if (inverse !== undefined && firstBrokenGuard(inverse, now) !== undefined) return false;
  const written = change.operations.filter(({ op }) => op !== 'test').map(({ path }) => path);
  return change.operations.every(
    (operation) =>
      operation.op !== 'test' ||
      written.some((path) => isWithin(path, operation.path) || isWithin(operation.path, path)) ||
      equalJson(valueAt(now, operation.path), operation.value),
  );
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

import { equalJson, holds, valueAt } from '../base/json.ts';
import type { Change, ChangeSet, PatchOperation } from '../model/change.ts';
import { refText, type JsonObject } from '../model/objects.ts';
import type { ClusterPort, Outcome } from './ports.ts';

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
    if (operation.op !== 'add' && operation.op !== 'replace') continue;
    const got = valueAt(after, operation.path);
    if (typeof operation.value !== 'object' && !equalJson(got, operation.value)) {
      return {
        path: operation.path,
        wanted: brief(operation.value),
        got: brief(got),
      };
    }
  }
  return undefined;
}

function brief(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}

/** A member that goes, or an entry put into an array: the paths of the other operations are then not those of the result. */
function movesEntries({ op, path }: PatchOperation): boolean {
  return op === 'remove' || (op === 'add' && /\/(\d+|-)$/.test(path));
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
 * Whether a change set whose answer was lost took effect, by reading its objects: the patch's own guards still hold → not written;
 * the guards of its inverse hold (they name the values that we wrote) → written; anything else → unknown.
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

function outcomeOf(
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
      return valueAt(now, '/metadata/uid') === change.uid ? 'notWritten' : 'written';
    case 'patch':
      return now === undefined ? 'unknown' : outcomeOfPatch(change, inverse, now);
  }
}

function outcomeOfPatch(change: Change, inverse: Change | undefined, now: JsonObject): Outcome {
  if (firstBrokenGuard(change, now) === undefined) return 'notWritten';
  if (inverse !== undefined && firstBrokenGuard(inverse, now) === undefined) return 'written';
  const isThere = inverse === undefined && firstDifference(change, now) === undefined;
  return isThere ? 'written' : 'unknown';
}

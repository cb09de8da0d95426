import type { ClusterPort } from '../operations/ports.ts';
import { decideOutcome } from '../operations/outcome.ts';
import type { History, HistoryEntry } from './history.ts';

/**
 * Finds out how actions ended whose end is not known, by reading their objects: those that a crash cut off, and those whose answer was lost
 * while the cluster could not be reached. Of the latter only the newest of a rollout: a later action has changed what could be read.
 * Resolves to whether all could be read; false: try again later.
 */
export async function settleHistory(
  history: History,
  cluster: Pick<ClusterPort, 'fetch'>,
  isUnderWay: (entry: HistoryEntry) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  let isComplete = true;
  for (const entry of history.entries) {
    if (!isOpen(entry, history.entries) || isUnderWay(entry)) continue;
    const { outcome, created } = await decideOutcome(cluster, entry.changes, signal);
    if (outcome === 'unreachable') isComplete = false;
    else if (outcome !== entry.outcome)
      await history.finish(entry.id, outcome, { ...entry.created, ...created });
  }
  return isComplete;
}

function isOpen(entry: HistoryEntry, all: readonly HistoryEntry[]): boolean {
  if (entry.outcome === 'pending') return true;
  const newest = all.find(({ rolloutId }) => rolloutId === entry.rolloutId);
  return entry.outcome === 'unknown' && entry === newest;
}

import type { Text } from '../base/text.ts';
import type { ClusterFailure, Connection } from '../model/cluster.ts';
import { say } from './cluster.l10n.ts';
import type { RetryableFailure } from './failures.ts';
import type { WatchState } from './watches.ts';

/** Sums up discovery and all watches. `discoveryFailure` counts only until discovery succeeded once. */
export function statusOfWatches(
  states: readonly WatchState[],
  isDiscovered: boolean,
  discoveryFailure: ClusterFailure | undefined,
): Connection {
  if (!isDiscovered)
    return discoveryFailure === undefined ? { kind: 'connecting' } : failed(discoveryFailure);
  const parts = states.flatMap((state) => state.parts.map((part) => part.state));
  const stale = parts.filter((state) => state.kind === 'stale');
  const [first] = stale;
  if (first !== undefined) {
    const sinceMs = Math.min(...stale.map((state) => state.sinceMs));
    const failure = stale.find((state) => state.failure !== undefined)?.failure;
    return { kind: 'stale', sinceMs, text: failure?.text ?? say('cluster.closed') };
  }
  // One kind that is refused is a gap, said elsewhere; all of them is a cluster that shows nothing.
  const failures = parts.flatMap((state) => (state.kind === 'failed' ? [state.failure] : []));
  // An API server answers so to the first list of a resource that nobody has used since it started: it asks to wait a second.
  const isToldToWait = failures.some((failure) => failure.kind === 'tooManyRequests');
  const fatal = failures.find(({ kind }) => kind !== 'forbidden' && kind !== 'tooManyRequests');
  if (fatal !== undefined) return failed(fatal);
  if (isToldToWait || parts.some((state) => state.kind === 'connecting'))
    return { kind: 'connecting' };
  const [refused] = failures;
  if (refused !== undefined && failures.length === parts.length) return failed(refused);
  return { kind: 'live' };
}

/** What is not shown, and why: one sentence for each kind that is shown in part, or not at all. */
export function gapsOf(states: readonly WatchState[]): readonly Text[] {
  return states.flatMap(({ watched, parts, fallback }) => {
    const { kind } = watched.resource;
    const isRefused = (part: (typeof parts)[number]): boolean =>
      part.state.kind === 'failed' && part.state.failure.kind === 'forbidden';
    const refused = parts.filter(isRefused).map((part) => part.namespace);
    const shown = fallback.filter((namespace) => !refused.includes(namespace));
    const gaps: Text[] = [];
    if (shown.length > 0) gaps.push(say('cluster.partial', { kind, namespaces: shown.join(', ') }));
    if (refused.length > 0)
      gaps.push(say('cluster.nothingAllowed', { kind, namespaces: placesOf(refused) }));
    return gaps;
  });
}

function placesOf(namespaces: readonly string[]): string | Text {
  return namespaces.includes('') ? say('cluster.wholeCluster') : namespaces.join(', ');
}

function failed(failure: RetryableFailure): Connection {
  return { kind: 'failed', reason: reasonOf(failure), text: failure.text };
}

function reasonOf({
  kind,
}: ClusterFailure): 'unreachable' | 'forbidden' | 'credentials' | 'invalid' {
  switch (kind) {
    case 'forbidden':
      return 'forbidden';
    case 'unauthorized':
      return 'credentials';
    case 'unreachable':
    case 'tooManyRequests':
      return 'unreachable';
    case 'notFound':
    case 'conflict':
    case 'invalid':
    case 'notKubernetes':
      return 'invalid';
  }
}

import { describe, expect, test } from 'vitest';
import { services } from '../model/kinds.ts';
import { say } from './cluster.l10n.ts';
import type { RetryableFailure } from './failures.ts';
import type { ReflectorState } from './reflector.ts';
import { statusOfWatches } from './status.ts';

const failure = (kind: RetryableFailure['kind']): RetryableFailure => ({
  kind,
  text: say('cluster.closed'),
});

/** The status of watches in these states, each of the whole cluster. */
function statusOf(...states: readonly ReflectorState[]): string {
  const watched = { resource: services, pick: () => ({}), writes: [] };
  const watches = states.map((state) => ({
    watched,
    parts: [{ namespace: '', state }],
    fallback: [],
  }));
  return statusOfWatches(watches, true, undefined).kind;
}

describe('the status of a cluster', () => {
  test('is live when every kind is, or is only refused', () => {
    expect(statusOf({ kind: 'live' }, { kind: 'live' })).toBe('live');
    expect(statusOf({ kind: 'live' }, { kind: 'failed', failure: failure('forbidden') })).toBe(
      'live',
    );
  });

  test('is connecting, not failed, while the server asks to wait for a kind', () => {
    const waiting = { kind: 'failed', failure: failure('tooManyRequests') } as const;
    expect(statusOf({ kind: 'live' }, waiting)).toBe('connecting');
    expect(statusOf(waiting, { kind: 'failed', failure: failure('unreachable') })).toBe('failed');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RetryableFailure } from './failures.ts';
import { nextStep, start, type Outcome, type Position } from './reflectorSteps.ts';

const text = { key: 'x', args: {} };
const refused: RetryableFailure = { kind: 'unreachable', text };
const busy: RetryableFailure = { kind: 'tooManyRequests', text, status: 429, retryAfterMs: 20_000 };
const expired: RetryableFailure = { kind: 'invalid', text, status: 410, reason: 'Expired' };

test('the first list takes what the server has at hand; a watch goes on from it', () => {
  expect(start.listFrom).toBe('0');
  const { position, waitMs } = nextStep(start, { kind: 'listed', resourceVersion: '7' }, 1);
  expect(position).toEqual({ watchFrom: '7', listFrom: '7', failures: 0, wasSilent: false });
  expect(waitMs).toBe(0);
});

test('where nobody answers, each next try comes within two seconds', () => {
  let position: Position = start;
  for (let i = 0; i < 50; i += 1) {
    const step = nextStep(position, { kind: 'listFailed', failure: refused }, 1);
    expect(step.waitMs).toBeLessThanOrEqual(1800);
    if (i > 0) expect(step.waitMs).toBeGreaterThan(100);
    position = step.position;
  }
});

test('a busy server is left alone for as long as it asks, and longer each time', () => {
  const waits: number[] = [];
  let position: Position = start;
  for (let i = 0; i < 8; i += 1) {
    const step = nextStep(
      position,
      { kind: 'listFailed', failure: { ...busy, retryAfterMs: 1000 } },
      0,
    );
    waits.push(step.waitMs);
    position = step.position;
  }
  expect(waits).toEqual([1000, 1200, 2400, 4800, 9600, 19_200, 22_500, 22_500]);
  expect(nextStep(start, { kind: 'listFailed', failure: busy }, 0).waitMs).toBe(20_000);
  const forAnHour = { ...busy, retryAfterMs: 3_600_000 };
  expect(nextStep(start, { kind: 'listFailed', failure: forAnHour }, 0).waitMs).toBe(30_000);
});

test('a version that is gone means a list that is no older than what was seen; then the newest', () => {
  const watching: Position = { watchFrom: '5', listFrom: '5', failures: 0, wasSilent: false };
  const lost = nextStep(watching, ended({ resumeFrom: '9', failure: expired }), 1);
  expect(lost).toEqual({
    position: { watchFrom: undefined, listFrom: '9', failures: 1, wasSilent: false },
    waitMs: 0,
  });
  const again = nextStep(lost.position, { kind: 'listFailed', failure: expired }, 1);
  expect(again.position.listFrom).toBe('');
});

test('after an outage, however long, the first answer is followed up at once', () => {
  let position: Position = { watchFrom: '5', listFrom: '5', failures: 0, wasSilent: false };
  for (let i = 0; i < 30; i += 1)
    position = nextStep(
      position,
      ended({ resumeFrom: '5', isOpened: false, failure: refused }),
      1,
    ).position;
  const gone = nextStep(position, ended({ resumeFrom: '5', isOpened: false, failure: expired }), 1);
  expect(gone.waitMs).toBe(0);
  expect(gone.position.watchFrom).toBeUndefined();
  const starting: RetryableFailure = { kind: 'unreachable', text, status: 503 };
  expect(nextStep(position, { kind: 'listFailed', failure: starting }, 1).waitMs).toBe(800);
});

test('an agreed end is followed at once; one after less than a second is a fault', () => {
  const watching: Position = { watchFrom: '5', listFrom: '5', failures: 3, wasSilent: false };
  const agreed = nextStep(watching, ended({ resumeFrom: '5', lastedMs: 300_000, events: 4 }), 1);
  expect(agreed).toEqual({
    position: { watchFrom: '5', listFrom: '5', failures: 0, wasSilent: false },
    waitMs: 0,
  });
  const short = nextStep(watching, ended({ lastedMs: 10 }), 1);
  expect(short.position.failures).toBe(4);
  expect(short.waitMs).toBeGreaterThan(1000);
});

test('whatever happens, what is known never goes back, no wait is longer than half a minute, and no loop is hot', () => {
  const failure = fc.constantFrom(refused, busy, expired);
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ kind: fc.constant('listFailed' as const), failure }),
    fc.record({ failure, lastedMs: fc.constantFrom(1, 5000) }).map((facts) => ended(facts)),
    fc.constant({ kind: 'listed' as const, resourceVersion: '9' }),
  );
  fc.assert(
    fc.property(
      fc.array(outcome, { maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (outcomes, random) => {
        let position: Position = { watchFrom: '9', listFrom: '9', failures: 0, wasSilent: false };
        let waited = 0;
        for (const next of outcomes) {
          const step = nextStep(position, next, random);
          position = step.position;
          waited += step.waitMs;
          expect(step.waitMs).toBeLessThanOrEqual(30_000);
          expect(['9', '']).toContain(position.listFrom);
        }
        const failures = outcomes.filter((next) => next.kind !== 'listed').length;
        if (failures > 2) expect(waited).toBeGreaterThan((failures - 2) * 500);
      },
    ),
  );
});

function ended(facts: Partial<Extract<Outcome, { kind: 'ended' }>>): Outcome {
  return { kind: 'ended', resumeFrom: '9', lastedMs: 0, events: 0, isOpened: true, ...facts };
}

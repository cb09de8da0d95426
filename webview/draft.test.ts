import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PanelSnapshot } from '../src/protocol/messages.ts';
import { good, stops, threeDestinations } from '../test/webview/samples.ts';
import { destinationsOf, isLive, snapped, stepped, wholePercents, withPercent } from './draft.ts';

const any: PanelSnapshot['weights'] = { kind: 'any' };
const { weights } = stops.snapshot;

describe('a draft', () => {
  test('moves the two tracks against each other', () => {
    expect(withPercent({ v1: 90, v2: 10 }, 'v2', 25, [])).toEqual({ v1: 75, v2: 25 });
  });

  test('lets the unlocked others give in proportion and the locked stand', () => {
    expect(withPercent({ a: 60, b: 30, c: 10 }, 'c', 40, [])).toEqual({ a: 40, b: 20, c: 40 });
    expect(withPercent({ a: 60, b: 30, c: 10 }, 'c', 20, ['a'])).toEqual({ a: 60, b: 20, c: 20 });
  });

  test('cannot take more than the locked ones leave, and moves nothing when all others are locked', () => {
    expect(withPercent({ a: 60, b: 30, c: 10 }, 'c', 90, ['a'])).toEqual({ a: 60, b: 0, c: 40 });
    const held = { a: 60, b: 30, c: 10 };
    expect(withPercent(held, 'c', 50, ['a', 'b'])).toBe(held);
  });

  test('does not round the last requests of a third destination away', () => {
    const whole = wholePercents(threeDestinations.snapshot);
    expect(whole).toEqual({ v1: 89, v2: 10, v3: 1 });
    expect(withPercent(whole, 'v2', 50, [])).toEqual({ v1: 49, v2: 50, v3: 1 });
    expect(withPercent(whole, 'v2', 100, [])).toEqual({ v1: 0, v2: 100, v3: 0 });
  });

  test('always consists of whole percents that sum to 100', () => {
    const shares = fc.array(fc.nat(1000), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        shares,
        fc.nat(100),
        fc.nat(5),
        fc.nat(5),
        (parts, wanted, moved, lockedIndex) => {
          const total = parts.reduce((sum, part) => sum + part, 0) || 1;
          const tracks = parts.map((part, index) => ({
            ...good.snapshot.tracks[0],
            id: String(index),
            role: 'stable',
            share: part / total,
          }));
          const snapshot = { ...good.snapshot, tracks } as PanelSnapshot;
          const start = wholePercents(snapshot);
          const id = String(moved % parts.length);
          const locked = [String(lockedIndex % parts.length)].filter((one) => one !== id);
          const end = withPercent(start, id, wanted, locked);
          for (const percents of [start, end]) {
            const values = Object.values(percents);
            expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
            expect(values.reduce((sum, value) => sum + value, 0)).toBe(100);
          }
          for (const one of locked) expect(end[one]).toBe(start[one]);
        },
      ),
    );
  });
});

describe('reachable stops', () => {
  test('pull a percent to the nearest', () => {
    expect(snapped(weights, 20)).toBe(25);
    expect(snapped(weights, 100)).toBe(50);
    expect(snapped(any, 20)).toBe(20);
  });

  test('are walked one by one by the arrow keys, in steps of at least ten with Shift', () => {
    expect(stepped(weights, 14.3, 1)).toBe(25);
    expect(stepped(weights, 25, -1)).toBe(14);
    expect(stepped(weights, 33, 10)).toBe(45);
    expect(stepped(weights, 45, 10)).toBe(50);
    expect(stepped(weights, 50, 1)).toBe(50);
    expect(stepped(weights, 0, -1)).toBe(0);
  });

  test('are the live value where the pods make a broken percent', () => {
    expect(isLive(stops.snapshot, { v1: 86, v2: 14 })).toBe(true);
    expect(isLive(stops.snapshot, { v1: 75, v2: 25 })).toBe(false);
  });
});

test('a track that the slider’s rule does not name and that gets nothing is no destination', () => {
  const elsewhere = { ...good.snapshot.tracks[0], id: 'x', role: 'other', share: 0 };
  const tracks = [...good.snapshot.tracks, elsewhere];
  const snapshot = { ...good.snapshot, tracks } as PanelSnapshot;
  expect(destinationsOf(snapshot).map((track) => track.id)).toEqual(['v1', 'v2']);
});

import { expect, test } from 'vitest';
import { holds } from './json.ts';

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, added: true }, { a: 1 }, true],
  [{ a: 2 }, { a: 1 }, false],
  [{}, { a: 1 }, false],
  [{}, { paused: false, note: '', list: [], map: {}, none: null, zero: 0 }, true],
  [{ paused: true }, { paused: false }, false],
  [{ zero: 1 }, { zero: 0 }, false],
  [[{ name: 'a', added: 1 }], [{ name: 'a' }], true],
  [[{ name: 'a' }, { name: 'b' }], [{ name: 'a' }], false],
  [['a'], [], false],
  [{ a: 'x' }, { a: {} }, false],
])('%j holds what was sent as %j: %s', (value, sent, expected) => {
  expect(holds(value, sent)).toBe(expected);
});

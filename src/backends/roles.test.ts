import { expect, test } from 'vitest';
import { rolesOf, type Candidate } from './roles.ts';

function candidate(name: string, more: Partial<Candidate> = {}): Candidate {
  return { id: name, name, labels: {}, created: '', ...more };
}

/** Names in the order stable, canary; others are left out. */
function pairOf(...candidates: readonly Candidate[]): readonly (string | undefined)[] {
  const { roles } = rolesOf(candidates);
  const named = (role: string): string | undefined =>
    candidates.find(({ id }) => roles.get(id) === role)?.name;
  return [named('stable'), named('canary')];
}

test.each([
  ['shop-canary', 'shop', ['shop', 'shop-canary']],
  ['shop-primary', 'shop', ['shop-primary', 'shop']],
  ['canary', 'stable', ['stable', 'canary']],
  ['v2', 'v1', ['v1', 'v2']],
  ['v10', 'v9', ['v9', 'v10']],
  ['shop-v2-4-1', 'shop-v2-4-0', ['shop-v2-4-0', 'shop-v2-4-1']],
] as const)('of %s and %s, stable and canary are told by the names', (a, b, pair) => {
  expect(pairOf(candidate(a), candidate(b))).toEqual(pair);
  expect(pairOf(candidate(b), candidate(a))).toEqual(pair);
});

test('fixed names are told from versions, for they decide how a promotion is done', () => {
  expect(rolesOf([candidate('shop'), candidate('shop-canary')])).toMatchObject({ naming: 'fixed' });
  expect(rolesOf([candidate('v1'), candidate('v2')])).toMatchObject({
    naming: 'versions',
    isGuess: false,
  });
});

test('a label for tracks says it where the names do not', () => {
  const a = candidate('a', { labels: { track: 'canary' } });
  expect(pairOf(a, candidate('b'))).toEqual(['b', 'a']);
  const b = candidate('b', { labels: { 'cablecar/track': 'canary' } });
  expect(pairOf(candidate('a'), b)).toEqual(['a', 'b']);
});

test('a version label says it where the names do not', () => {
  const blue = candidate('blue', { labels: { version: '1.10' } });
  const green = candidate('green', { labels: { version: '1.9' } });
  expect(pairOf(blue, green)).toEqual(['green', 'blue']);
});

test('without names and versions the younger workload is the canary, and it is called a guess', () => {
  const blue = candidate('blue', { created: '2026-03-01T00:00:00Z' });
  const green = candidate('green', { created: '2026-02-01T00:00:00Z' });
  expect(pairOf(blue, green)).toEqual(['green', 'blue']);
  expect(rolesOf([blue, green])).toMatchObject({ isGuess: true, naming: 'versions' });
});

test('without anything the last in the route is the canary', () => {
  expect(pairOf(candidate('blue'), candidate('green'))).toEqual(['blue', 'green']);
});

test('of three versions the newest is the canary of the one before it, and it is called a guess', () => {
  const three = ['v1', 'v3', 'v2'].map((name) => candidate(name));
  expect(pairOf(...three)).toEqual(['v2', 'v3']);
  expect(rolesOf(three)).toMatchObject({ isGuess: true });
});

test('of three names the canary goes with the one that it is named after', () => {
  const three = ['shop', 'shop-baseline', 'shop-canary'].map((name) => candidate(name));
  expect(pairOf(...three)).toEqual(['shop-baseline', 'shop-canary']);
  expect(pairOf(candidate('web'), candidate('shop'), candidate('shop-canary'))).toEqual([
    'shop',
    'shop-canary',
  ]);
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../model/objects.ts';
import { conditionsOf, covers, matchesOf } from './matches.ts';

function conditions(match: JsonObject): unknown {
  return conditionsOf(matchesOf({ matches: [match] }))[0];
}

function header(name: string, value: string, type = 'Exact'): JsonObject {
  return { headers: [{ name, value, type }] };
}

describe('a condition is shown as what it means', () => {
  test.each<[string, JsonObject, readonly [string, string, string, string]]>([
    ['an exact header', header('x-beta', 'yes'), ['header', 'exact', 'x-beta', 'yes']],
    [
      'a regex header',
      header('x-beta', 'y.*', 'RegularExpression'),
      ['header', 'regex', 'x-beta', 'y.*'],
    ],
    [
      'a header without a type',
      { headers: [{ name: 'a', value: 'b' }] },
      ['header', 'exact', 'a', 'b'],
    ],
    ['a user', header('X-User-Id', '42'), ['user', 'exact', 'X-User-Id', '42']],
    [
      'a device',
      header('user-agent', '.*Mobile.*', 'RegularExpression'),
      ['device', 'regex', 'user-agent', '.*Mobile.*'],
    ],
    [
      'a query parameter',
      { queryParams: [{ name: 'beta', value: '1' }] },
      ['query', 'exact', 'beta', '1'],
    ],
    ['a method', { method: 'POST' }, ['method', 'exact', '', 'POST']],
    ['a path prefix', { path: { value: '/shop' } }, ['path', 'prefix', '', '/shop']],
    ['an exact path', { path: { type: 'Exact', value: '/shop' } }, ['path', 'exact', '', '/shop']],
    ['a gRPC service', { method: { service: 'shop.Cart' } }, ['path', 'prefix', '', '/shop.Cart']],
    [
      'a gRPC method',
      { method: { service: 'shop.Cart', method: 'Add' } },
      ['path', 'exact', '', '/shop.Cart/Add'],
    ],
    [
      'a gRPC method of any service',
      { method: { method: 'Add' } },
      ['path', 'regex', '', '/[^/]+/Add'],
    ],
    [
      'something unknown',
      { clientIP: '10.0.0.0/8' },
      ['other', 'exact', 'clientIP', '"10.0.0.0/8"'],
    ],
  ])('%s', (_name, match, [on, op, name, value]) => {
    expect(conditions(match)).toEqual([{ on, op, name, value }]);
  });

  test('a rule that any request matches has no matches', () => {
    expect(conditionsOf(matchesOf({}))).toEqual([]);
    expect(
      conditionsOf(matchesOf({ matches: [{ path: { type: 'PathPrefix', value: '/' } }] })),
    ).toEqual([]);
    expect(conditionsOf(matchesOf({ matches: [header('a', 'b'), {}] }))).toEqual([]);
  });
});

describe('a regular expression on Cookie', () => {
  test.each([
    '(.*; ?)?group=testers(;.*)?',
    '^(.*?;)?\\s*(group=testers)(;.*)?$',
    '(^|.*;\\s*)group=testers($|;.*)',
    'group=testers',
  ])('%s is the cookie group with the value testers', (value) => {
    expect(conditions(header('Cookie', value, 'RegularExpression'))).toEqual([
      { on: 'cookie', op: 'exact', name: 'group', value: 'testers' },
    ]);
  });

  test.each(['.*group=test.*', 'group=(a|b)', '.*vip.*', 'a=1; b=2'])(
    '%s is shown as it is',
    (value) => {
      expect(conditions(header('cookie', value, 'RegularExpression'))).toEqual([
        { on: 'cookie', op: 'regex', name: '', value },
      ]);
    },
  );
});

describe('a match takes over the requests of another', () => {
  const shop = { path: { value: '/shop' } };
  test.each<[boolean, JsonObject, JsonObject]>([
    [true, {}, header('a', 'b')],
    [true, shop, { path: { value: '/shop/cart' } }],
    [true, { path: { value: '/shop/' } }, { path: { type: 'Exact', value: '/shop' } }],
    [false, shop, { path: { value: '/shopping' } }],
    [false, shop, {}],
    [false, shop, { path: { type: 'RegularExpression', value: '/shop/.*' } }],
    [true, shop, { ...shop, ...header('a', 'b') }],
    [false, { ...shop, ...header('a', 'b') }, shop],
    [true, header('X-A', 'b'), { ...header('x-a', 'b'), method: 'GET' }],
    [false, { method: 'POST' }, { method: 'GET' }],
    [true, { method: { service: 'a.B' } }, { method: { service: 'a.B', method: 'C' } }],
    [false, { method: { service: 'a.B' } }, { method: { service: 'a.Bc', method: 'C' } }],
  ])('%s: %j those of %j', (expected, general, special) => {
    const [a] = matchesOf({ matches: [general] });
    const [b] = matchesOf({ matches: [special] });
    expect(a && b && covers(a, b)).toBe(expected);
  });
});

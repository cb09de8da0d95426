import { expect, test } from 'vitest';
import type { JsonObject } from '../../model/objects.ts';
import { matchesOf } from './matches.ts';

function headers(conditions: JsonObject): ReturnType<typeof matchesOf> {
  return matchesOf({ match: [{ headers: conditions }] });
}

test.each([
  ['^(.*?;)?\\s*(group=testers)(;.*)?$', 'group', 'testers'],
  ['(^|.*; ?)canary=always(;.*|$)', 'canary', 'always'],
  ['.*session=a\\.b.*', 'session', 'a.b'],
])('a pattern on the cookie header is one cookie: %s', (regex, name, value) => {
  expect(headers({ cookie: { regex } })).toEqual([[{ on: 'cookie', op: 'exact', name, value }]]);
});

test('a pattern that is about more than one cookie is shown as it is', () => {
  const regex = '(a=1|b=2)';
  expect(headers({ cookie: { regex } })).toEqual([
    [{ on: 'cookie', op: 'regex', name: '', value: regex }],
  ]);
});

test.each(['x-user-id', 'end-user', 'uid', 'x-account', '@request.auth.claims.sub'])(
  'the header %s names the user',
  (name) => {
    expect(headers({ [name]: { exact: '7' } })).toEqual([
      [{ on: 'user', op: 'exact', name, value: '7' }],
    ]);
  },
);

test('the user agent is the device, and an empty condition asks only for the header', () => {
  expect(headers({ 'user-agent': { prefix: 'Mobile' }, 'x-beta': {} })).toEqual([
    [
      { on: 'device', op: 'prefix', name: 'user-agent', value: 'Mobile' },
      { on: 'header', op: 'present', name: 'x-beta', value: '' },
    ],
  ]);
});

test('path, method, query, caller and what else there is are conditions of one match', () => {
  const match = {
    uri: { prefix: '/api' },
    method: { exact: 'GET' },
    queryParams: { beta: { exact: '1' } },
    sourceLabels: { app: 'web' },
    sourceNamespace: 'front',
    withoutHeaders: { 'x-old': {} },
    port: 8443,
  };
  expect(
    matchesOf({ match: [match] })[0]?.map(({ on, op, name, value }) => [on, op, name, value]),
  ).toEqual([
    ['header', 'absent', 'x-old', ''],
    ['query', 'exact', 'beta', '1'],
    ['path', 'prefix', '', '/api'],
    ['method', 'exact', '', 'GET'],
    ['source', 'exact', 'app', 'web'],
    ['source', 'exact', 'sourceNamespace', 'front'],
    ['other', 'exact', 'port', '8443'],
  ]);
});

test('no match, an empty one, and anything beside an empty one match everything', () => {
  expect(matchesOf({})).toEqual([]);
  expect(matchesOf({ match: [{ uri: { exact: '/' } }, {}] })).toEqual([]);
  expect(matchesOf({ match: 'all' })).toEqual([]);
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { re2Problem } from '../base/re2.ts';
import { deviceClasses, type Match, type MatchCondition } from '../model/rollout.ts';
import {
  alternativesOf,
  conditionOf,
  deviceExpressions,
  escaped,
  folded,
  isWithin,
  literal,
  onOfHeader,
  sameMatches,
} from './requestMatches.ts';

const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });

/** As a data plane compares: the whole value. */
function matches(expression: string, text: string): boolean {
  return new RegExp(`^(?:${expression})$`, 's').test(text);
}

// What the browsers send, one or more of each kind.
const userAgents: readonly (readonly [expected: string, text: string])[] = [
  [
    'phone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  ],
  [
    'phone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1',
  ],
  [
    'phone',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
  ],
  ['phone', 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'],
  [
    'phone',
    'Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  ],
  [
    'phone',
    'Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063',
  ],
  [
    'phone',
    'Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148 Safari/604.1',
  ],
  [
    'tablet',
    'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1',
  ],
  [
    'tablet',
    'Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  ],
  ['tablet', 'Mozilla/5.0 (Android 14; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0'],
  [
    'tablet',
    'Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.3 like Chrome/126.0.6478.187 Safari/537.36',
  ],
  [
    'desktop',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
  ],
  ['desktop', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  [
    'desktop',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  ],
  [
    'desktop',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  ],
  [
    'desktop',
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  ],
  ['desktop', 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ['', 'curl/8.14.1'],
  ['', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['', 'okhttp/5.0.0'],
];

describe('a device', () => {
  test.each(userAgents)('%s: %s', (expected, text) => {
    const found = deviceClasses.filter((device) => matches(deviceExpressions[device], text));
    expect(found).toEqual(expected === '' ? [] : [expected]);
  });

  test.each(deviceClasses)('%s is an expression that RE2 takes, and reads as itself', (device) => {
    const value = deviceExpressions[device];
    expect(re2Problem(value)).toBeUndefined();
    expect(conditionOf({ name: 'User-Agent', op: 'regex', value })).toEqual(
      on('device', 'exact', 'user-agent', device),
    );
  });
});

test.each(['match-rules.md', 'match-rules.zh-CN.md'])('docs/%s has these expressions', (name) => {
  const page = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  for (const expression of Object.values(deviceExpressions))
    expect(page).toContain(`\`${expression.replaceAll('|', '\\|')}\``);
});

describe('a cookie', () => {
  const expression = alternativesOf([on('cookie', 'exact', 'group', 'a.b')])[0]?.[0]?.value ?? '';

  test.each([
    ['group=a.b', true],
    ['session=1; group=a.b', true],
    ['session=1;group=a.b;theme=dark', true],
    ['group=axb', false],
    ['mygroup=a.b', false],
    ['group=a.b2', false],
    ['session=group=a.b', false],
  ])('among others: %s, %s', (header, isThere) => {
    expect(matches(expression, header)).toBe(isThere);
  });

  test('that is there at all is asked for too', () => {
    const [[header] = []] = alternativesOf([on('cookie', 'present', 'group', '')]);
    expect(matches(header?.value ?? '', 'a=1; group=')).toBe(true);
    expect(matches(header?.value ?? '', 'a=1; groups=2')).toBe(false);
  });

  test('is read again as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
        fc.stringMatching(/^[!#-+\--:<-[\]-~]{1,20}$/),
        (name, value) => {
          const condition = on('cookie', 'exact', name, value);
          const [[header] = []] = alternativesOf([condition]);
          expect(header && re2Problem(header.value)).toBeUndefined();
          expect(header && conditionOf(header)).toEqual(condition);
        },
      ),
    );
  });
});

test('any text is an expression for itself and comes back from it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(literal(escaped(text))).toBe(text);
      expect(matches(escaped(text), text)).toBe(true);
    }),
  );
  expect(literal('a.b')).toBeUndefined();
  expect(literal('\\d')).toBeUndefined();
});

test.each([
  ['x-user-id', 'user'],
  ['X-Customer-Id', 'user'],
  ['@request.auth.claims.sub', 'user'],
  ['X-Forwarded-For', 'source'],
  ['x-envoy-external-address', 'source'],
  ['x-canary', 'header'],
])('the header %s is about the %s', (name, kind) => {
  expect(onOfHeader(name)).toBe(kind);
});

describe('values of one condition', () => {
  const user = (value: string, op: 'exact' | 'oneOf' = 'exact'): MatchCondition =>
    on('user', op, 'x-user-id', value);
  const phone = on('device', 'exact', 'user-agent', 'phone');
  const tablet = on('device', 'exact', 'user-agent', 'tablet');

  test('are told together, and each is a match of its own in the object', () => {
    const apart: readonly Match[] = [
      [user('7'), phone],
      [user('7'), tablet],
      [user('42'), phone],
      [user('42'), tablet],
    ];
    const both = [[user('7,42', 'oneOf'), on('device', 'oneOf', 'user-agent', 'phone,tablet')]];
    expect(folded(apart)).toEqual(both);
    expect(both.flatMap(alternativesOf)).toHaveLength(4);
    expect(sameMatches(apart, both)).toBe(true);
  });

  test('are not told together where a comma is part of one, or the header is another', () => {
    const odd: readonly Match[] = [[user('a,b')], [user('c')]];
    expect(folded(odd)).toEqual(odd);
    const two: readonly Match[] = [[user('7')], [on('user', 'exact', 'uid', '7')]];
    expect(folded(two)).toEqual(two);
  });

  test('in another order and case of the name are the same', () => {
    const one = [[on('user', 'oneOf', 'X-User-Id', '42,7')]];
    expect(sameMatches(one, [[user('7')], [user('42')]])).toBe(true);
    expect(sameMatches(one, [[user('7')]])).toBe(false);
    expect(folded([[user('7')], [user('7')]])).toEqual([[user('7')]]);
  });
});

test.each<[string, readonly MatchCondition[], readonly MatchCondition[], boolean]>([
  ['equal', [on('header', 'exact', 'a', 'b')], [on('header', 'exact', 'A', 'b')], true],
  ['a value in a list', [on('user', 'exact', 'u', '7')], [on('user', 'oneOf', 'u', '7,42')], true],
  ['a list in a value', [on('user', 'oneOf', 'u', '7,42')], [on('user', 'exact', 'u', '7')], false],
  [
    'a value with a prefix',
    [on('header', 'exact', 'a', 'bc')],
    [on('header', 'prefix', 'a', 'b')],
    true,
  ],
  ['another prefix', [on('header', 'exact', 'a', 'cb')], [on('header', 'prefix', 'a', 'b')], false],
  ['any value', [on('header', 'regex', 'a', 'b')], [on('header', 'present', 'a', '')], true],
  [
    'one condition more',
    [on('header', 'exact', 'a', 'b'), on('path', 'prefix', '', '/x')],
    [on('header', 'exact', 'a', 'b')],
    true,
  ],
  [
    'one condition fewer',
    [on('header', 'exact', 'a', 'b')],
    [on('header', 'exact', 'a', 'b'), on('path', 'prefix', '', '/x')],
    false,
  ],
])('%s: within is %s', (_name, special, wide, expected) => {
  expect(isWithin(special, wide)).toBe(expected);
});

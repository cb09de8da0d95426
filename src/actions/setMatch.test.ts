import { describe, expect, test } from 'vitest';
import { aRollout } from '../../test/support/inventory.ts';
import { renderer, type Locale } from '../base/text.ts';
import type { Intent } from '../model/intent.ts';
import type { Match, MatchCondition } from '../model/rollout.ts';
import { actionWords } from './actions.l10n.ts';
import { checkSetMatch } from './setMatch.ts';

type SetMatch = Omit<Extract<Intent, { kind: 'setMatch' }>, 'kind'>;

const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });

function refusal(intent: SetMatch, locale: Locale = 'en'): string {
  const checked = checkSetMatch(aRollout(), { kind: 'setMatch', ...intent });
  return checked.ok ? 'fine' : renderer(actionWords, locale)(checked.error.text);
}

const sends = (...match: Match): SetMatch => ({ to: { matches: [match], percent: 10 } });
const ids = (n: number): string => Array.from({ length: n }, (_, i) => String(i)).join(',');

test.each<readonly [string, SetMatch]>([
  ['phones', sends(on('device', 'exact', '', 'phone'))],
  ['phones and tablets', sends(on('device', 'oneOf', '', 'phone,tablet'))],
  ['a header', sends(on('header', 'exact', 'x-canary', 'always'))],
  ['a header that is there', sends(on('header', 'present', 'x-canary', ''))],
  ['an expression', sends(on('header', 'regex', 'x-team', '(pay|shop)-.*'))],
  ['a list of users', sends(on('user', 'oneOf', 'x-user-id', ids(100)))],
  ['a cookie', sends(on('cookie', 'exact', 'group', 'testers'))],
  ['a source', sends(on('source', 'prefix', 'x-real-ip', '192.0.2.'))],
  ['two of them', sends(on('device', 'exact', '', 'phone'), on('user', 'exact', 'uid', '7'))],
  ['nothing for the canary', { to: { matches: [[on('header', 'present', 'a', '')]], percent: 0 } }],
  ['a rule that goes', { rule: 'primary' }],
])('%s can be asked for', (_name, intent) => {
  expect(refusal(intent)).toBe('fine');
});

describe('refused with one sentence:', () => {
  test.each<readonly [string, SetMatch, string]>([
    ['no rule', {}, 'It was not said which rule is meant.'],
    ['an unknown rule', { rule: 'beta' }, `${aRollout().id} has no rule "beta".`],
    [
      'no conditions',
      sends(),
      'A rule for some of the requests needs a condition: name a header, a cookie, user ids, a device or a source.',
    ],
    [
      'half a percent',
      { to: { matches: [[on('header', 'present', 'a', '')]], percent: 0.5 } },
      '0.5 is not a share: give a whole percentage from 0 to 100.',
    ],
    [
      'no header name',
      sends(on('header', 'exact', ' ', 'a')),
      'The condition names no header. Write its name, such as x-canary.',
    ],
    [
      'a bad header name',
      sends(on('user', 'exact', 'x user', 'a')),
      '"x user" is not the name of a header: letters, digits and hyphens without spaces, at most 256 of them.',
    ],
    [
      'a claim',
      sends(on('user', 'exact', '@request.auth.claims.sub', 'a')),
      '"@request.auth.claims.sub" is not the name of a header: letters, digits and hyphens without spaces, at most 256 of them.',
    ],
    [
      'no value',
      sends(on('header', 'exact', 'x-a', '')),
      'The condition on x-a has no value. Write one, or choose that it is there at all.',
    ],
    [
      'a line break',
      sends(on('header', 'exact', 'x-a', 'b\nc')),
      'The value for x-a has characters that no header can have, or spaces at its ends.',
    ],
    [
      'too long a value',
      sends(on('header', 'exact', 'x-a', 'b'.repeat(4097))),
      'The value for x-a has 4097 characters; 4096 is the most that a route takes.',
    ],
    [
      'too long an expression',
      sends(on('header', 'regex', 'x-a', 'b'.repeat(1025))),
      'The value for x-a has 1025 characters; 1024 is the most that a route takes.',
    ],
    [
      'too many users',
      sends(on('user', 'oneOf', 'x-user-id', ids(101))),
      '101 values, or combinations of them, were given for x-user-id; 100 is the most for one rule. Give these users a header of their own at the edge instead.',
    ],
    [
      'too many combinations',
      sends(on('user', 'oneOf', 'x-user-id', ids(60)), on('device', 'oneOf', '', 'phone,tablet')),
      '120 values, or combinations of them, were given for x-user-id; 100 is the most for one rule. Give these users a header of their own at the edge instead.',
    ],
    [
      'an empty user',
      sends(on('user', 'oneOf', 'x-user-id', '7,,9')),
      'One of the values for x-user-id is empty. Separate them by single commas.',
    ],
    [
      'an unknown device',
      sends(on('device', 'exact', '', 'fridge')),
      '"fridge" is not a device: choose phone, tablet or desktop.',
    ],
    [
      'a cookie without a name',
      sends(on('cookie', 'exact', '', 'a')),
      'The condition names no cookie. Write its name, such as group.',
    ],
    [
      'a cookie with a semicolon',
      sends(on('cookie', 'exact', 'a', 'b;c')),
      '"b;c" cannot be in a cookie: no spaces, commas, semicolons, quotes or backslashes.',
    ],
    [
      'a lookahead',
      sends(on('header', 'regex', 'x-a', 'a(?!b)')),
      '"(?!" in the regular expression for x-a is not understood: proxies use RE2, which cannot look ahead or behind.',
    ],
    [
      'a backreference',
      sends(on('header', 'regex', 'x-a', '(a)\\1')),
      '"\\1" in the regular expression for x-a is not understood: proxies use RE2, which has no backreferences.',
    ],
    [
      'an open bracket',
      sends(on('header', 'regex', 'x-a', '(a')),
      '"(a" in the regular expression for x-a is not understood: the bracket is not closed.',
    ],
    [
      'one header twice',
      sends(on('header', 'exact', 'X-A', '1'), on('header', 'exact', 'x-a', '2')),
      'Two conditions are about x-a, and a route can ask of each only once. Put them into one.',
    ],
    [
      'a path',
      sends(on('path', 'prefix', '', '/beta')),
      'Rules by path can be seen here, but not written. Change them in the route.',
    ],
    [
      'what is not there',
      sends(on('header', 'absent', 'x-a', '')),
      'Rules by ≠ can be seen here, but not written. Change them in the route.',
    ],
    [
      'too many conditions',
      sends(...Array.from({ length: 9 }, (_, i) => on('header', 'exact', `x-${String(i)}`, 'a'))),
      'A rule may have at most 8 conditions here; 9 were given.',
    ],
  ])('%s', (_name, intent, sentence) => {
    expect(refusal(intent)).toBe(sentence);
    expect(refusal(intent, 'zh-cn')).not.toBe(sentence);
  });

  test('a rollout without a canary', () => {
    const [stable] = aRollout().tracks;
    const rollout = aRollout({ tracks: stable ? [stable] : [] });
    expect(checkSetMatch(rollout, { kind: 'setMatch', ...sends() })).toMatchObject({
      error: { kind: 'notFound' },
    });
  });
});

test('conditions that stay as they are need not be ones that can be written', () => {
  const matches = [[on('path', 'prefix', '', '/beta')]];
  expect(refusal({ rule: 'primary', was: matches, to: { matches, percent: 5 } })).toBe('fine');
});

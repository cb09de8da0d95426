import { describe, expect, test } from 'vitest';
import { backends } from '../../backends/registry.ts';
import { renderer } from '../../base/text.ts';
import type { MatchCondition, Rule } from '../../model/rollout.ts';
import { aRollout } from '../../../test/support/inventory.ts';
import { hostWords } from '../../words.ts';
import { say } from './panel.l10n.ts';
import { ruleIntentOf, ruleViews } from './rulesView.ts';

const english = renderer(hostWords, 'en');
const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });
const phone = on('device', 'exact', 'user-agent', 'phone');

function rule(id: string, matches: Rule['matches'], more: Partial<Rule> = {}): Rule {
  const destinations = [
    { trackId: 'stable', weight: 90, share: 0.9 },
    { trackId: 'canary', weight: 10, share: 0.1 },
  ];
  return { id, matches, destinations, total: 100, ...more };
}

const ours = rule('cablecar-phone', [[phone, on('path', 'prefix', '', '/api')]], { isOurs: true });
const theirs = rule('beta', [[on('header', 'exact', 'x-beta', 'yes')]]);
const everybody = rule('primary', []);
const setsMatches = backends.find(({ capabilities }) => capabilities.setsMatches)?.id ?? '';
const rollout = aRollout({ backend: setsMatches, rules: [ours, theirs, everybody] });
const [first, second, third] = ruleViews(rollout, undefined, english);

describe('a rule in the panel', () => {
  test('of ours can be changed, as to what it asks about the requests', () => {
    expect(first?.match).toEqual([phone]);
    expect([first?.edit.shown, first?.remove.shown, first?.percent]).toEqual([true, true, 10]);
  });

  test('of others can get another share alone, and one for everybody is the slider’s', () => {
    expect(second?.match).toBeUndefined();
    expect([second?.edit.shown, third?.edit.shown]).toEqual([true, false]);
  });

  test('is held back by what stands against every write, and by what it is itself', () => {
    const readOnly = { ...theirs, readOnly: say('panel.atStable') };
    const views = ruleViews({ ...rollout, rules: [ours, readOnly] }, say('panel.gone'), english);
    expect(views.map(({ edit }) => [edit.enabled, edit.reason])).toEqual([
      [false, english(say('panel.gone'))],
      [false, english(say('panel.atStable'))],
    ]);
  });
});

describe('the intent of an edit', () => {
  const meant = { id: 'cablecar-phone', key: first?.key ?? '' };

  test('has the conditions as the host knows them', () => {
    const tablet = { on: 'device', op: 'exact', name: '', value: 'tablet' } as const;
    expect(ruleIntentOf(rollout, { rule: meant, to: { percent: 25, match: [tablet] } })).toEqual({
      ok: true,
      value: {
        kind: 'setMatch',
        rule: 'cablecar-phone',
        was: ours.matches,
        to: { matches: [[tablet]], percent: 25 },
      },
    });
    expect(ruleIntentOf(rollout, { rule: meant, to: { percent: 25 } })).toMatchObject({
      value: { to: { matches: ours.matches } },
    });
    expect(ruleIntentOf(rollout, { rule: meant })).toEqual({
      ok: true,
      value: { kind: 'setMatch', rule: 'cablecar-phone', was: ours.matches },
    });
  });

  test('is refused when another rule stands in the place of the one that was shown', () => {
    const swapped = { ...rollout, rules: [{ ...theirs, id: 'cablecar-phone' }] };
    const intent = ruleIntentOf(swapped, { rule: meant });
    expect(intent.ok ? '' : english(intent.error)).toBe(
      'The rule cablecar-phone of Deployment shop is not what was shown any more. Look at the rules again.',
    );
  });
});

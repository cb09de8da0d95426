import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { Match, MatchCondition, Rollout, Rule } from '../../model/rollout.ts';
import { say } from './panel.l10n.ts';

/** A rule as one sentence: "Everyone: 90 % to stable, 10 % to canary", "Header `x-canary: always` → canary". */
export function ruleSentence(rollout: Rollout, rule: Rule): Text {
  const split = splitText(rollout, rule);
  const [first, ...rest] = rule.matches.filter((match) => match.length > 0).map(matchText);
  const sentence =
    first === undefined
      ? say('panel.rule.everyone', { split })
      : say('panel.rule.matched', {
          conditions: rest.reduce((a, b) => say('panel.rule.or', { a, b }), first),
          split,
        });
  if (rule.mirror === undefined) return sentence;
  return say('panel.rule.mirror', { sentence, percent: rule.mirror.percent, to: rule.mirror.to });
}

function splitText(rollout: Rollout, rule: Rule): Text {
  const nameOf = (trackId: string): string =>
    rollout.tracks.find((t) => t.id === trackId)?.name ?? trackId;
  const [only, ...more] = rule.destinations;
  if (only !== undefined && more.length === 0) {
    return say('panel.rule.single', { track: nameOf(only.trackId) });
  }
  const parts = rule.destinations.map((d) =>
    say('panel.rule.part', { percent: percentText(d.share), track: nameOf(d.trackId) }),
  );
  const [first, ...rest] = parts;
  if (first === undefined) return say('panel.rule.single', { track: '–' });
  return rest.reduce((a, b) => say('panel.rule.list', { a, b }), first);
}

function matchText(match: Match): Text {
  const [first, ...rest] = match.map(conditionText);
  if (first === undefined) return say('panel.rule.single', { track: '*' });
  return rest.reduce((a, b) => say('panel.rule.and', { a, b }), first);
}

const operators: Record<MatchCondition['op'], string> = {
  exact: ': ',
  prefix: ' ^ ',
  regex: ' ~ ',
  present: '',
  absent: '',
};

function conditionText(condition: MatchCondition): Text {
  const { on, op, name } = condition;
  const value = op === 'present' || op === 'absent' ? '' : condition.value.slice(0, 120);
  const prefix = op === 'prefix' ? say('panel.prefix') : '';
  const text = say(`panel.on.${on}`, { name, op: operators[op], value, prefix });
  return op === 'absent' ? say('panel.absent', { condition: text }) : text;
}

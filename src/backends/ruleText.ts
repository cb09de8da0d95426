import { percentText } from '../base/share.ts';
import type { Text } from '../base/text.ts';
import {
  deviceClasses,
  type Match,
  type MatchCondition,
  type Rollout,
  type Rule,
} from '../model/rollout.ts';
import { valuesOf } from './requestMatches.ts';
import { say } from './rules.l10n.ts';

type Said = Pick<Rule, 'matches' | 'destinations' | 'mirror'>;

/** A rule as one sentence: "Everyone: 90 % to stable, 10 % to canary", "Header `x-canary: always` → canary". */
export function ruleSentence(rollout: Pick<Rollout, 'tracks'>, rule: Said): Text {
  const split = splitText(rollout, rule);
  const [first, ...rest] = rule.matches.filter((match) => match.length > 0).map(matchText);
  const sentence =
    first === undefined
      ? say('rule.everyone', { split })
      : say('rule.matched', {
          conditions: rest.reduce((a, b) => say('rule.or', { a, b }), first),
          split,
        });
  if (rule.mirror === undefined) return sentence;
  return say('rule.mirror', { sentence, percent: rule.mirror.percent, to: rule.mirror.to });
}

function splitText({ tracks }: Pick<Rollout, 'tracks'>, { destinations, matches }: Said): Text {
  const nameOf = (trackId: string): string => tracks.find((t) => t.id === trackId)?.name ?? trackId;
  // Of a rule for some, what gets nothing need not be named.
  const whole = matches.length > 0 ? destinations.find(({ share }) => share === 1) : undefined;
  const shown = whole === undefined ? destinations : [whole];
  const [only, ...more] = shown;
  if (only === undefined) return say('rule.single', { track: '–' });
  if (more.length === 0) return say('rule.single', { track: nameOf(only.trackId) });
  const [first = say('rule.single', { track: '–' }), ...rest] = shown.map((d) =>
    say('rule.part', { percent: percentText(d.share), track: nameOf(d.trackId) }),
  );
  return rest.reduce((a, b) => say('rule.list', { a, b }), first);
}

function matchText(match: Match): Text {
  const [first, ...rest] = match.map(conditionText);
  if (first === undefined) return say('rule.single', { track: '*' });
  return rest.reduce((a, b) => say('rule.and', { a, b }), first);
}

const operators: Record<MatchCondition['op'], string> = {
  exact: ': ',
  oneOf: ': ',
  prefix: ' ^ ',
  regex: ' ~ ',
  present: '',
  absent: '',
};

/** A list of user ids may be long; the first ones tell which list it is. */
const mostValues = 8;

function conditionText(condition: MatchCondition): Text {
  const { on, op, name } = condition;
  const devices = on === 'device' ? deviceTexts(condition) : undefined;
  if (devices !== undefined) return devices;
  const prefix = op === 'prefix' ? say('rule.prefix') : '';
  const value = op === 'present' || op === 'absent' ? '' : shownValue(condition);
  const text = say(`rule.on.${on}`, { name, op: operators[op], value, prefix });
  return op === 'absent' ? say('rule.absent', { condition: text }) : text;
}

/** Undefined when it is a condition on the user agent itself. */
function deviceTexts(condition: MatchCondition): Text | undefined {
  if (condition.op !== 'exact' && condition.op !== 'oneOf') return undefined;
  const classes = valuesOf(condition).map((value) => deviceClasses.find((one) => one === value));
  const texts = classes.flatMap((one) => (one === undefined ? [] : [say(`rule.device.${one}`)]));
  const [first, ...rest] = texts;
  if (first === undefined || texts.length < classes.length) return undefined;
  return rest.reduce((a, b) => say('rule.list', { a, b }), first);
}

function shownValue(condition: MatchCondition): string {
  const values = valuesOf(condition);
  const shown = values.slice(0, mostValues).join(', ').slice(0, 120);
  return values.length > mostValues ? `${shown}, … (${String(values.length)})` : shown;
}

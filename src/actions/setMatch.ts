import {
  countAlternatives,
  isOnHeader,
  sameMatches,
  valuesOf,
} from '../backends/requestMatches.ts';
import { re2Problem } from '../base/re2.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Intent, MatchTarget } from '../model/intent.ts';
import type { PlanError } from '../model/problems.ts';
import { deviceClasses, type Match, type MatchCondition, type Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';
import { checkHasCanary } from './promote.ts';

type SetMatch = Extract<Intent, { kind: 'setMatch' }>;

/** Of one match; a header each. */
const mostConditions = 8;
/** Of one condition, and combinations of several; each becomes a route of its own in every proxy. */
const mostValues = 100;
/** Of a header's name in the Gateway API. */
const longestName = 256;
/** Of a header's value in the Gateway API; of an expression in Istio. */
const longestValue = 4096;
const longestExpression = 1024;

/** Whether the conditions and the share make sense; what they come to in objects is the back end's business. */
export function checkSetMatch(rollout: Rollout, intent: SetMatch): Result<void, PlanError> {
  const hasCanary = checkHasCanary(rollout);
  if (!hasCanary.ok) return hasCanary;
  const text = problemOf(rollout, intent);
  return text === undefined ? ok(undefined) : err({ kind: 'invalid', text });
}

function problemOf(rollout: Rollout, { rule, was, to }: SetMatch): Text | undefined {
  if (rule !== undefined && !rollout.rules.some(({ id }) => id === rule))
    return say('action.unknownRule', { rollout: rollout.id, rule });
  if (to === undefined)
    return rule === undefined && was === undefined ? say('match.noRule') : undefined;
  const { percent } = to;
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    return say('match.notAPercent', { value: String(percent) });
  // Conditions that stay as they are need not be ones that we could write.
  const isKept = rule !== undefined && was !== undefined && sameMatches(was, to.matches);
  return isKept ? undefined : matchesProblem(to);
}

function matchesProblem({ matches }: MatchTarget): Text | undefined {
  if (matches.length === 0 || matches.some((match) => match.length === 0))
    return say('match.noConditions');
  const problem = first(matches, matchProblem);
  if (problem !== undefined) return problem;
  const n = countAlternatives(matches);
  const name = matches[0]?.[0]?.name ?? '';
  return n > mostValues ? say('match.tooManyValues', { n, name, most: mostValues }) : undefined;
}

function matchProblem(match: Match): Text | undefined {
  if (match.length > mostConditions)
    return say('match.tooManyConditions', { n: match.length, most: mostConditions });
  const headers = match.map(headerOf);
  const twice = headers.find((name, i) => headers.indexOf(name) !== i);
  return (
    first(match, conditionProblem) ??
    (twice === undefined ? undefined : say('match.sameHeader', { name: twice }))
  );
}

/** The header that the condition is about; there can be one condition on each. */
function headerOf({ on, name }: MatchCondition): string {
  if (on === 'device') return 'user-agent';
  return on === 'cookie' ? 'cookie' : name.toLowerCase();
}

function conditionProblem(condition: MatchCondition): Text | undefined {
  const { on, op, name } = condition;
  if (op === 'absent') return say('match.cannotWrite', { what: '≠' });
  if (!isOnHeader(condition)) return say('match.cannotWrite', { what: on === 'other' ? name : on });
  if (on === 'device') return deviceProblem(condition);
  if (on === 'cookie') return cookieProblem(condition);
  return headerNameProblem(condition) ?? valueProblem(condition);
}

function deviceProblem(condition: MatchCondition): Text | undefined {
  const { op } = condition;
  if (op !== 'exact' && op !== 'oneOf') return valueProblem({ ...condition, name: 'user-agent' });
  const known: readonly string[] = deviceClasses;
  const bad = valuesOf(condition).find((value) => !known.includes(value));
  return bad === undefined ? undefined : say('match.badDevice', { value: bad });
}

const cookieText = /^[!#-+\--:<-[\]-~]*$/;

function cookieProblem(condition: MatchCondition): Text | undefined {
  const { op, name, value } = condition;
  if (op === 'regex') return valueProblem({ ...condition, name: 'cookie' });
  if (name === '') return say('match.noCookieName');
  if (!isToken(name)) return say('match.badCookie', { text: name });
  if (op === 'present') return undefined;
  if (op === 'prefix') return say('match.cannotWrite', { what: `cookie ${name} ^` });
  const bad = valuesOf(condition).find((one) => !cookieText.test(one));
  return bad === undefined
    ? valueProblem(condition)
    : say('match.badCookie', { text: bad || value });
}

function headerNameProblem({ name }: MatchCondition): Text | undefined {
  if (name.trim() === '') return say('match.noHeaderName');
  const isName = isToken(name) && name.length <= longestName;
  return isName
    ? undefined
    : say('match.badHeaderName', { name: name.slice(0, 60), most: longestName });
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

function valueProblem(condition: MatchCondition): Text | undefined {
  const { op, name, value } = condition;
  if (op === 'present') return undefined;
  if (value === '') return say('match.noValue', { name });
  const values = valuesOf(condition);
  if (values.length > mostValues)
    return say('match.tooManyValues', { n: values.length, name, most: mostValues });
  if (values.includes('')) return say('match.emptyValue', { name });
  const most = op === 'regex' ? longestExpression : longestValue;
  const longest = Math.max(...values.map((one) => one.length));
  if (longest > most) return say('match.longValue', { n: longest, name, most });
  return op === 'regex'
    ? expressionProblem(name, value)
    : first(values, (one) => (isFieldText(one) ? undefined : say('match.badValue', { name })));
}

/** What a header's value can be, in ASCII: https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
function isFieldText(text: string): boolean {
  return /^[!-~](?:[\t -~]*[!-~])?$/.test(text);
}

function expressionProblem(name: string, expression: string): Text | undefined {
  if (/[^\t -~]/.test(expression)) return say('match.badValue', { name });
  const problem = re2Problem(expression);
  if (problem === undefined) return undefined;
  const { part, kind } = problem;
  return say('match.badExpression', { name, part, why: say(`match.re2.${kind}`) });
}

function first<T>(items: readonly T[], problem: (item: T) => Text | undefined): Text | undefined {
  for (const item of items) {
    const text = problem(item);
    if (text !== undefined) return text;
  }
  return undefined;
}

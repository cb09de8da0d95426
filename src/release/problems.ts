import type * as v from 'valibot';
import type { Text } from '../base/text.ts';
import { didYouMean } from './didYouMean.ts';
import { planWords, say } from './plan.l10n.ts';
import type { Path } from './yamlText.ts';

/** An issue of the schema as a sentence, with the path it is about. */
export interface IssueText {
  readonly path: Path;
  readonly of: 'key' | 'value';
  readonly text: Text;
}

type Issue = v.BaseIssue<unknown>;
type Keys = Parameters<typeof say>[0];

/** `known` gives the keys that may stand in the mapping at a path. */
export function issueText(issue: Issue, known: (path: Path) => readonly string[]): IssueText {
  const deepest = deepestOf(issue);
  const path = pathOf(deepest);
  const around = path.slice(0, -1);
  const container = containerOf(deepest);
  if (Array.isArray(container) && typeof path.at(-1) === 'string')
    return { path: around, of: 'value', text: wantMapping(pathText(around), valueText(container)) };
  if (deepest.type === 'strict_object' && deepest.expected === 'never')
    return { path, of: 'key', text: unknownKey(path, known(around)) };
  if (isMissing(deepest)) return { path, of: 'key', text: missing(path) };
  return { path, of: 'value', text: wrongValue(deepest, path) };
}

/** What the key or item of the issue is in; a list is an object to the schema. */
function containerOf({ path }: Issue): unknown {
  return path?.at(-1)?.input;
}

function missing(path: Path): Text {
  const [key, where] = [String(path.at(-1)), pathText(path.slice(0, -1))];
  return where === '' ? say('plan.missing', { key }) : say('plan.missingIn', { key, where });
}

function wrongValue(issue: Issue, path: Path): Text {
  const where = pathText(path);
  const args = { where, value: valueText(issue.input), wanted: wantedOf(issue) };
  if (where !== '' && issue.input === null) return say('plan.noValue', { where });
  if (issue.message in planWords) return say(issue.message as Keys, args);
  return issue.type === 'array' ? say('plan.wantList', args) : wantMapping(where, args.value);
}

function wantMapping(where: string, value: string): Text {
  return where === '' ? say('plan.noMapping') : say('plan.wantMapping', { where, value });
}

/**
 * In a union the branch that got furthest says most: a wrong key inside beats "one of these forms". What a branch lacks says nothing: it
 * may be another branch that was meant.
 */
function deepestOf(issue: Issue): Issue {
  const inner = (issue.issues ?? []).map(deepestOf).filter((one) => !isMissing(one));
  const depth = (one: Issue): number => one.path?.length ?? 0;
  const deeper = inner.filter((one) => depth(one) > 0).sort((a, b) => depth(b) - depth(a))[0];
  if (deeper === undefined) return issue;
  return { ...deeper, path: [...(issue.path ?? []), ...(deeper.path ?? [])] } as Issue;
}

/** YAML has no undefined: what is, is not there. */
function isMissing({ path, received }: Issue): boolean {
  return received === 'undefined' && path !== undefined;
}

function unknownKey(path: Path, known: readonly string[]): Text {
  const key = String(path.at(-1)).slice(0, 60);
  const guess = didYouMean(key, known);
  if (guess !== undefined) return say('plan.unknownKeyGuess', { key, guess });
  return say('plan.unknownKey', { key, known: known.join(', ') });
}

function pathOf({ path }: Issue): Path {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

/** `steps[1].minTime`, as people write paths. */
export function pathText(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${String(part)}]` : `${index > 0 ? '.' : ''}${part}`,
    )
    .join('');
}

/** Wished-for values of a pick list, or the limit of a number; '' where the sentence says it. */
function wantedOf(issue: Issue): string {
  const requirement = 'requirement' in issue ? issue.requirement : undefined;
  if (typeof requirement === 'number') return String(requirement);
  return (issue.expected ?? '').replaceAll(/[()"]/g, '').replaceAll(' | ', ', ');
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = (text as string | undefined) ?? 'null';
  return short.length > 60 ? `${short.slice(0, 59)}…` : short;
}

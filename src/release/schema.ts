import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import { contradictions } from './contradictions.ts';
import { keysAt } from './fields.ts';
import { normalised } from './normalise.ts';
import type { ReleasePlan } from './plan.ts';
import { planFile } from './planFile.ts';
import { issueText } from './problems.ts';
import { readYaml, type PlanProblem } from './yamlText.ts';

export type { PlanProblem } from './yamlText.ts';

/** More are not looked at. */
const maxProblems = 50;

/**
 * Reads a plan file: YAML 1.2, one document, without aliases and tags. Every problem has its place and one sentence; they are in the
 * order of the text. Never throws, whatever the text is.
 */
export function readPlan(text: string): Result<ReleasePlan, readonly PlanProblem[]> {
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  const { value } = yaml.value;
  const parsed = v.safeParse(planFile, value);
  const found = parsed.success
    ? contradictions(parsed.output).map(({ path, of, text: sentence }) => ({
        text: sentence,
        at: yaml.value.place(path, of ?? 'value'),
      }))
    : parsed.issues
        .slice(0, maxProblems)
        .map((issue) => issueText(issue, keysAt))
        .map(({ path, of, text: sentence }) => ({
          text: sentence,
          at: yaml.value.place(path, of),
        }));
  if (parsed.success && found.length === 0) return ok(normalised(parsed.output));
  return err(distinct(found));
}

/** In the order of the text, each sentence once at a place: a list in place of a mapping lacks every key. */
function distinct(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  const idOf = ({ text, at }: PlanProblem): string => JSON.stringify([text, at.from]);
  const once = new Map(problems.map((problem) => [idOf(problem), problem]));
  return [...once.values()].sort((a, b) => a.at.from - b.at.from);
}

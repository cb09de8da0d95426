import { renderer, type Catalogue, type Locale } from '../../src/base/text.ts';
import { contradictionWords } from '../../src/release/contradictions.l10n.ts';
import { planWords } from '../../src/release/plan.l10n.ts';
import { readPlan } from '../../src/release/schema.ts';

export const head = 'apiVersion: cablecar/v1alpha1\nkind: ReleasePlan\n';
export const scope = 'scope:\n  service: shop\n';
export const metrics = 'metrics:\n  - kind: errorRatio\n    max: 1%\n';
export const small = `${head}${scope}${metrics}steps:\n  - weight: 5%\n`;

/** `line:column sentence` of each problem. */
export function problems(text: string, locale: Locale = 'en'): string[] {
  const read = readPlan(text);
  if (read.ok) return [];
  const render = renderer({ ...planWords, ...contradictionWords }, locale);
  return read.error.map(
    ({ text: sentence, at }) => `${String(at.line)}:${String(at.column)} ${render(sentence)}`,
  );
}

/** A plan with these lines of steps, each one step. */
export function withSteps(...steps: readonly string[]): string {
  return `${head}${scope}${metrics}steps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}

/** The last lines are what the case is about. */
export function withMetric(...lines: readonly string[]): string {
  const metric = lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('');
  return `${head}${scope}steps:\n  - weight: 5%\nmetrics:\n${metric}`;
}

/** A plan file that is wrong, with what must be said of it in English. */
export type BadPlan = readonly [name: string, text: string, ...problems: string[]];

/** The words of the catalogue that no plan of the list provokes. */
export function unsaid(words: Catalogue, plans: readonly BadPlan[]): string[] {
  const said = new Set(
    plans.flatMap(([, text]) => {
      const read = readPlan(text);
      return read.ok ? [] : read.error.map((problem) => problem.text.key);
    }),
  );
  return Object.keys(words).filter((key) => !said.has(key));
}

/** Where each problem is: `line:column`. */
export function places(lines: readonly string[]): string[] {
  return lines.map((line) => line.slice(0, line.indexOf(' ')));
}

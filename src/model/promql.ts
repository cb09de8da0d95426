/**
 * A condition on one label of a series. Patterns are ours, never a person's or the cluster's: RE2 and JavaScript read them alike, and they
 * must match the whole value, as in PromQL. A label that a series does not have counts as ''.
 */
export interface LabelMatcher {
  readonly label: string;
  readonly op: '=' | '=~';
  readonly value: string;
}

/** A string literal of PromQL. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** What stands between the braces of a selector. */
export function selectorText(matchers: readonly LabelMatcher[]): string {
  return matchers.map(({ label, op, value }) => `${label}${op}${quoted(value)}`).join(',');
}

/** A pattern that matches exactly this text. */
export function literalPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether labels fit all of the conditions. */
export function labelTest(
  matchers: readonly LabelMatcher[],
): (labels: Readonly<Record<string, string>>) => boolean {
  const tests = matchers.map(({ label, op, value }) => {
    const pattern = op === '=~' ? new RegExp(`^(?:${value})$`, 's') : undefined;
    return (labels: Readonly<Record<string, string>>): boolean => {
      const found = Object.hasOwn(labels, label) ? (labels[label] ?? '') : '';
      return pattern === undefined ? found === value : pattern.test(found);
    };
  });
  return (labels) => tests.every((test) => test(labels));
}

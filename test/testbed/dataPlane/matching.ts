/** How route kinds compare strings. */

/**
 * Whether the whole text matches an RE2 expression, as Envoy does. An expression that does not
 * compile matches nothing. RE2's leading `(?i)` becomes JavaScript's flag.
 */
export function matchesRegex(expression: string, text: string): boolean {
  return compiled(expression)?.test(text) ?? false;
}

const cache = new Map<string, RegExp | undefined>();

function compiled(expression: string): RegExp | undefined {
  if (!cache.has(expression)) cache.set(expression, compile(expression));
  return cache.get(expression);
}

function compile(expression: string): RegExp | undefined {
  const ignoreCase = expression.startsWith('(?i)');
  try {
    return new RegExp(
      `^(?:${ignoreCase ? expression.slice(4) : expression})$`,
      ignoreCase ? 'is' : 's',
    );
  } catch {
    return undefined;
  }
}

/** Whether a host is named by a pattern: equal, `*.suffix` for one or more labels, or `*`. Case does not count. */
export function matchesHost(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  if (!wanted.startsWith('*')) return wanted === given;
  return given.length >= wanted.length - 1 && given.endsWith(wanted.slice(1));
}

/** How well a pattern names its hosts: exact names before wildcards, longer before shorter. */
export function hostPrecedence(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : 1_000 + pattern.length;
}

export function splitPath(path: string): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const mark = path.indexOf('?');
  if (mark < 0) return { path, query: new URLSearchParams() };
  return { path: path.slice(0, mark), query: new URLSearchParams(path.slice(mark + 1)) };
}

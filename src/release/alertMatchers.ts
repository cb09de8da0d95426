import type { AlertMatcher } from '../model/alerts.ts';

const matcher =
  /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^\s",{}=~!][^\s",{}]*)\s*$/;
const separated = /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g;

/**
 * Reads the matchers of one alert as Alertmanager and amtool write them: `alertname="ShopErrors", severity=~"page|critical"`, with or
 * without braces. Undefined when it is none. Source: https://prometheus.io/docs/alerting/latest/configuration/#matcher (0.28).
 */
export function alertMatchers(text: string): readonly AlertMatcher[] | undefined {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? text;
  const read = (inner.match(separated) ?? []).map(oneMatcher);
  const all = read.filter((m) => m !== undefined);
  const isWhole = inner.replaceAll(separated, '').replaceAll(',', '').trim() === '';
  return isWhole && all.length > 0 && all.length === read.length ? all : undefined;
}

function oneMatcher(text: string): AlertMatcher | undefined {
  const [, label, op, value] = matcher.exec(text) ?? [];
  if (label === undefined || value === undefined || op === undefined) return undefined;
  const plain = value.startsWith('"')
    ? value.slice(1, -1).replaceAll(/\\(.)/gs, (_, char: string) => (char === 'n' ? '\n' : char))
    : value;
  const read = { label, op: op as AlertMatcher['op'], value: plain };
  return op.endsWith('~') && !isRegExp(plain) ? undefined : read;
}

function isRegExp(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
/** The text that `alertMatchers` reads back. */
export function matcherText({ label, op, value }: AlertMatcher): string {
  const escaped = value.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `${label}${op}"${escaped}"`;
}

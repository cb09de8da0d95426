/** What must never reach a log, a report or a screen, and what stands there instead. */
const mask = '[redacted]';

const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, mask],
  [/(["']?last-applied-configuration["']?\s*[:=]\s*).*/g, `$1${mask}`],
  [/(authorization["']?\s*[:=]\s*["']?)(?:(bearer|basic|negotiate)\s+)?[^\s"',;}]+/gi, `$1${mask}`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${mask}`],
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g, mask],
  [
    /(["']?(?:id-token|refresh-token|access[_-]?token|token|password|passwd|secret|client-key-data|client-certificate-data|client-secret|api[_-]?key)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}&]+)/gi,
    `$1${mask}`,
  ],
  [/([a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, `$1${mask}@`],
  [/(["']?(?:data|stringData)["']?\s*:\s*)\{[^}]*\}/g, `$1{${mask}}`],
];

/** Text without tokens, passwords, keys, secrets' data and `last-applied-configuration`. Errs on the side of masking too much. */
export function redact(text: string): string {
  return rules.reduce(
    (masked, [pattern, replacement]) => masked.replace(pattern, replacement),
    text,
  );
}

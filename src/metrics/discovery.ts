import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { HttpAccess } from './access.ts';
import { say } from './metrics.l10n.ts';
import { queryInstant } from './prometheus.ts';

export interface FoundPrometheus {
  readonly access: HttpAccess;
  /** What its build information calls itself, for "Test connection"; '' when it does not say. */
  readonly version: string;
  /** Global scrape interval, for windows and staleness; 30 where it does not say (Thanos, Mimir). */
  readonly scrapeSeconds: number;
}

/** The first that passes the test; otherwise what was tried, one sentence each, or `none` when nothing was. */
export async function firstThatAnswers<T>(
  candidates: readonly HttpAccess[],
  test: (access: HttpAccess) => Promise<Result<T, Text>>,
  none: Text,
): Promise<Result<T, readonly Text[]>> {
  const tried: Text[] = [];
  for (const access of candidates) {
    const answer = await test(access);
    if (answer.ok) return answer;
    tried.push(answer.error);
  }
  return err(tried.length > 0 ? tried : [none]);
}

/** Asks `vector(1)`, then the version: proves that PromQL is answered there. */
export async function testPrometheus(
  access: HttpAccess,
  signal: AbortSignal,
): Promise<Result<FoundPrometheus, Text>> {
  const probe = await queryInstant(access, 'vector(1)', signal);
  if (!probe.ok) return probe;
  if (probe.value.series[0]?.points[0]?.[1] !== 1) {
    return err(say('metrics.notPrometheus', { url: access.title }));
  }
  const info = await access.get('/api/v1/status/buildinfo', {}, signal);
  const config = await access.get('/api/v1/status/config', {}, signal);
  return ok({
    access,
    version: info.ok ? versionIn(info.value.body) : '',
    scrapeSeconds: config.ok ? scrapeSecondsIn(config.value.body) : defaultScrapeSeconds,
  });
}

const defaultScrapeSeconds = 30;

/** The configuration is YAML in a JSON string; its first scrape interval is the global one. */
function scrapeSecondsIn(body: string): number {
  const found = /scrape_interval:\s*(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?/.exec(body);
  const [minutes, seconds, ms] = [1, 2, 3].map((i) => Number(found?.[i] ?? 0)) as [
    number,
    number,
    number,
  ];
  const sum = minutes * 60 + seconds + ms / 1000;
  return sum > 0 ? Math.max(1, Math.round(sum)) : defaultScrapeSeconds;
}

/** Of Prometheus' and Alertmanager's build information. */
export function versionIn(body: string): string {
  return /"version"\s*:\s*"([\w.+-]{1,40})"/.exec(body)?.[1] ?? '';
}

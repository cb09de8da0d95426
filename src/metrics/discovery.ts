import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { KubeObject } from '../model/objects.ts';
import { say } from './metrics.l10n.ts';
import type { HttpAnswer, PrometheusAccess } from './prometheus.ts';
import { queryInstant } from './prometheus.ts';

/** A Service that may be a Prometheus, with the prefix of its API. */
export interface Candidate {
  readonly namespace: string;
  readonly service: string;
  /** Port name or number for the service proxy; `https:` is put before the service where `secure`. */
  readonly port: string;
  readonly secure: boolean;
  readonly prefix: string;
}

/** GET on the API server's own paths: what the cluster layer lends to metrics. */
export type ApiServerGet = (
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Result<HttpAnswer, Text>>;

/**
 * Services that look like Prometheus or a front end of it, best first: Thanos Query, VictoriaMetrics and Mimir before a single shard, labels
 * before names (handbook/backends.md 19.1).
 */
export function prometheusCandidates(services: readonly KubeObject[]): Candidate[] {
  return services
    .map((service) => ({ service, score: scoreOf(service) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || nameOf(a.service).localeCompare(nameOf(b.service)))
    .map(({ service }) => candidateOf(service));
}

function nameOf(service: KubeObject): string {
  return `${service.meta.namespace}/${service.meta.name}`;
}

const byLabel: readonly (readonly [key: string, value: string, score: number])[] = [
  ['app.kubernetes.io/name', 'thanos-query-frontend', 100],
  ['app.kubernetes.io/name', 'thanos-query', 95],
  ['app.kubernetes.io/name', 'thanos-querier', 95],
  ['app.kubernetes.io/name', 'vmselect', 90],
  ['app.kubernetes.io/name', 'vmsingle', 90],
  ['app.kubernetes.io/name', 'victoria-metrics-single', 90],
  ['app', 'kube-prometheus-stack-prometheus', 80],
  ['app.kubernetes.io/name', 'prometheus', 75],
  ['operated-prometheus', 'true', 70],
];

const byName: readonly (readonly [pattern: RegExp, score: number])[] = [
  [/^thanos-(query|querier)/, 60],
  [/^prometheus-(server|k8s|operated)$/, 50],
  [/^prometheus$/, 50],
  [/-prometheus(-server)?$/, 40],
];

/** Parts of a Prometheus installation that carry its labels but do not answer queries. */
const notAServer =
  /(alertmanager|node-exporter|pushgateway|operator|adapter|kube-state-metrics|blackbox|sidecar|storegateway|compact)/;

function scoreOf(service: KubeObject): number {
  const { labels, name } = service.meta;
  const component = labels['app.kubernetes.io/component'] ?? '';
  if (notAServer.test(name) || notAServer.test(component)) return 0;
  const label = byLabel.find(([key, value]) => labels[key] === value)?.[2] ?? 0;
  return label || (byName.find(([pattern]) => pattern.test(name))?.[1] ?? 0);
}

interface ServicePort {
  readonly name: string;
  readonly port: number;
}

function portsOf(service: KubeObject): readonly ServicePort[] {
  const parsed = v.safeParse(portList, service.body['spec']);
  return parsed.success ? parsed.output.ports : [];
}

const portList = v.object({
  ports: v.optional(v.array(v.object({ name: v.optional(v.string(), ''), port: v.number() })), []),
});

function candidateOf(service: KubeObject): Candidate {
  const ports = portsOf(service);
  const web =
    ports.find((p) => /^(http-web|web|http|https|queries|query)$/.test(p.name)) ?? ports[0];
  const isSelect = service.meta.labels['app.kubernetes.io/name'] === 'vmselect';
  return {
    namespace: service.meta.namespace,
    service: service.meta.name,
    port: String(web?.port ?? 9090),
    secure: web?.name === 'https' || web?.port === 9091,
    prefix: isSelect ? '/select/0/prometheus' : '',
  };
}

export function accessThroughApiServer(candidate: Candidate, get: ApiServerGet): PrometheusAccess {
  const { namespace, service, port, secure, prefix } = candidate;
  const name = `${secure ? 'https:' : 'http:'}${service}:${port}`;
  const base = `/api/v1/namespaces/${namespace}/services/${name}/proxy${prefix}`;
  return {
    title: say('metrics.found', { namespace, service }),
    get: (path, query, signal) => get(base + path, query, signal),
  };
}

export interface Found {
  readonly access: PrometheusAccess;
  /** What its build information calls itself, for "Test connection"; '' when it does not say. */
  readonly version: string;
  /** Global scrape interval, for windows and staleness; 30 where it does not say (Thanos, Mimir). */
  readonly scrapeSeconds: number;
}

/** First candidate that answers a query; otherwise what was tried, one sentence each. */
export async function findPrometheus(
  candidates: readonly PrometheusAccess[],
  signal: AbortSignal,
): Promise<Result<Found, readonly Text[]>> {
  const tried: Text[] = [];
  for (const access of candidates) {
    const answer = await testAccess(access, signal);
    if (answer.ok) return answer;
    tried.push(answer.error);
  }
  return err(tried.length > 0 ? tried : [say('metrics.triedNone')]);
}

/** Asks `vector(1)`, then the version: proves that PromQL is answered there. */
export async function testAccess(
  access: PrometheusAccess,
  signal: AbortSignal,
): Promise<Result<Found, Text>> {
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

function versionIn(body: string): string {
  return /"version"\s*:\s*"([\w.+-]{1,40})"/.exec(body)?.[1] ?? '';
}

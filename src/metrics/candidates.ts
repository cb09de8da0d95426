import * as v from 'valibot';
import type { KubeObject } from '../model/objects.ts';
import type { ApiServerGet, HttpAccess } from './access.ts';
import { say } from './metrics.l10n.ts';

/** A Service that may be the one that is looked for, with the prefix of its API. */
export interface Candidate {
  readonly namespace: string;
  readonly service: string;
  /** Port number for the service proxy; `https:` is put before the service where `secure`. */
  readonly port: string;
  readonly secure: boolean;
  readonly prefix: string;
}

/** How a kind of program is recognised among Services; a higher score is looked at first. */
interface Recognised {
  readonly byLabel: readonly (readonly [key: string, value: string, score: number])[];
  readonly byName: readonly (readonly [pattern: RegExp, score: number])[];
  /** Names and components that carry the same labels and are something else. */
  readonly not: RegExp;
  readonly portNames: RegExp;
  readonly port: number;
  readonly prefixOf: (service: KubeObject) => string;
}

const name = 'app.kubernetes.io/name';
const component = 'app.kubernetes.io/component';

const prometheus: Recognised = {
  byLabel: [
    [name, 'thanos-query-frontend', 100],
    [name, 'thanos-query', 95],
    [name, 'thanos-querier', 95],
    [name, 'vmselect', 90],
    [name, 'vmsingle', 90],
    [name, 'victoria-metrics-single', 90],
    ['app', 'kube-prometheus-stack-prometheus', 80],
    [name, 'prometheus', 75],
    ['operated-prometheus', 'true', 70],
  ],
  byName: [
    [/^thanos-(query|querier)/, 60],
    [/^prometheus-(server|k8s|operated)$/, 50],
    [/^prometheus$/, 50],
    [/-prometheus(-server)?$/, 40],
  ],
  not: /(alertmanager|node-exporter|pushgateway|operator|adapter|kube-state-metrics|blackbox|sidecar|storegateway|compact)/,
  portNames: /^(http-web|web|http|https|queries|query)$/,
  port: 9090,
  prefixOf: ({ meta }) => (meta.labels[name] === 'vmselect' ? '/select/0/prometheus' : ''),
};

const alertmanager: Recognised = {
  byLabel: [
    ['app', 'kube-prometheus-stack-alertmanager', 80],
    [name, 'alertmanager', 75],
    [name, 'vmalertmanager', 75],
    ['operated-alertmanager', 'true', 70],
    [component, 'alertmanager', 60],
  ],
  byName: [
    [/^alertmanager(-main|-operated)?$/, 50],
    [/-alertmanager$/, 40],
  ],
  not: /(headless|operator|webhook)/,
  portNames: /^(http-web|web|http|https)$/,
  port: 9093,
  prefixOf: ({ meta }) => (meta.labels[name] === 'mimir' ? '/alertmanager' : ''),
};

/**
 * Services that look like Prometheus or a front end of it, best first: Thanos Query, VictoriaMetrics and Mimir before a single shard, labels
 * before names (handbook/backends.md 19.1).
 */
export function prometheusCandidates(services: readonly KubeObject[]): Candidate[] {
  return candidatesOf(services, prometheus);
}

/** Services that look like Alertmanager, best first (handbook/backends.md 19.6). */
export function alertmanagerCandidates(services: readonly KubeObject[]): Candidate[] {
  return candidatesOf(services, alertmanager);
}

export function accessThroughApiServer(candidate: Candidate, get: ApiServerGet): HttpAccess {
  const { namespace, service, port, secure, prefix } = candidate;
  const base = `/api/v1/namespaces/${namespace}/services/${secure ? 'https:' : 'http:'}${service}:${port}/proxy${prefix}`;
  return {
    title: say('metrics.found', { namespace, service }),
    get: (path, query, signal) => get(base + path, query, signal),
  };
}

function candidatesOf(services: readonly KubeObject[], what: Recognised): Candidate[] {
  return services
    .map((service) => ({ service, score: scoreOf(service, what) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || nameOf(a.service).localeCompare(nameOf(b.service)))
    .map(({ service }) => candidateOf(service, what));
}

function nameOf(service: KubeObject): string {
  return `${service.meta.namespace}/${service.meta.name}`;
}

function scoreOf({ meta }: KubeObject, what: Recognised): number {
  if (what.not.test(meta.name) || what.not.test(meta.labels[component] ?? '')) return 0;
  const label = what.byLabel.find(([key, value]) => meta.labels[key] === value)?.[2] ?? 0;
  return label || (what.byName.find(([pattern]) => pattern.test(meta.name))?.[1] ?? 0);
}

const portList = v.object({
  ports: v.optional(v.array(v.object({ name: v.optional(v.string(), ''), port: v.number() })), []),
});

function candidateOf(service: KubeObject, what: Recognised): Candidate {
  const parsed = v.safeParse(portList, service.body['spec']);
  const ports = parsed.success ? parsed.output.ports : [];
  const web = ports.find((port) => what.portNames.test(port.name)) ?? ports[0];
  return {
    namespace: service.meta.namespace,
    service: service.meta.name,
    port: String(web?.port ?? what.port),
    secure: web?.name === 'https' || web?.port === 9091,
    prefix: what.prefixOf(service),
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './cache.ts';
import type { ControlPlane } from './controlPlane.ts';
import { findProgram } from './debianProgram.ts';
import { onFreePort, startChild, waitForReady, type Child } from './processes.ts';
import { publishProgram } from './publishProgram.ts';

/**
 * A real Alertmanager that notifies nobody. As Prometheus' usual rules for Kubernetes want it, an alert with `severity="critical"`
 * inhibits those with `severity="warning"` of the same namespace.
 */
export interface Alertmanager {
  readonly url: string;
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly port: number;
  readonly child: Child;
  /** Silences alerts with exactly these labels for an hour; resolves with what `expireSilence` wants. */
  readonly silence: (labels: Readonly<Record<string, string>>) => Promise<string>;
  readonly expireSilence: (id: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it on a free loopback port and waits until it is ready. */
export async function startAlertmanager(options: {
  readonly dir: string;
  readonly onProgress: Progress;
}): Promise<Alertmanager> {
  const program = await findProgram(ALERTMANAGER, options.onProgress);
  options.onProgress('Starting Alertmanager');
  const dir = join(options.dir, 'alertmanager');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'alertmanager.yml'), CONFIGURATION);
  return onFreePort(async (port) => {
    const address = `127.0.0.1:${String(port)}`;
    const url = `http://${address}`;
    const child = await startChild({
      name: 'alertmanager',
      command: program,
      args: [
        `--config.file=${join(dir, 'alertmanager.yml')}`,
        `--storage.path=${join(dir, 'data')}`,
        `--web.listen-address=${address}`,
        // One alone needs no gossip, which would listen on all interfaces.
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      logFile: join(options.dir, 'logs', 'alertmanager.log'),
    });
    await waitForReady({ what: 'Alertmanager', timeoutMs: 60_000, children: [child] }, async () => {
      const response = await fetch(`${url}/-/ready`);
      return response.ok ? { done: undefined } : { seen: await response.text() };
    });
    return {
      url,
      address,
      port,
      child,
      silence: (labels) => silence(url, labels),
      expireSilence: (id) => expireSilence(url, id),
      stop: child.kill,
    };
  });
}

/** Puts it into the cluster as kube-prometheus does: `monitoring/alertmanager-main`, port 9093. */
export function publishAlertmanager(controlPlane: ControlPlane, port: number): Promise<void> {
  return publishProgram(controlPlane, {
    namespace: 'monitoring',
    service: 'alertmanager-main',
    labels: { 'app.kubernetes.io/name': 'alertmanager', 'app.kubernetes.io/instance': 'main' },
    image: 'quay.io/prometheus/alertmanager:v0.25.0',
    servicePort: { name: 'web', port: 9093 },
    podPort: 9093,
    playedBy: port,
    readyPath: '/-/ready',
  });
}

const ALERTMANAGER = {
  name: 'Alertmanager',
  variable: 'ALERTMANAGER',
  commands: ['prometheus-alertmanager', 'alertmanager'],
  debianPackage: 'prometheus-alertmanager',
  homebrewFormula: 'alertmanager',
} as const;

const CONFIGURATION = JSON.stringify({
  route: { receiver: 'nobody' },
  receivers: [{ name: 'nobody' }],
  inhibit_rules: [
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
      equal: ['namespace'],
    },
  ],
});

async function silence(url: string, labels: Readonly<Record<string, string>>): Promise<string> {
  const now = Date.now();
  const body = {
    matchers: Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false })),
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 3_600_000).toISOString(),
    createdBy: 'testbed',
    comment: 'a test',
  };
  const answer = await call(`${url}/api/v2/silences`, 'POST', body);
  return (JSON.parse(answer) as { readonly silenceID: string }).silenceID;
}

async function expireSilence(url: string, id: string): Promise<void> {
  await call(`${url}/api/v2/silence/${id}`, 'DELETE');
}

async function call(url: string, method: string, body?: unknown): Promise<string> {
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${text}`);
  return text;
}

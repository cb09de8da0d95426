import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './cache.ts';
import type { ControlPlane } from './controlPlane.ts';
import { findProgram } from './debianProgram.ts';
import { onFreePort, startChild, waitFor, waitForReady, type Child } from './processes.ts';
import { publishProgram } from './publishProgram.ts';

/** Programs to scrape: addresses as `127.0.0.1:<port>`, and labels for every series; `job` and `__metrics_path__` may be among them. */
export interface ScrapeTargets {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A real Prometheus with a scrape interval of one second. */
export interface Prometheus {
  readonly url: string;
  readonly port: number;
  readonly child: Child;
  /** Replaces what it scrapes; it takes up a change within about 5 s. */
  readonly setTargets: (targets: readonly ScrapeTargets[]) => void;
  /** Replaces the alerting rules, and resolves when it has loaded them. They are evaluated every second. */
  readonly setRules: (rules: readonly AlertingRule[]) => Promise<void>;
  /** Answers of the instant query, as Prometheus gives them. Throws unless the status is success. */
  readonly query: (expression: string) => Promise<readonly PrometheusSample[]>;
  readonly stop: () => Promise<void>;
}

/** One series of an instant query; the value is text, as it was sent (`NaN` included), after its time in seconds. */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** An alerting rule as Prometheus' rule files have it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** A duration such as `30s`. Default: it fires at once. */
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How to start it. */
export interface PrometheusOptions {
  readonly dir: string;
  readonly onProgress: Progress;
  readonly targets?: readonly ScrapeTargets[];
  /** `127.0.0.1:<port>` of the Alertmanager that it tells of alerts. Default: nobody. */
  readonly alertmanager?: string;
}

/** Starts Prometheus on a free loopback port and waits until it answers queries. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const program = await findProgram(PROMETHEUS, options.onProgress);
  options.onProgress('Starting Prometheus');
  const dir = join(options.dir, 'prometheus');
  mkdirSync(dir, { recursive: true });
  const setTargets = (targets: readonly ScrapeTargets[]): void => {
    // Renamed into place, so that it never reads half a file.
    writeFileSync(join(dir, 'targets.json.new'), JSON.stringify(targets));
    renameSync(join(dir, 'targets.json.new'), join(dir, 'targets.json'));
  };
  setTargets(options.targets ?? []);
  writeRules(dir, []);
  writeFileSync(join(dir, 'prometheus.yml'), configuration(dir, options.alertmanager));
  return onFreePort(async (port) => {
    const url = `http://127.0.0.1:${String(port)}`;
    const child = await startChild({
      name: 'prometheus',
      command: program,
      args: [
        `--config.file=${join(dir, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(dir, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(port)}`,
        '--log.level=warn',
        // It tells what fires before it knows its Alertmanager, and would not say it again for a minute.
        '--rules.alert.resend-delay=5s',
      ],
      logFile: join(options.dir, 'logs', 'prometheus.log'),
    });
    await waitForReady({ what: 'Prometheus', timeoutMs: 60_000, children: [child] }, async () => {
      const response = await fetch(`${url}/-/ready`);
      return response.ok ? { done: undefined } : { seen: await response.text() };
    });
    return {
      url,
      port,
      child,
      setTargets,
      setRules: (rules) => setRules({ dir, url, child }, rules),
      query: (expression) => query(url, expression),
      stop: child.kill,
    };
  });
}

/** Puts it into the cluster as its Helm chart does: `monitoring/prometheus-server`, port 80. */
export function publishPrometheus(controlPlane: ControlPlane, port: number): Promise<void> {
  return publishProgram(controlPlane, {
    namespace: 'monitoring',
    service: 'prometheus-server',
    labels: { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/component': 'server' },
    image: 'quay.io/prometheus/prometheus:v2.42.0',
    servicePort: { name: 'http', port: 80 },
    podPort: 9090,
    playedBy: port,
    readyPath: '/-/ready',
  });
}

const PROMETHEUS = {
  name: 'Prometheus',
  variable: 'PROMETHEUS',
  commands: ['prometheus'],
  debianPackage: 'prometheus',
  homebrewFormula: 'prometheus',
} as const;

function configuration(dir: string, alertmanager: string | undefined): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [rulesFile(dir)],
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    }),
    scrape_configs: [
      {
        job_name: 'testbed',
        honor_labels: true,
        file_sd_configs: [{ files: [join(dir, 'targets.json')], refresh_interval: '1s' }],
      },
    ],
  });
}

function rulesFile(dir: string): string {
  return join(dir, 'rules.yml');
}

/** The name of the group says which rules are loaded. */
let rulesWritten = 0;

function writeRules(dir: string, rules: readonly AlertingRule[]): string {
  const name = `rules-${String((rulesWritten += 1))}`;
  writeFileSync(rulesFile(dir), JSON.stringify({ groups: [{ name, rules }] }));
  return name;
}

async function setRules(
  { dir, url, child }: { readonly dir: string; readonly url: string; readonly child: Child },
  rules: readonly AlertingRule[],
): Promise<void> {
  const name = writeRules(dir, rules);
  process.kill(child.pid, 'SIGHUP');
  await waitFor({ what: 'the rules', timeoutMs: 30_000, children: [child] }, async () => {
    const loaded = await (await fetch(`${url}/api/v1/rules`)).text();
    return loaded.includes(`"${name}"`) ? { done: undefined } : { seen: child.lastLines(3) };
  });
}

async function query(url: string, expression: string): Promise<readonly PrometheusSample[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const answer = (await response.json()) as {
    status: string;
    error?: string;
    data?: { result: PrometheusSample[] };
  };
  if (answer.status !== 'success' || answer.data === undefined)
    throw new Error(`Prometheus on ${expression}: ${answer.error ?? answer.status}`);
  return answer.data.result;
}

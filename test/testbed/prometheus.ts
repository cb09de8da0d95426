import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Progress } from './cache.ts';
import type { ControlPlane } from './controlPlane.ts';
import { playsPods } from './podNetwork.ts';
import { onFreePort, startChild, waitFor, waitForReady, type Child } from './processes.ts';

const run = promisify(execFile);

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
  /** Answers of the instant query, as Prometheus gives them. Throws unless the status is success. */
  readonly query: (expression: string) => Promise<readonly PrometheusSample[]>;
  readonly stop: () => Promise<void>;
}

/** One series of an instant query; the value is text, as it was sent (`NaN` included), after its time in seconds. */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** How to start it. */
export interface PrometheusOptions {
  readonly dir: string;
  readonly onProgress: Progress;
  readonly targets?: readonly ScrapeTargets[];
}

/** Starts Prometheus on a free loopback port and waits until it answers queries. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const program = await findPrometheus(options.onProgress);
  options.onProgress('Starting Prometheus');
  const dir = join(options.dir, 'prometheus');
  mkdirSync(dir, { recursive: true });
  const setTargets = (targets: readonly ScrapeTargets[]): void => {
    // Renamed into place, so that it never reads half a file.
    writeFileSync(join(dir, 'targets.json.new'), JSON.stringify(targets));
    renameSync(join(dir, 'targets.json.new'), join(dir, 'targets.json'));
  };
  setTargets(options.targets ?? []);
  writeFileSync(join(dir, 'prometheus.yml'), configuration(join(dir, 'targets.json')));
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
      ],
      logFile: join(options.dir, 'logs', 'prometheus.log'),
    });
    await waitForReady({ what: 'Prometheus', timeoutMs: 60_000, children: [child] }, async () => {
      const response = await fetch(`${url}/-/ready`);
      return response.ok ? { done: undefined } : { seen: await response.text() };
    });
    const stop = child.kill;
    return { url, port, child, setTargets, query: (expression) => query(url, expression), stop };
  });
}

/** Where a cluster would have it, and how it is to be found there. */
export interface PublishedAs {
  readonly namespace: string;
  readonly service: string;
}

/**
 * Makes a Service with a Prometheus pod behind it, as its Helm chart does (`monitoring/prometheus-server`, port 80), which the
 * API server's service proxy leads to the Prometheus given.
 */
export async function publishPrometheus(
  controlPlane: ControlPlane,
  port: number,
  as: PublishedAs = { namespace: 'monitoring', service: 'prometheus-server' },
): Promise<void> {
  const labels = {
    'app.kubernetes.io/name': 'prometheus',
    'app.kubernetes.io/component': 'server',
  };
  const { namespace, service: name } = as;
  const { api } = controlPlane;
  controlPlane.podNetwork.play(playsPods({ namespace, labels }, { 9090: port }));
  await api.ensure('/api/v1/namespaces', { metadata: { name: namespace } });
  await api.ensure(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'prometheus-server',
              image: 'quay.io/prometheus/prometheus:v2.42.0',
              ports: [{ name: 'http', containerPort: 9090 }],
            },
          ],
        },
      },
    },
  });
  await api.ensure(`/api/v1/namespaces/${namespace}/services`, {
    metadata: { name, labels },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 9090 }] },
  });
  await controlPlane.waitForDeployment(namespace, name);
  await waitFor(
    { what: `${namespace}/${name} through the API server`, timeoutMs: 30_000 },
    async () => {
      const path = `/api/v1/namespaces/${namespace}/services/${name}:80/proxy/-/ready`;
      const response = await api.request('GET', path);
      return response.status === 200 ? { done: undefined } : { seen: response.text };
    },
  );
}

/** `$PROMETHEUS`, the `prometheus` on the path, or Debian's package, which is installed where we may. */
async function findPrometheus(onProgress: Progress): Promise<string> {
  const named = process.env['PROMETHEUS'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PROMETHEUS names ${named}, which does not exist.`);
    return named;
  }
  const found = onPath('prometheus');
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    throw new Error(HOW_TO_INSTALL);
  onProgress('Installing the Debian package prometheus');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'prometheus'];
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', install, { env });
  } catch (error) {
    throw new Error(`apt-get ${install.join(' ')} failed. ${HOW_TO_INSTALL}`, { cause: error });
  }
  return '/usr/bin/prometheus';
}

const HOW_TO_INSTALL = [
  'The testbed needs Prometheus. Install it with one of these, or name a binary in PROMETHEUS:',
  '  sudo apt-get install prometheus',
  '  brew install prometheus',
].join('\n');

function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

function configuration(targetsFile: string): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'testbed',
        honor_labels: true,
        file_sd_configs: [{ files: [targetsFile], refresh_interval: '1s' }],
      },
    ],
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

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishAlertmanager, startAlertmanager, type Alertmanager } from './alertmanager.ts';
import type { Progress } from './cache.ts';
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from './controlPlane.ts';
import { startDataPlane, type DataPlane, type DataPlaneOptions } from './dataPlane/index.ts';
import { startEditorServer, type EditorServer, type EditorServerOptions } from './editor/server.ts';
import { startFaultProxy, type FaultProxy, type FaultProxyOptions } from './faultProxy.ts';
import {
  publishPrometheus,
  startPrometheus,
  type Prometheus,
  type ScrapeTargets,
} from './prometheus.ts';
import { lives } from './processes.ts';

/** Which parts to start. Only the control plane always is. */
export interface TestbedOptions {
  readonly controlPlane?: ControlPlaneOptions;
  /** `true`, or what to scrape beside the data plane; it is found in the cluster as `monitoring/prometheus-server`. */
  readonly prometheus?: boolean | readonly ScrapeTargets[];
  /** Told of alerts by Prometheus, when there is one; it is found in the cluster as `monitoring/alertmanager-main`. */
  readonly alertmanager?: boolean;
  /** Apps for the pods, and a proxy that routes to them as the cluster says; scraped by Prometheus when there is one. */
  readonly dataPlane?: boolean | Pick<DataPlaneOptions, 'seed'>;
  /** Steady requests through the data plane, which it needs. Default: none but samples. */
  readonly traffic?: Pick<DataPlaneOptions, 'rate' | 'services'>;
  /** A VS Code server; its extension hosts have the admin's kubeconfig as `KUBECONFIG` unless `env` says otherwise. */
  readonly editor?: boolean | Omit<EditorServerOptions, 'onProgress'>;
  readonly onProgress?: Progress;
}

/** The running parts, in the process that started them; `undefined` for those that were not asked for. */
export interface Testbed {
  /** Holds state and logs; removed by `stop`. */
  readonly dir: string;
  readonly controlPlane: ControlPlane;
  readonly prometheus: Prometheus | undefined;
  readonly alertmanager: Alertmanager | undefined;
  readonly dataPlane: DataPlane | undefined;
  readonly editor: EditorServer | undefined;
  /** A proxy in front of the API server, ended with the testbed. Default upstream: the admin. */
  readonly startFaultProxy: (options?: Partial<FaultProxyOptions>) => Promise<FaultProxy>;
  /** Has something of the caller's ended first. Of several, the latest is the first. */
  readonly onStop: (end: End) => void;
  /** Ends all that was started, latest first. Idempotent. */
  readonly stop: () => Promise<void>;
}

type End = () => void | Promise<void>;

/** What every part is started with. */
interface Context {
  readonly dir: string;
  readonly onProgress: Progress;
  readonly ends: End[];
}

/** Starts the parts and waits until each works. On failure, nothing is left behind but the message, with logs in it. */
export async function start(options: TestbedOptions = {}): Promise<Testbed> {
  if (options.traffic !== undefined && (options.dataPlane ?? false) === false)
    throw new Error('Traffic needs the data plane.');
  const onProgress = options.onProgress ?? (() => undefined);
  const context: Context = { dir: ownFolder(), onProgress, ends: [] };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endAll(context));
  try {
    return { ...(await startParts(options, context)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: TestbedOptions,
  context: Context,
): Promise<Omit<Testbed, 'stop'>> {
  const { dir, onProgress, ends } = context;
  const controlPlane = await startControlPlane({ ...options.controlPlane, dir, onProgress });
  ends.push(controlPlane.stop);
  const upstream = controlPlane.facts.admin;
  // Before the data plane, whose player plays every pod that nobody else does.
  const alertmanager = await startAlerts(options, controlPlane, context);
  const prometheus = await startMetrics({ options, controlPlane, alertmanager }, context);
  const dataPlane = await startTrafficParts(options, controlPlane, context);
  if (dataPlane !== undefined)
    prometheus?.setTargets([...scrapedFrom(options), ...dataPlane.metricsTargets]);
  return {
    dir,
    controlPlane,
    prometheus,
    alertmanager,
    dataPlane,
    editor: await startEditor(options, upstream.kubeconfigPath, context),
    startFaultProxy: async (proxyOptions) => {
      const proxy = await startFaultProxy({ upstream, dir, ...proxyOptions });
      ends.push(proxy.stop);
      return proxy;
    },
    onStop: (end) => {
      ends.push(end);
    },
  };
}

async function startAlerts(
  options: TestbedOptions,
  controlPlane: ControlPlane,
  { dir, onProgress, ends }: Context,
): Promise<Alertmanager | undefined> {
  if (options.alertmanager !== true) return undefined;
  const alertmanager = await startAlertmanager({ dir, onProgress });
  ends.push(alertmanager.stop);
  await publishAlertmanager(controlPlane, alertmanager.port);
  return alertmanager;
}

async function startMetrics(
  {
    options,
    controlPlane,
    alertmanager,
  }: {
    readonly options: TestbedOptions;
    readonly controlPlane: ControlPlane;
    readonly alertmanager: Alertmanager | undefined;
  },
  { dir, onProgress, ends }: Context,
): Promise<Prometheus | undefined> {
  if ((options.prometheus ?? false) === false) return undefined;
  const prometheus = await startPrometheus({
    dir,
    onProgress,
    targets: scrapedFrom(options),
    ...(alertmanager !== undefined && { alertmanager: alertmanager.address }),
  });
  ends.push(prometheus.stop);
  await publishPrometheus(controlPlane, prometheus.port);
  return prometheus;
}

function scrapedFrom({ prometheus }: TestbedOptions): readonly ScrapeTargets[] {
  return typeof prometheus === 'object' ? prometheus : [];
}

async function startTrafficParts(
  { dataPlane: wanted = false, traffic }: TestbedOptions,
  controlPlane: ControlPlane,
  { onProgress, ends }: Context,
): Promise<DataPlane | undefined> {
  if (wanted === false) return undefined;
  const identity = controlPlane.facts.admin;
  const seed = wanted === true ? {} : wanted;
  const dataPlane = await startDataPlane({ identity, onProgress, ...seed, ...traffic });
  ends.push(dataPlane.stop, controlPlane.podNetwork.play(dataPlane.player));
  return dataPlane;
}

async function startEditor(
  { editor: wanted = false }: TestbedOptions,
  kubeconfigPath: string,
  { onProgress, ends }: Context,
): Promise<EditorServer | undefined> {
  if (wanted === false) return undefined;
  const options = wanted === true ? {} : wanted;
  const env = { KUBECONFIG: kubeconfigPath, ...options.env };
  const editor = await startEditorServer({ ...options, env, onProgress });
  ends.push(editor.stop);
  return editor;
}

/** A fresh folder, named after us; those of processes that could not remove theirs are removed. */
function ownFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(/^cablecar-(\d+)-/.exec(name)?.[1]);
    if (owner > 0 && !lives(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `cablecar-${String(process.pid)}-`));
}

/** One part that cannot be ended must not keep the others alive. */
async function endAll({ ends, dir }: Context): Promise<void> {
  const failures: unknown[] = [];
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  if (failures.length > 0) throw new AggregateError(failures, 'Parts of the testbed did not end');
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from './cache.ts';
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from './controlPlane.ts';
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
  /** `true` or what to scrape from the beginning; it is found in the cluster as `monitoring/prometheus-server`. */
  readonly prometheus?: boolean | readonly ScrapeTargets[];
  readonly onProgress?: Progress;
}

/** The running parts, in the process that started them. */
export interface Testbed {
  /** Holds all state and logs; removed by `stop`. */
  readonly dir: string;
  readonly controlPlane: ControlPlane;
  readonly prometheus: Prometheus | undefined;
  /** A proxy in front of the API server, ended with the testbed. Default upstream: the admin. */
  readonly startFaultProxy: (options?: Partial<FaultProxyOptions>) => Promise<FaultProxy>;
  /** Has something ended before what it depends on: parts that join later, latest first. */
  readonly onStop: (end: () => void | Promise<void>) => void;
  /** Ends all that was started, latest first. Idempotent. */
  readonly stop: () => Promise<void>;
}

/** Starts the parts and waits until each works. On failure, nothing is left behind but the message, with logs in it. */
export async function start(options: TestbedOptions = {}): Promise<Testbed> {
  const onProgress = options.onProgress ?? (() => undefined);
  const dir = ownFolder();
  const ends: (() => void | Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endAll(ends, dir));
  try {
    const controlPlane = await startControlPlane({ ...options.controlPlane, dir, onProgress });
    ends.push(controlPlane.stop);
    const prometheus = await startMetrics(options, controlPlane, { dir, onProgress, ends });
    return {
      dir,
      controlPlane,
      prometheus,
      startFaultProxy: async (proxyOptions) => {
        const proxy = await startFaultProxy({
          upstream: controlPlane.facts.admin,
          dir,
          ...proxyOptions,
        });
        ends.push(proxy.stop);
        return proxy;
      },
      onStop: (end) => {
        ends.push(end);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A fresh folder, named after us; those of processes that could not remove theirs are removed. */
function ownFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(/^cablecar-(\d+)-/.exec(name)?.[1]);
    if (owner > 0 && !lives(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `cablecar-${String(process.pid)}-`));
}

async function startMetrics(
  options: TestbedOptions,
  controlPlane: ControlPlane,
  to: {
    readonly dir: string;
    readonly onProgress: Progress;
    readonly ends: (() => Promise<void> | void)[];
  },
): Promise<Prometheus | undefined> {
  const wanted = options.prometheus ?? false;
  if (wanted === false) return undefined;
  const targets = wanted === true ? [] : wanted;
  const prometheus = await startPrometheus({ dir: to.dir, onProgress: to.onProgress, targets });
  to.ends.push(prometheus.stop);
  await publishPrometheus(controlPlane, prometheus.port);
  return prometheus;
}

async function endAll(ends: (() => void | Promise<void>)[], dir: string): Promise<void> {
  try {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

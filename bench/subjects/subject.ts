import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the server is and how to be let in. */
export interface Address {
  readonly url: string;
  readonly kubeconfig: string;
  /** The same, in a file. */
  readonly kubeconfigPath: string;
}

/** What a kubeconfig of the scripted server holds. */
export function tlsOf({ kubeconfig }: Address): { ca: Buffer; cert: Buffer; key: Buffer } {
  const config = JSON.parse(kubeconfig) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const decoded = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');
  const { user } = config.users[0];
  return {
    ca: decoded(config.clusters[0].cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** The longest time, in milliseconds, that nothing else could run during the work. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The first tick is only its start.
  await sleep(20);
  delay.reset();
  await work();
  await sleep(20);
  delay.disable();
  return delay.max / 1e6;
}

/** Bytes of heap in use after everything that can be freed is freed. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await sleep(20);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one call of kubectl took. */
export interface KubectlRun {
  readonly ms: number;
  /** Highest resident memory, in bytes; 0 where the system does not tell. */
  readonly peakBytes: number;
}

/** Runs kubectl as a script would, its output thrown away. Its cache of discovery is kept from run to run, as a person's is. */
export async function runKubectl(
  kubeconfigPath: string,
  args: readonly string[],
): Promise<KubectlRun> {
  const startMs = performance.now();
  const child = spawn('kubectl', ['--kubeconfig', kubeconfigPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, KUBECACHEDIR: join(tmpdir(), 'cablecar-bench-kubectl') },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const gone = once(child, 'close');
  let peakBytes = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
    await Promise.race([gone, sleep(10)]);
  }
  await gone;
  if (child.exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${said.trim()}`);
  return { ms: performance.now() - startMs, peakBytes };
}

/** Linux keeps the high-water mark for us. */
function peakOf(pid: number): number {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

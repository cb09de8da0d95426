import type { TestProject } from 'vitest/node';
import type { ClusterFacts } from '../testbed/cluster.ts';
import { start, type Testbed } from '../testbed/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: ClusterFacts;
    /** Address of the Prometheus that the cluster has as `monitoring/prometheus-server`. */
    readonly prometheusUrl: string;
  }
}

let testbed: Testbed | undefined;

/** One control plane for all test files of this layer; each test owns a namespace. See `useCluster`. */
export async function setup(project: TestProject): Promise<void> {
  testbed = await start({
    prometheus: true,
    onProgress: (line) => {
      process.stderr.write(`testbed: ${line}\n`);
    },
  });
  project.provide('cluster', testbed.controlPlane.facts);
  project.provide('prometheusUrl', testbed.prometheus?.url ?? '');
}

export async function teardown(): Promise<void> {
  await testbed?.stop();
}

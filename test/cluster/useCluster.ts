import { afterAll, inject } from 'vitest';
import type {} from './globalSetup.ts';
import { connectCluster, type Cluster } from '../testbed/cluster.ts';

/** The control plane that all test files share, for use at the top of a file. */
export function useCluster(): Cluster {
  const cluster = connectCluster(inject('cluster'));
  afterAll(cluster.close);
  return cluster;
}

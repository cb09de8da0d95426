import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { startPrometheus } from '../testbed/prometheus.ts';
import { waitFor } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

test("the cluster's Prometheus answers through the API server's service proxy as it does directly", async () => {
  const query = '/api/v1/query?query=vector(42)';
  const service = '/api/v1/namespaces/monitoring/services/prometheus-server:80/proxy';
  const proxied = await cluster.api.ok('GET', `${service}${query}`);
  const direct = await fetch(`${inject('prometheusUrl')}${query}`);
  for (const answer of [proxied.json, await direct.json()])
    expect(answer).toMatchObject({
      status: 'success',
      data: { result: [{ value: [expect.anything(), '42'] }] },
    });
});

test('Prometheus scrapes a target that was given later, with its labels', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const prometheus = await startPrometheus({ dir, onProgress: () => undefined });
  const program = createServer((_, response) => response.end('answers_total{code="200"} 7\n'));
  program.listen(0, '127.0.0.1');
  await once(program, 'listening');
  const address = `127.0.0.1:${String((program.address() as AddressInfo).port)}`;
  prometheus.setTargets([{ targets: [address], labels: { job: 'app', pod: 'web-1' } }]);
  const sample = await waitFor({ what: 'the series', timeoutMs: 30_000 }, async () => {
    const [first] = await prometheus.query('answers_total');
    return first === undefined ? { seen: 'no series' } : { done: first };
  });
  expect(sample.metric).toMatchObject({ job: 'app', pod: 'web-1', code: '200' });
  expect(sample.value[1]).toBe('7');
  program.close();
  await prometheus.stop();
  rmSync(dir, { recursive: true });
});

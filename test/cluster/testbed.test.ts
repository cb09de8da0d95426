import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Cluster } from '../testbed/cluster.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { createKubeApi } from '../testbed/kubeApi.ts';
import { lives, waitFor, waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

test('a Deployment of five becomes ready, with real controllers and endpoints', async () => {
  const namespace = await cluster.createNamespace('ready');
  await createDeployment(cluster, namespace, { replicas: 5 });
  await cluster.waitForDeployment(namespace, 'web');

  const pods = (await cluster.kubectl.json(['get', 'pods', '-n', namespace])) as List;
  expect(pods.items).toHaveLength(5);
  expect(new Set(pods.items.map((pod) => pod.status.podIP)).size).toBe(5);
  const sets = await cluster.kubectl(['get', 'replicasets', '-n', namespace, '-o', 'name']);
  expect(sets.trim().split('\n')).toHaveLength(1);
});

test('the service proxy reaches a loopback program through a Service and a pod', async () => {
  const namespace = await cluster.createNamespace('proxy');
  const program = createServer((request, response) =>
    response.end(`you asked ${request.url ?? ''}`),
  );
  program.listen(0, '127.0.0.1');
  await once(program, 'listening');
  const { port } = program.address() as AddressInfo;
  await createDeployment(cluster, namespace, {
    replicas: 1,
    annotations: { 'testbed/port-8080': String(port) },
  });
  await createService(cluster, namespace);
  const path = `/api/v1/namespaces/${namespace}/services/web:http/proxy/hello?a=1`;
  const text = await waitFor({ what: 'the service proxy', timeoutMs: 30_000 }, async () => {
    const response = await cluster.api.request('GET', path);
    return response.status === 200 ? { done: response.text } : { seen: response.text };
  });
  program.close();
  expect(text).toBe('you asked /hello?a=1');
});

test('the audit log tells a write from a dry run and from a refused one, and says who asked', async () => {
  const namespace = await cluster.createNamespace('audit');
  const user = await cluster.createTokenUser(namespace, 'nobody');
  await createDeployment(cluster, namespace, { replicas: 1 });
  const since = await cluster.auditLog.mark();
  const scale = async (replicas: number, dryRun: string, kubeconfig?: string): Promise<number> => {
    const patch = `[{"op":"replace","path":"/spec/replicas","value":${String(replicas)}}]`;
    const args = ['patch', 'deployment', 'web', '-n', namespace, '--type=json', '-p', patch];
    const { code } = await cluster.kubectl.attempt(
      [...args, `--dry-run=${dryRun}`],
      kubeconfig === undefined ? {} : { kubeconfig },
    );
    return code;
  };
  expect(await scale(2, 'server')).toBe(0);
  expect(await scale(3, 'none')).toBe(0);
  expect(await scale(4, 'none', user.kubeconfigPath)).toBe(1);

  const byKubectl = { namespace, userAgent: /^kubectl/ };
  const writes = await cluster.auditLog.writes(byKubectl, since);
  expect(writes.map((event) => [event.verb, event.user.username, event.requestObject])).toEqual([
    ['patch', 'testbed-admin', [{ op: 'replace', path: '/spec/replicas', value: 3 }]],
  ]);
  const dryRuns = await cluster.auditLog.dryRuns(byKubectl, since);
  expect(dryRuns.map((event) => event.requestObject)).toEqual([
    [{ op: 'replace', path: '/spec/replicas', value: 2 }],
  ]);
  const refused = await cluster.auditLog.events({ namespace, user: user.user }, since);
  expect(refused.map((event) => event.responseStatus?.code)).toContain(403);
});

test('a user without rights is refused, and allowed what a Role allows', async () => {
  const namespace = await cluster.createNamespace('rights');
  const { kubeconfigPath: kubeconfig } = await cluster.createTokenUser(namespace, 'reader');
  const can = async (verb: string): Promise<string> =>
    (await cluster.kubectl.attempt(['auth', 'can-i', verb, 'pods'], { kubeconfig })).stdout.trim();
  expect(await can('list')).toBe('no');
  await cluster.kubectl([
    'create',
    'role',
    'reader',
    '--verb=list',
    '--resource=pods',
    '-n',
    namespace,
  ]);
  await cluster.kubectl([
    ...['create', 'rolebinding', 'reader', '--role=reader', '-n', namespace],
    `--serviceaccount=${namespace}:reader`,
  ]);
  await waitUntil(
    { what: 'the role to count', timeoutMs: 10_000 },
    async () => (await can('list')) === 'yes',
  );
  expect(await can('delete')).toBe('no');
});

describe('two more testbeds at once', () => {
  let testbeds: readonly Testbed[] = [];
  beforeAll(async () => {
    testbeds = await Promise.all([
      start({ controlPlane: { crds: [] } }),
      start({ controlPlane: { crds: ['istio'], listenAddress: otherLoopback() } }),
    ]);
  });
  afterAll(async () => {
    await Promise.all(testbeds.map((testbed) => testbed.stop()));
  });

  test('each has its own objects and its own programs', async () => {
    for (const { controlPlane } of testbeds) {
      await createDeployment(controlPlane, 'default', { replicas: 2 });
      await controlPlane.waitForDeployment('default', 'web');
    }
    const uids = await Promise.all(
      testbeds.map(({ controlPlane }) =>
        controlPlane.kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']),
      ),
    );
    expect(new Set(uids).size).toBe(2);
  });

  test('a user added to one of them is known there by its certificate', async () => {
    const controlPlane = at(testbeds, 1).controlPlane;
    const alice = await controlPlane.addUser('alice', ['developers']);
    const who = await controlPlane.kubectl(
      ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo}'],
      {
        kubeconfig: alice.kubeconfigPath,
      },
    );
    expect(JSON.parse(who)).toMatchObject({
      username: 'alice',
      groups: ['developers', 'system:authenticated'],
    });
  });

  test('an API server that crashed comes back at its address, with its objects and working controllers', async () => {
    const { controlPlane } = at(testbeds, 0);
    await createDeployment(controlPlane, 'default', { name: 'kept', replicas: 1 });
    const api = createKubeApi(controlPlane.facts.admin);
    await controlPlane.killApiServer();
    await expect(api.request('GET', '/readyz')).rejects.toThrow('ECONNREFUSED');
    await controlPlane.startApiServer();
    await controlPlane.kubectl(['scale', 'deployment', 'kept', '--replicas=3']);
    await controlPlane.waitForDeployment('default', 'kept');
    api.close();
  });
});

test('traffic goes through the data plane to the pods, and its series come to Prometheus', async () => {
  const service = { service: 'web', namespace: 'default' };
  const testbed = await start({
    controlPlane: { crds: ['istio', 'gateway-api'] },
    prometheus: true,
    dataPlane: true,
    traffic: { rate: 50, services: [service] },
  });
  onTestFinished(testbed.stop);
  const { controlPlane, prometheus, dataPlane } = testbed;
  await createDeployment(controlPlane, 'default', { replicas: 2 });
  await createService(controlPlane, 'default');
  await controlPlane.waitForDeployment('default', 'web');
  await dataPlane?.waitForShare({ ...service, by: 'workload' }, 'web', 1);
  const sample = await dataPlane?.sample({ ...service, count: 200 });
  expect(sample?.byStatus).toEqual({ 200: 200 });
  expect(Object.keys(sample?.byPod ?? {})).toHaveLength(2);
  const expression = 'sum(rate(http_server_requests_seconds_count[10s])) > 20';
  await waitFor({ what: 'the rate of requests', timeoutMs: 30_000 }, async () => {
    const [first] = (await prometheus?.query(expression)) ?? [];
    return first === undefined ? { seen: 'no series' } : { done: first };
  });
});

test('a testbed that is stopped, twice, leaves neither programs nor files', async () => {
  const testbed = await start({ controlPlane: { crds: [], controllers: false } });
  const pids = testbed.controlPlane.children().map((child) => child.pid);
  expect(pids.map(lives)).toEqual([true, true]);
  await Promise.all([testbed.stop(), testbed.stop()]);
  await testbed.stop();
  expect(pids.map(lives)).toEqual([false, false]);
  expect(existsSync(testbed.dir)).toBe(false);
});

test('when the parent is killed with SIGKILL, none of its children is left', async () => {
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'parent.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const children = JSON.parse(line) as number[];
  expect(children).toHaveLength(7);
  expect(children.filter(lives)).toEqual(children);
  parent.kill('SIGKILL');
  try {
    await waitUntil(
      { what: 'the children to end', timeoutMs: 10_000 },
      () => !children.some(lives),
      () => `alive: ${children.filter(lives).join(', ')}`,
    );
  } finally {
    for (const pid of children.filter(lives)) process.kill(pid, 'SIGKILL');
  }
});

interface List {
  readonly items: readonly { readonly status: { readonly podIP?: string } }[];
}

/** On Linux all of 127/8 is loopback, and what listens elsewhere than at 127.0.0.1 meets other code in editors. */
function otherLoopback(): string {
  return process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
}

async function createDeployment(
  { api }: Cluster,
  namespace: string,
  options: { name?: string; replicas: number; annotations?: Record<string, string> },
): Promise<void> {
  const { name = 'web', replicas, annotations = {} } = options;
  await api.ok('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 8080 }] }] },
      },
    },
  });
}

async function createService({ api }: Cluster, namespace: string): Promise<void> {
  await api.ok('POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  });
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${String(index)}`);
  return item;
}

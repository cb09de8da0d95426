import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behaviourOf, type Behaviour } from './behaviour.ts';
import type { ClusterView } from './clusterView.ts';
import { createHistogram, type Histogram } from './exposition.ts';
import { keyOf, namespaceOf, type Pod } from './objects.ts';
import type { Random } from './random.ts';
import { identityOf, versionOf } from './workload.ts';

/** The programs of the pods: for each running pod one HTTP server on loopback. */
export interface Apps {
  /** `undefined` while the pod has no server. */
  readonly portOf: (podKey: string) => number | undefined;
  /** The applications' own metrics, of all pods, as Micrometer names them. */
  readonly metrics: () => string;
  /** Calls back after a pod's server has ended. */
  readonly onDidEnd: (listener: (pod: Pod) => void) => void;
  readonly stop: () => void;
}

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Starts and ends servers as pods come and go. Resolves when those of the present pods listen. */
export async function startApps(cluster: ClusterView, random: Random): Promise<Apps> {
  const { view } = cluster;
  const servers = new Map<string, { readonly pod: Pod; readonly server: Server }>();
  const listeners: ((pod: Pod) => void)[] = [];
  const histogram = createHistogram(
    'http_server_requests_seconds',
    'Duration of HTTP server request handling',
    BUCKETS_SECONDS,
  );
  const start = async (pod: Pod): Promise<void> => {
    const server = createServer((request, response) => {
      const behaviour = behaviourOf(view, pod);
      void serve({ pod, behaviour, random, histogram, server }, request, response);
    });
    // The proxy keeps connections, and one that idles out while a request is sent would look like a fault.
    server.keepAliveTimeout = 0;
    servers.set(keyOf(pod), { pod, server });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  };
  const end = (key: string, pod: Pod, server: Server): void => {
    servers.delete(key);
    // As a pod that ends well: what it has begun it answers.
    server.close();
    histogram.forget('pod', pod.metadata.name);
    for (const listener of listeners) listener(pod);
  };
  const reconcile = async (): Promise<void> => {
    for (const [key, { pod, server }] of servers) {
      const current = view.pods.get(key);
      if (current === undefined || !isRunning(current) || isOther(current, pod))
        end(key, pod, server);
    }
    const missing = [...view.pods].filter(([key, pod]) => isRunning(pod) && !servers.has(key));
    await Promise.all(missing.map(([, pod]) => start(pod)));
  };
  cluster.onDidChange((kind) => {
    if (kind === 'pods') void reconcile();
  });
  await reconcile();
  return {
    portOf: (podKey) => {
      const address = servers.get(podKey)?.server.address() as AddressInfo | null | undefined;
      return address?.port;
    },
    metrics: histogram.text,
    onDidEnd: (listener) => {
      listeners.push(listener);
    },
    stop: () => {
      for (const [key, { pod, server }] of [...servers]) {
        end(key, pod, server);
        server.closeAllConnections();
      }
    },
  };
}

function isRunning(pod: Pod): boolean {
  return pod.status?.podIP !== undefined && pod.status.phase === 'Running';
}

function isOther(a: Pod, b: Pod): boolean {
  return a.metadata.uid !== b.metadata.uid;
}

interface App {
  readonly pod: Pod;
  readonly behaviour: Behaviour;
  readonly random: Random;
  readonly histogram: Histogram;
  readonly server: Server;
}

/** Answers with who it is, late and now and then wrongly, as it was told to. */
async function serve(
  { pod, behaviour, random, histogram, server }: App,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  request.resume();
  const isFailing = random() < behaviour.errorRatio;
  const isGrpc = request.headers['content-type']?.startsWith('application/grpc') === true;
  await delay(behaviour.latencyMs * spread(random));
  // gRPC tells its failures beside a 200.
  const status = isFailing && !isGrpc ? 500 : 200;
  const seconds = (performance.now() - startedAt) / 1_000;
  histogram.observe(applicationLabels(pod, request, status), seconds);
  response.writeHead(status, {
    ...(server.listening ? {} : { connection: 'close' }),
    ...(isGrpc ? { 'grpc-status': isFailing ? '13' : '0' } : {}),
    'content-type': isGrpc ? 'application/grpc' : 'application/json',
    'x-testbed-pod': keyOf(pod),
    'x-testbed-workload': `${namespaceOf(pod)}/${identityOf(pod).workload}`,
    'x-testbed-version': versionOf(pod),
  });
  response.end(JSON.stringify({ pod: pod.metadata.name, version: versionOf(pod) }));
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Log-normal around 1: p99 is about 2.5 times the median, as services have it. */
function spread(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(0.4 * normal);
}

function applicationLabels(
  pod: Pod,
  request: IncomingMessage,
  status: number,
): Readonly<Record<string, string>> {
  return {
    namespace: namespaceOf(pod),
    pod: pod.metadata.name,
    application: identityOf(pod).app,
    exception: status < 500 ? 'none' : 'IllegalStateException',
    method: request.method ?? 'GET',
    outcome: status < 500 ? 'SUCCESS' : 'SERVER_ERROR',
    status: String(status),
    uri: (request.url ?? '/').split('?')[0] ?? '/',
  };
}

import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Apps } from './apps.ts';
import { createMeshMetrics, type MeshMetrics } from './meshMetrics.ts';
import { keyOf, type Pod, type View } from './objects.ts';
import type { Random } from './random.ts';
import { choose, route, type Routed, type RoutedRequest, type ServiceName } from './routing.ts';
import { serviceOfHost } from './services.ts';

/** The data plane's proxy, sidecar and gateway in one, for requests without a body. Ask it with the Host `<service>.<namespace>` or a public name. */
export interface DataPlaneProxy {
  readonly url: string;
  readonly port: number;
  readonly stop: () => void;
}

/** Says who calls: the namespace, and labels as JSON. Default: a pod `load-generator` in `default`. */
const SOURCE_NAMESPACE_HEADER = 'x-testbed-source-namespace';
const SOURCE_LABELS_HEADER = 'x-testbed-source-labels';
/**
 * The draw in [0, 1) that picks among weights and pods, instead of the proxy's own. Envoy has the same
 * for weighted clusters (`header_name`); a seeded sample so gets the same answer in each run.
 */
export const DRAW_HEADER = 'x-testbed-draw';
/** Why the proxy answered by itself. */
export const REASON_HEADER = 'x-testbed-reason';

/** `/metrics/mesh` and `/metrics/apps` of the proxy's own address. */
export const METRICS_PATHS = { mesh: '/metrics/mesh', apps: '/metrics/apps' };

interface Plane {
  readonly view: View;
  readonly apps: Apps;
  readonly random: Random;
  readonly metrics: MeshMetrics;
  readonly agent: Agent;
}

/** Starts on a free loopback port. */
export async function startProxy(view: View, apps: Apps, random: Random): Promise<DataPlaneProxy> {
  const metrics = createMeshMetrics();
  const agent = new Agent({ keepAlive: true });
  const plane = { view, apps, random, metrics, agent };
  apps.onDidEnd(metrics.forgetPod);
  const server = createServer((request, response) => {
    if (isScrape(request)) answerScrape(plane, request, response);
    else void forward(plane, request, response);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Only our own address: a service may have such a path too. */
function isScrape(request: IncomingMessage): boolean {
  return (
    request.headers.host?.startsWith('127.0.0.1:') === true &&
    Object.values(METRICS_PATHS).includes(request.url ?? '')
  );
}

function answerScrape(plane: Plane, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(request.url === METRICS_PATHS.mesh ? plane.metrics.text() : plane.apps.metrics());
}

async function forward(
  plane: Plane,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const routed = route(plane.view, requestOf(request));
  const { choice, pod: chosen } = choose(routed, drawOf(request) ?? plane.random());
  const pods = chosen === undefined ? [] : [chosen, ...choice.pods.filter((pod) => pod !== chosen)];
  const reply = choice.reply ?? { status: 503, reason: 'no pod answers' };
  const { pod, answer } = (await askPods(plane, pods, { request, response })) ?? {
    pod: undefined,
    answer: answerItself(response, reply),
  };
  const service = choice.service ?? serviceOfHost(plane.view, requestOf(request).host);
  const durationMs = performance.now() - startedAt;
  record(plane, { request, routed, service, pod }, { ...answer, durationMs });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * The answer of the first pod that gives one. A connection that is refused or breaks before an answer
 * is tried on the next, as proxies do: a pod that has just ended is no fault of its version.
 */
async function askPods(
  plane: Plane,
  pods: readonly Pod[],
  exchange: Exchange,
): Promise<{ readonly pod: Pod; readonly answer: Answer } | undefined> {
  for (const pod of pods) {
    const port = plane.apps.portOf(keyOf(pod));
    const answer = port === undefined ? undefined : await relay(exchange, port, plane.agent);
    if (answer !== undefined) return { pod, answer };
  }
  return undefined;
}

function requestOf(request: IncomingMessage): RoutedRequest {
  const headers = flat(request.headers);
  const labels = headers[SOURCE_LABELS_HEADER];
  return {
    host: (headers['host'] ?? '').replace(/:\d+$/, ''),
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    source: {
      namespace: headers[SOURCE_NAMESPACE_HEADER] ?? 'default',
      labels:
        labels === undefined
          ? { app: 'load-generator' }
          : (JSON.parse(labels) as Record<string, string>),
    },
  };
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function drawOf(request: IncomingMessage): number | undefined {
  const text = request.headers[DRAW_HEADER];
  const draw = Number(text);
  return typeof text === 'string' && draw >= 0 && draw < 1 ? draw : undefined;
}

interface Answer {
  readonly status: number;
  readonly grpcStatus: string;
  readonly flags: string;
}

function answerItself(
  response: ServerResponse,
  { status, reason }: { readonly status: number; readonly reason: string },
): Answer {
  response.writeHead(status, { 'content-type': 'text/plain', [REASON_HEADER]: reason });
  response.end(reason);
  return { status, grpcStatus: '', flags: status === 503 ? 'UH' : status === 404 ? 'NR' : '-' };
}

/** Sends the request on to a pod and its answer back; `undefined` when the pod gave none. */
function relay(
  { request, response }: Exchange,
  port: number,
  agent: Agent,
): Promise<Answer | undefined> {
  const { method, url: path } = request;
  // No body is passed on, so that a request can be sent again.
  const headers = { ...request.headers, 'content-length': '0' };
  delete headers['transfer-encoding'];
  return new Promise((resolve) => {
    const upstream = httpRequest(
      { host: '127.0.0.1', port, agent, method, path, headers },
      (answer) => {
        const status = answer.statusCode ?? 502;
        const grpcStatus = String(answer.headers['grpc-status'] ?? '');
        response.writeHead(status, answer.headers);
        answer.pipe(response);
        answer.once('close', () => {
          resolve({ status, grpcStatus, flags: '-' });
        });
      },
    );
    upstream.once('error', () => {
      resolve(undefined);
    });
    request.resume();
    upstream.end();
  });
}

interface Call {
  readonly request: IncomingMessage;
  readonly routed: Routed;
  readonly service: ServiceName | undefined;
  readonly pod: Pod | undefined;
}

/** A plain Service has no proxy that counts. */
function record(plane: Plane, call: Call, answer: Answer & { readonly durationMs: number }): void {
  if (call.routed.plane === 'service') return;
  const contentType = call.request.headers['content-type'];
  const { source } = requestOf(call.request);
  plane.metrics.record({
    source: { workload: source.labels['app'] ?? 'unknown', namespace: source.namespace },
    service: call.service,
    pod: call.pod,
    protocol: contentType?.startsWith('application/grpc') === true ? 'grpc' : 'http',
    ...answer,
  });
}

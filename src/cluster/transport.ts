import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import {
  Agent as HttpAgent,
  ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { getCACertificates, rootCertificates } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Disposable } from '../base/emitter.ts';
import { queryText, type UrlQuery } from '../base/query.ts';
import { err, ok, type Result } from '../base/result.ts';
import { closed } from './abort.ts';
import type { Credentials, CredentialSource } from './credentials.ts';
import { failureOfError, TimedOutError, TooLargeError, type RetryableFailure } from './failures.ts';
import type { ClusterTarget } from './kubeconfig.ts';
import { proxyOf, type ProxySettings } from './proxies.ts';

/** One request to the API server. */
export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  readonly path: string;
  readonly query?: UrlQuery;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Default 64 MiB; a stream has no limit. */
  readonly maxBytes?: number;
}

/** An answer with whatever status; its body as text. */
export interface ClusterAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer whose body is read as it comes. */
export interface ClusterStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /**
   * Unpacked pieces of the body. Throws when the connection is lost, or when no byte came for `idleMs`. Leaving the loop closes the
   * connection.
   */
  readonly chunks: (idleMs: number) => AsyncGenerator<Buffer, void>;
  /** The whole body as text, within a limit. */
  readonly text: (maxBytes?: number) => Promise<string>;
}

/** How to reach the server. */
export interface TransportOptions {
  readonly target: ClusterTarget;
  readonly credentials: CredentialSource;
  readonly proxy: ProxySettings;
  /** Trust what the operating system trusts, where the kubeconfig names no CA. Default true. */
  readonly systemCertificates?: boolean;
  readonly userAgent?: string;
  readonly clock?: Clock;
  /** To the first byte of an answer, by kind of request. Default 10 000 and 15 000. */
  readonly headerTimeoutMs?: { readonly read: number; readonly write: number };
}

const DEFAULT_HEADER_TIMEOUT_MS = { read: 10_000, write: 15_000 };
/** The body of a plain answer may take long, but not stand still (hazards row 18). */
const BODY_IDLE_MS = 30_000;
const DEFAULT_MAX_BYTES = 64 << 20;
/** Shorter than what load balancers and the server give an idle connection, so that they never close it under a write. */
const IDLE_SOCKET_MS = 50_000;

/**
 * HTTP to one API server as one user, on one kept connection. Requests are made with the constructor `http.ClientRequest`, which VS Code
 * leaves alone: its own `https.request` drops client certificates that sit on an agent, ignores `proxy-url`, and opens a connection for each
 * request (handbook/cluster-client.md 5.3, measured). TLS data goes into the options, proxies are found by `proxyOf`.
 */
export class Transport implements Disposable {
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #agent: Promise<HttpAgent> | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get target(): ClusterTarget {
    return this.#options.target;
  }

  /** Sends it and reads the whole answer. Any status is an answer; failures are those without one. */
  async request(request: ClusterRequest): Promise<Result<ClusterAnswer, RetryableFailure>> {
    const stream = await this.stream(request);
    if (!stream.ok) return stream;
    const { status, headers } = stream.value;
    try {
      return ok({ status, headers, body: await stream.value.text(request.maxBytes) });
    } catch (error) {
      request.signal.throwIfAborted();
      return err(failureOfError(error, this.target));
    }
  }

  /** Sends it and resolves with the head of the answer. Credentials that are refused (401) are made again, once. */
  async stream(request: ClusterRequest): Promise<Result<ClusterStream, RetryableFailure>> {
    const first = await this.#attempt(request);
    if (!first.ok || first.value.stream.status !== 401)
      return first.ok ? ok(first.value.stream) : first;
    this.#options.credentials.refuse(first.value.credentials);
    await discard(first.value.stream);
    const second = await this.#attempt(request);
    return second.ok ? ok(second.value.stream) : second;
  }

  dispose(): void {
    this.#closing.abort(closed());
    // An agent that could not be made was told to whoever asked for it.
    this.#agent?.then(
      (agent) => {
        agent.destroy();
      },
      () => undefined,
    );
  }

  async #attempt(
    request: ClusterRequest,
  ): Promise<
    Result<{ readonly stream: ClusterStream; readonly credentials: Credentials }, RetryableFailure>
  > {
    const signal = AbortSignal.any([request.signal, this.#closing.signal]);
    const credentials = await this.#options.credentials.get(signal);
    if (!credentials.ok) return err({ kind: 'unauthorized', text: credentials.error });
    try {
      const response = await this.#send(request, credentials.value, signal);
      const stream = streamOf(response, this.#clock, signal);
      return ok({ stream, credentials: credentials.value });
    } catch (error) {
      signal.throwIfAborted();
      return err(failureOfError(error, this.target));
    }
  }

  async #send(
    request: ClusterRequest,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    this.#agent ??= agentFor(this.target, this.#options.proxy);
    const agent = await this.#agent;
    signal.throwIfAborted();
    const options = this.#requestOptions(request, credentials, agent);
    try {
      return await this.#exchange(options, request, signal);
    } catch (error) {
      // The server closed a kept connection as we used it: for a read, that is no more than a new connection.
      if (!(error instanceof LostReusedError) || request.method !== 'GET') throw error;
      return this.#exchange(options, request, signal);
    }
  }

  #exchange(
    options: RequestOptions,
    request: ClusterRequest,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const client = new ClientRequest(options);
      const limits = this.#options.headerTimeoutMs ?? DEFAULT_HEADER_TIMEOUT_MS;
      const limitMs = request.method === 'GET' ? limits.read : limits.write;
      const timer = this.#clock.after(limitMs, () => {
        client.destroy(new TimedOutError(limitMs / 1000));
      });
      const abort = (): void => {
        client.destroy(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
      client.once('response', (response: IncomingMessage) => {
        timer.dispose();
        // From here on, the reader of the body watches the signal.
        signal.removeEventListener('abort', abort);
        resolve(response);
      });
      client.on('error', (error: NodeJS.ErrnoException) => {
        timer.dispose();
        signal.removeEventListener('abort', abort);
        const isLost =
          client.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        reject(isLost ? new LostReusedError(error) : error);
      });
      client.end(request.body);
    });
  }

  #requestOptions(
    request: ClusterRequest,
    credentials: Credentials,
    agent: HttpAgent,
  ): RequestOptions {
    const { server } = this.target;
    const query = queryText(request.query ?? {});
    const base = server.pathname.replace(/\/$/, '');
    const isSecure = server.protocol === 'https:';
    return {
      protocol: server.protocol,
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (isSecure ? 443 : 80),
      method: request.method,
      path: `${base}${request.path}${query === '' ? '' : `?${query}`}`,
      agent,
      ...(isSecure && this.#tls(credentials)),
      headers: {
        Connection: 'keep-alive',
        Accept: 'application/json',
        'Accept-Encoding': 'gzip',
        'User-Agent': this.#options.userAgent ?? 'cablecar',
        // As kubectl: no credentials over a connection that anybody can read.
        ...(isSecure && (credentials.headers as Record<string, string>)),
        ...(request.body !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(request.body)),
        }),
        ...request.headers,
      },
    };
  }

  #tls({ tls }: Credentials): RequestOptions {
    if (tls.ca !== undefined || this.#options.systemCertificates === false) return tls;
    return { ...tls, ca: trustedBySystem() };
  }
}

/** The body up to a limit, thrown away: so that the connection can be used again. */
async function discard(stream: ClusterStream): Promise<void> {
  try {
    await stream.text(1 << 16);
  } catch {
    // Then it is closed, and the next request opens another one.
  }
}

/** A kept connection ended as it was used again; `cause` says how. */
class LostReusedError extends Error {
  readonly code: string;
  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.code = cause.code ?? '';
  }
}

/** TLS data is in each request's options: an agent's own would win over it, and go stale with a rotated certificate. */
async function agentFor(target: ClusterTarget, settings: ProxySettings): Promise<HttpAgent> {
  const { server, cluster } = target;
  const kept = { keepAlive: true, timeout: IDLE_SOCKET_MS };
  const proxyUrl = proxyOf(cluster, server, settings);
  if (proxyUrl === undefined)
    return server.protocol === 'https:' ? new HttpsAgent(kept) : new HttpAgent(kept);
  const config = new KubeConfig();
  config.loadFromOptions({
    // client-node refuses plain http unless verification is off; with https it stays on.
    clusters: [
      {
        name: 'c',
        server: `${server.protocol}//unused`,
        skipTLSVerify: server.protocol === 'http:',
        proxyUrl,
      },
    ],
    users: [{ name: 'u' }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const agent = options.agent as HttpAgent & {
    keepAlive: boolean;
    protocol: string;
    readonly options: Record<string, unknown>;
  };
  // Made by client-node for http, https and socks proxies; as it comes, it would open a tunnel for each request, and the TLS options
  // that it leaves undefined would win over those of the request.
  agent.keepAlive = true;
  const own = agent.options;
  for (const name of Object.keys(own))
    if (own[name] === undefined) Reflect.deleteProperty(own, name);
  if (agent.protocol !== server.protocol) agent.protocol = server.protocol;
  return agent;
}

let systemCertificates: string[] | undefined;

/** Read once, for it takes tens of milliseconds on some systems. */
function trustedBySystem(): string[] {
  systemCertificates ??= [
    ...rootCertificates,
    ...getCACertificates('system'),
    ...getCACertificates('extra'),
  ];
  return systemCertificates;
}

function streamOf(response: IncomingMessage, clock: Clock, signal: AbortSignal): ClusterStream {
  const body = unpacked(response);
  // A body that nobody reads any more may still fail.
  body.on('error', () => undefined);
  const abort = (): void => {
    body.destroy(signal.reason as Error);
    response.destroy();
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  body.once('close', () => {
    signal.removeEventListener('abort', abort);
    if (!response.complete) response.destroy();
  });
  const chunks = (idleMs: number): AsyncGenerator<Buffer, void> => readChunks(body, clock, idleMs);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    chunks,
    text: (maxBytes = DEFAULT_MAX_BYTES) => readText(chunks(BODY_IDLE_MS), maxBytes),
  };
}

/** Node's gunzip joins the members of a multi-member answer, and flushes what it has: watches of servers ≥ 1.37 come so. */
function unpacked(response: IncomingMessage): Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  return pipeline(response, createGunzip({ chunkSize: 64 << 10 }), () => undefined);
}

async function* readChunks(
  body: Readable,
  clock: Clock,
  idleMs: number,
): AsyncGenerator<Buffer, void> {
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const timer = clock.after(idleMs, () => {
        body.destroy(new TimedOutError(idleMs / 1000));
      });
      const next = await iterator.next().finally(() => {
        timer.dispose();
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    body.destroy();
  }
}

async function readText(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLargeError(maxBytes);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

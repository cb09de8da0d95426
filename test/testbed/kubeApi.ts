import { Agent, request as httpsRequest } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where an API server is and who we are to it; all PEM texts. */
export interface Identity {
  readonly server: string;
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** An object of the cluster, as JSON. The testbed reads few fields and checks none. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Any kind of object; the reader knows which.
  readonly [field: string]: any;
}

/** An answer of the API server. `json` is `undefined` when the body is not JSON. */
export interface KubeResponse {
  readonly status: number;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Whatever the server said.
  readonly json: any;
}

/**
 * The testbed's own small client: one keep-alive pool, JSON in and out. It shares nothing with the product's, so that
 * what it sees can be held against what the product sees.
 */
export interface KubeApi {
  readonly identity: Identity;
  /** Any status is an answer. Throws when there is none. */
  readonly request: (method: string, path: string, body?: unknown) => Promise<KubeResponse>;
  /** As `request`, and throws unless the status is 2xx. */
  readonly ok: (method: string, path: string, body?: unknown) => Promise<KubeResponse>;
  /** Creates the object; an existing one is left as it is. */
  readonly ensure: (collection: string, object: unknown) => Promise<void>;
  readonly stream: (path: string, signal: AbortSignal) => Promise<IncomingMessage>;
  readonly close: () => void;
}

/** A client for one identity. Patches are sent as JSON Patch when the body is an array, else as merge patch. */
export function createKubeApi(identity: Identity): KubeApi {
  const agent = new Agent({
    keepAlive: true,
    ca: identity.caPem,
    cert: identity.certPem,
    key: identity.keyPem,
  });
  const open = (method: string, path: string, headers: Record<string, string>): ClientRequest =>
    httpsRequest(new URL(path, identity.server), {
      method,
      agent,
      headers: { 'user-agent': 'testbed', accept: 'application/json', ...headers },
    });
  const request = async (method: string, path: string, body?: unknown): Promise<KubeResponse> => {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const sent = open(
      method,
      path,
      content === undefined ? {} : contentHeaders(method, body, content),
    );
    sent.end(content);
    const response = await answerOf(sent);
    const text = await textOf(response);
    return { status: response.statusCode ?? 0, text, json: parse(text) };
  };
  const ok = async (method: string, path: string, body?: unknown): Promise<KubeResponse> => {
    const response = await request(method, path, body);
    if (response.status < 200 || response.status > 299)
      throw new Error(
        `${method} ${path}: ${String(response.status)} ${response.text.slice(0, 500)}`,
      );
    return response;
  };
  return {
    identity,
    request,
    ok,
    ensure: async (collection, object) => {
      const response = await request('POST', collection, object);
      if (response.status !== 409 && response.status > 299)
        throw new Error(
          `POST ${collection}: ${String(response.status)} ${response.text.slice(0, 500)}`,
        );
    },
    stream: async (path, signal) => {
      const sent = open('GET', path, {});
      signal.addEventListener('abort', () => sent.destroy(), { once: true });
      sent.end();
      return answerOf(sent);
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** Told of every object now there, and then of each change; `deleted` after an object has gone. */
export type Follower = (change: 'present' | 'deleted', object: KubeObject) => void;

/**
 * Lists and watches a collection until stopped; after any failure it starts again with a list, and tells what has gone
 * meanwhile. `ready` resolves after the first list.
 */
export function follow(
  api: KubeApi,
  collection: string,
  follower: Follower,
): { readonly ready: Promise<void>; readonly stop: () => void } {
  const stopped = new AbortController();
  const known = new Map<string, KubeObject>();
  const tell: Follower = (change, object) => {
    const id = object.metadata.uid ?? object.metadata.name;
    if (change === 'present') known.set(id, object);
    else known.delete(id);
    follower(change, object);
  };
  let markReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (markReady = resolve));
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        const version = await relist(api, collection, known, tell);
        markReady();
        await watch(
          api,
          `${collection}?watch=true&resourceVersion=${version}`,
          stopped.signal,
          tell,
        );
      } catch {
        // The API server is away or closed the stream: tests kill it on purpose. Ask again.
        await sleep(100);
      }
    }
  };
  void run();
  return {
    ready,
    stop: () => {
      stopped.abort();
    },
  };
}

async function relist(
  api: KubeApi,
  collection: string,
  known: ReadonlyMap<string, KubeObject>,
  tell: Follower,
): Promise<string> {
  const list = (await api.ok('GET', collection)).json as {
    metadata: { resourceVersion: string };
    items: KubeObject[];
  };
  const present = new Set(list.items.map((item) => item.metadata.uid));
  for (const object of [...known.values()])
    if (!present.has(object.metadata.uid)) tell('deleted', object);
  for (const item of list.items) tell('present', item);
  return list.metadata.resourceVersion;
}

async function watch(
  api: KubeApi,
  path: string,
  signal: AbortSignal,
  tell: Follower,
): Promise<void> {
  const response = await api.stream(path, signal);
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as { type: string; object: KubeObject };
      if (event.type === 'ERROR') return;
      tell(event.type === 'DELETED' ? 'deleted' : 'present', event.object);
    }
  }
}

function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Node gives a DELETE no length by itself, and the server would take its body for another request. */
function contentHeaders(method: string, body: unknown, content: string): Record<string, string> {
  return {
    'content-type': typeOf(method, body),
    'content-length': String(Buffer.byteLength(content)),
  };
}

function typeOf(method: string, body: unknown): string {
  if (method !== 'PATCH') return 'application/json';
  return Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

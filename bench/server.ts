import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, gzipSync } from 'node:zlib';
import { resourceId, type JsonObject, type Resource } from '../src/model/objects.ts';
import { allWatches } from '../src/state/watches.ts';
import {
  sendStatus,
  startScriptedServer,
  type ScriptedRequest,
} from '../test/support/scriptedServer.ts';
import { COUNT, namesOf, serviceObject, virtualServiceObject } from './objects.ts';
import { answerTasks } from './worker.ts';

/** The API server of the bench: TLS, gzip as kube-apiserver packs (level 1), discovery, lists by pages, watches. Run by `startWorker`. */
interface Collection {
  readonly resource: Resource;
  readonly version: string;
  /** JSON of each object. */
  readonly items: readonly string[];
}

const VERSION = String(1_000_000 + 2 * COUNT);
/** kube-apiserver leaves smaller answers as they are. */
const GZIP_FROM_BYTES = 128 << 10;

const collections = new Map<string, Collection>();
const packed = new Map<string, { readonly plain: Buffer; readonly gzip: Buffer }>();
const watchers = new Map<string, Set<ServerResponse>>();

const server = await startScriptedServer(answer);

answerTasks({
  /** Says where it is and how to be let in. */
  address: () => ({ url: server.url, kubeconfig: server.kubeconfig }),
  /** From now on there are these objects; whatever else the product watches is there, and empty. */
  load: ({ virtualServices }: { readonly virtualServices: boolean }) => {
    load(virtualServices);
  },
  requests: () => server.requests.length,
  connections: () => server.connections(),
  /** Changes the weights of one VirtualService after another. Answers with the time at which each was sent (epoch ms). */
  change: ({ count, perSecond }: { readonly count: number; readonly perSecond: number }) =>
    change(count, perSecond),
});

function load(virtualServices: boolean): void {
  packed.clear();
  for (const { resource } of allWatches()) {
    const version = resource.versions[0] ?? 'v1';
    collections.set(resourceId(resource), { resource, version, items: [] });
  }
  const numbers = Array.from({ length: COUNT }, (_, index) => index);
  fill('/services', numbers.map(serviceObject));
  if (virtualServices)
    fill(
      'networking.istio.io/virtualservices',
      numbers.map((index) => virtualServiceObject(index, 10)),
    );
}

function fill(id: string, objects: readonly JsonObject[]): void {
  const known = collections.get(id);
  if (known === undefined) throw new Error(`The product does not watch ${id}`);
  collections.set(id, { ...known, items: objects.map((object) => JSON.stringify(object)) });
}

function answer(request: ScriptedRequest, response: ServerResponse): void {
  const { path, query } = request;
  if (path === '/api' || path === '/apis') {
    sendDiscovery(response, path);
    return;
  }
  const collection = collectionAt(path);
  if (collection === undefined) {
    sendObject(request, response);
  } else if (query.get('watch') === null) {
    sendList(request, response, collection);
  } else {
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    const id = resourceId(collection.resource);
    const open = watchers.get(id) ?? new Set();
    watchers.set(id, open.add(response));
    response.once('close', () => open.delete(response));
  }
}

function collectionAt(path: string): Collection | undefined {
  return [...collections.values()].find(
    ({ resource, version }) => path === pathOf(resource, version),
  );
}

function pathOf({ group, plural }: Resource, version: string): string {
  return `${group === '' ? '/api' : `/apis/${group}`}/${version}/${plural}`;
}

function sendDiscovery(response: ServerResponse, path: '/api' | '/apis'): void {
  const wanted = [...collections.values()].filter(
    ({ resource }) => (resource.group === '') === (path === '/api'),
  );
  const groups = [...new Set(wanted.map(({ resource }) => resource.group))];
  const items = groups.map((group) => ({
    metadata: { name: group },
    versions: versionsOf(wanted.filter(({ resource }) => resource.group === group)),
  }));
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items };
  const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  response.writeHead(200, { 'Content-Type': type }).end(JSON.stringify(body));
}

function versionsOf(entries: readonly Collection[]): readonly object[] {
  return [...new Set(entries.map(({ version }) => version))].map((version) => ({
    version,
    freshness: 'Current',
    resources: entries
      .filter((entry) => entry.version === version)
      .map(({ resource: { group, plural, kind, namespaced } }) => ({
        resource: plural,
        responseKind: { group, version, kind },
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: kind.toLowerCase(),
        verbs: ['get', 'list', 'watch', 'patch', 'create', 'delete'],
      })),
  }));
}

/** All, or the page that `limit` and `continue` ask for. */
function sendList(
  request: ScriptedRequest,
  response: ServerResponse,
  collection: Collection,
): void {
  const from = Number(request.query.get('continue') ?? 0);
  const limit = Number(request.query.get('limit') ?? 0) || collection.items.length;
  const key = `${resourceId(collection.resource)} ${String(from)} ${String(limit)}`;
  const body = packed.get(key) ?? pack(collection, from, limit);
  packed.set(key, body);
  const isPacked =
    body.plain.length > GZIP_FROM_BYTES && request.headers['accept-encoding']?.includes('gzip');
  response
    .writeHead(200, {
      'Content-Type': 'application/json',
      ...(isPacked === true && { 'Content-Encoding': 'gzip' }),
    })
    .end(isPacked === true ? body.gzip : body.plain);
}

function pack(
  { resource, version, items }: Collection,
  from: number,
  limit: number,
): { readonly plain: Buffer; readonly gzip: Buffer } {
  const until = from + limit;
  const metadata = {
    resourceVersion: VERSION,
    ...(until < items.length && { continue: String(until) }),
  };
  const { group, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const head = JSON.stringify({ kind: `${kind}List`, apiVersion, metadata }).slice(0, -1);
  const plain = Buffer.from(`${head},"items":[${items.slice(from, until).join(',')}]}`);
  return { plain, gzip: gzipSync(plain, { level: constants.Z_BEST_SPEED }) };
}

function sendObject({ path }: ScriptedRequest, response: ServerResponse): void {
  const found = /\/namespaces\/(team-\d+)\/services\/service-(\d+)$/.exec(path);
  const item = collections.get('/services')?.items[Number(found?.[2] ?? NaN)];
  if (item === undefined) sendStatus(response, 404, { reason: 'NotFound' });
  else response.writeHead(200, { 'Content-Type': 'application/json' }).end(item);
}

/** Waits until there is one. */
async function watchersOf(id: string): Promise<ReadonlySet<ServerResponse>> {
  for (;;) {
    const open = watchers.get(id);
    if (open !== undefined && open.size > 0) return open;
    await sleep(5);
  }
}

async function change(count: number, perSecond: number): Promise<Record<string, number>> {
  const open = await watchersOf('networking.istio.io/virtualservices');
  const sentAt: Record<string, number> = {};
  const startMs = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, ((performance.now() - startMs) / 1000) * perSecond);
      for (; sent < due; sent += 1) {
        // A prime step: neighbours in time are in different namespaces, as changes of many teams are.
        const index = (sent * 7919) % COUNT;
        const { namespace, name } = namesOf(index);
        const event = { type: 'MODIFIED', object: virtualServiceObject(index, 20, 2) };
        const line = `${JSON.stringify(event)}\n`;
        sentAt[`${namespace}/${name}`] = performance.timeOrigin + performance.now();
        for (const response of open) response.write(line);
      }
      if (sent < count) return;
      clearInterval(timer);
      resolve(sentAt);
    }, 1);
  });
}

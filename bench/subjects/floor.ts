import { Agent, request } from 'node:https';
import { createGunzip } from 'node:zlib';
import { namesOf } from '../objects.ts';
import { answerTasks } from '../worker.ts';
import { heapBytes, longestBlock, timed, tlsOf, type Address } from './subject.ts';

/** The least that plain Node can do: a kept TLS connection, gunzip, JSON.parse, and nothing made of it. */
let address: Address | undefined;
let agent = new Agent();

/** As the product asks: what the server has at hand. */
const SERVICES = '/api/v1/services?resourceVersion=0';
const VIRTUAL_SERVICES = '/apis/networking.istio.io/v1/virtualservices';

answerTasks({
  connect: (given: Address) => {
    address = given;
    agent = new Agent({ keepAlive: true, ...tlsOf(given) });
  },
  expand: () => timed(() => get(SERVICES)),
  block: () => longestBlock(() => get(SERVICES)),
  calls: ({ count }: { readonly count: number }) =>
    timed(async () => {
      for (let index = 0; index < count; index += 1) {
        const { namespace, name } = namesOf(index);
        await get(`/api/v1/namespaces/${namespace}/services/${name}`);
      }
    }),
  heap: async () => {
    const before = await heapBytes();
    const kept = [await get(SERVICES), await get(VIRTUAL_SERVICES)];
    const after = await heapBytes();
    return kept.length === 2 ? after - before : 0;
  },
  /** Epoch milliseconds at which each change was parsed. */
  watch: async ({ count }: { readonly count: number }) => ({
    seenAt: await watch(count),
    wholeRefreshes: 0,
  }),
});

async function get(path: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of await open(path)) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function open(path: string): Promise<NodeJS.ReadableStream> {
  const url = new URL(path, address?.url);
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      const isPacked = response.headers['content-encoding'] === 'gzip';
      resolve(isPacked ? response.pipe(createGunzip()) : response);
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function watch(count: number): Promise<Record<string, number>> {
  const seenAt: Record<string, number> = {};
  let rest = '';
  let left = count;
  for await (const chunk of await open(`${VIRTUAL_SERVICES}?watch=true`)) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { object } = JSON.parse(line) as { object: { metadata: Record<string, string> } };
      const key = `${object.metadata['namespace'] ?? ''}/${object.metadata['name'] ?? ''}`;
      seenAt[key] = performance.timeOrigin + performance.now();
      left -= 1;
    }
    if (left <= 0) break;
  }
  return seenAt;
}

import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { Reflector } from '../../src/cluster/reflector.ts';
import { services } from '../../src/model/kinds.ts';
import type { KubeObject } from '../../src/model/objects.ts';
import { fastClock } from '../support/fastClock.ts';
import { targetOfText, transportTo } from '../support/clusterTarget.ts';
import {
  gzipMember,
  sendJson,
  sendStatus,
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../support/scriptedServer.ts';
import { waitUntil } from '../testbed/processes.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('list, watch, resume: one list, and each watch begins where the last one ended', async () => {
  const watches: string[] = [];
  const { server, sees } = await reflecting({
    watch: (request, response) => {
      const from = request.query.get('resourceVersion') ?? '';
      watches.push(from);
      open(response);
      if (from === '10') {
        write(response, event('ADDED', 'b', 11), event('MODIFIED', 'a', 12), bookmark(15));
        response.end();
      } else if (from === '15') {
        write(response, event('DELETED', 'a', 16));
      }
    },
  });
  await sees('b@11');
  expect(watches).toEqual(['10', '15']);
  expect(listsOf(server)).toEqual(['0']);
  expect(queriesOf(server)[0]).toMatchObject({ allowWatchBookmarks: 'true' });
  for (const { timeoutSeconds } of queriesOf(server)) {
    expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(300);
    expect(Number(timeoutSeconds)).toBeLessThanOrEqual(600);
  }
});

test.each([500, 503, 429, 401, 403])(
  'a watch that is answered with %i once goes on without a list',
  async (status) => {
    let failures = status === 401 ? 2 : 1;
    const { server, sees } = await reflecting({
      watch: (_, response) => {
        if (failures-- > 0) {
          sendStatus(response, status, { reason: 'Scripted' });
          return;
        }
        open(response);
        write(response, event('ADDED', 'after', 11));
      },
    });
    await sees('a@1 after@11');
    expect(listsOf(server)).toEqual(['0']);
  },
);

test.each(['in the stream', 'on connect'])(
  'a version that is gone (410 %s) means a list, and what is not in it is gone',
  async (where) => {
    let isFirst = true;
    const { server, sees, removed } = await reflecting({
      list: (request, response) => {
        const isRelist = request.query.get('resourceVersion') !== '0';
        sendJson(response, 200, isRelist ? list(30, ['c', 29]) : list(10, ['a', 1], ['b', 2]));
      },
      watch: (_, response) => {
        if (!isFirst) {
          open(response);
          return;
        }
        isFirst = false;
        if (where === 'on connect') {
          sendStatus(response, 410, { reason: 'Expired' });
          return;
        }
        open(response);
        write(response, {
          type: 'ERROR',
          object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
        });
        response.end();
      },
    });
    await sees('c@29');
    expect(listsOf(server)).toEqual(['0', '10']);
    expect(removed()).toEqual(['a', 'b']);
  },
);

test('a version that stays gone does not become a storm of lists', async () => {
  const { server } = await reflecting({
    watch: (_, response) => {
      sendStatus(response, 410, { reason: 'Expired' });
    },
  });
  const startedMs = performance.now();
  await waitUntil(
    { what: 'some time', timeoutMs: 5000 },
    () => performance.now() - startedMs > 3000,
  );
  expect(listsOf(server).length).toBeLessThanOrEqual(6);
});

test('a version that the server does not have yet is not asked for again: the newest is', async () => {
  const { server, sees } = await reflecting({
    list: (request, response) => {
      const from = request.query.get('resourceVersion');
      if (from === '10') sendStatus(response, 504, { reason: 'ResourceVersionTooLarge' });
      else sendJson(response, 200, from === '0' ? list(10, ['a', 1]) : list(20, ['b', 20]));
    },
    watch: (request, response) => {
      if (request.query.get('resourceVersion') === '10')
        sendStatus(response, 410, { reason: 'Expired' });
      else open(response);
    },
  });
  await sees('b@20');
  expect(listsOf(server)).toEqual(['0', '10', null]);
});

test.each([500, 429])('a first list that fails with %i is tried again', async (status) => {
  let failures = 2;
  const { sees, states } = await reflecting({
    list: (_, response) => {
      if (failures-- > 0) sendStatus(response, status);
      else sendJson(response, 200, list(10, ['a', 1]));
    },
  });
  await sees('a@1');
  expect(states).toContain('failed');
});

test('a busy server that says when to come back is asked at most eight times in a minute', async () => {
  const clock = fastClock(40);
  const { server } = await reflecting(
    {
      list: (_, response) => {
        sendStatus(response, 429, { headers: { 'Retry-After': '1' } });
      },
    },
    clock,
  );
  const fromMs = clock.monotonicMs();
  await waitUntil(
    { what: 'a minute', timeoutMs: 10_000 },
    () => clock.monotonicMs() - fromMs > 60_000,
  );
  expect(server.requests.length).toBeLessThanOrEqual(8);
  expect(server.requests.length).toBeGreaterThan(3);
});

test('an event cut at any byte is neither lost nor told twice', async () => {
  const line = Buffer.from(`${JSON.stringify(event('MODIFIED', 'a', 11, '灰度'))}\n`);
  for (let cut = 0; cut < line.length; cut += 9) {
    let isFirst = true;
    const { told, sees, stop } = await reflecting({
      watch: (request, response) => {
        open(response);
        if (request.query.get('resourceVersion') !== '10') return;
        if (!isFirst) {
          response.write(line);
          return;
        }
        isFirst = false;
        response.write(line.subarray(0, cut), () => {
          response.socket?.destroy();
        });
      },
    });
    await sees('a@11');
    expect(told()).toEqual(['a@1', 'a@11']);
    await stop();
  }
});

test('an event whose end is missing, in a stream that ends in peace, counts for nothing', async () => {
  let isFirst = true;
  const { server, sees } = await reflecting({
    watch: (_, response) => {
      open(response);
      const text = JSON.stringify(event('MODIFIED', 'a', 11));
      response.write(isFirst ? text.slice(0, 60) : `${text}\n`);
      if (isFirst) response.end();
      isFirst = false;
    },
  });
  await sees('a@11');
  expect(listsOf(server)).toEqual(['0']);
});

test('an event without an object means a list', async () => {
  let isFirst = true;
  const { server, sees } = await reflecting({
    list: (request, response) => {
      sendJson(
        response,
        200,
        list(request.query.get('resourceVersion') === '0' ? 10 : 20, ['a', 1]),
      );
    },
    watch: (_, response) => {
      open(response);
      if (isFirst) write(response, { type: 'ADDED', object: {} });
      isFirst = false;
    },
  });
  await sees('a@1');
  await waitUntil({ what: 'the list', timeoutMs: 5000 }, () => listsOf(server).length === 2);
});

test('compressed watches, one gzip member for each event, come at once and split anywhere', async () => {
  const { sees } = await reflecting({
    list: (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(list(10, ['a', 1]))));
    },
    watch: async (request, response) => {
      if (request.query.get('resourceVersion') !== '10') {
        open(response);
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
      response.flushHeaders();
      for (const [name, version] of [
        ['金丝雀', 11],
        ['c', 12],
      ] as const) {
        for (const byte of gzipMember(event('ADDED', name, version))) {
          response.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
      }
    },
  });
  await sees('a@1 c@12 金丝雀@11');
});

test('a page of HTML where a list should be is said to be no API server, and is tried again', async () => {
  let isPage = true;
  const { reflector, sees } = await reflecting({
    list: (_, response) => {
      if (isPage) response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Log in</h1>');
      else sendJson(response, 200, list(10, ['a', 1]));
    },
  });
  await waitUntil(
    { what: 'the failure', timeoutMs: 5000 },
    () => reflector.state.kind === 'failed',
  );
  expect(reflector.state).toMatchObject({ failure: { kind: 'notKubernetes' } });
  isPage = false;
  reflector.retry();
  await sees('a@1');
});

test('a watch that says nothing for too long is taken for dead and opened again', async () => {
  let opened = 0;
  const { server, reflector } = await reflecting(
    {
      watch: (_, response) => {
        opened += 1;
        open(response);
      },
    },
    fastClock(60),
    fastClock(60),
  );
  await waitUntil({ what: 'a second watch', timeoutMs: 5000 }, () => opened === 2);
  await waitUntil({ what: 'live', timeoutMs: 5000 }, () => reflector.state.kind === 'live');
  expect(listsOf(server)).toEqual(['0']);
});

test('what is stopped in any moment opens nothing more', async () => {
  for (const moment of ['list', 'watch', 'wait'] as const) {
    const reached = Promise.withResolvers<undefined>();
    const { server, reflector, stop } = await reflecting({
      list: (_, response) => {
        if (moment === 'list') reached.resolve(undefined);
        else if (moment === 'wait') sendStatus(response, 500);
        else sendJson(response, 200, list(10, ['a', 1]));
      },
      watch: (_, response) => {
        open(response);
        reached.resolve(undefined);
      },
    });
    if (moment === 'wait')
      await waitUntil({ what: 'a wait', timeoutMs: 5000 }, () => reflector.state.kind === 'failed');
    else await reached.promise;
    reflector.dispose();
    const seen = server.requests.length;
    const startedMs = performance.now();
    await waitUntil(
      { what: 'some time', timeoutMs: 3000 },
      () => performance.now() - startedMs > 1200,
    );
    expect(server.requests).toHaveLength(seen);
    await stop();
  }
});

test('whatever fails in whatever order, in the end the cache is as the server', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const random = mulberry(seed);
    let faults = 6;
    const { sees, stop } = await reflecting(
      {
        list: (_, response) => {
          if (faults-- > 0 && random() < 0.5) breakIt(response, random());
          else sendJson(response, 200, list(10, ['a', 1]));
        },
        watch: (_, response) => {
          if (faults-- > 0) {
            breakIt(response, random());
            return;
          }
          open(response);
          write(response, event('DELETED', 'a', 40), event('ADDED', 'z', 41));
        },
      },
      fastClock(50),
    );
    await sees('z@41');
    await stop();
  }
});

function breakIt(response: ServerResponse, how: number): void {
  if (how < 0.2) sendStatus(response, 500);
  else if (how < 0.35) sendStatus(response, 429, { headers: { 'Retry-After': '2' } });
  else if (how < 0.5) sendStatus(response, 410, { reason: 'Expired' });
  else if (how < 0.7) response.socket?.destroy();
  else {
    open(response);
    response.write('{"type":"ADDED","obj');
    response.end();
  }
}

type Answer = (request: ScriptedRequest, response: ServerResponse) => void | Promise<void>;

interface Reflecting {
  readonly server: ScriptedServer;
  readonly reflector: Reflector;
  readonly states: readonly string[];
  /** Everything that the sink was told to set, in order. */
  readonly told: () => readonly string[];
  readonly removed: () => readonly string[];
  /** Waits until exactly these objects are known, as `name@version`, sorted. */
  readonly sees: (wanted: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function reflecting(
  answers: { readonly list?: Answer; readonly watch?: Answer },
  clock: Clock = systemClock,
  transportClock: Clock = systemClock,
): Promise<Reflecting> {
  const answerList: Answer =
    answers.list ??
    ((_, response) => {
      sendJson(response, 200, list(10, ['a', 1]));
    });
  const answerWatch: Answer =
    answers.watch ??
    ((_, response) => {
      open(response);
    });
  const server = await startScriptedServer((request, response) =>
    request.query.get('watch') === 'true'
      ? answerWatch(request, response)
      : answerList(request, response),
  );
  const known = new Map<string, string>();
  const told: string[] = [];
  const removed: string[] = [];
  const states: string[] = [];
  const set = ({ meta }: KubeObject): void => {
    if (known.get(meta.name) === meta.resourceVersion) return;
    known.set(meta.name, meta.resourceVersion);
    told.push(`${meta.name}@${meta.resourceVersion}`);
  };
  const remove = (name: string): void => {
    if (known.delete(name)) removed.push(name);
  };
  const transport = transportTo(await targetOfText(server.kubeconfig), { clock: transportClock });
  const reflector: Reflector = new Reflector({
    transport,
    watched: { resource: services, writes: [], pick: () => ({}) },
    version: 'v1',
    clock,
    random: Math.random,
    onUnexpected: (error) => {
      throw error;
    },
    sink: {
      add: (objects) => {
        objects.forEach(set);
      },
      replace: (objects) => {
        const names = new Set(objects.map((object) => object.meta.name));
        for (const name of known.keys()) if (!names.has(name)) remove(name);
        objects.forEach(set);
      },
      set,
      delete: (_, name) => {
        remove(name);
      },
      stateChanged: () => states.push(reflector.state.kind),
    },
  });
  reflector.start();
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    reflector.dispose();
    transport.dispose();
    await server.stop();
  };
  ends.push(stop);
  const shown = (): string =>
    [...known]
      .map((entry) => entry.join('@'))
      .sort()
      .join(' ');
  const sees = (wanted: string): Promise<void> =>
    waitUntil({ what: wanted, timeoutMs: 15_000 }, () => shown() === wanted, shown);
  return { server, reflector, states, told: () => told, removed: () => removed, sees, stop };
}

function list(version: number, ...items: (readonly [name: string, version: number])[]): unknown {
  return {
    kind: 'ServiceList',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(version) },
    items: items.map(([name, of]) => object(name, of)),
  };
}

function object(name: string, version: number, note = ''): unknown {
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      resourceVersion: String(version),
      labels: { note },
    },
  };
}

function event(type: string, name: string, version: number, note = ''): unknown {
  return { type, object: object(name, version, note) };
}

function bookmark(version: number): unknown {
  return { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version) } } };
}

function open(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
}

function write(response: ServerResponse, ...events: unknown[]): void {
  for (const one of events) response.write(`${JSON.stringify(one)}\n`);
}

function queriesOf(server: ScriptedServer): Record<string, string>[] {
  return server.requests
    .filter((request) => request.query.has('watch'))
    .map((request) => Object.fromEntries(request.query));
}

/** The versions that lists asked for. */
function listsOf(server: ScriptedServer): (string | null)[] {
  return server.requests
    .filter((request) => !request.query.has('watch'))
    .map((request) => request.query.get('resourceVersion'));
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

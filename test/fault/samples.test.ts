import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { meshSamples } from '../../src/backends/meshQueries.ts';
import { ok } from '../../src/base/result.ts';
import { MetricsService } from '../../src/metrics/service.ts';
import { deployments } from '../../src/model/kinds.ts';
import type { Rollout, Track } from '../../src/model/rollout.ts';
import type { Look } from '../../src/model/samples.ts';
import { FakeClock } from '../support/fakeClock.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The time of the scripted Prometheus, an hour before the clock that the service has. */
const NOW = 1_700_000_000;

type Labels = Readonly<Record<string, string>>;
interface Series {
  readonly metric: Labels;
  readonly values?: readonly (readonly [number, string])[];
  readonly histograms?: readonly (readonly [number, unknown])[];
}

/** What a query is answered with: series, or anything else that can be sent. */
type Answer = readonly Series[] | ((response: ServerResponse) => unknown);

interface Script {
  /** By a part of the query. The first that fits counts; without one, no series. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly warnings?: readonly string[];
  readonly latency?: 'read' | 'leave';
  readonly queries?: readonly { name: string; canary: string; stable?: string }[];
  readonly slices?: { readonly status: number; readonly body: string };
}

const track = (id: string, role: Track['role']): Track => {
  const ref = { resource: deployments, namespace: 'shop', name: id };
  const workload = { ref, replicas: 2, ready: 2, image: '', template: null, settled: true };
  return { id, role, name: id, service: 'shop', podLabels: {}, workload };
};

const rollout: Rollout = {
  id: 'shop/shop@x',
  backend: 'x',
  namespace: 'shop',
  service: 'shop',
  route: { resource: deployments, namespace: 'shop', name: 'shop' },
  tracks: [track('shop-v1', 'stable'), track('shop-v2', 'canary')],
  rules: [],
  canaryShare: 0.1,
  weights: { kind: 'any' },
  promotion: { style: 'swap' },
  problems: [],
};

const podOf = (workload: string): string => `${workload}-6d4cf56db6-x7k2p`;
const slices = JSON.stringify({
  items: [
    {
      endpoints: ['shop-v1', 'shop-v2'].map((name) => ({
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: podOf(name) },
      })),
    },
    { endpoints: null },
  ],
});

function series(workload: string, more: Labels = {}, value = '7', atSeconds = NOW): Series {
  return {
    metric: {
      __name__: 'istio_requests_total',
      reporter: 'destination',
      destination_workload: workload,
      destination_workload_namespace: 'shop',
      response_code: '200',
      pod: podOf(workload),
      job: 'mesh',
      ...more,
    },
    values: [
      [atSeconds - 1, '1'],
      [atSeconds, value],
    ],
  };
}

const both = [series('shop-v1'), series('shop-v2')];

async function lookAt(script: Script): Promise<{
  readonly look: Look;
  readonly asked: readonly URLSearchParams[];
  readonly mostAtOnce: number;
}> {
  const bench = await benchOf(script);
  const look = await bench.look();
  return { look, asked: bench.asked, mostAtOnce: bench.mostAtOnce() };
}

async function benchOf(script: Script): Promise<{
  readonly look: (signal?: AbortSignal) => Promise<Look>;
  readonly asked: URLSearchParams[];
  readonly mostAtOnce: () => number;
  /** Resolves after another request was answered: what was sent before has arrived. */
  readonly roundTrip: () => Promise<unknown>;
  readonly clock: FakeClock;
}> {
  const asked: URLSearchParams[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const params = new URL(request.url ?? '/', 'http://p').searchParams;
    const query = params.get('query');
    if (query !== null && query !== 'vector(1)') asked.push(params);
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
    answerTo(script, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const clock = new FakeClock();
  const direct = { url, setting: 'cablecar.prometheus.url' };
  const service = new MetricsService({ direct: () => Promise.resolve(direct) }, clock);
  const session = {
    snapshot: () => {
      throw new Error('Not asked where a URL is set.');
    },
    proxyGet: () =>
      Promise.resolve(ok({ status: 200, body: slices, headers: {}, ...script.slices })),
  };
  const request = {
    context: 'c',
    session,
    rollout,
    selectors: meshSamples(rollout, { reporter: 'destination', applicationMetrics: 'auto' }),
    latency: script.latency ?? 'leave',
    queries: script.queries ?? [],
  };
  return {
    look: (signal = AbortSignal.timeout(30_000)) => service.look(request, signal),
    asked,
    mostAtOnce: () => most,
    roundTrip: async () => {
      for (let trips = 0; trips < 5; trips += 1) await (await fetch(`${url}/ping`)).text();
    },
    clock,
  };
}

function answerTo(script: Script, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://p');
  const query = url.searchParams.get('query') ?? '';
  if (url.pathname === '/api/v1/status/config') {
    send(response, { status: 'success', data: { yaml: 'global:\n  scrape_interval: 1s\n' } });
    return;
  }
  const answers = script.answers ?? {};
  const key = Object.keys(answers).find((part) => query.includes(part));
  const answer = key === undefined ? undefined : answers[key];
  if (typeof answer === 'function') answer(response);
  else if (query === 'vector(1)') vector(response, [{ metric: {}, value: [NOW, '1'] }]);
  else if (query === 'time()')
    send(response, {
      status: 'success',
      data: { resultType: 'scalar', result: [NOW, String(NOW)] },
    });
  else {
    const data = { resultType: 'matrix', result: answer ?? [] };
    send(response, { status: 'success', data, warnings: script.warnings ?? [] });
  }
}

function vector(response: ServerResponse, result: readonly unknown[]): void {
  send(response, { status: 'success', data: { resultType: 'vector', result } });
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function reading(look: Look): Look & { readonly kind: 'reading' } {
  if (look.kind !== 'reading') throw new Error(`an error: ${JSON.stringify(look.reason)}`);
  return look;
}

test('the clock of Prometheus counts, not ours, which is off by hours (row 40)', async () => {
  const { look, asked } = await lookAt({ answers: { istio_requests_total: both } });
  expect(reading(look).atMs).toBe(NOW * 1000);
  expect(asked.map((params) => params.get('query'))[0]).toBe('time()');
  const times = asked.slice(1).map((params) => params.get('time'));
  expect(new Set(times)).toEqual(new Set([String(NOW)]));
});

test('both tracks come with one query of each kind, two at once, with a time and a number as bounds (row 62)', async () => {
  const { look, asked, mostAtOnce } = await lookAt({
    answers: { istio_requests_total: both },
    latency: 'read',
    queries: [{ name: 'own', canary: 'sum(x)', stable: 'sum(y)' }],
  });
  expect(asked.slice(1).map((params) => params.get('query'))).toEqual([
    '{__name__="istio_requests_total",reporter="destination",destination_workload=~"shop-v1|shop-v2",destination_workload_namespace="shop"}[30s]',
    `up{namespace="shop",pod=~"${podOf('shop-v1')}|${podOf('shop-v2')}"}[30s]`,
    '{__name__=~"istio_request_duration_milliseconds_bucket|istio_request_duration_milliseconds",reporter="destination",destination_workload=~"shop-v1|shop-v2",destination_workload_namespace="shop"}[30s]',
    'sum(x)',
    'sum(y)',
  ]);
  for (const params of asked.slice(1)) {
    expect(params.get('timeout')).toBe('10s');
    expect(Number(params.get('limit'))).toBeLessThanOrEqual(20_000);
  }
  expect(mostAtOnce).toBeLessThanOrEqual(2);
  expect(reading(look).canary.requests).toMatchObject({ ok: true, value: [{ value: 7 }] });
});

test('after a slow look Prometheus is left alone for four times as long (row 62)', async () => {
  const held: ServerResponse[] = [];
  const bench = await benchOf({
    answers: { istio_requests_total: (response) => held.push(response) },
  });
  const release = (): void => {
    for (const response of held.splice(0)) vector(response, []);
  };
  const first = bench.look();
  await expect.poll(() => held).toHaveLength(1);
  bench.clock.advance(3_000);
  release();
  expect((await first).kind).toBe('reading');
  const before = bench.asked.length;
  const second = bench.look();
  await bench.roundTrip();
  bench.clock.advance(11_900);
  await bench.roundTrip();
  expect(bench.asked).toHaveLength(before);
  bench.clock.advance(100);
  await expect.poll(() => held).toHaveLength(1);
  release();
  expect((await second).kind).toBe('reading');
});

describe('what is not an answer of Prometheus is an error in its place (rows 48 and 63)', () => {
  const cases: readonly [name: string, reason: string, answer: Answer][] = [
    [
      'a log-in page with status 200',
      'metrics.notPrometheus',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in'),
    ],
    ['an empty body', 'metrics.notPrometheus', (response) => response.end()],
    ['a bad gateway', 'metrics.status', (response) => response.writeHead(502).end('Bad Gateway')],
    [
      'a refusal',
      'metrics.refusedQuery',
      (response) => {
        send(response, { status: 'error', error: 'query timed out' }, 503);
      },
    ],
    [
      'an answer without an end',
      'metrics.tooLarge',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const page = Buffer.alloc(1 << 20, ' ');
        const more = (): void => {
          if (!response.destroyed) response.write(page, more);
        };
        more();
      },
    ],
    [
      'an answer that is cut',
      'metrics.unreachable',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"status":', () => response.destroy());
      },
    ],
  ];
  test.each(cases)('%s to the query', async (_, key, answer) => {
    const { look } = await lookAt({ answers: { istio_requests_total: answer } });
    const { stable, canary } = reading(look);
    for (const { requests } of [stable, canary])
      expect(requests).toMatchObject({ ok: false, error: { args: { reason: { key } } } });
  });

  test.each(cases)('%s to the question for the time: nothing was read', async (_, key, answer) => {
    const { look } = await lookAt({ answers: { 'time()': answer } });
    expect(look).toMatchObject({ kind: 'error', reason: { args: { reason: { key } } } });
  });

  test('bytes that trickle in for ever: it is given up after twenty seconds', async () => {
    const bench = await benchOf({
      answers: {
        istio_requests_total: (response) => {
          response.writeHead(200);
          const drip = setInterval(() => response.write(' '), 10);
          response.once('close', () => {
            clearInterval(drip);
          });
        },
      },
    });
    const look = bench.look();
    await expect.poll(() => bench.asked.length).toBeGreaterThan(1);
    bench.clock.advance(20_000);
    expect(await look).toMatchObject({ kind: 'error', reason: { key: 'samples.slow' } });
  });

  test('no endpoints can be read: nothing tells whether a pod is missing, so nothing is read', async () => {
    const cases = [
      { status: 403, body: '{"kind":"Status","message":"forbidden"}' },
      { status: 200, body: '<html>' },
    ];
    for (const slices of cases) {
      const { look } = await lookAt({ slices });
      expect(look).toMatchObject({ kind: 'error', reason: { key: 'samples.noPods' } });
    }
  });
});

test.each([
  ['labels that are no texts', { metric: { a: 1 }, values: [] }],
  ['a list of labels', { metric: ['a'], values: [] }],
  ['no labels', { values: [] }],
  ['a value that is no text', { metric: {}, values: [[NOW, 7]] }],
  ['a time that is no number', { metric: {}, values: [[String(NOW), '7']] }],
  ['a value without a time', { metric: {}, values: [['7']] }],
  ['values that are no list', { metric: {}, values: { 0: [NOW, '7'] } }],
])('an answer with %s is not one of Prometheus (row 63)', async (_, odd) => {
  const { look } = await lookAt({
    answers: { istio_requests_total: [...both, odd as unknown as Series] },
  });
  expect(reading(look).canary.requests).toMatchObject({
    error: { args: { reason: { key: 'metrics.notPrometheus' } } },
  });
});

test('a value that is no number is no number, in every place (row 49)', async () => {
  for (const text of ['NaN', '+Inf', '-Inf', '1e999', '', 'null']) {
    const { look } = await lookAt({
      answers: { istio_requests_total: [series('shop-v1'), series('shop-v2', {}, text)] },
    });
    expect(reading(look).canary.requests).toMatchObject({ ok: true, value: [{ value: null }] });
  }
});

test('no series is an empty list, not an error and not a zero (row 50)', async () => {
  const { look } = await lookAt({ answers: { istio_requests_total: [series('shop-v1')] } });
  expect(reading(look).canary.requests).toEqual({ ok: true, value: [] });
});

test('failed requests come with the same query as the others (row 50)', async () => {
  const codes = [
    { response_code: '200' },
    { response_code: '404' },
    { response_code: '503' },
    { response_code: '200', grpc_response_status: '0' },
    { response_code: '200', grpc_response_status: '14' },
  ];
  const canary = codes.map((more) => series('shop-v2', more));
  const { look } = await lookAt({
    answers: { istio_requests_total: [...both.slice(0, 1), ...canary] },
  });
  const { requests } = reading(look).canary;
  expect(requests.ok && requests.value.map(({ failed }) => failed)).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});

test('a value keeps the time of its scrape, so that a stopped scrape shows (row 51)', async () => {
  const { look } = await lookAt({
    answers: { istio_requests_total: [series('shop-v1'), series('shop-v2', {}, '7', NOW - 20)] },
  });
  const { stable, canary, scrapeMs } = reading(look);
  expect(stable.requests).toMatchObject({ value: [{ atMs: NOW * 1000 }] });
  expect(canary.requests).toMatchObject({ value: [{ atMs: (NOW - 20) * 1000 }] });
  expect(scrapeMs).toBe(1000);
});

test('a job that is scraped more rarely than the configuration says is not taken for a stopped one (row 51)', async () => {
  const rare = ['shop-v1', 'shop-v2'].map((workload) => ({
    ...series(workload),
    values: [NOW - 28, NOW - 13, NOW - 3].map((at) => [at, '7'] as const),
  }));
  const { look } = await lookAt({ answers: { istio_requests_total: rare } });
  expect(reading(look).scrapeMs).toBe(10_000);
});

test('warnings of a partial answer are kept (row 52)', async () => {
  const { look } = await lookAt({
    answers: { istio_requests_total: both },
    warnings: ['store a is down', 'x'.repeat(1_000)],
  });
  const { warnings } = reading(look);
  expect(warnings[0]).toBe('store a is down');
  expect(warnings[1]).toHaveLength(300);
  expect(warnings).toHaveLength(2);
});

test('pods are those with endpoints, and those whose scrape worked are told (row 52)', async () => {
  const up = (workload: string, value: string, job = 'mesh'): Series => ({
    metric: { __name__: 'up', namespace: 'shop', pod: podOf(workload), job },
    values: [[NOW, value]],
  });
  const { look } = await lookAt({
    answers: {
      istio_requests_total: [series('shop-v1')],
      'up{': [up('shop-v1', '1'), up('shop-v2', '0'), up('shop-v2', '1', 'another')],
    },
  });
  const { stable, canary } = reading(look);
  expect(stable).toMatchObject({ pods: [podOf('shop-v1')], scraped: [podOf('shop-v1')] });
  expect(canary).toMatchObject({ pods: [podOf('shop-v2')], scraped: [] });
});

test('a series that fits neither track is left out, and one of another reporter too (rows 54 and 56)', async () => {
  const { look } = await lookAt({
    answers: {
      istio_requests_total: [
        ...both,
        series('shop-v3'),
        series('shop-v2', { destination_workload_namespace: 'other' }),
        series('shop-v2', { reporter: 'source' }),
      ],
    },
  });
  const { stable, canary } = reading(look);
  expect(stable.requests).toMatchObject({ ok: true, value: { length: 1 } });
  expect(canary.requests).toMatchObject({ ok: true, value: { length: 1 } });
});

test('two servers of a pair are told apart, and their series are of the same name (row 56)', async () => {
  const pair = ['a', 'b'].map((prometheus_replica) => series('shop-v2', { prometheus_replica }));
  const { look } = await lookAt({ answers: { istio_requests_total: pair } });
  const { requests } = reading(look).canary;
  const found = requests.ok ? requests.value : [];
  expect(found.map(({ replica }) => replica)).toEqual(['a', 'b']);
  expect(new Set(found.map((one) => one.series)).size).toBe(1);
});

test('one series twice in an answer is an error (row 56)', async () => {
  const { look } = await lookAt({
    answers: { istio_requests_total: [series('shop-v2'), series('shop-v2')] },
  });
  expect(reading(look).canary.requests).toMatchObject({ error: { key: 'samples.twice' } });
});

test('series without the label of a response are an error, not a success (row 50)', async () => {
  const { look } = await lookAt({
    answers: { istio_requests_total: [series('shop-v2', { response_code: '' })] },
  });
  expect(reading(look).canary.requests).toMatchObject({ error: { key: 'samples.noStatus' } });
});

test('buckets are in milliseconds and in order; a native histogram has none (row 61)', async () => {
  const name = 'istio_request_duration_milliseconds';
  const bucket = (le: string, value: string): Series =>
    series('shop-v2', { __name__: `${name}_bucket`, le }, value);
  const { metric } = series('shop-v1', { __name__: name });
  const { look } = await lookAt({
    latency: 'read',
    answers: {
      istio_requests_total: both,
      istio_request_duration: [
        ...['+Inf', '25', '5'].map((le) => bucket(le, le === '+Inf' ? '9' : le)),
        { metric, histograms: [[NOW, { count: '9' }]] },
      ],
    },
  });
  const { stable, canary } = reading(look);
  expect(canary.latency).toMatchObject({
    ok: true,
    value: [
      {
        atMs: NOW * 1000,
        buckets: [
          { leMs: 5, count: 5 },
          { leMs: 25, count: 25 },
          { leMs: '+Inf', count: 9 },
        ],
      },
    ],
  });
  expect(stable.latency).toMatchObject({ ok: true, value: [{ atMs: NOW * 1000, buckets: [] }] });
});

describe('queries of a plan', () => {
  const query = (canary: string) => ({ queries: [{ name: 'own', canary }] });

  test('every series of the vector is kept, so that two can be refused (row 53)', async () => {
    const { look } = await lookAt({
      ...query('own{track="${track}"}'),
      answers: {
        'own{track="shop-v2"}': (response) => {
          vector(response, [
            { metric: { a: '1' }, value: [NOW, '0.5'] },
            { metric: { a: '2' }, value: [NOW, 'NaN'] },
          ]);
        },
      },
    });
    expect(reading(look).queries).toEqual({
      own: {
        canary: {
          ok: true,
          value: [
            { series: '{a="1"}', atMs: NOW * 1000, value: 0.5 },
            { series: '{a="2"}', atMs: NOW * 1000, value: null },
          ],
        },
      },
    });
  });

  test('one that cannot be filled in is not sent, and says why', async () => {
    const { look, asked } = await lookAt(query('own{track="${trak}"}'));
    expect(reading(look).queries?.['own']?.canary).toMatchObject({
      error: { key: 'ownQuery.unknown', args: { place: '${trak}' } },
    });
    expect(asked.some((params) => params.get('query')?.startsWith('own'))).toBe(false);
  });

  test('values over time are an error, not the last of them', async () => {
    const { look } = await lookAt({ ...query('own[5m]'), answers: { own: [series('shop-v2')] } });
    expect(reading(look).queries?.['own']?.canary).toMatchObject({
      error: { key: 'ownQuery.range' },
    });
  });
});

test('a look is JSON, and the same after it was stored', async () => {
  const { look } = await lookAt({
    answers: { istio_requests_total: both },
    queries: [{ name: '__proto__', canary: 'x' }],
    latency: 'read',
  });
  expect(JSON.parse(JSON.stringify(look))).toEqual(look);
});

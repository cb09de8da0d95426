import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AlertService } from '../../src/metrics/alertService.ts';
import type { AlertAnswer, AlertMatcher } from '../../src/model/alerts.ts';
import { FakeClock } from '../support/fakeClock.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const matcher: AlertMatcher = { label: 'alertname', op: '=', value: 'Bad' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An Alertmanager that tells its status as it should, and of its alerts whatever a test wants. */
async function serviceOf(answer: Answer): Promise<{
  readonly look: (signal?: AbortSignal) => Promise<AlertAnswer>;
  readonly asked: () => readonly string[];
  readonly mostAtOnce: () => number;
  readonly clock: FakeClock;
}> {
  const asked: string[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/v2/status') === true) {
      send(response, { versionInfo: { version: '0.25.0' }, uptime: '2026-01-01T00:00:00Z' });
      return;
    }
    asked.push(decodeURIComponent(request.url ?? ''));
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const clock = new FakeClock();
  const direct = { url, setting: 'cablecar.alertmanager.url' };
  const service = new AlertService(() => Promise.resolve(direct), clock);
  const session = {
    snapshot: () => {
      throw new Error('Not asked where a URL is set.');
    },
    proxyGet: () => Promise.reject(new Error('Not asked where a URL is set.')),
  };
  return {
    look: (signal = AbortSignal.timeout(30_000)) =>
      service.look({ context: 'c', session, anyOf: [[matcher]] }, signal),
    asked: () => asked,
    mostAtOnce: () => most,
    clock,
  };
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const alert = (more: object = {}): object => ({
  labels: { alertname: 'Bad', namespace: 'shop' },
  annotations: { summary: 'It is bad' },
  startsAt: '2026-01-02T03:04:05.000Z',
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
  ...more,
});

describe('what is not an answer of Alertmanager is unknown and never quiet (rows 48 and 63)', () => {
  const cases: readonly [name: string, reason: string, answer: Answer][] = [
    [
      'a log-in page with status 200',
      'alerts.notAlertmanager',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in'),
    ],
    ['an empty body', 'alerts.notAlertmanager', (_, response) => response.end()],
    [
      'JSON that is not a list',
      'alerts.notAlertmanager',
      (_, response) => {
        send(response, { status: 'success', data: [] });
      },
    ],
    [
      'a list with an alert that has no status',
      'alerts.notAlertmanager',
      (_, response) => {
        send(response, [alert(), alert({ status: undefined })]);
      },
    ],
    [
      'an alert since no time at all',
      'alerts.notAlertmanager',
      (_, response) => {
        send(response, [alert({ startsAt: 'yesterday' })]);
      },
    ],
    [
      'a bad gateway',
      'metrics.status',
      (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>'),
    ],
    ['no right to ask', 'metrics.status', (_, response) => response.writeHead(403).end('no')],
    [
      'a matcher that it refuses',
      'alerts.refused',
      (_, response) => {
        send(response, 'bad matcher format', 400);
      },
    ],
    [
      'an answer to another origin',
      'metrics.redirect',
      (_, response) => response.writeHead(302, { location: 'https://sso.example/' }).end(),
    ],
    [
      'an answer that is cut',
      'metrics.unreachable',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('[', () => response.destroy());
      },
    ],
    [
      'an answer without an end',
      'metrics.tooLarge',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const page = Buffer.alloc(1 << 20, ' ');
        const more = (): void => {
          if (!response.destroyed) response.write(page, more);
        };
        more();
      },
    ],
    [
      'alerts that were not asked for',
      'alerts.notFiltered',
      (_, response) => {
        send(response, [alert({ labels: { alertname: 'Other' } })]);
      },
    ],
  ];
  test.each(cases)('%s', async (_, reason, answer) => {
    const { look } = await serviceOf(answer);
    const seen = await look();
    expect(seen).toMatchObject({ kind: 'unknown', reason: { args: { reason: { key: reason } } } });
  });

  test('an address where nobody listens', async () => {
    const { look } = await serviceOf(() => undefined);
    for (const end of ends.splice(0)) await end();
    expect(await look()).toMatchObject({ kind: 'unknown', reason: { key: 'alerts.failed' } });
  });

  test('bytes that trickle in for ever: it is given up after ten seconds', async () => {
    const { look, clock, asked } = await serviceOf((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 10);
      response.once('close', () => {
        clearInterval(drip);
      });
    });
    const seen = look();
    await expect.poll(asked).toHaveLength(1);
    clock.advance(10_000);
    expect(await seen).toMatchObject({
      kind: 'unknown',
      reason: { args: { reason: { key: 'alerts.slow', args: { seconds: 10 } } } },
    });
  });
});

test('alerts that are silenced, inhibited or unprocessed are quiet, whatever was asked for', async () => {
  const states = [
    { state: 'suppressed', silencedBy: ['x'], inhibitedBy: [] },
    { state: 'active', silencedBy: [], inhibitedBy: ['y'] },
    { state: 'unprocessed', silencedBy: [], inhibitedBy: [] },
  ];
  const { look } = await serviceOf((_, response) => {
    send(
      response,
      states.map((status) => alert({ status })),
    );
  });
  expect(await look()).toEqual({ kind: 'quiet' });
});

test('of many alerts twenty are told, the oldest first, with how many there are', async () => {
  const { look } = await serviceOf((_, response) => {
    const alerts = Array.from({ length: 50 }, (_one, index) =>
      alert({
        labels: { alertname: 'Bad', pod: `p${String(index)}` },
        startsAt: new Date(1_000_000 - index).toISOString(),
      }),
    );
    send(response, alerts);
  });
  const seen = await look();
  expect(seen).toMatchObject({ kind: 'firing', count: 50 });
  const times = seen.kind === 'firing' ? seen.alerts.map((one) => one.sinceMs) : [];
  expect(times).toHaveLength(20);
  expect(times[0]).toBe(999_951);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
});

test('one request is under way at a time, however many look at once (row 62)', async () => {
  const { look, mostAtOnce, asked } = await serviceOf((_, response) => {
    setTimeout(() => {
      send(response, []);
    }, 5);
  });
  const seen = await Promise.all(Array.from({ length: 5 }, () => look()));
  expect(seen.every(({ kind }) => kind === 'quiet')).toBe(true);
  expect(asked()).toHaveLength(5);
  expect(mostAtOnce()).toBe(1);
});

test('a look that was aborted rejects, and does not hold up the next one', async () => {
  let hangs = true;
  const { look, asked } = await serviceOf((_, response) => {
    if (!hangs) send(response, []);
  });
  const left = new AbortController();
  const first = look(left.signal);
  await expect.poll(asked).toHaveLength(1);
  const second = look();
  hangs = false;
  left.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  expect(await second).toEqual({ kind: 'quiet' });
});

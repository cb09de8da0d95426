import fc from 'fast-check';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backendOf } from '../../src/backends/registry.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { UrlQuery } from '../../src/base/query.ts';
import type { ClusterSession } from '../../src/cluster/session.ts';
import { AlertService } from '../../src/metrics/alertService.ts';
import { MetricsService } from '../../src/metrics/service.ts';
import type { AlertAnswer, AlertMatcher } from '../../src/model/alerts.ts';
import { deployments } from '../../src/model/kinds.ts';
import { quoted } from '../../src/model/promql.ts';
import { trackOf, type Rollout } from '../../src/model/rollout.ts';
import type { Look, TrackReading } from '../../src/model/samples.ts';
import { performStartUpdate } from '../../src/operations/start.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { allWatches } from '../../src/state/watches.ts';
import { sessionTo } from '../support/clusterTarget.ts';
import { actor, operatorOf } from '../support/operator.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { waitFor, type Seen } from '../testbed/processes.ts';
import { loadShop } from '../testbed/shop/loadShop.ts';

// A testbed of its own: the data plane plays every pod there is, and Prometheus and Alertmanager are killed at the end.
let testbed: Testbed;
let session: ClusterSession;
/** Queries that went to Prometheus, newest last. */
const asked: UrlQuery[] = [];
/** As the editor asks. */
const throughApiServer = {
  snapshot: () => session.snapshot(),
  proxyGet: (path: string, query: UrlQuery, signal: AbortSignal) => {
    asked.push(query);
    return session.proxyGet(path, query, signal);
  },
};
const nobody = (): Promise<undefined> => Promise.resolve(undefined);
const metrics = new MetricsService({ direct: nobody }, systemClock);
const alerts = new AlertService(nobody, systemClock);

beforeAll(async () => {
  testbed = await start({
    controlPlane: { crds: ['istio', 'gateway-api', 'flagger'] },
    prometheus: true,
    alertmanager: true,
    dataPlane: { seed: 11 },
  });
  await loadShop(testbed.controlPlane);
  const { kubeconfigPath } = testbed.controlPlane.facts.admin;
  session = await sessionTo(kubeconfigPath, { watched: allWatches(), log: () => undefined });
  session.follow();
}, 300_000);

afterAll(async () => {
  session.dispose();
  await testbed.stop();
});

describe('raw counters', () => {
  test.each([
    ['shop', 'istio'],
    ['search', 'gateway-api'],
    ['recommendations', 'replica-split'],
  ])('of %s, by %s, are what the data plane counted, to the request', async (service, backend) => {
    const rollout = await rolloutOf(service);
    expect(rollout.backend).toBe(backend);
    await expectCounted(rollout, 600);
  });

  test('of one Deployment that is updated in batches are those of each of its versions', async () => {
    const operator = await operatorOf(testbed.controlPlane.facts.admin.kubeconfigPath, 'default');
    const workload = { resource: deployments, namespace: 'default', name: 'cart' };
    const image = 'registry.shop.example/cart:v1.8.0';
    await waitFor({ what: 'the cart', timeoutMs: 30_000 }, () =>
      operator.session.status.kind === 'live' ? { done: undefined } : { seen: 'not live' },
    );
    const started = await performStartUpdate(
      operator.tools,
      { kind: 'startUpdate', workload, image, size: { count: 1 } },
      actor,
      timeout(),
    );
    expect(started).toMatchObject({ ok: true });
    const rollout = await rolloutOf('cart', ({ update }) => update?.ready === 1);
    expect(trackOf(rollout, 'canary')?.workload?.replicas).toBe(1);
    await expectCounted(rollout, 300);
  });

  test('begin anew when a pod is replaced, and say which pod it is (row 55)', async () => {
    const rollout = await rolloutOf('recommendations');
    const [old] = (await lookAt(rollout)).canary.pods;
    if (old === undefined) throw new Error('no pod');
    await testbed.controlPlane.kubectl(['delete', 'pod', old, '--wait=false']);
    const pod = await eventually('another pod', async () => {
      const { pods } = (await lookAt(await rolloutOf('recommendations'))).canary;
      return pods.length === 1 && pods[0] !== old ? { done: pods[0] ?? '' } : { seen: pods.join() };
    });
    const sample = await sampleOf('recommendations', 200);
    const counted = sample.byPod[`default/${pod}`] ?? 0;
    expect(counted).toBeGreaterThan(0);
    await eventually('its requests', async () => {
      const { canary } = await lookAt(rollout);
      const own = countersOf(canary).filter((one) => one.pod === pod);
      const sum = own.reduce((total, { value }) => total + (value ?? 0), 0);
      return sum === counted
        ? { done: undefined }
        : { seen: `${String(sum)} of ${String(counted)}` };
    });
  });

  test('carry the times of their scrapes: after the scrape was stopped they grow old (row 51)', async () => {
    const rollout = await rolloutOf('shop');
    await sampleOf('shop', 50);
    await eventually('fresh values', async () => {
      const ages = agesOf(await lookAt(rollout));
      return Math.max(...ages) <= 2_000 ? { done: undefined } : { seen: ages.join() };
    });
    testbed.prometheus?.setTargets([]);
    const old = await eventually('old values', async () => {
      const look = await lookAt(rollout);
      const ages = agesOf(look);
      return Math.min(...ages) > 2 * look.scrapeMs ? { done: ages } : { seen: ages.join() };
    });
    expect(old.length).toBeGreaterThan(1);
    testbed.prometheus?.setTargets(testbed.dataPlane?.metricsTargets ?? []);
    await eventually('fresh values again', async () => {
      const ages = agesOf(await lookAt(rollout));
      return Math.max(...ages) <= 2_000 ? { done: undefined } : { seen: ages.join() };
    });
  });

  test('of one look touch no more than some thirty values of a series (row 62)', async () => {
    const rollout = await rolloutOf('shop');
    asked.length = 0;
    const look = await lookAt(rollout);
    const series = countersOf(look.stable).length + countersOf(look.canary).length;
    expect(series).toBeGreaterThan(0);
    for (const query of asked.filter((one) => String(one['query']).includes('istio_requests')))
      expect(await samplesTouched(query)).toBeLessThanOrEqual(31 * series);
  });
});

describe('with an application of our own', () => {
  let lines: readonly string[] = [];
  const program = createServer((_, response) => response.end(`${lines.join('\n')}\n`));
  let rollout: Rollout;
  let podName: string;

  beforeAll(async () => {
    program.listen(0, '127.0.0.1');
    await once(program, 'listening');
    rollout = await rolloutOf('recommendations');
    podName = (await lookAt(rollout)).canary.pods[0] ?? '';
    const address = `127.0.0.1:${String((program.address() as AddressInfo).port)}`;
    testbed.prometheus?.setTargets([
      ...(testbed.dataPlane?.metricsTargets ?? []),
      { targets: [address], labels: { job: 'own', namespace: 'default', pod: podName } },
    ]);
  });

  afterAll(() => {
    program.close();
    program.closeAllConnections();
  });

  const hostile = '"} or vector(1) # {{x}} $1 \\ `\u202e<img onerror=1>';

  /** The canary's counters by the names that the Prometheus client libraries use. */
  const clientLook = (queries: Parameters<typeof lookAt>[1] = {}): ReturnType<typeof lookAt> =>
    lookAt(rollout, { ...queries, applicationMetrics: 'prometheus-client' });

  async function canaryValue(code: string, value: number): Promise<string> {
    return eventually(`${code} to be ${String(value)}`, async () => {
      const series = countersOf((await clientLook()).canary);
      const found = series.find((one) => one.failed === code.startsWith('5'));
      return found?.value === value ? { done: found.series } : { seen: JSON.stringify(series) };
    });
  }

  test('a restart in the same pod shows as a smaller value of the same series (row 55)', async () => {
    lines = ['http_requests_total{code="200"} 1000'];
    const before = await canaryValue('200', 1_000);
    lines = ['http_requests_total{code="200"} 7'];
    expect(await canaryValue('200', 7)).toBe(before);
  });

  test('label values that look like PromQL stay what they are (rows 54 and 68)', async () => {
    const path = hostile.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    lines = [`http_requests_total{code="503",path="${path}"} 3`];
    const series = await canaryValue('503', 3);
    expect(series).toContain(JSON.stringify(hostile));
    expect(series).toContain(`pod=${JSON.stringify(podName)}`);
  });

  test('a pod without a request has no series, and its scrape tells that it is idle (rows 50 and 52)', async () => {
    lines = ['http_requests_total{code="200"} 5'];
    await canaryValue('200', 5);
    const { canary, stable } = await clientLook();
    expect(canary.scraped).toEqual([podName]);
    expect(stable.requests).toEqual({ ok: true, value: [] });
    expect(stable.scraped).toEqual([]);
    expect(stable.pods).toHaveLength(5);
  });

  test("a plan's own query gives its one value, and two where it forgot to add up (row 53)", async () => {
    lines = ['own_queue{shard="a"} 3', 'own_queue{shard="b"} 4'];
    const queries = [
      {
        name: 'sum',
        canary: 'sum(own_queue{namespace="${namespace}",pod=~"${pods}"})',
        stable: 'sum(own_queue{namespace="${namespace}",pod=~"${pods}"})',
      },
      { name: 'both', canary: 'own_queue{pod=~"${workload}-.+"}' },
      { name: 'wrong', canary: 'sum(own_queue' },
    ];
    const read = await eventually('the queue', async () => {
      const look = await clientLook({ queries });
      const { ok } = look.queries?.['sum']?.canary ?? { ok: false };
      const seen = JSON.stringify(look.queries);
      return ok && seen.includes('"value":7') ? { done: look.queries } : { seen };
    });
    expect(read?.['sum']).toMatchObject({
      canary: { ok: true, value: [{ series: '{}', value: 7 }] },
      stable: { ok: true, value: [] },
    });
    expect(read?.['both']?.canary).toMatchObject({ ok: true, value: { length: 2 } });
    expect(read?.['wrong']?.canary).toMatchObject({
      ok: false,
      error: { args: { reason: { key: 'metrics.refusedQuery' } } },
    });
  });

  test('an alert fires by a rule of the real Prometheus, through the real Alertmanager, and resolves', async () => {
    lines = ['canary_is_bad 1'];
    await testbed.prometheus?.setRules([
      {
        alert: 'CanaryIsBad',
        expr: 'canary_is_bad > 0',
        labels: { severity: 'warning', service: 'recommendations' },
        annotations: { summary: 'Pod {{ $labels.pod }} says so' },
      },
      {
        alert: 'NodeIsBad',
        expr: 'vector(1)',
        labels: { severity: 'critical', namespace: 'node' },
      },
    ]);
    const bad: AlertMatcher = { label: 'alertname', op: '=', value: 'CanaryIsBad' };
    const firing = await alertsAre('firing', [[bad]]);
    expect(firing.alerts).toMatchObject([
      {
        name: 'CanaryIsBad',
        labels: { namespace: 'default', pod: podName, service: 'recommendations' },
        summary: `Pod ${podName} says so`,
      },
    ]);
    expect(Math.abs(Date.now() - (firing.alerts[0]?.sinceMs ?? 0))).toBeLessThan(120_000);

    const silence = await testbed.alertmanager?.silence({ alertname: 'CanaryIsBad' });
    await alertsAre('quiet', [[bad]]);
    await testbed.alertmanager?.expireSilence(silence ?? '');
    await alertsAre('firing', [[bad]]);

    lines = ['canary_is_bad 1', 'all_is_bad 1'];
    await testbed.prometheus?.setRules([
      { alert: 'CanaryIsBad', expr: 'canary_is_bad > 0', labels: { severity: 'warning' } },
      { alert: 'AllIsBad', expr: 'all_is_bad > 0', labels: { severity: 'critical' } },
    ]);
    const all: AlertMatcher = { label: 'alertname', op: '=', value: 'AllIsBad' };
    await alertsAre('firing', [[all]]);
    await alertsAre('quiet', [[bad]]);

    lines = ['canary_is_bad 0', 'all_is_bad 0'];
    await alertsAre('quiet', [[bad], [all]]);
  });
});

describe('matchers of alerts mean what Alertmanager means by them', () => {
  beforeAll(async () => {
    await testbed.prometheus?.setRules([
      {
        alert: 'Errors',
        expr: 'vector(1)',
        labels: { severity: 'warning', service: 'a.b', odd: '"\\ or x' },
      },
    ]);
    await alertsAre('firing', [[{ label: 'alertname', op: '=', value: 'Errors' }]]);
  });

  const cases: readonly [
    text: string,
    matchers: readonly AlertMatcher[],
    kind: 'firing' | 'quiet',
  ][] = [
    ['severity = warning', [{ label: 'severity', op: '=', value: 'warning' }], 'firing'],
    ['severity = warn', [{ label: 'severity', op: '=', value: 'warn' }], 'quiet'],
    ['a pattern of a part', [{ label: 'severity', op: '=~', value: 'warn' }], 'quiet'],
    ['a pattern of all', [{ label: 'severity', op: '=~', value: 'warn.*' }], 'firing'],
    ['one of two', [{ label: 'severity', op: '=~', value: 'critical|warning' }], 'firing'],
    ['RE2 without case', [{ label: 'severity', op: '=~', value: '(?i)WARNING' }], 'firing'],
    ['a dot is any', [{ label: 'service', op: '=~', value: 'a.b' }], 'firing'],
    ['not critical', [{ label: 'severity', op: '!=', value: 'critical' }], 'firing'],
    ['not warning', [{ label: 'severity', op: '!=', value: 'warning' }], 'quiet'],
    ['not like', [{ label: 'severity', op: '!~', value: 'crit.*' }], 'firing'],
    ['not like warning', [{ label: 'severity', op: '!~', value: 'w.*' }], 'quiet'],
    ['absent is empty', [{ label: 'team', op: '=', value: '' }], 'firing'],
    ['absent is not a', [{ label: 'team', op: '!=', value: 'a' }], 'firing'],
    ['quotes', [{ label: 'odd', op: '=', value: '"\\ or x' }], 'firing'],
  ];
  test.each(cases)('%s', async (_, matchers, kind) => {
    const named: AlertMatcher = { label: 'alertname', op: '=', value: 'Errors' };
    expect((await askAlerts([[named, ...matchers]])).kind).toBe(kind);
  });

  test('all of one entry, any of the entries', async () => {
    const warning: AlertMatcher = { label: 'severity', op: '=', value: 'warning' };
    const other: AlertMatcher = { label: 'service', op: '=', value: 'other' };
    expect((await askAlerts([[warning, other]])).kind).toBe('quiet');
    expect(await askAlerts([[other], [warning], [warning]])).toMatchObject({
      kind: 'firing',
      count: 1,
    });
  });

  test('a pattern that Alertmanager cannot read is unknown, with its words', async () => {
    const answer = await askAlerts([[{ label: 'severity', op: '=~', value: '(' }]]);
    expect(answer).toMatchObject({
      kind: 'unknown',
      reason: { args: { reason: { key: 'alerts.refused' } } },
    });
  });
});

test('whatever a label value is, as a literal it stays one string for the real parser (row 68)', async () => {
  const piece = fc.constantFrom(
    '"',
    '\\',
    '`',
    "'",
    '} or vector(1) #',
    '\n',
    '{{',
    'x',
    'é',
    '\u202e',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const value = pieces.join('');
      const query = `absent(no_such{a=${quoted(value)}})`;
      const [answer] = (await testbed.prometheus?.query(query)) ?? [];
      // What `absent` answers has the labels that the parser found.
      expect(answer?.metric['a'] ?? '').toBe(value);
    }),
    { numRuns: 200 },
  );
});

test('Alertmanager killed is unknown, and Prometheus killed is an error: neither is quiet or zero (row 48)', async () => {
  const rollout = await rolloutOf('shop');
  const any: AlertMatcher = { label: 'alertname', op: '=~', value: '.+' };
  await testbed.alertmanager?.stop();
  expect(await askAlerts([[any]])).toMatchObject({ kind: 'unknown' });
  expect(await askAlerts([[any]])).toMatchObject({ kind: 'unknown' });
  await testbed.prometheus?.stop();
  expect(await lookOf(rollout)).toMatchObject({ kind: 'error' });
  expect(await lookOf(rollout)).toMatchObject({ kind: 'error' });
});

function timeout(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

function eventually<T>(what: string, condition: () => Promise<Seen<T>>): Promise<T> {
  return waitFor({ what, timeoutMs: 60_000, intervalMs: 200 }, condition);
}

function rolloutOf(
  service: string,
  condition: (rollout: Rollout) => boolean = () => true,
): Promise<Rollout> {
  return waitFor({ what: `the canary of ${service}`, timeoutMs: 60_000 }, () => {
    const { rollouts } = deriveNamespace(session.snapshot(), 'default');
    const found = rollouts.find(
      (rollout) =>
        rollout.service === service &&
        (trackOf(rollout, 'canary')?.workload?.ready ?? 0) > 0 &&
        condition(rollout),
    );
    return found && session.status.kind === 'live'
      ? { done: found }
      : { seen: rollouts.map(({ id }) => id).join() };
  });
}

interface Wish {
  readonly queries?: readonly { name: string; canary: string; stable?: string }[];
  readonly applicationMetrics?: string;
}

function lookOf(rollout: Rollout, wish: Wish = {}): Promise<Look> {
  const { queries = [], applicationMetrics = 'auto' } = wish;
  const backend = backendOf(rollout.backend);
  if (backend === undefined) throw new Error(`no back end ${rollout.backend}`);
  const request = {
    context: 'testbed',
    session: throughApiServer,
    rollout,
    selectors: backend.samples(rollout, { reporter: 'destination', applicationMetrics }),
    latency: 'read',
    queries,
  } as const;
  return metrics.look(request, timeout());
}

async function lookAt(rollout: Rollout, wish: Wish = {}): Promise<Look & { kind: 'reading' }> {
  const look = await lookOf(rollout, wish);
  if (look.kind !== 'reading') throw new Error(JSON.stringify(look));
  return look;
}

function countersOf({ requests }: TrackReading) {
  if (!requests.ok) throw new Error(JSON.stringify(requests.error));
  return requests.value;
}

function agesOf({ atMs, stable, canary }: Look & { kind: 'reading' }): readonly number[] {
  return [stable, canary].flatMap(countersOf).map((one) => atMs - one.atMs);
}

interface Totals {
  readonly requests: number;
  readonly failed: number;
  /** By the histogram's last bucket. */
  readonly timed: number;
}

function totalsOf(track: TrackReading): Totals {
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0);
  const counters = countersOf(track);
  if (track.latency?.ok !== true) throw new Error(JSON.stringify(track.latency));
  return {
    requests: sum(counters.map(({ value }) => value)),
    failed: sum(counters.filter(({ failed }) => failed).map(({ value }) => value)),
    timed: sum(track.latency.value.map(({ buckets }) => buckets.at(-1)?.count ?? null)),
  };
}

function sampleOf(service: string, count: number) {
  const { dataPlane } = testbed;
  if (dataPlane === undefined) throw new Error('no data plane');
  return dataPlane.sample({ service, namespace: 'default', count });
}

/** Sends requests, waits until as many are counted, and compares with who answered them. */
async function expectCounted(rollout: Rollout, count: number): Promise<void> {
  const before = await lookAt(rollout);
  const sample = await sampleOf(rollout.service, count);
  const after = await eventually(`${String(count)} requests`, async () => {
    const look = await lookAt(rollout);
    const grown = (key: keyof Totals): number =>
      growth(before, look, 'stable')[key] + growth(before, look, 'canary')[key];
    const seen = `${String(grown('requests'))} counted, ${String(grown('timed'))} timed`;
    return grown('requests') >= count && grown('timed') >= count ? { done: look } : { seen };
  });
  const [stable, canary] = [growth(before, after, 'stable'), growth(before, after, 'canary')];
  const answered = (role: 'stable' | 'canary'): number => {
    const pods = after[role].pods.map((pod) => sample.byPod[`default/${pod}`] ?? 0);
    return pods.reduce((total, one) => total + one, 0);
  };
  expect(answered('stable') + answered('canary')).toBe(count);
  expect(canary.requests).toBeGreaterThan(0);
  expect(stable).toMatchObject({ requests: answered('stable'), timed: answered('stable') });
  expect(canary).toMatchObject({ requests: answered('canary'), timed: answered('canary') });
  expect(stable.failed + canary.failed).toBe(sample.byStatus['500'] ?? 0);
  const named = countersOf(after.canary).map(({ pod }) => pod);
  expect(after.canary.pods).toEqual(expect.arrayContaining([...new Set(named)]));
}

function growth(
  before: Look & { kind: 'reading' },
  after: Look & { kind: 'reading' },
  role: 'stable' | 'canary',
): Totals {
  const [from, to] = [totalsOf(before[role]), totalsOf(after[role])];
  return {
    requests: to.requests - from.requests,
    failed: to.failed - from.failed,
    timed: to.timed - from.timed,
  };
}

async function samplesTouched(query: UrlQuery): Promise<number> {
  const params = new URLSearchParams({ ...(query as Record<string, string>), stats: 'all' });
  const response = await fetch(`${testbed.prometheus?.url ?? ''}/api/v1/query?${String(params)}`);
  const { data } = (await response.json()) as {
    readonly data: {
      readonly stats: { readonly samples: { readonly totalQueryableSamples: number } };
    };
  };
  return data.stats.samples.totalQueryableSamples;
}

function askAlerts(anyOf: readonly (readonly AlertMatcher[])[]): Promise<AlertAnswer> {
  return alerts.look({ context: 'testbed', session: throughApiServer, anyOf }, timeout());
}

function alertsAre<K extends AlertAnswer['kind']>(
  kind: K,
  anyOf: readonly (readonly AlertMatcher[])[],
): Promise<AlertAnswer & { readonly kind: K }> {
  return eventually(`the alerts to be ${kind}`, async () => {
    const answer = await askAlerts(anyOf);
    return answer.kind === kind
      ? { done: answer as AlertAnswer & { readonly kind: K } }
      : { seen: JSON.stringify(answer) };
  });
}

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { backends } from '../../src/backends/registry.ts';
import { renderer } from '../../src/base/text.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { alertRules, type Canary } from '../../src/release/alertRule.ts';
import type { ReleasePlan } from '../../src/release/plan.ts';
import { readPlan } from '../../src/release/schema.ts';
import { hostWords } from '../../src/words.ts';
import { aRollout } from '../support/inventory.ts';
import { waitFor } from '../testbed/processes.ts';
import { startPrometheus, type AlertingRule, type Prometheus } from '../testbed/prometheus.ts';

const run = promisify(execFile);
const render = renderer(hostWords, 'zh-cn');

/** Every kind of limit that a plan can have. */
const PLAN = `apiVersion: cablecar/v1alpha1
kind: ReleasePlan
scope:
  service: shop
steps:
  - weight: 5%
metrics:
  - kind: errorRatio
    max: 1%
  - kind: latency
    quantile: p99.9
    max: 1.5s
  - kind: latency
    quantile: p50
    max: 20ms
  - kind: query
    name: orders
    query: sum(rate(orders_total{track="\${track}",part="\${part}"}[\${window}]))
    args:
      part: web
    better: higher
    limit: 0.5
`;

let dir: string;
let prometheus: Prometheus;
let app: Server;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'alert-rules-'));
  prometheus = await startPrometheus({ dir, onProgress: () => undefined });
});
afterAll(async () => {
  app.close();
  await prometheus.stop();
  rmSync(dir, { recursive: true });
});

function plan(): ReleasePlan {
  const read = readPlan(PLAN);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** The canary's queries of a back end for the rollout of `shop`; undefined where it cannot tell the canary's pods apart. */
function canaryOf(backend: string): Canary | undefined {
  const settings = { reporter: 'destination', applicationMetrics: 'auto' } as const;
  const rollout: Rollout = { ...aRollout(), backend };
  const found = backends.find(({ id }) => id === backend);
  const queries = found?.queries(rollout, settings).find(({ trackId }) => trackId === 'canary');
  return queries && { queries, names: { track: 'canary', workload: 'shop-canary' } };
}

const withQueries = backends.flatMap(({ id }) => {
  const canary = canaryOf(id);
  return canary === undefined ? [] : [{ id, canary }];
});

function rulesOf(canary: Canary): readonly AlertingRule[] {
  const file = parse(alertRules(plan(), canary, { format: 'file', render })) as {
    readonly groups: readonly [{ readonly rules: readonly AlertingRule[] }];
  };
  return file.groups[0].rules;
}

test('there is a back end with the metrics of a mesh, and one with those of applications', () => {
  expect(withQueries.length).toBeGreaterThan(1);
});

test.each(withQueries)('promtool takes both forms of the rules of $id', async ({ canary }) => {
  const path = join(dir, 'exported.yaml');
  writeFileSync(path, alertRules(plan(), canary, { format: 'file', render }));
  const file = await run('promtool', ['check', 'rules', path]);
  expect(file.stdout).toContain('SUCCESS: 4 rules found');
  const object = parse(alertRules(plan(), canary, { format: 'PrometheusRule', render })) as {
    readonly spec: unknown;
  };
  writeFileSync(path, stringify(object.spec));
  const spec = await run('promtool', ['check', 'rules', path]);
  expect(spec.stdout).toContain('SUCCESS: 4 rules found');
});

test.each(withQueries)(
  'Prometheus evaluates the rules of $id without an error',
  async ({ canary }) => {
    await prometheus.setRules(rulesOf(canary));
    const health = await waitFor(
      { what: 'all rules to be evaluated', timeoutMs: 30_000 },
      async () => {
        const rules = await ruleStates();
        return rules.every((rule) => rule.health !== 'unknown')
          ? { done: rules.map((rule) => rule.health) }
          : { seen: JSON.stringify(rules) };
      },
    );
    expect(health).toEqual(['ok', 'ok', 'ok', 'ok']);
  },
);

test('a canary of which 5 % fail raises the alert on errors, and only that', async () => {
  const mesh = withQueries.find(({ canary }) =>
    canary.queries.queries.successRatio.includes('istio_'),
  );
  if (mesh === undefined) throw new Error('No back end has the metrics of a mesh.');
  await serveErrors();
  await prometheus.setRules(rulesOf(mesh.canary));
  const states = await waitFor({ what: 'a pending alert', timeoutMs: 60_000 }, async () => {
    const rules = await ruleStates();
    const isUp = rules.some((rule) => rule.state !== 'inactive');
    return isUp ? { done: rules } : { seen: JSON.stringify(rules) };
  });
  const raised = states.filter((rule) => rule.state !== 'inactive').map((rule) => rule.name);
  expect(raised).toEqual(['CanaryShopErrorRatio']);
});

/** Counters of the canary as a proxy of a mesh has them: each scrape finds 95 more answers and 5 more failures. */
async function serveErrors(): Promise<void> {
  let scrapes = 0;
  app = createServer((_, response) => {
    scrapes += 1;
    const labels = (code: string): string =>
      `reporter="destination",destination_workload="shop-canary",destination_workload_namespace="default",response_code="${code}"`;
    response.end(
      `istio_requests_total{${labels('200')}} ${String(95 * scrapes)}\nistio_requests_total{${labels('503')}} ${String(5 * scrapes)}\n`,
    );
  });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  const address = `127.0.0.1:${String((app.address() as AddressInfo).port)}`;
  prometheus.setTargets([{ targets: [address] }]);
}

interface RuleState {
  readonly name: string;
  readonly state: string;
  readonly health: string;
}

async function ruleStates(): Promise<readonly RuleState[]> {
  const answer = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
    readonly data: { readonly groups: readonly { readonly rules: readonly RuleState[] }[] };
  };
  return answer.data.groups.flatMap(({ rules }) => rules);
}

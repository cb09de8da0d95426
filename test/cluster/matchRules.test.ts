import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backendOf } from '../../src/backends/registry.ts';
import type { AnyIntent } from '../../src/model/intent.ts';
import type { JsonObject } from '../../src/model/objects.ts';
import type { MatchCondition } from '../../src/model/rollout.ts';
import { objectsOf, planFor } from '../contract/violations.ts';
import { type DataPlane, startDataPlane } from '../testbed/dataPlane/index.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { waitFor } from '../testbed/processes.ts';
import { loadShop } from '../testbed/shop/loadShop.ts';

const COUNT = 1_500;
const PHONE = 'Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/142.0 Mobile Safari/537.36';
const DESKTOP = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36';

let testbed: Testbed;
let cluster: Testbed['controlPlane'];
let dataPlane: DataPlane;

// A control plane of its own: the data plane plays every pod there is.
beforeAll(async () => {
  testbed = await start({ controlPlane: { crds: ['istio', 'gateway-api', 'flagger'] } });
  cluster = testbed.controlPlane;
  await loadShop(cluster);
  dataPlane = await startDataPlane({
    identity: cluster.facts.admin,
    seed: 5,
    routeStatus: 'leave',
    rate: 0,
    services: [],
  });
});

afterAll(async () => {
  dataPlane.stop();
  await testbed.stop();
});

const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });

const kinds = [
  {
    backend: 'istio',
    service: 'shop',
    route: 'virtualservice',
    canary: { track: 'v2-4-1', version: 'v2.4.1' },
  },
  {
    backend: 'gateway-api',
    service: 'search',
    route: 'httproute',
    canary: { track: 'search-canary', version: 'v5.2.0' },
  },
];

describe.each(kinds)('rules for some of the requests to $service', (kind) => {
  const { service, route, canary } = kind;
  let undo: () => Promise<void>;

  test('send 10 % of the requests from phones to the canary, of others none, and all of the listed users', async () => {
    await write({ kind: 'setWeight', percents: { [canary.track]: 0 } });
    const phones = { matches: [[on('device', 'exact', '', 'phone')]], percent: 10 };
    const users = { matches: [[on('user', 'oneOf', 'x-user-id', '1001,1002')]], percent: 100 };
    undo = await write({ kind: 'setMatch', to: phones });
    await write({ kind: 'setMatch', to: users });
    await followed({ 'x-user-id': '1002' }, COUNT);
    expect(await share({ 'x-user-id': '1001', 'user-agent': DESKTOP })).toBe(COUNT);
    expect(deviation(await share({ 'user-agent': PHONE, 'x-user-id': '5' }), 0.1)).toBeLessThan(3);
    expect(await share({ 'user-agent': DESKTOP, 'x-user-id': '100' })).toBe(0);
    expect(await share({})).toBe(0);
  });

  test('are left by a weight for everybody', async () => {
    await write({ kind: 'setWeight', percents: { [canary.track]: 50 } });
    await followed({ 'user-agent': DESKTOP }, COUNT / 2);
    expect(deviation(await share({ 'user-agent': DESKTOP }), 0.5)).toBeLessThan(3);
    expect(deviation(await share({ 'user-agent': PHONE }), 0.1)).toBeLessThan(3);
    await write({ kind: 'setWeight', percents: { [canary.track]: 0 } });
    await followed({ 'user-agent': DESKTOP }, 0);
  });

  test('are undone one by one, taken away by a rollback, and come back by its undo', async () => {
    await undo();
    await followed({ 'user-agent': PHONE }, 0);
    expect(await share({ 'x-user-id': '1002' })).toBe(COUNT);
    const phones = { matches: [[on('device', 'exact', '', 'phone')]], percent: 100 };
    await write({ kind: 'setMatch', to: phones });
    await followed({ 'user-agent': PHONE }, COUNT);
    const before = await rulesNow();
    const back = await write({ kind: 'rollback' });
    await followed({ 'x-user-id': '1002' }, 0);
    expect(await share({ 'user-agent': PHONE })).toBe(0);
    expect(await rulesNow()).not.toEqual(before);
    await back();
    await followed({ 'x-user-id': '1002' }, COUNT);
    expect(await rulesNow()).toEqual(before);
  });

  /** Plans on the objects as they are, and sends the patch. Returns what takes it back. */
  async function write(intent: AnyIntent): Promise<() => Promise<void>> {
    const backend = backendOf(kind.backend);
    if (backend === undefined) throw new Error('no back end');
    const set = objectsOf(backend, await objectsNow());
    const rollout = backend.discover(set.snapshot).rollouts.find((one) => one.service === service);
    if (rollout === undefined) throw new Error('no rollout');
    const plan = planFor(backend, set, rollout, intent);
    if (!plan.ok) throw new Error(JSON.stringify(plan.error));
    const patch = async (changes = plan.value): Promise<void> => {
      for (const change of changes.changes)
        if (change.kind === 'patch')
          await cluster.kubectl([
            ...['patch', route, service, '--type', 'json'],
            ...['--patch', JSON.stringify(change.operations)],
          ]);
    };
    await patch();
    return () => patch(plan.value.inverse);
  }

  async function objectsNow(): Promise<readonly JsonObject[]> {
    const types = ['service', 'deployment', 'destinationrule', 'virtualservice', 'httproute'];
    const list = await cluster.kubectl(['get', types.join(), '--output', 'json']);
    return (JSON.parse(list) as { readonly items: readonly JsonObject[] }).items;
  }

  function rulesNow(): Promise<string> {
    const path = '{.spec.http}{.spec.rules}';
    return cluster.kubectl(['get', route, service, '--output', `jsonpath=${path}`]);
  }

  /** How many of the sample reach the canary. */
  async function share(headers: Readonly<Record<string, string>>): Promise<number> {
    const sample = await dataPlane.sample({ service, namespace: 'default', count: COUNT, headers });
    return sample.byVersion[canary.version] ?? 0;
  }

  /** The data plane has heard of the newest route when a sample is about as it should be. */
  async function followed(
    headers: Readonly<Record<string, string>>,
    expected: number,
  ): Promise<void> {
    await waitFor({ what: 'the data plane to follow', timeoutMs: 20_000 }, async () => {
      const seen = await share(headers);
      return Math.abs(seen - expected) < COUNT / 10 ? { done: undefined } : { seen: String(seen) };
    });
  }
});

/** How many standard deviations a count among `COUNT` is from its share. */
function deviation(count: number, share: number): number {
  return Math.abs(count - COUNT * share) / Math.sqrt(COUNT * share * (1 - share));
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchInvariants } from '../../../test/support/runOracles.ts';
import { plan, routeRef, RunWorld, type Worker } from '../../../test/support/runWorld.ts';
import type { JsonObject } from '../../model/objects.ts';
import type { ReleasePlan } from '../../release/plan.ts';

let world: RunWorld;
let broken: readonly string[];

beforeEach(() => {
  world = new RunWorld();
  broken = watchInvariants(world);
});
afterEach(() => {
  expect(broken).toEqual([]);
});

const isOver = (): boolean => world.workers.every(({ end }) => end !== undefined);

function resultOf({ end }: Worker): string | undefined {
  if (end?.kind !== 'ended') return end?.kind;
  return end.state.phase.kind === 'ended' ? end.state.phase.result : end.state.phase.kind;
}

async function run(changed: Partial<ReleasePlan> = {}): Promise<Worker> {
  const worker = world.start('a', { begin: true, plan: { ...plan, ...changed } });
  expect(await world.until(isOver)).toBe(true);
  return worker;
}

/** Runs until the canary has this share and the run is watching it. */
async function runTo(percent: number, changed: Partial<ReleasePlan> = {}): Promise<Worker> {
  const worker = world.start('a', { begin: true, plan: { ...plan, ...changed } });
  const isThere = (): boolean =>
    world.percent === percent && worker.driver?.state.phase.kind === 'observing';
  expect(await world.until(isThere)).toBe(true);
  return worker;
}

function pausedWhy({ driver }: Worker): string | undefined {
  const phase = driver?.state.phase;
  return phase?.kind === 'paused' ? phase.why : undefined;
}

test('a good release walks 5, 25, 50 and is promoted', async () => {
  const seen = new Set<number>();
  const stored = world.cluster.onStored;
  world.cluster.onStored = (call, before, after) => {
    seen.add(world.percent);
    stored(call, before, after);
  };
  expect(resultOf(await run())).toBe('promoted');
  expect([...seen]).toEqual([0, 5, 25, 50, 100]);
  // Promoted by copy: stable has the canary's image and all requests.
  expect(world.rollout?.tracks[0]?.version).toBe('v2');
  expect(world.percent).toBe(0);
});

test('a canary with 10 % errors is taken back by itself', async () => {
  world.truth.canaryErrors = 0.1;
  expect(resultOf(await run())).toBe('rolledBack');
  expect(world.percent).toBe(0);
});

test('a plan that narrows goes one step back, and rolls back when that was no cure', async () => {
  const steps: number[] = [];
  const worker = await runTo(25, { stepBack: { times: 1 } });
  worker.driver?.onDidChange(({ step }) => {
    if (steps.at(-1) !== step) steps.push(step);
  });
  world.truth.canaryErrors = 0.1;
  expect(await world.until(isOver)).toBe(true);
  expect(steps).toEqual([1, 0]);
  expect(resultOf(worker)).toBe('rolledBack');
});

test('a manual gate waits for a word, and a failure at the gate rolls back', async () => {
  const gated: ReleasePlan['steps'] = [
    { ...plan.steps[0], gate: 'manual' },
    plan.steps[1] ?? plan.steps[0],
  ];
  const worker = world.start('a', {
    begin: true,
    plan: { ...plan, steps: gated, onSuccess: 'hold' },
  });
  expect(await world.until(() => worker.driver?.state.phase.kind === 'gate')).toBe(true);
  expect(await world.until(isOver, 15)).toBe(false);
  expect(world.percent).toBe(5);
  worker.driver?.command('approve', 'anna');
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('completed');
  expect(world.percent).toBe(25);
});

test('a paused run goes nowhere, and still takes a bad canary back', async () => {
  const worker = await runTo(25);
  worker.driver?.command('pause', 'anna');
  expect(await world.until(isOver, 15)).toBe(false);
  expect([world.percent, pausedWhy(worker)]).toEqual([25, 'asked']);
  world.truth.canaryErrors = 0.1;
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('rolledBack');
});

describe.each(['observing', 'gate', 'paused', 'promoting'] as const)('from %s', (phase) => {
  test('abort takes everything back with one GET and one PATCH of the route (I5)', async () => {
    const steps: ReleasePlan['steps'] = [
      { ...plan.steps[0], gate: phase === 'gate' ? 'manual' : 'none' },
    ];
    const worker = world.start('a', { begin: true, plan: { ...plan, steps } });
    const isThere = (): boolean => worker.driver?.state.phase.kind === phase;
    if (phase === 'paused') {
      await world.until(() => worker.driver?.state.phase.kind === 'observing');
      worker.driver?.command('pause', 'anna');
    }
    expect(await world.until(isThere)).toBe(true);
    const before = world.cluster.calls.length;
    worker.driver?.command('abort', 'anna');
    expect(await world.until(isOver)).toBe(true);
    const toRoute = world.cluster.calls
      .slice(before)
      .filter(
        ({ target }) => target.name === routeRef.name && target.resource.kind === 'HTTPRoute',
      );
    expect(toRoute.map(({ verb }) => verb)).toEqual(['get', 'write']);
    expect([resultOf(worker), world.percent]).toEqual(['rolledBack', 0]);
  });
});

test('row 22: of two windows with the same plan one drives, and the other takes over when it dies', async () => {
  const first = world.start('a', { begin: true });
  await world.until(() => first.driver !== undefined);
  const second = world.start('b', { begin: false });
  expect(await world.until(() => second.end !== undefined, 1)).toBe(true);
  expect(second.end).toEqual({ kind: 'refused', key: 'operations.run.busy' });
  await world.until(() => world.percent === 5);
  world.kill(first);
  const third = world.start('c', { begin: false });
  expect(await world.until(() => third.end !== undefined)).toBe(true);
  expect(resultOf(third)).toBe('promoted');
});

test('row 23: an editor hands over to a Job by the Lease, and never writes after it', async () => {
  const editor = await runTo(5);
  editor.stop.abort();
  const job = world.start('job', { begin: false });
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(editor), resultOf(job)]).toEqual(['stopped', 'promoted']);
});

test('row 24: a process that slept past its Lease while it tried a write does not write', async () => {
  const worker = await runTo(5);
  world.cluster.fate = ({ verb, target }) => {
    if (verb === 'dryRun' && target.name === routeRef.name) world.clock.jump(60_000);
    return 'answered';
  };
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['lost', 5]);
});

test('row 25: weights that somebody puts back pause the run, which does not fight', async () => {
  const worker = await runTo(25);
  const written = world.cluster.calls.length;
  world.moveTo(10);
  expect(await world.until(isOver, 15)).toBe(false);
  expect([pausedWhy(worker), world.percent]).toEqual(['foreign', 10]);
  const toRoute = world.cluster.calls
    .slice(written)
    .filter(({ verb, target }) => verb === 'write' && target.resource.kind === 'HTTPRoute');
  expect(toRoute).toEqual([]);
  worker.driver?.command('resume', 'anna');
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('promoted');
});

test('somebody who takes the canary back by hand ends the run', async () => {
  const worker = await runTo(25);
  world.moveTo(0);
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['takenBack', 0]);
});

test('row 28: where stable has fewer pods than at the start, half goes back first, then all', async () => {
  const worker = await runTo(50);
  world.setReady('shop', 1);
  const shares: number[] = [];
  const stored = world.cluster.onStored;
  world.cluster.onStored = (call, before, after) => {
    if (shares.at(-1) !== world.percent) shares.push(world.percent);
    stored(call, before, after);
  };
  world.truth.canaryErrors = 0.3;
  expect(await world.until(isOver)).toBe(true);
  expect(shares).toEqual([50, 25, 0]);
  expect(resultOf(worker)).toBe('rolledBack');
});

test('P15: requests never go back to a stable version without a ready pod', async () => {
  const worker = await runTo(50);
  world.setReady('shop', 0);
  world.truth.canaryErrors = 0.3;
  expect(await world.until(isOver, 10)).toBe(false);
  expect(world.percent).toBe(50);
  expect(worker.notes.map(({ text }) => text.key)).toContain('release.stableDown');
  world.setReady('shop', 3);
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('rolledBack');
});

test('row 29: when the last canary pod goes, the way back begins at once and not with the next look', async () => {
  const worker = await runTo(25);
  await world.until(() => false, 0.02);
  const since = world.clock.monotonicMs();
  world.setReady('shop-canary', 0);
  expect(await world.until(() => world.percent === 0)).toBe(true);
  expect(world.clock.monotonicMs() - since).toBeLessThanOrEqual(3_000);
  await world.until(isOver);
  expect(resultOf(worker)).toBe('rolledBack');
});

test('row 30: another image in mid run stops it', async () => {
  const worker = await runTo(25);
  world.pushImage('shop-canary', 'registry.shop.example/shop:v3');
  expect(await world.until(isOver, 15)).toBe(false);
  expect([pausedWhy(worker), world.percent]).toEqual(['version', 25]);
  worker.driver?.command('resume', 'anna');
  expect(await world.until(isOver, 15)).toBe(false);
  expect([pausedWhy(worker), world.percent]).toEqual(['version', 25]);
});

test('row 31: a route that was deleted and created again ends the run without a write', async () => {
  const worker = await runTo(25);
  world.cluster.edit(routeRef, (route) => ({
    ...route,
    metadata: { ...(route['metadata'] as JsonObject), uid: 'another' },
  }));
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['gone', 25]);
});

test('row 32: a route that is gone ends the run', async () => {
  const worker = await runTo(25);
  world.cluster.edit(routeRef, () => undefined);
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('gone');
});

test('row 38: an editor that was away for two looks pauses the run until somebody says to go on', async () => {
  const editor = await runTo(25, { runBy: 'editor', intervalSeconds: 5 });
  world.clock.jump(15_000); // Less than the Lease allows.
  expect(await world.until(() => pausedWhy(editor) === 'gap', 5)).toBe(true);
  expect(world.percent).toBe(25);
  editor.driver?.command('resume', 'anna');
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(editor)).toBe('promoted');
});

test('row 38: a Job that was away begins the step anew', async () => {
  const job = await runTo(25, { intervalSeconds: 5 });
  await world.until(() => (job.driver?.state.stepMs ?? 0) > 50_000);
  world.clock.jump(15_000);
  await world.until(() => false, 0.2);
  expect([world.percent, (job.driver?.state.stepMs ?? 0) < 20_000]).toEqual([25, true]);
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(job)).toBe('promoted');
});

test('row 38: a driver that slept past its Lease stops', async () => {
  const worker = await runTo(25);
  world.clock.jump(8 * 3600_000);
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['lost', 25]);
});

test('row 74: a plan of which a later step would be refused is not begun', async () => {
  const isRefused = { now: false };
  world.cluster.fate = ({ verb, target }) => {
    if (verb !== 'dryRun' || target.resource.kind !== 'HTTPRoute') return 'answered';
    isRefused.now = !isRefused.now; // The second and the fourth dry run of the check.
    return isRefused.now ? 'answered' : 'forbidden';
  };
  expect(resultOf(await run())).toBe('refused');
  const writes = world.cluster.calls.filter(
    ({ verb, target }) => verb === 'write' && target.resource.kind === 'HTTPRoute',
  );
  expect(writes).toEqual([]);
});

test('row 75: a rollback that fails is tried until it succeeds, with one urgent note', async () => {
  const worker = await runTo(25);
  let denied = 0;
  world.cluster.fate = ({ verb, target }) => {
    if (verb !== 'write' || target.resource.kind !== 'HTTPRoute' || denied >= 12) return 'answered';
    denied += 1;
    return 'forbidden';
  };
  world.truth.canaryErrors = 0.1;
  expect(await world.until(isOver)).toBe(true);
  expect([denied, resultOf(worker), world.percent]).toEqual([12, 'rolledBack', 0]);
  expect(worker.notes.filter(({ text }) => text.key === 'release.backFailed')).toHaveLength(1);
});

test('an alert that fires takes the canary back; silence of Alertmanager holds', async () => {
  const alerts = [[{ label: 'alertname', op: '=', value: 'ShopErrors' } as const]];
  const worker = await runTo(25, { rollback: { ...plan.rollback, alerts } });
  world.alerts = { kind: 'unknown', reason: { key: 'release.noVerdict', args: {} } };
  expect(await world.until(isOver, 15)).toBe(false);
  expect(world.percent).toBe(25);
  const alert = { name: 'ShopErrors', labels: {}, sinceMs: 0, summary: '' };
  world.alerts = { kind: 'firing', alerts: [alert], count: 1 };
  expect(await world.until(isOver)).toBe(true);
  expect(resultOf(worker)).toBe('rolledBack');
});

test('containers of the canary that crash again and again take it back', async () => {
  world.restarts = 2; // Before the run: not its fault.
  const worker = await runTo(25, { rollback: { ...plan.rollback, crashRestarts: 3 } });
  world.restarts = 4;
  expect(await world.until(isOver, 2)).toBe(false);
  world.restarts = 5;
  expect(await world.until(isOver, 2)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['rolledBack', 0]);
});

test('row 48: without an answer from Prometheus nothing goes on, and abort works', async () => {
  const worker = await runTo(5);
  world.blind = true;
  expect(await world.until(isOver, 15)).toBe(false);
  expect([world.percent, worker.driver?.state.held?.key]).toEqual([5, 'release.blind']);
  worker.driver?.command('abort', 'anna');
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent]).toEqual(['rolledBack', 0]);
});

test('phones first: a step for some of the requests makes a rule, and a step for all takes it away', async () => {
  const phones = [[{ on: 'device', op: 'exact', name: 'user-agent', value: 'phone' }]] as const;
  const first = { ...plan.steps[0], to: { kind: 'weight', percent: 10, matches: phones } } as const;
  const worker = world.start('a', {
    begin: true,
    plan: {
      ...plan,
      metrics: [],
      steps: [{ ...first, gate: 'manual' }, plan.steps[1] ?? first],
      onSuccess: 'hold',
    },
  });
  expect(await world.until(() => worker.driver?.state.phase.kind === 'gate')).toBe(true);
  expect(world.percent).toBe(0);
  const rules = (): readonly (boolean | undefined)[] =>
    (world.rollout?.rules ?? []).map(({ isOurs }) => isOurs);
  expect(rules()).toEqual([true, undefined]);
  worker.driver?.command('approve', 'anna');
  expect(await world.until(isOver)).toBe(true);
  expect([resultOf(worker), world.percent, rules()]).toEqual(['completed', 25, [undefined]]);
});

test('a look that throws passes nothing and stops nothing', async () => {
  const worker = await runTo(5);
  world.look = () => {
    throw new Error('a bug');
  };
  expect(await world.until(isOver, 10)).toBe(false);
  expect([world.percent, worker.driver?.state.held?.key]).toEqual([5, 'release.blind']);
});

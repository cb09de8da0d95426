import { beforeEach, expect, test } from 'vitest';
import { plan, ROLLOUT, RunWorld } from '../../../test/support/runWorld.ts';
import { Emitter } from '../../base/emitter.ts';
import { ok } from '../../base/result.ts';
import type { Session } from '../clusterPorts.ts';
import { Runs, type KnownRun, type RunsSource } from './runs.ts';

const CONTEXT = 'kind-dev';
let world: RunWorld;
let windows: number;

beforeEach(() => {
  world = new RunWorld();
  windows = 0;
});

interface Window {
  readonly runs: Runs;
  readonly orphans: KnownRun[];
  readonly name: string;
}

/** A window of the editor, connected to the cluster. */
function openWindow(): Window {
  const name = `window${String((windows += 1))}`;
  const ports = world.portsOf(name);
  const opened = new Emitter<{ readonly context: string; readonly session: Session }>();
  const session = {
    ...ports.cluster,
    connection: { kind: 'live' },
    scope: ['shop'],
    proxyGet: (_path: string, query: Readonly<Record<string, string>>) =>
      Promise.resolve(ok(world.cluster.list(query['labelSelector'] ?? ''))),
  } as unknown as Session;
  const orphans: KnownRun[] = [];
  const source: RunsSource = {
    session: () => session,
    watch: () => ({ dispose: () => undefined }),
    context: () => ({ rollouts: [] }),
    onDidOpen: opened.event,
  };
  const runs = new Runs(source, {
    ports: (_context, _session, notify) => world.portsOf(name, notify),
    who: () => name,
    clock: ports.clock,
    newId: () => `${name}-${ports.newId()}`,
    notify: () => undefined,
    askOrphan: (run) => orphans.push(run),
    logError: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  opened.fire({ context: CONTEXT, session });
  return { runs, orphans, name };
}

async function begin({ runs }: Window): Promise<void> {
  const { rollout } = world;
  if (rollout === undefined) throw new Error('There is no rollout in this world.');
  const begun = await Promise.race([
    runs.begin(CONTEXT, { ...plan, runBy: 'editor' }, rollout),
    world.until(() => world.percent === 5, 5),
  ]);
  expect(begun).toEqual(ok(undefined));
  await world.until(() => world.percent === 5, 5);
}

const phaseOf = ({ runs }: Window): string | undefined =>
  runs.of(CONTEXT, ROLLOUT)?.state.phase.kind;

test('a run that this window drives is shown as ours, and another window sees it driven', async () => {
  const first = openWindow();
  await begin(first);
  expect(first.runs.of(CONTEXT, ROLLOUT)).toMatchObject({ isOurs: true, isDriven: true });
  const second = openWindow();
  await world.until(() => second.runs.of(CONTEXT, ROLLOUT) !== undefined, 1);
  expect(second.runs.of(CONTEXT, ROLLOUT)).toMatchObject({ isOurs: false, isDriven: true });
  await world.until(() => false, 2);
  expect(second.orphans).toEqual([]);
});

test('a wish from another window reaches the driver through the record', async () => {
  const [first, second] = [openWindow(), openWindow()];
  await begin(first);
  await world.until(() => second.runs.of(CONTEXT, ROLLOUT) !== undefined, 1);
  const run = second.runs.of(CONTEXT, ROLLOUT);
  if (run === undefined) throw new Error('The second window does not see the run.');
  expect(await second.runs.command(run, 'pause')).toEqual(ok(undefined));
  expect(await world.until(() => phaseOf(first) === 'paused', 1)).toBe(true);
  expect(await world.until(() => phaseOf(second) === 'paused', 1)).toBe(true);
});

test('row 39: after a reload of the window its run is an orphan that it asks about once, and goes on with when told', async () => {
  const first = openWindow();
  await begin(first);
  first.runs.dispose();
  const second = openWindow();
  expect(await world.until(() => second.orphans.length > 0, 2)).toBe(true);
  await world.until(() => false, 2);
  expect(second.orphans).toHaveLength(1);
  const [orphan] = second.orphans;
  if (orphan === undefined) throw new Error('Nothing was asked.');
  expect(orphan).toMatchObject({ isDriven: false });
  expect(await second.runs.takeUp(orphan)).toEqual(ok(undefined));
  expect(await world.until(() => phaseOf(second) === 'ended')).toBe(true);
  expect(second.runs.of(CONTEXT, ROLLOUT)?.state.phase).toMatchObject({ result: 'promoted' });
});

test('row 76: a run whose driver was killed is shown as driven by nobody within a minute, and Roll Back takes it up', async () => {
  const first = openWindow();
  await begin(first);
  const second = openWindow();
  await world.until(() => second.runs.of(CONTEXT, ROLLOUT) !== undefined, 1);
  world.cluster.kill(first.name);
  const since = world.clock.monotonicMs();
  expect(await world.until(() => second.runs.of(CONTEXT, ROLLOUT)?.isDriven === false, 5)).toBe(
    true,
  );
  expect(world.clock.monotonicMs() - since).toBeLessThanOrEqual(60_000);
  const run = second.runs.of(CONTEXT, ROLLOUT);
  if (run === undefined) throw new Error('The run is gone.');
  const told = second.runs.command(run, 'abort');
  expect(await world.until(() => world.percent === 0, 5)).toBe(true);
  expect(await told).toEqual(ok(undefined));
});

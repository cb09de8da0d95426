import { seededRandom } from './random.ts';
import type { Fate } from './memoryCluster.ts';
import { watchInvariants } from './runOracles.ts';
import { plan, RunWorld, type Worker } from './runWorld.ts';

const LONG_MINUTES = 12 * 60;

/** Kills the driver at each of its requests in turn, before and after the server did it; a second takes over. */
export async function explore(): Promise<{
  readonly points: number;
  readonly violations: readonly string[];
}> {
  const violations: string[] = [];
  const points = await callsOfGoodRun();
  for (const canaryErrors of [0.002, 0.1])
    for (let at = 1; at <= points; at += 1)
      for (const fate of ['diesBefore', 'diesAfter'] as const) {
        const story = `errors ${String(canaryErrors)}, ${fate} request ${String(at)}`;
        violations.push(...(await killedAt(at, fate, canaryErrors)).map((v) => `${story}: ${v}`));
      }
  return { points, violations };
}

async function callsOfGoodRun(): Promise<number> {
  const world = new RunWorld();
  const worker = world.start('a', { begin: true });
  await world.until(() => worker.end !== undefined, LONG_MINUTES);
  return world.cluster.calls.length;
}

async function killedAt(at: number, fate: Fate, canaryErrors: number): Promise<readonly string[]> {
  const world = new RunWorld();
  world.truth.canaryErrors = canaryErrors;
  const broken = watchInvariants(world);
  let calls = 0;
  world.cluster.fate = ({ client }) => (client === 'a' && (calls += 1) === at ? fate : 'answered');
  const first = world.start('a', { begin: true });
  await world.until(() => first.end !== undefined || world.cluster.isDead('a'), LONG_MINUTES);
  if (first.end !== undefined) return broken; // It was over before.
  const second = world.start('b', { begin: false });
  await world.until(() => second.end !== undefined, LONG_MINUTES);
  return [...broken, ...faultsOfEnd(world, second, canaryErrors)];
}

/** I7: whatever happened, the run came to an end that its canary deserves, or never began. */
function faultsOfEnd(world: RunWorld, last: Worker, canaryErrors: number): readonly string[] {
  const { end } = last;
  if (end === undefined) return ['I7: nobody could finish the run'];
  if (end.kind === 'refused')
    return world.percent === 0
      ? []
      : [`I7: nobody drives, and the canary has ${String(world.percent)} %`];
  if (end.kind !== 'ended') return [`I7: the last driver ended as ${end.kind}`];
  const { phase } = end.state;
  const result = phase.kind === 'ended' ? phase.result : phase.kind;
  const wanted = canaryErrors > 0.05 ? 'rolledBack' : 'promoted';
  // A rollback is written before it is saved: who finds it done cannot know by whom.
  const isBack = wanted === 'rolledBack' && result === 'takenBack';
  if (result !== wanted && !isBack) return [`I7: the run ended as ${result}, not ${wanted}`];
  return world.percent === 0 ? [] : [`I7: the canary has ${String(world.percent)} % at the end`];
}

/** One random story; the same for the same seed. Sentences of what was broken. */
export async function replay(seed: number): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const world = new RunWorld();
  const broken = watchInvariants(world);
  const isBad = random() < 0.5;
  world.truth.canaryErrors = isBad ? 0.1 : 0.002;
  const trouble = random() * 0.05;
  world.cluster.fate = (call) => {
    if (random() >= trouble) return 'answered';
    const fates: readonly Fate[] =
      call.verb === 'write'
        ? ['lostBefore', 'lostAfter', 'refused', 'diesBefore', 'diesAfter']
        : ['lostBefore', 'refused', 'diesBefore'];
    return fates[Math.floor(random() * fates.length)] ?? 'answered';
  };
  let count = 0;
  const join = (begin: boolean): Worker =>
    world.start(`w${String((count += 1))}`, {
      begin,
      plan: { ...plan, runBy: random() < 0.5 ? 'job' : 'editor' },
    });
  let worker = join(true);
  let hasBegun = false;
  for (let minute = 0; minute < LONG_MINUTES; minute += 1) {
    await world.until(() => worker.end !== undefined || world.cluster.isDead(worker.name), 1);
    hasBegun ||= worker.driver !== undefined;
    const { end } = worker;
    if (end?.kind === 'ended') break;
    if (end?.kind === 'refused' && !hasBegun) break;
    // Somebody looks after it: takes it up when nobody drives, says to go on when it waits.
    if (end !== undefined || world.cluster.isDead(worker.name)) {
      if (count > 30) world.cluster.fate = () => 'answered';
      worker = join(false);
    }
    const phase = worker.driver?.state.phase;
    if (phase?.kind === 'paused' && random() < 0.5)
      worker.driver?.command(phase.why === 'version' ? 'abort' : 'resume', 'anna');
    if (random() < 0.02) world.moveTo(Math.floor(random() * 60));
    if (random() < 0.02) world.clock.jump(random() * 60_000);
    if (random() < 0.02) join(false);
  }
  const ended = world.workers.find(({ end }) => end?.kind === 'ended');
  const finished =
    ended !== undefined || !hasBegun ? [] : ['I7: the run came to no end in 12 hours'];
  const isLeft = ended === undefined && !hasBegun && world.percent > 60;
  const left = isLeft ? ['I7: it never began, and the canary has traffic'] : [];
  return [...broken, ...finished, ...left].map((v) => `seed ${String(seed)}: ${v}`);
}

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemClock } from '../base/clock.ts';
import { err, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { ClusterSession } from '../cluster/session.ts';
import { RunDriver } from '../operations/run/drive.ts';
import type { RunPorts } from '../operations/run/ports.ts';
import { findRollout } from '../release/scope.ts';
import type { ReleasePlan } from '../release/plan.ts';
import { runIdOf } from '../release/runId.ts';
import { readPlan } from '../release/schema.ts';
import { deriveNamespace } from '../state/derive.ts';
import { EXIT, exitOf } from './exit.ts';
import { jobMetrics } from './metrics.ts';
import { liveSession, targetAt, type Where } from './session.ts';
import { render } from './words.ts';

export interface RunArguments {
  readonly file: string;
  /** Name of the run; the same name goes on with it. Default: of the plan and its service. */
  readonly id?: string | undefined;
  readonly prometheus?: string | undefined;
  readonly alertmanager?: string | undefined;
}

/** Runs the plan of a file to its end, or goes on with the run of that name. Returns the exit code. */
export async function runPlan(where: Where, args: RunArguments): Promise<number> {
  const plan = await planAt(args.file);
  if (plan === undefined) return EXIT.usage;
  const target = await targetAt(where);
  if (!target.ok) throw new Error(render(target.error));
  const live = await liveSession(target.value, plan.scope.namespace);
  const { session } = live;
  const stop = stopSignal();
  try {
    const ports: RunPorts = {
      cluster: session,
      clock: systemClock,
      isLive: () => session.status.kind === 'live',
      onDidChange: session.onDidChangeObjects,
      ...jobMetrics(session, args),
      notify: ({ severity, text }) => {
        log(`${severity === 'urgent' ? 'URGENT: ' : ''}${render(text)}`);
      },
      newId: randomUUID,
    };
    const driver = await openRun(ports, session, { plan, id: args.id ?? runIdOf(plan.name) }, stop);
    if (!driver.ok) return closing(EXIT.interrupted, 'notBegun', render(driver.error));
    logProgress(driver.value);
    const end = await driver.value.drive(stop);
    if (end.kind !== 'ended') return closing(EXIT.interrupted, end.kind, '');
    const { phase } = end.state;
    if (phase.kind !== 'ended') throw new Error('A run that has not ended was said to have.');
    return closing(exitOf[phase.result], phase.result, render(phase.text));
  } finally {
    live.dispose();
  }
}

async function planAt(file: string): Promise<ReleasePlan | undefined> {
  const plan = readPlan(await readFile(file, 'utf8'));
  if (plan.ok) return plan.value;
  for (const { at, text } of plan.error)
    log(`${file}:${String(at.line)}:${String(at.column)}: ${render(text)}`);
  return undefined;
}

/** A killed pod is followed by another under the same name of the run: it goes on where there is one. */
async function openRun(
  ports: RunPorts,
  session: ClusterSession,
  { plan, id }: { readonly plan: ReleasePlan; readonly id: string },
  stop: AbortSignal,
): Promise<Result<RunDriver, Text>> {
  const { namespace } = plan.scope;
  const who = { id: `${hostname()}-${randomUUID()}`, name: `job ${hostname()}` };
  const known = await RunDriver.takeUp(ports, who, { id, namespace }, stop);
  if (known.ok) return known;
  if (known.error.kind !== 'none') return err(known.error.text);
  const { rollouts } = deriveNamespace(session.snapshot(), namespace);
  const found = findRollout(plan.scope, rollouts);
  if (!found.ok) return found;
  const { context } = session.target;
  return RunDriver.begin(ports, who, { id, plan, rollout: found.value, context }, stop);
}

function logProgress(driver: RunDriver): void {
  let last = '';
  driver.onDidChange(({ step, phase, plan, held }) => {
    const at = `step ${String(step + 1)} of ${String(plan.steps.length)}, ${phase.kind}`;
    const line = held === undefined ? at : `${at}: ${render(held)}`;
    if (line !== last) log(line);
    last = line;
  });
}

/** The last line: for pipelines. */
function closing(code: number, result: string, reason: string): number {
  process.stdout.write(
    `cablecar: result=${result}${reason === '' ? '' : ` reason=${JSON.stringify(reason)}`}\n`,
  );
  return code;
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}

/** A pod that is to stop gives its Lease back, so that the next need not wait. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      stop.abort(new Error(name));
    });
  return stop.signal;
}

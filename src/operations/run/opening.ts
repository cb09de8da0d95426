import { sleep } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import { say } from '../operations.l10n.ts';
import { LeaseKeeper } from './lease.ts';
import type { Driver, RunPorts } from './ports.ts';
import type { RunOwner } from './store.ts';

/** All tries together take longer than a dead holder's time. */
const RETRY_MS = 5_000;
const ACQUIRE_TRIES = 8;

/** The Lease of the route, or one sentence: who holds it. */
export async function acquired(
  ports: RunPorts,
  driver: Driver,
  run: {
    readonly namespace: string;
    readonly uid: string;
    readonly owner: RunOwner | undefined;
  },
  signal: AbortSignal,
): Promise<Result<LeaseKeeper, Text>> {
  const { namespace } = run;
  const lease = new LeaseKeeper(ports, { namespace, routeUid: run.uid, holder: driver.id });
  let last: Awaited<ReturnType<LeaseKeeper['acquire']>> = 'failed';
  for (let attempt = 0; attempt < ACQUIRE_TRIES; attempt += 1) {
    last = await lease.acquire(run.owner, signal);
    if (last === 'held') return ok(lease);
    if (typeof last === 'object' && last.isAlive) break;
    await sleep(ports.clock, RETRY_MS, signal);
  }
  lease.dispose();
  return err(
    typeof last === 'object'
      ? say('operations.run.busy', { holder: last.busy })
      : say('operations.run.noLease'),
  );
}

/** The workload of stable, else of the canary: a run goes with what it was about. */
export async function ownerOf(
  { cluster }: RunPorts,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<RunOwner | undefined> {
  const ref = (trackOf(rollout, 'stable') ?? trackOf(rollout, 'canary'))?.workload?.ref;
  if (ref === undefined) return undefined;
  const read = await cluster.fetch(ref, signal);
  if (!read.ok) return undefined;
  const { apiVersion, kind, meta } = read.value.object;
  return { apiVersion, kind, name: meta.name, uid: meta.uid };
}

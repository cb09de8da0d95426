import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../src/model/kinds.ts';
import type { ClusterSession } from '../../src/cluster/session.ts';
import { ContextStore } from '../../src/state/store.ts';
import { allWatches } from '../../src/state/watches.ts';
import { sessionTo } from '../../test/support/clusterTarget.ts';
import { COUNT, namesOf } from '../objects.ts';
import { answerTasks } from '../worker.ts';
import { heapBytes, longestBlock, timed, type Address } from './subject.ts';

/** What the editor does when a context is expanded: the session with all its watches, and the store that the tree shows. */
interface Shown {
  readonly session: ClusterSession;
  readonly store: ContextStore;
}

const FACTS = { name: 'bench', current: true, protected: false, scope: [] };
const DEADLINE_MS = 60_000;

let kubeconfigPath = '';
let held: Shown | undefined;

answerTasks({
  connect: (address: Address) => {
    kubeconfigPath = address.kubeconfigPath;
  },
  /** From nothing, a new connection included, to a store that is live and has every Service. */
  expand: async () => {
    let shown: Shown | undefined;
    const ms = await timed(async () => (shown = await expand(0)));
    close(shown);
    return ms;
  },
  block: async () => {
    let shown: Shown | undefined;
    const ms = await longestBlock(async () => (shown = await expand(0)));
    close(shown);
    return ms;
  },
  /** The same measure while nothing is done: what the machine and the measure add by themselves. */
  idle: ({ forMs }: { readonly forMs: number }) => longestBlock(() => sleep(forMs)),
  calls: async ({ count }: { readonly count: number }) => {
    const session = await open();
    const { signal } = new AbortController();
    const ref = { resource: services, ...namesOf(0) };
    // Discovery and the connection are there when a plan runs.
    const following = session.follow(['apps/deployments']);
    await isLive(session);
    await session.fetch(ref, signal);
    const ms = await timed(async () => {
      for (let index = 0; index < count; index += 1) {
        const got = await session.fetch({ resource: services, ...namesOf(index) }, signal);
        if (!got.ok) throw new Error(JSON.stringify(got.error));
      }
    });
    following.dispose();
    session.dispose();
    return ms;
  },
  heap: async () => {
    const before = await heapBytes();
    const shown = await expand(COUNT);
    const after = await heapBytes();
    const { rollouts } = shown.store.view;
    close(shown);
    return { bytes: after - before, rollouts: rollouts.length };
  },
  /** Expands and stays, for `watch`. */
  hold: async () => {
    held = await expand(COUNT);
  },
  /** Epoch milliseconds at which the row of each changed rollout was told to be drawn again, and how often all rows were. */
  watch: ({ count }: { readonly count: number }) => watch(count),
});

async function open(): Promise<ClusterSession> {
  return sessionTo(kubeconfigPath, { watched: allWatches() });
}

async function expand(rollouts: number): Promise<Shown> {
  const session = await open();
  const store = new ContextStore(FACTS);
  store.setConnection({ kind: 'connecting' });
  store.attach(session);
  // As the editor does: rows are made when all first lists are in.
  session.onDidChangeStatus(({ kind }) => {
    if (kind === 'live') store.setConnection({ kind });
  });
  session.follow();
  await isLive(session);
  await until(store.onDidChange, () => isComplete(store, rollouts));
  return { session, store };
}

function isLive(session: ClusterSession): Promise<void> {
  return until(session.onDidChangeStatus, () => session.status.kind === 'live');
}

function isComplete({ view }: ContextStore, rollouts: number): boolean {
  // A real server has Services of its own.
  const teams = view.namespaces.filter(({ name }) => name.startsWith('team-'));
  const found = teams.reduce((sum, namespace) => sum + namespace.services.length, 0);
  return found === COUNT && view.rollouts.length >= rollouts;
}

function close(shown: Shown | undefined): void {
  shown?.store.dispose();
  shown?.session.dispose();
}

/** Resolves when the condition holds, now or after an event. */
function until(
  event: (listener: () => void) => { dispose: () => void },
  holds: () => boolean,
): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      subscription.dispose();
      reject(new Error('It was not complete after a minute'));
    }, DEADLINE_MS);
    const subscription = event(() => {
      if (!holds()) return;
      clearTimeout(late);
      subscription.dispose();
      resolve();
    });
  });
}

async function watch(
  count: number,
): Promise<{ readonly seenAt: Record<string, number>; readonly wholeRefreshes: number }> {
  const store = held?.store;
  if (store === undefined) throw new Error('Nothing is held');
  const seenAt: Record<string, number> = {};
  let wholeRefreshes = 0;
  let left = count;
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`${String(left)} of ${String(count)} changes were not told`));
    }, DEADLINE_MS);
    store.onDidChange((changes) => {
      const nowMs = performance.timeOrigin + performance.now();
      for (const change of changes) {
        if (change.kind === 'structure') wholeRefreshes += 1;
        if (change.kind !== 'rollout') continue;
        const rollout = store.rollout(change.id);
        const key = `${rollout?.namespace ?? ''}/${rollout?.service ?? ''}`;
        if (seenAt[key] !== undefined) continue;
        seenAt[key] = nowMs;
        left -= 1;
      }
      if (left > 0) return;
      clearTimeout(late);
      resolve();
    });
  });
  return { seenAt, wholeRefreshes };
}

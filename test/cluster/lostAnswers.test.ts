import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { EditorActions } from '../../src/editor/actions.ts';
import { Clusters } from '../../src/editor/clusters.ts';
import type { HistoryEntry } from '../../src/editor/history.ts';
import { trackOf, type Rollout } from '../../src/model/rollout.ts';
import { allWatches } from '../../src/state/watches.ts';
import { MachineKubeconfigs } from '../../src/wiring/kubeconfigs.ts';
import { canaryKinds, createCanary, pathOf } from '../support/canaries.ts';
import { failureText, setWeight, timeout } from '../support/operator.ts';
import { startFaultProxy, type FaultProxy, type SeenRequest } from '../testbed/faultProxy.ts';
import type { Fault } from '../testbed/faults.ts';
import { waitFor, waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
const [kind] = canaryKinds;
if (kind === undefined) throw new Error('no kind');
const { route, percent } = kind;

/** The actions of the editor as they are, with a real cluster behind a proxy that loses what we want it to lose. */
let namespace: string;
let folder: string;
let proxy: FaultProxy;
let clusters: Clusters;
let actions: EditorActions;
let rollout: Rollout;
let kubeconfigs: MachineKubeconfigs;
/** What happens while the modal stands open. */
let whileReading: () => Promise<void>;

beforeEach(async () => {
  namespace = await createCanary(cluster, kind);
  folder = await mkdtemp(join(tmpdir(), 'cablecar-lost-'));
  proxy = await startFaultProxy({ upstream: cluster.facts.admin, dir: folder });
  whileReading = () => Promise.resolve();
  kubeconfigs = kubeconfigsOf(proxy.kubeconfigPath);
  clusters = new Clusters(kubeconfigs, {
    machine: '',
    isProtected: () => false,
    namespacesOf: () => [namespace],
  });
  actions = new EditorActions(clusters, {
    storageFolder: folder,
    who: () => 'tester',
    isReadOnly: () => false,
    ask: async () => {
      await whileReading();
      return true;
    },
    showConflict: () => Promise.resolve(),
    logError: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  onTestFinished(async () => {
    actions.dispose();
    clusters.dispose();
    kubeconfigs.dispose();
    await proxy.stop();
    await rm(folder, { recursive: true });
  });
  await kubeconfigs.load();
  clusters.watch(clusters.current);
  rollout = await waitFor({ what: 'the canary', timeoutMs: 30_000 }, () => {
    const { connection, rollouts } = clusters.context(clusters.current) ?? {};
    const found = rollouts?.find((one) => (trackOf(one, 'canary')?.workload?.ready ?? 0) > 0);
    return found === undefined || connection?.kind !== 'live'
      ? { seen: JSON.stringify(connection) }
      : { done: found };
  });
});

test('a write that never arrived is told as such: a read decides, and it is not sent again', async () => {
  const { letFate } = losing({ kind: 'holdBefore' });
  const [result] = await Promise.all([send(), letFate('drop')]);
  expect(result).toMatchObject({ error: { kind: 'failed' } });
  const object = `${route.kind} ${namespace}/${route.name}`;
  const { host } = new URL(proxy.server);
  expect(failureText(result)).toEqual({
    en: `The write of ${object} did not arrive: The connection to ${host} was lost (ECONNRESET). Nothing was changed.`,
    zh: `对 ${object} 的写入未送达：与 ${host} 的连接已断开（ECONNRESET）。未发生任何更改。`,
  });
  expect(await fate()).toEqual({ sent: 1, written: 0, history: ['notWritten'] });
});

test('a write whose answer was lost is found by a read, counts as written, and is not sent again', async () => {
  const { letFate } = losing({ kind: 'holdAfter' });
  const [result] = await Promise.all([send(), letFate('drop')]);
  expect(result).toMatchObject({ ok: true, value: { outcome: 'written' } });
  expect(await fate()).toEqual({ sent: 1, written: 1, history: ['written'] });
  expect(await weights()).toEqual([100 - percent.wanted, percent.wanted]);
});

test('a rollback whose answer was lost is decided the same way', async () => {
  const { letFate } = losing({ kind: 'holdAfter' });
  const act = actions.perform(at(), { kind: 'rollback' }, timeout());
  const [result] = await Promise.all([act, letFate('drop')]);
  expect(result).toMatchObject({ ok: true, value: { outcome: 'written' } });
  expect(await fate()).toEqual({ sent: 1, written: 1, history: ['written'] });
  expect(await weights()).toEqual([100, 0]);
});

test.each([500, 503, 504])(
  'the status %i on a write is not believed: a read decides',
  async (status) => {
    const body = JSON.stringify({ kind: 'Status', message: 'etcdserver: request timed out' });
    losing({ kind: 'status', status, body });
    const result = await send();
    const object = `${route.kind} ${namespace}/${route.name}`;
    expect(failureText(result).en).toBe(
      `The write of ${object} did not arrive: The cluster answered with an error (${String(status)}): ` +
        'etcdserver: request timed out. Nothing was changed.',
    );
    expect(await fate()).toEqual({ sent: 1, written: 0, history: ['notWritten'] });
  },
);

test('a page instead of an answer to a write is not believed either', async () => {
  losing({ kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' });
  const result = await send();
  expect(failureText(result).en).toMatch(
    /is not a Kubernetes API server\..*Nothing was changed\.$/,
  );
  expect(await fate()).toEqual({ sent: 1, written: 0, history: ['notWritten'] });
});

test('a server that is too busy has not written, and it is not sent again', async () => {
  losing({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
  const result = await send();
  expect(failureText(result)).toEqual({
    en:
      `${route.kind} ${namespace}/${route.name}: The cluster is busy and asks to wait. ` +
      'Try again in a moment. Nothing was written.',
    zh: `${route.kind} ${namespace}/${route.name}：集群繁忙，要求稍候。请稍后重试。未写入任何内容。`,
  });
  expect(await fate()).toEqual({ sent: 1, written: 0, history: ['notWritten'] });
});

test.each([
  { held: 'holdBefore', outcome: 'notWritten', written: 0 },
  { held: 'holdAfter', outcome: 'written', written: 1 },
] as const)(
  'with the cluster gone after the write the outcome is unknown, and on its return it is $outcome ($held)',
  async ({ held, outcome, written }) => {
    const { fault } = losing({ kind: held });
    const acting = send();
    await fault.nextHeld();
    await proxy.refuse();
    const result = await acting;
    expect(result).toMatchObject({ error: { kind: 'unknown' } });
    const object = `${route.kind} ${namespace}/${route.name}`;
    expect(failureText(result)).toEqual({
      en: `The answer to the write of ${object} was lost and the cluster cannot be reached: whether it was written is not known. The history says so until it is.`,
      zh: `写入 ${object} 的应答已丢失，且无法连接集群：尚不清楚是否已写入。历史记录会一直注明，直到查明。`,
    });
    expect(outcomes()).toEqual(['unknown']);
    await proxy.accept();
    await waitUntil(
      { what: 'the history to know', timeoutMs: 20_000 },
      () => outcomes()[0] !== 'unknown',
      () => JSON.stringify(clusters.context(clusters.current)?.connection),
    );
    expect(await fate()).toEqual({ sent: 1, written, history: [outcome] });
  },
);

test('a kubeconfig that is rewritten while somebody reads the modal does not lead the write elsewhere', async () => {
  const other = await startFaultProxy({ upstream: cluster.facts.admin, dir: folder });
  onTestFinished(other.stop);
  whileReading = async () => {
    await copyFile(other.kubeconfigPath, proxy.kubeconfigPath);
    await kubeconfigs.load();
    expect(clusters.kubeContext(clusters.current)?.server).toBe(other.server);
  };
  expect(await send()).toMatchObject({ ok: true, value: { outcome: 'written' } });
  expect(await fate()).toEqual({ sent: 1, written: 1, history: ['written'] });
  expect(other.requests).toEqual([]);
});

const at = (): { context: string; rolloutId: string } => ({
  context: clusters.current,
  rolloutId: rollout.id,
});

function send(): ReturnType<EditorActions['perform']> {
  return actions.perform(at(), setWeight(rollout, percent.wanted), timeout());
}

function isWrite({ method, url }: SeenRequest): boolean {
  return method === 'PATCH' && !url.includes('dryRun');
}

function losing(fault: Fault): {
  readonly fault: ReturnType<FaultProxy['inject']>;
  readonly letFate: (what: 'drop' | 'letGo') => Promise<void>;
} {
  const injected = proxy.inject(isWrite, fault, 1);
  return {
    fault: injected,
    letFate: async (what) => {
      (await injected.nextHeld())[what]();
    },
  };
}

function outcomes(): readonly HistoryEntry['outcome'][] {
  return actions.historyOf(at()).map(({ outcome }) => outcome);
}

/** How often we sent it, how often the server wrote it, and what the history says. */
async function fate(): Promise<object> {
  const writes = await cluster.auditLog.writes({ namespace, userAgent: /^cablecar/ });
  const sent = proxy.requests.filter(isWrite);
  return { sent: sent.length, written: writes.length, history: outcomes() };
}

async function weights(): Promise<unknown> {
  const response = await cluster.api.ok('GET', pathOf(route.collection, namespace, route.name));
  const { spec } = response.json as { spec: { http: { route: { weight?: number }[] }[] } };
  return spec.http[0]?.route.map(({ weight }) => weight ?? 0);
}

function kubeconfigsOf(file: string): MachineKubeconfigs {
  return new MachineKubeconfigs(
    () => ({ setting: file, env: {}, home: tmpdir() }),
    () => ({
      watched: allWatches(),
      proxy: { env: {} },
      approvePlugin: () => Promise.resolve(true),
      env: {},
      home: tmpdir(),
      log: () => undefined,
    }),
  );
}

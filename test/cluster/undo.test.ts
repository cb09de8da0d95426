import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { err } from '../../src/base/result.ts';
import { inverseOf } from '../../src/editor/history.ts';
import { settleHistory } from '../../src/editor/settle.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import { trackOf } from '../../src/model/rollout.ts';
import { perform, undo } from '../../src/operations/perform.ts';
import type { ClusterPort, JournalPort } from '../../src/operations/ports.ts';
import { performStart } from '../../src/operations/start.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { canaryKinds, createCanary, type CanaryKind } from '../support/canaries.ts';
import {
  actor,
  failureText,
  operatorOf,
  setWeight,
  timeout,
  type Operator,
} from '../support/operator.ts';
import { requestsOf, shortly } from '../support/requests.ts';
import { waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
const routed = canaryKinds.filter(({ backend }) => backend !== 'replica-split');

test.each(routed)('an undo in $backend is refused once a controller decides', async (kind) => {
  const { operator, namespace } = await scene(kind);
  const rollout = await operator.rollout();
  expect(await operator.perform(setWeight(rollout, 25))).toMatchObject({ ok: true });
  await cluster.api.ok('POST', `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries`, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'shop' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
      service: { port: 80 },
      analysis: { interval: '1m', threshold: 5, maxWeight: 50, stepWeight: 10 },
    },
  });
  await operator.rollout(({ owner }) => owner !== undefined);
  const audit = await requestsOf(cluster, namespace);
  const refused = await undoNewest(operator);
  const object = `${kind.route.kind} ${namespace}/${kind.route.name}`;
  expect(failureText(refused)).toEqual({
    en:
      `Flagger decides about ${object} now, so nothing was written. ` +
      `Flagger would set the weights back at its next tick: edit Canary ${namespace}/shop instead.`,
    zh:
      `${object} 现由 Flagger 决定，因此没有写入任何内容。` +
      `Flagger 会在下一个周期把权重改回去：请改为编辑 Canary ${namespace}/shop。`,
  });
  expect(await audit.changing()).toEqual([]);
});

test.each(routed)(
  'the undo of a rollback in $backend gives nothing back to a canary without pods',
  async (kind) => {
    const { operator, namespace } = await scene(kind);
    await operator.rollout();
    expect(await operator.perform({ kind: 'rollback' })).toMatchObject({ ok: true });
    await withoutCanaryPods(operator, namespace);
    const audit = await requestsOf(cluster, namespace);
    const name = kind.backend === 'istio' ? 'v2' : 'shop-canary';
    expect(failureText(await undoNewest(operator))).toEqual({
      en:
        `${name} has no ready pod, so the requests that this gives back to it would get errors. ` +
        'Nothing was written. Scale it up, then try again.',
      zh: `${name} 没有就绪的 Pod，此操作转回给它的请求将会出错。未写入任何内容。请先扩容，然后重试。`,
    });
    expect(await audit.changing()).toEqual([]);
  },
);

test.each(routed)(
  'a canary in $backend that lost its pods while the modal stood open gets no more requests',
  async (kind) => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    let laterMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + laterMs };
    operator.answer = async () => {
      await withoutCanaryPods(operator, namespace);
      laterMs = 11_000;
      return true;
    };
    const audit = await requestsOf(cluster, namespace);
    const request = { intent: setWeight(rollout, 25), actor };
    const refused = await perform({ ...operator.tools, clock }, rollout, request, timeout());
    expect(refused).toMatchObject({ error: { kind: 'refused' } });
    expect(failureText(refused).en).toMatch(/no ready pod/);
    expect((await audit.changing()).map(shortly)).toEqual(['patch dry']);
  },
);

test.each(canaryKinds)(
  'a full disk stops a weight in $backend, and not a rollback',
  async (kind) => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const full = (): Promise<never> => Promise.reject(new Error('ENOSPC: no space left'));
    const tools = { ...operator.tools, journal: { begin: full, finish: full } };
    const audit = await requestsOf(cluster, namespace);
    const weight = { intent: setWeight(rollout, kind.percent.wanted), actor };
    expect(failureText(await perform(tools, rollout, weight, timeout()))).toEqual({
      en:
        'The history could not be written (ENOSPC: no space left), so nothing was sent. ' +
        'Make room for it, then try again; a rollback needs no history.',
      zh:
        '无法写入历史记录（ENOSPC: no space left），因此未发送任何内容。' +
        '请腾出空间后重试；回滚不需要历史记录。',
    });
    await audit.expectNoWrites();
    const rollback = { intent: { kind: 'rollback' }, actor } as const;
    expect(await perform(tools, rollout, rollback, timeout())).toMatchObject({ ok: true });
    expect((await audit.changing()).map(shortly)).toEqual(['patch dry', 'patch']);
  },
);

test('a canary whose creation lost its answer, or was cut off by a crash, is removed by undo', async () => {
  const { operator, start, namespace } = await unstarted();
  const { tools } = operator;
  const deaf = deafTo(operator.session);
  const begun = await performStart({ ...tools, cluster: deaf }, start, actor, timeout());
  expect(begun).toMatchObject({ ok: true, value: { outcome: 'written' } });
  expect(await undoNewest(operator)).toMatchObject({ ok: true });
  await goneIn(operator, namespace);

  // The host dies between the write and its record: the history is as it was begun.
  const journal: JournalPort = {
    begin: (entry) => operator.history.begin(entry),
    finish: () => Promise.reject(new Error('died')),
  };
  expect(await performStart({ ...tools, journal }, start, actor, timeout())).toMatchObject({
    ok: true,
  });
  const history = await operator.reopenHistory();
  expect(history.entries[0]?.outcome).toBe('pending');
  expect(await settleHistory(history, operator.session, () => false, timeout())).toBe(true);
  const [settled] = history.entries;
  expect(settled?.outcome).toBe('written');
  const inverse = settled && inverseOf(settled);
  if (settled === undefined || inverse === undefined) throw new Error('nothing to undo');
  const undone = { ...settled, changes: { ...settled.changes, inverse } };
  expect(await undo(tools, undone, actor, timeout())).toMatchObject({ ok: true });
  await goneIn(operator, namespace);
});

async function scene(kind: CanaryKind): Promise<{ operator: Operator; namespace: string }> {
  const namespace = await createCanary(cluster, kind);
  return { namespace, operator: await operatorOf(cluster.facts.admin.kubeconfigPath, namespace) };
}

async function undoNewest({ history, tools }: Operator): ReturnType<typeof undo> {
  const [entry] = history.entries;
  const inverse = entry && inverseOf(entry);
  if (entry === undefined || inverse === undefined) throw new Error('nothing to undo');
  return undo(tools, { ...entry, changes: { ...entry.changes, inverse } }, actor, timeout());
}

/** Scales the canary to nothing and waits until the watch has told so. */
async function withoutCanaryPods({ session }: Operator, namespace: string): Promise<void> {
  await cluster.kubectl(['scale', 'deployment/shop-canary', '--replicas=0', '-n', namespace]);
  await waitUntil({ what: 'its pods to go', timeoutMs: 30_000 }, () => {
    const [rollout] = deriveNamespace(session.snapshot(), namespace).rollouts;
    return rollout !== undefined && trackOf(rollout, 'canary')?.workload?.ready === 0;
  });
}

/** The stable alone, and what starts a canary beside it. */
async function unstarted(): Promise<{
  operator: Operator;
  namespace: string;
  start: Parameters<typeof performStart>[1];
}> {
  const kind = canaryKinds.find(({ backend }) => backend === 'replica-split');
  if (kind === undefined) throw new Error('no such kind');
  const { operator, namespace } = await scene(kind);
  await cluster.kubectl(['delete', 'deployment/shop-canary', '-n', namespace]);
  await goneIn(operator, namespace);
  const shop = { namespace, name: 'shop' };
  const start = {
    kind: 'startCanary',
    service: { resource: services, ...shop },
    workload: { resource: deployments, ...shop },
    image: 'registry.shop.example/shop:v3',
  } as const;
  return { operator, namespace, start };
}

async function goneIn({ session }: Operator, namespace: string): Promise<void> {
  await waitUntil(
    { what: 'the stable alone in the cache', timeoutMs: 30_000 },
    () =>
      session.status.kind === 'live' &&
      session.snapshot().list('apps/deployments', namespace).length === 1,
  );
}

/** A door behind which everything is done, and whose answers to writes are lost. */
function deafTo(session: ClusterPort): ClusterPort {
  return {
    fetch: (...all) => session.fetch(...all),
    allows: (...all) => session.allows(...all),
    snapshot: () => session.snapshot(),
    served: (resource) => session.served(resource),
    lastWriter: (object) => session.lastWriter(object),
    send: async (change, how, signal) => {
      const answer = await session.send(change, how, signal);
      if (how.dryRun) return answer;
      return err({ kind: 'unreachable', text: { key: 'cluster.closed', args: {} } });
    },
  };
}

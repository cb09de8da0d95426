import { describe, expect, test } from 'vitest';
import { deployments } from '../../src/model/kinds.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { listRevisions } from '../../src/operations/revisions.ts';
import { performStartUpdate, performUndoRevision } from '../../src/operations/start.ts';
import { actor, failureText, operatorOf, timeout, type Operator } from '../support/operator.ts';
import { markPods, podStory, type PodStory } from '../support/podStory.ts';
import { isDryRun, requestsOf, type Requests } from '../support/requests.ts';
import { waitFor, waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
const [old, next] = ['registry.shop.example/shop:v1', 'registry.shop.example/shop:v2'];

describe('one Deployment of ten pods in batches, by the real controller', () => {
  test('10 %, 30 %, all of them: each batch is exactly as large as asked for, with one write', async () => {
    const { operator, namespace, requests } = await scene({
      maxSurge: '25%',
      maxUnavailable: '25%',
    });
    const before = await specOf(namespace);

    const first = await during(namespace, async () => {
      await start(operator, namespace, { percent: 10 });
      await settled(operator, 1);
    });
    expect([first.atEnd(next), first.most(next)]).toEqual([{ pods: 1, ready: 1 }, 1]);
    expect([first.leastReady, first.mostPods]).toEqual([10, 11]);

    const second = await during(namespace, async () => {
      await done(operator.perform({ kind: 'setBatch', size: { percent: 30 } }));
      await settled(operator, 3);
    });
    expect([second.atEnd(next), second.most(next)]).toEqual([{ pods: 3, ready: 3 }, 3]);
    expect([second.leastReady, second.mostPods]).toEqual([11, 13]);

    const third = await during(namespace, async () => {
      await done(operator.perform({ kind: 'setBatch', size: { count: 6 } }));
      await settled(operator, 6);
    });
    expect([third.atEnd(next), third.most(next)]).toEqual([{ pods: 6, ready: 6 }, 6]);
    // Three old ones go at once for three new ones that are ready since the batch before.
    expect([third.leastReady, third.mostPods]).toEqual([10, 13]);

    const last = await during(namespace, async () => {
      await done(operator.perform({ kind: 'setBatch', size: { percent: 100 } }));
      await cluster.waitForDeployment(namespace, 'shop');
    });
    expect(last.atEnd(next)).toEqual({ pods: 10, ready: 10 });
    expect(last.leastReady).toBeGreaterThanOrEqual(8);
    expect(last.mostPods).toBeLessThanOrEqual(13);
    expect(await specOf(namespace)).toEqual({ ...before, image: next });
    expect(await writes(requests)).toBe(4);
  });

  test('and back: the old template at once, one read of each object and one write after the consent', async () => {
    const { operator, namespace, requests } = await scene({
      maxSurge: '25%',
      maxUnavailable: '25%',
    });
    const before = await specOf(namespace);
    await start(operator, namespace, { count: 3 });
    await settled(operator, 3);
    const readBefore = (await requests.all()).length;

    const story = await during(namespace, async () => {
      await done(operator.perform({ kind: 'rollback' }));
      await cluster.waitForDeployment(namespace, 'shop');
    });
    expect([story.atEnd(next), story.atEnd(old)]).toEqual([
      { pods: 0, ready: 0 },
      { pods: 10, ready: 10 },
    ]);
    expect(story.leastReady).toBeGreaterThanOrEqual(8);
    expect(await specOf(namespace)).toEqual(before);
    const verbs = (await requests.all()).slice(readBefore).map(({ verb }) => verb);
    expect(verbs).toEqual(['get', 'get', 'patch']);
  });

  test('a Deployment at rest gets an earlier revision again: one list, and one write', async () => {
    const { operator, namespace, requests } = await scene({
      maxSurge: '25%',
      maxUnavailable: '25%',
    });
    const before = await specOf(namespace);
    const workload = { resource: deployments, namespace, name: 'shop' };
    await patch(namespace, [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: next },
    ]);
    await cluster.waitForDeployment(namespace, 'shop');
    await untilListed(operator, namespace);
    const readBefore = (await requests.all()).length;
    const since = await cluster.auditLog.mark();
    const listed = await listRevisions(operator.session, workload, timeout());
    expect(listed).toMatchObject({
      ok: true,
      value: [
        { revision: 2, image: next, pods: 10, isCurrent: true },
        { revision: 1, image: old, pods: 0, isCurrent: false },
      ],
    });
    const replicaSet = listed.ok ? (listed.value[1]?.replicaSet ?? '') : '';
    const undo = { kind: 'undoRevision', workload, revision: 1, replicaSet } as const;
    const story = await during(namespace, async () => {
      await done(performUndoRevision(operator.tools, undo, actor, timeout()));
      await cluster.waitForDeployment(namespace, 'shop');
    });
    const verbs = (await requests.all()).slice(readBefore).map(({ verb }) => verb);
    expect(verbs).toEqual(['get', 'get', 'patch', 'patch', 'get']);
    expect(await writes(requests)).toBe(1);
    const selected = {
      userAgent: /^cablecar/,
      namespace,
      uri: /replicasets\?labelSelector=app%3Dshop/,
    };
    expect((await cluster.auditLog.events(selected, since)).map(({ verb }) => verb)).toEqual([
      'list',
    ]);
    expect(story.atEnd(old)).toEqual({ pods: 10, ready: 10 });
    expect(story.leastReady).toBeGreaterThanOrEqual(8);
    expect(await specOf(namespace)).toEqual(before);
  });

  test('with no pod more than wanted, old ones make room, and no more than may be missing', async () => {
    const { operator, namespace } = await scene({ maxSurge: 0, maxUnavailable: 2 });
    const first = await during(namespace, async () => {
      await start(operator, namespace, { count: 2 });
      await settled(operator, 2);
    });
    expect([first.leastReady, first.mostPods, first.most(next)]).toEqual([8, 10, 2]);
    const second = await during(namespace, async () => {
      await done(operator.perform({ kind: 'setBatch', size: { count: 4 } }));
      await settled(operator, 4);
    });
    expect([second.leastReady, second.mostPods, second.most(next)]).toEqual([8, 10, 4]);
  });

  test('a running update that somebody else began is stopped, and widened from there', async () => {
    const { operator, namespace } = await scene({
      maxSurge: 1,
      maxUnavailable: 0,
      minReadySeconds: 2,
    });
    await patch(namespace, [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: next },
    ]);
    const running = await operator.rollout((r) => r.update?.state === 'running');
    await done(operator.perform({ kind: 'pause' }));
    const held = await operator.rollout((r) => isSettled(r) && r.update?.paused === true);
    expect(running.weights.kind).toBe('none');
    const at = held.update?.batch ?? 0;
    expect(at).toBeGreaterThan(0);
    const story = await during(namespace, async () => {
      await widened(operator, at + 1);
      await settled(operator, at + 1);
    });
    expect(story.most(next)).toBe(at + 1);
    expect(story.leastReady).toBeGreaterThanOrEqual(10);
    await done(operator.perform({ kind: 'promote' }));
    await cluster.waitForDeployment(namespace, 'shop');
    expect(await specOf(namespace)).toMatchObject({ image: next, minReadySeconds: 2, record: '' });
  });

  test('a template that somebody changes meanwhile is not widened in its place', async () => {
    const { operator, namespace } = await scene({ maxSurge: 3, maxUnavailable: 0 });
    await start(operator, namespace, { count: 1 });
    await settled(operator, 1);
    operator.answer = async () => {
      await patch(namespace, [
        { op: 'replace', path: '/spec/template/spec/containers/0/image', value: `${next}-hotfix` },
      ]);
      return true;
    };
    const refused = failureText(await operator.perform({ kind: 'setBatch', size: { count: 3 } }));
    expect(refused.en).toMatch(/^Deployment .*\/shop was changed/);
    expect(await specOf(namespace)).toMatchObject({ maxSurge: 1 });
  });

  test('the limits of a batch are refused with their numbers, in both languages', async () => {
    const { operator, namespace } = await scene({ maxSurge: '25%', maxUnavailable: '25%' });
    await start(operator, namespace, { count: 1 });
    await settled(operator, 1);
    expect(failureText(await operator.perform({ kind: 'setBatch', size: { count: 8 } }))).toEqual({
      en: '8 is too much for shop now: at most 6 of 10 pods, for 3 may be added, 2 may be missing and 1 new ones are ready. Widen in smaller steps, or raise maxSurge.',
      zh: '8 超出 shop 当前的范围：最多 10 个 Pod 中的 6 个，因为最多可额外增加 3 个、缺少 2 个，且有 1 个新 Pod 已就绪。请分更小的批次扩大，或提高 maxSurge。',
    });
  });
});

interface Scene {
  readonly operator: Operator;
  readonly namespace: string;
  readonly requests: Requests;
}

async function scene({
  minReadySeconds = 0,
  ...rollingUpdate
}: {
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  readonly minReadySeconds?: number;
}): Promise<Scene> {
  const namespace = await cluster.createNamespace('batches');
  const labels = { app: 'shop' };
  await cluster.api.ok('POST', `${apps(namespace)}/deployments`, {
    metadata: { name: 'shop' },
    spec: {
      replicas: 10,
      minReadySeconds,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: old }] } },
    },
  });
  await cluster.api.ok('POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name: 'shop' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  await cluster.waitForDeployment(namespace, 'shop');
  const operator = await operatorOf(cluster.facts.admin.kubeconfigPath, namespace);
  return { operator, namespace, requests: await requestsOf(cluster, namespace) };
}

async function start(
  operator: Operator,
  namespace: string,
  size: { readonly percent: number } | { readonly count: number },
): Promise<void> {
  const workload = { resource: deployments, namespace, name: 'shop' };
  const wish = { kind: 'startUpdate', workload, image: next, size } as const;
  await untilListed(operator, namespace);
  await done(performStartUpdate(operator.tools, wish, actor, timeout()));
}

/** What happens to the pods meanwhile. */
async function during(namespace: string, act: () => Promise<void>): Promise<PodStory> {
  const from = await markPods(cluster, namespace);
  await act();
  return podStory(cluster, namespace, from, await markPods(cluster, namespace));
}

/** Waits until all pods of the batch, and only those, are there and ready. */
async function settled(operator: Operator, pods: number): Promise<void> {
  await operator.rollout((rollout) => isSettled(rollout) && rollout.update?.updated === pods);
}

function isSettled({ update, tracks }: Rollout): boolean {
  if (update?.state !== 'held') return false;
  const isReady = tracks.every(({ workload }) => workload?.ready === workload?.replicas);
  return isReady && update.updated === update.batch && update.ready === update.batch;
}

async function done(result: ReturnType<Operator['perform']>): Promise<void> {
  expect(await result).toMatchObject({ ok: true, value: { outcome: 'written' } });
}

/** As soon as the controller has taken the hold over; before that there is nothing to do. */
async function widened(operator: Operator, count: number): Promise<void> {
  await waitFor({ what: 'a wider batch', timeoutMs: 20_000 }, async () => {
    const result = await operator.perform({ kind: 'setBatch', size: { count } });
    return result.ok && result.value.outcome === 'written'
      ? { done: undefined }
      : { seen: JSON.stringify(result) };
  });
}

async function untilListed({ session }: Operator, namespace: string): Promise<void> {
  await waitUntil({ what: 'the Deployment in the cache', timeoutMs: 30_000 }, () => {
    const snapshot = session.snapshot();
    return ['apps/deployments', 'apps/replicasets'].every(
      (resource) => snapshot.list(resource, namespace).length > 0,
    );
  });
}

async function patch(namespace: string, operations: readonly object[]): Promise<void> {
  await cluster.api.ok('PATCH', `${apps(namespace)}/deployments/shop`, operations);
}

/** What we may touch of the Deployment, as it is. */
async function specOf(namespace: string): Promise<object> {
  const response = await cluster.api.ok('GET', `${apps(namespace)}/deployments/shop`);
  const { metadata, spec } = response.json as {
    metadata: { annotations: Record<string, string> };
    spec: {
      paused?: boolean;
      minReadySeconds?: number;
      progressDeadlineSeconds: number;
      strategy: { rollingUpdate: object };
      template: { spec: { containers: [{ image: string }] } };
    };
  };
  return {
    paused: spec.paused ?? false,
    minReadySeconds: spec.minReadySeconds ?? 0,
    progressDeadlineSeconds: spec.progressDeadlineSeconds,
    ...spec.strategy.rollingUpdate,
    image: spec.template.spec.containers[0].image,
    record: metadata.annotations['cablecar/rolling-update'] ?? '',
  };
}

async function writes(requests: Requests): Promise<number> {
  return (await requests.changing()).filter((event) => !isDryRun(event)).length;
}

function apps(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}`;
}

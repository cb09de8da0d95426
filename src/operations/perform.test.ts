import { expect, test } from 'vitest';
import { FakeClock } from '../../test/support/fakeClock.ts';
import { ObjectSet } from '../../test/support/objectSet.ts';
import { err, ok } from '../base/result.ts';
import { renderer } from '../base/text.ts';
import type { Change } from '../model/change.ts';
import { deployments } from '../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type JsonObject,
  type ObjectRef,
  type ResourceId,
} from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import { deriveNamespace } from '../state/derive.ts';
import { allWatches } from '../state/watches.ts';
import { hostWords } from '../words.ts';
import type { Tools } from './execute.ts';
import { perform } from './perform.ts';
import type { ClusterPort, JournalEntry, Outcome, Preview } from './ports.ts';
import { performStartUpdate } from './start.ts';

const actor = { who: 'tester', context: 'memory' };
const toQuarter = { kind: 'setWeight', percents: { 'shop-canary': 25 } } as const;

test('a plan that comes to something else while a person reads is not sent, though its own object is as it was', async () => {
  const scene = sceneOf(shop(9));
  scene.answer = () => {
    scene.clock.advance(11_000);
    scene.edit('shop', scaled(3));
    return true;
  };
  const result = await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(result).toMatchObject({ ok: false, error: { kind: 'conflict' } });
  expect(scene.written).toEqual([]);
  expect(scene.ends).toEqual([]);
  if (result.ok) return;
  expect(renderer(hostWords, 'en')(result.error.text)).toMatch(
    /^Things have changed since this was shown: now it would be “.*”\. Nothing was written\. /,
  );
  expect(renderer(hostWords, 'zh-cn')(result.error.text)).toMatch(/^自显示以来情况已发生变化/);
});

test('what takes long before the modal opens counts as reading too', async () => {
  const scene = sceneOf(shop(9));
  scene.onSend = ({ dryRun }) => {
    if (dryRun) scene.clock.advance(11_000);
  };
  scene.answer = () => {
    scene.edit('shop', scaled(3));
    return true;
  };
  const result = await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(result).toMatchObject({ ok: false, error: { kind: 'conflict' } });
  expect(scene.written).toEqual([]);
});

test('a plan that comes to the same after a long while is sent', async () => {
  const scene = sceneOf(shop(9));
  scene.answer = () => {
    scene.clock.advance(600_000);
    return true;
  };
  const result = await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(result).toMatchObject({ ok: true, value: { outcome: 'written' } });
  expect(scene.written).toHaveLength(1);
});

test('a plan that came to nothing after a long while is not sent', async () => {
  const scene = sceneOf(shop(9));
  scene.answer = () => {
    scene.clock.advance(11_000);
    scene.edit('shop-canary', scaled(3));
    return true;
  };
  const result = await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(result).toMatchObject({
    error: { kind: 'conflict', text: { key: 'operations.conflict', args: { was: '1', now: '3' } } },
  });
  expect(scene.written).toEqual([]);
});

test('where a route may not be read, the consent says that it may be what decides', async () => {
  const scene = sceneOf(shop(9), 'networking.istio.io/virtualservices');
  await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(scene.asked.map(({ warnings }) => warnings.map(({ key, args }) => [key, args]))).toEqual([
    [
      [
        'owner.unread',
        { kinds: 'virtualservices.networking.istio.io', namespace: 'shop', service: 'shop' },
      ],
    ],
  ]);
});

test('a connection that is closed under a write leaves its end open, in what is told and in the history', async () => {
  const scene = sceneOf(shop(9));
  scene.onSend = ({ dryRun }) => {
    if (!dryRun) throw new Error('closed');
  };
  const result = await perform(scene.tools, scene.rollout(), request(toQuarter), signal());
  expect(result).toMatchObject({ error: { kind: 'unknown' } });
  expect(scene.ends).toEqual(['unknown']);
});

test('an update of a workload that a GitOps tool keeps says what that tool will do', async () => {
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const kept = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/shop' };
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: 'uid-shop' };
  const stable = deployment('shop', 9);
  const scene = sceneOf([
    withMetadata(stable, { annotations: { ...revision, ...kept } }),
    withMetadata(
      { ...stable, kind: 'ReplicaSet' },
      {
        name: 'shop-1',
        labels: { 'pod-template-hash': '1' },
        annotations: revision,
        ownerReferences: [{ ...owner, controller: true }],
      },
    ),
  ]);
  const start = {
    kind: 'startUpdate',
    workload: named('shop'),
    image: 'shop:2.0',
    size: { count: 1 },
  } as const;
  await performStartUpdate(scene.tools, start, actor, signal());
  expect(scene.asked.map(({ warnings }) => warnings.map(({ key }) => key))).toEqual([
    ['owner.argoCd'],
  ]);
});

function request(intent: typeof toQuarter): Parameters<typeof perform>[2] {
  return { intent, actor };
}

function signal(): AbortSignal {
  return AbortSignal.timeout(5000);
}

interface Scene {
  readonly clock: FakeClock;
  readonly tools: Tools;
  readonly asked: Preview[];
  readonly written: Change[];
  readonly ends: Outcome[];
  answer: () => boolean;
  onSend: (how: { readonly dryRun: boolean }) => void;
  readonly edit: (name: string, change: (object: JsonObject) => JsonObject) => void;
  readonly rollout: () => Rollout;
}

/** A cluster with these objects in which nobody but the test does anything, and somebody who acts on it. */
function sceneOf(objects: readonly JsonObject[], unread?: ResourceId): Scene {
  let set = new ObjectSet(objects, allWatches());
  const snapshot = (): ClusterSnapshot => ({
    ...set.snapshot,
    isComplete: (resource) => resource !== unread,
  });
  const clock = new FakeClock();
  const scene: Omit<Scene, 'tools'> = {
    clock,
    asked: [],
    written: [],
    ends: [],
    answer: () => true,
    onSend: () => undefined,
    edit: (name, change) => {
      const edited = set.objects.map((object) =>
        object === set.find(named(name)) ? change(object) : object,
      );
      set = new ObjectSet(edited, allWatches());
    },
    rollout: () => {
      const [rollout] = deriveNamespace(snapshot(), 'shop').rollouts;
      if (rollout === undefined) throw new Error('no rollout');
      return rollout;
    },
  };
  const read = (ref: ObjectRef): ReturnType<ClusterPort['fetch']> => {
    const raw = set.find(ref);
    const object = set.snapshot.get(resourceId(ref.resource), ref.namespace, ref.name);
    return Promise.resolve(
      raw === undefined || object === undefined
        ? err({ kind: 'notFound', text: { key: 'cluster.notFound', args: { what: refText(ref) } } })
        : ok({ raw, object }),
    );
  };
  const cluster: ClusterPort = {
    fetch: read,
    send: async (change, how) => {
      scene.onSend(how);
      const kept = set;
      set = set.after({ summary: { key: 'x', args: {} }, changes: [change] });
      const answer = await read(change.target);
      if (how.dryRun) set = kept;
      else scene.written.push(change);
      return answer;
    },
    allows: () => Promise.resolve(ok(true)),
    snapshot,
    served: (resource) => resource,
    lastWriter: () => undefined,
  };
  const journal = {
    begin: (_entry: JournalEntry) => Promise.resolve(),
    finish: (_id: string, outcome: Outcome) => {
      scene.ends.push(outcome);
      return Promise.resolve();
    },
  };
  const consent = (preview: Preview): Promise<boolean> => {
    scene.asked.push(preview);
    return Promise.resolve(scene.answer());
  };
  const tools: Tools = { cluster, journal, clock, newId: () => 'id', consent };
  return Object.assign(scene, { tools });
}

function named(name: string): ObjectRef {
  return { resource: deployments, namespace: 'shop', name };
}

function scaled(replicas: number): (object: JsonObject) => JsonObject {
  return (object) => ({ ...object, spec: { ...(object['spec'] as JsonObject), replicas } });
}

/** Service `shop` with a stable version of so many pods and a canary of one. */
function shop(stablePods: number): readonly JsonObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'shop', uid: 'uid-service' },
      spec: { selector: { app: 'shop' } },
    },
    deployment('shop', stablePods),
    deployment('shop-canary', 1),
  ];
}

function withMetadata(object: JsonObject, metadata: JsonObject): JsonObject {
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), ...metadata } };
}

function deployment(name: string, replicas: number): JsonObject {
  const labels = { app: 'shop', track: name };
  const pods = { replicas, updatedReplicas: replicas, readyReplicas: replicas };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', image: `shop:${name}` }] },
      },
    },
    status: { observedGeneration: 1, ...pods, availableReplicas: replicas },
  };
}

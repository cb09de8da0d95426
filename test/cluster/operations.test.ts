import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/model/intent.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import type { ObjectRef, Resource } from '../../src/model/objects.ts';
import { previewIntent, undo } from '../../src/operations/perform.ts';
import { missingPermission } from '../../src/operations/permissions.ts';
import { performStart } from '../../src/operations/start.ts';
import { inverseOf } from '../../src/editor/history.ts';
import { canaryKinds, createCanary, pathOf, type CanaryKind } from '../support/canaries.ts';
import {
  actor,
  bothLanguages,
  failureText,
  operatorOf,
  setWeight,
  timeout,
  type Operator,
} from '../support/operator.ts';
import { forbidByPolicy, mutateByPolicy } from '../support/policies.ts';
import { expectPlanned, isDryRun, isWritten, requestsOf, shortly } from '../support/requests.ts';
import type { AuditEvent } from '../testbed/auditLog.ts';
import { waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

describe.each(canaryKinds)('what is written for $backend', (kind) => {
  const { percent, route } = kind;

  test('a weight is one patch, exactly the planned one, after its dry run; undo puts the object back', async () => {
    const { operator, namespace } = await scene(kind);
    const before = await specOf(kind, namespace);
    const rollout = await operator.rollout();
    expect(rollout.canaryShare).toBe(percent.now / 100);
    const audit = await requestsOf(cluster, namespace);
    const done = await operator.perform(setWeight(rollout, percent.wanted));
    expect(done).toMatchObject({ ok: true, value: { outcome: 'written' } });
    const [dryRun, write, ...more] = await audit.changing();
    expect(more).toEqual([]);
    expectPlanned(dryRun, operator.asked[0]?.changes, { dryRun: true });
    expectPlanned(write, operator.asked[0]?.changes, { dryRun: false });
    expect(await specOf(kind, namespace)).toEqual(specIn(operator.asked[0]?.objects[0]?.after));
    expect(await lastManager(kind, namespace)).toBe('cablecar');
    const after = await operator.rollout((r) => r.canaryShare === percent.wanted / 100);
    expect(after.id).toBe(rollout.id);

    expect(await undoNewest(operator)).toMatchObject({ ok: true, value: { outcome: 'written' } });
    expect(await specOf(kind, namespace)).toEqual(before);
    const all = await audit.changing();
    expect(all.map(isDryRun)).toEqual([true, false, true, false]);
    expectPlanned(all[3], operator.asked[1]?.changes, { dryRun: false });
    const { entries } = await operator.reopenHistory();
    expect(entries.map(({ intent, outcome }) => [intent, outcome])).toEqual([
      ['undo', 'written'],
      ['setWeight', 'written'],
    ]);
  });

  test('a rollback is one read before consent and one patch after it, and nothing else', async () => {
    const { operator, namespace } = await scene(kind);
    await operator.rollout();
    const before = await specOf(kind, namespace);
    const audit = await requestsOf(cluster, namespace);
    let readBefore: readonly AuditEvent[] = [];
    operator.answer = async () => {
      readBefore = await audit.all();
      return true;
    };
    const done = await operator.perform({ kind: 'rollback' });
    expect(done).toMatchObject({ ok: true, value: { outcome: 'written' } });
    expect(readBefore.map(({ verb }) => verb)).toEqual(['get']);
    const all = await audit.all();
    expect(all.map(({ verb }) => verb)).toEqual(['get', 'patch']);
    expectPlanned(all[1], operator.asked[0]?.changes, { dryRun: false });
    const rolledBack = await waitForShare(operator, namespace, 0);
    expect(rolledBack).toBe(0);

    expect(await undoNewest(operator)).toMatchObject({ ok: true });
    expect(await specOf(kind, namespace)).toEqual(before);
  });

  test('a promotion is one patch, exactly the planned one, and undo puts the object back', async () => {
    const { operator, namespace } = await scene(kind);
    await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    const before = new Map<string, unknown>();
    operator.answer = async () => {
      for (const name of await objectNames(kind, namespace))
        before.set(name, await specAt(kind, namespace, name));
      return true;
    };
    const done = await operator.perform({ kind: 'promote' });
    expect(done).toMatchObject({ ok: true, value: { outcome: 'written' } });
    const [dryRun, write, ...more] = await audit.changing();
    expect(more).toEqual([]);
    expectPlanned(dryRun, operator.asked[0]?.changes, { dryRun: true });
    expectPlanned(write, operator.asked[0]?.changes, { dryRun: false });
    const specs = await Promise.all(
      [...before.keys()].map((name) => specAt(kind, namespace, name)),
    );
    expect(specs).not.toEqual([...before.values()]);

    operator.answer = () => true;
    expect(await undoNewest(operator)).toMatchObject({ ok: true });
    for (const [name, spec] of before) expect(await specAt(kind, namespace, name)).toEqual(spec);
  });

  test('what is there already is not written again, and nobody is asked', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    const done = await operator.perform(setWeight(rollout, percent.now));
    expect(done).toMatchObject({ ok: true, value: { outcome: 'nothingToDo' } });
    expect(operator.asked).toEqual([]);
    expect(await audit.changing()).toEqual([]);
  });

  test('a preview is a dry run and no more, and shows the whole object as the server would have it', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    const intent = setWeight(rollout, percent.wanted);
    const preview = await previewIntent(operator.tools, rollout, { intent, actor }, timeout());
    if (!preview.ok) throw new Error(failureText(preview).en);
    expect((await audit.changing()).map(isDryRun)).toEqual([true]);
    const [object] = preview.value.objects;
    expect(specIn(object?.before)).toEqual(await specOf(kind, namespace));
    expect(specIn(object?.after)).not.toEqual(await specOf(kind, namespace));
  });

  test('cancelled: nothing is written, nothing is recorded', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    operator.answer = () => false;
    for (const intent of intentsOf(setWeight(rollout, percent.wanted)))
      expect(await operator.perform(intent)).toMatchObject({ error: { kind: 'cancelled' } });
    await audit.expectNoWrites();
    expect((await operator.reopenHistory()).entries).toEqual([]);
  });

  test('owned by a controller: refused before any dry run, with the way that works', async () => {
    const { operator, namespace } = await scene(kind);
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
    const rollout = await operator.rollout(({ owner }) => owner !== undefined);
    const audit = await requestsOf(cluster, namespace);
    for (const intent of intentsOf(setWeight(rollout, percent.wanted))) {
      const refused = await operator.perform(intent);
      expect(refused).toMatchObject({ error: { kind: 'refused' } });
      expect(failureText(refused)).toEqual({
        en:
          `Flagger decides the split of ${rollout.id}, so nothing was written. ` +
          `Flagger would set the weights back at its next tick: edit Canary ${namespace}/shop instead.`,
        zh:
          `${rollout.id} 的流量切分由 Flagger 决定，因此没有写入任何内容。` +
          `Flagger 会在下一个周期把权重改回去：请改为编辑 Canary ${namespace}/shop。`,
      });
    }
    expect(operator.asked).toEqual([]);
    expect(await audit.changing()).toEqual([]);
  });

  test('forbidden: the missing verb is known before, and a try anyway stops at the server, unwritten', async () => {
    const namespace = await createCanary(cluster, kind);
    const { user, kubeconfigPath } = await cluster.createTokenUser(namespace, 'viewer');
    await allowReading(namespace, user);
    const operator = await operatorOf(kubeconfigPath, namespace);
    const rollout = await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    const intent = setWeight(rollout, percent.wanted);
    const missing = await missingPermission(operator.session, rollout, intent, timeout());
    if (missing === undefined) throw new Error('nothing missing');
    const { plural, group } = kind.resource;
    expect(bothLanguages(missing)).toEqual({
      en: `You may not patch ${plural}.${group} in the namespace ${namespace}. Ask for that verb in a Role.`,
      zh: `您在命名空间 ${namespace} 中没有对 ${plural}.${group} 的 patch 权限。请在 Role 中申请该权限。`,
    });
    const said =
      `${plural}.${group} "${route.name}" is forbidden: User "${user}" cannot patch resource ` +
      `"${plural}" in API group "${group}" in the namespace "${namespace}".`;
    for (const one of [intent, { kind: 'rollback' } as const]) {
      const refused = await operator.perform(one);
      expect(refused).toMatchObject({ error: { kind: 'refused' } });
      expect(failureText(refused)).toEqual({
        en: `${route.kind} ${namespace}/${route.name}: The cluster does not allow it: ${said} Nothing was written.`,
        zh: `${route.kind} ${namespace}/${route.name}：集群不允许此操作：${said}未写入任何内容。`,
      });
    }
    await audit.expectNoWrites();
    // Only the rollback, which has no dry run, got as far as the modal and the history.
    expect(operator.asked).toHaveLength(1);
    expect((await operator.reopenHistory()).entries.map(({ outcome }) => outcome)).toEqual([
      'notWritten',
    ]);
  });

  test('changed by somebody else after the preview: nothing is written, the other writer and both values are named', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const audit = await requestsOf(cluster, namespace);
    const { patch, was, now } = kind.foreignEdit;
    operator.answer = async () => {
      await nextSecond();
      const target = [`${kind.resource.plural}.${kind.resource.group}`, route.name];
      await cluster.kubectl(['patch', ...target, '-n', namespace, '--type=json', '-p', patch]);
      return true;
    };
    const conflict = await operator.perform(setWeight(rollout, percent.wanted));
    expect(conflict).toMatchObject({ error: { kind: 'conflict' } });
    const object = `${route.kind} ${namespace}/${route.name}`;
    const { en, zh } = failureText(conflict);
    expect(withoutTime(en)).toBe(
      `${object} was changed by kubectl-patch TIME (${was} → ${now}). Nothing was written. Look at it and try again.`,
    );
    expect(withoutTime(zh)).toBe(
      `${object} 已被 kubectl-patch 于TIME修改（${was} → ${now}），未写入任何内容。请查看后重试。`,
    );
    await audit.expectNoWrites();
    expect((await operator.reopenHistory()).entries.map(({ outcome }) => outcome)).toEqual([
      'notWritten',
    ]);
  });

  test('two people who send at once: one writes, the other learns who was first', async () => {
    const { operator: first, namespace } = await scene(kind);
    const second = await operatorOf(cluster.facts.admin.kubeconfigPath, namespace);
    const rollout = await first.rollout();
    await second.rollout();
    const audit = await requestsOf(cluster, namespace);
    let reading = 0;
    first.answer = second.answer = async () => {
      reading += 1;
      await waitUntil({ what: 'the other', timeoutMs: 20_000 }, () => reading === 2);
      await nextSecond();
      return true;
    };
    const results = await Promise.all([
      first.perform(setWeight(rollout, percent.wanted)),
      second.perform({ kind: 'rollback' }),
    ]);
    const [lost, ...more] = results.filter((result) => !result.ok);
    expect(more).toEqual([]);
    expect(lost).toMatchObject({ error: { kind: 'conflict' } });
    if (lost === undefined) throw new Error('both won');
    expect(withoutTime(failureText(lost).en)).toMatch(
      / was changed by cablecar TIME \(\d+ → \d+\)\./,
    );
    expect((await audit.changing()).filter(isWritten)).toHaveLength(1);
  });

  test('deleted, and made anew, while somebody reads the modal: nothing is written to the other object', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    const path = pathOf(route.collection, namespace, route.name);
    const body = kind.objects.find(
      (object) =>
        (object.body as { kind?: string; metadata: { name: string } }).kind === route.kind &&
        (object.body as { metadata: { name: string } }).metadata.name === route.name,
    )?.body;
    const audit = await requestsOf(cluster, namespace);
    let remake = true;
    operator.answer = async () => {
      await cluster.api.ok('DELETE', `${path}?propagationPolicy=Background`);
      await waitUntil(
        { what: 'its end', timeoutMs: 20_000 },
        async () => (await cluster.api.request('GET', path)).status === 404,
      );
      if (remake) await cluster.api.ok('POST', pathOf(route.collection, namespace), body);
      return true;
    };
    const uid = await uidAt(path);
    const conflict = await operator.perform(setWeight(rollout, percent.wanted));
    expect(conflict).toMatchObject({ error: { kind: 'conflict' } });
    expect(withoutTime(failureText(conflict).en)).toBe(
      `${route.kind} ${namespace}/${route.name} was changed by testbed TIME ("${uid}" → "${await uidAt(path)}"). ` +
        'Nothing was written. Look at it and try again.',
    );
    remake = false;
    await cluster.waitForDeployment(namespace, 'shop-canary');
    const gone = await operator.perform({ kind: 'rollback' });
    expect(failureText(gone)).toEqual({
      en: `${route.kind} ${namespace}/${route.name} is gone. Nothing was written. Refresh the view to see what is there now.`,
      zh: `${route.kind} ${namespace}/${route.name} 已不存在，未写入任何内容。请刷新视图查看当前状态。`,
    });
    await audit.expectNoWrites();
  });

  test('refused by a policy of the cluster: its words are shown, and nothing is written', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    await forbidByPolicy(cluster, kind, namespace, 'No releases on Fridays.');
    const audit = await requestsOf(cluster, namespace);
    const refused = await operator.perform(setWeight(rollout, percent.wanted));
    expect(refused).toMatchObject({ error: { kind: 'refused' } });
    const object = `${route.kind} ${namespace}/${route.name}`;
    const { plural, group } = kind.resource;
    const said =
      `${plural}.${group} "${route.name}" is forbidden: ValidatingAdmissionPolicy '${namespace}' ` +
      `with binding '${namespace}' denied request: No releases on Fridays.`;
    expect(failureText(refused)).toEqual({
      en: `${object}: The cluster refused the content: ${said} Nothing was written.`,
      zh: `${object}：集群拒绝了该内容：${said}未写入任何内容。`,
    });
    await audit.expectNoWrites();
    expect(operator.asked).toEqual([]);
  });
});

describe('a canary that is started', () => {
  const [kind] = canaryKinds.filter(({ backend }) => backend === 'replica-split');
  if (kind === undefined) throw new Error('no such kind');

  test('is one created object; undo deletes exactly it; to end it is one deletion', async () => {
    const namespace = await createCanary(cluster, kind);
    const apps = pathOf(kind.route.collection, namespace);
    await cluster.api.ok('DELETE', `${apps}/shop-canary?propagationPolicy=Background`);
    const operator = await operatorOf(cluster.facts.admin.kubeconfigPath, namespace);
    const shop = (resource: Resource): ObjectRef => ({ resource, namespace, name: 'shop' });
    const start = {
      kind: 'startCanary',
      service: shop(services),
      workload: shop(deployments),
      image: 'registry.shop.example/shop:v3',
    } as const;
    await waitUntil(
      { what: 'the stable alone in the cache', timeoutMs: 30_000 },
      () =>
        operator.session.status.kind === 'live' &&
        operator.session.snapshot().list('apps/deployments', namespace).length === 1,
    );
    const audit = await requestsOf(cluster, namespace);
    const started = await performStart(operator.tools, start, actor, timeout());
    if (!started.ok) throw new Error(failureText(started).en);
    expect((await audit.changing()).map(shortly)).toEqual(['create dry', 'create']);
    const [create] = operator.asked[0]?.changes.changes ?? [];
    if (create?.kind !== 'create') throw new Error('not a creation');
    const uid = await uidAt(`${apps}/shop-canary`);
    expect(await undoNewest(operator)).toMatchObject({ ok: true });
    const [, , deletion] = await audit.changing();
    expect(deletion?.requestObject).toMatchObject({ preconditions: { uid } });
    await waitUntil(
      { what: 'its end', timeoutMs: 20_000 },
      async () => (await cluster.api.request('GET', `${apps}/shop-canary`)).status === 404,
    );

    expect(await performStart(operator.tools, start, actor, timeout())).toMatchObject({ ok: true });
    const rollout = await operator.rollout();
    expect(rollout.canaryShare).toBe(0.25);
    const ended = await operator.perform({ kind: 'endCanary' });
    if (!ended.ok) throw new Error(failureText(ended).en);
    expect((await audit.changing()).map(shortly).slice(3)).toEqual([
      'create dry',
      'create',
      'delete',
    ]);
  });

  test('a server that would store something else than what was planned is found out by the dry run', async () => {
    const { operator, namespace } = await scene(kind);
    const rollout = await operator.rollout();
    await mutateByPolicy(cluster, namespace, 7);
    const audit = await requestsOf(cluster, namespace);
    const refused = await operator.perform(setWeight(rollout, 50));
    expect(failureText(refused)).toEqual({
      en:
        `The server would change what is sent: Deployment ${namespace}/shop-canary would get 7 at /spec/replicas, not 3. ` +
        'Nothing was written. Look for an admission webhook.',
      zh:
        `服务器会改动所发送的内容：Deployment ${namespace}/shop-canary 在 /spec/replicas 处将得到 7，而不是 3。` +
        '未写入任何内容。请检查准入 Webhook。',
    });
    await audit.expectNoWrites();
    // A rollback asks for no dry run: what the server stored is told from its answer, and the history says that it was written.
    const told = await operator.perform({ kind: 'rollback' });
    expect(failureText(told).en).toBe(
      `The server stored something else: Deployment ${namespace}/shop-canary has 7 at /spec/replicas, not 0. ` +
        'Roll back or undo, and look for an admission webhook.',
    );
    expect((await operator.reopenHistory()).entries[0]?.outcome).toBe('written');
  });
});

/** The canary in a namespace of its own, and somebody who acts on it as the admin. */
async function scene(kind: CanaryKind): Promise<{ operator: Operator; namespace: string }> {
  const namespace = await createCanary(cluster, kind);
  return { namespace, operator: await operatorOf(cluster.facts.admin.kubeconfigPath, namespace) };
}

function intentsOf(weight: Intent): readonly Intent[] {
  return [weight, { kind: 'promote' }, { kind: 'rollback' }];
}

async function undoNewest(operator: Operator): ReturnType<typeof undo> {
  const [entry] = operator.history.entries;
  const inverse = entry && inverseOf(entry);
  if (entry === undefined || inverse === undefined) throw new Error('nothing to undo');
  const undone = { ...entry, changes: { ...entry.changes, inverse } };
  return undo(operator.tools, undone, actor, timeout());
}

function specIn(object: unknown): unknown {
  return (object as { readonly spec?: unknown } | undefined)?.spec;
}

function specOf(kind: CanaryKind, namespace: string): Promise<unknown> {
  return specAt(kind, namespace, kind.route.name);
}

async function specAt(kind: CanaryKind, namespace: string, name: string): Promise<unknown> {
  const path = pathOf(kind.route.collection, namespace, name);
  return specIn((await cluster.api.ok('GET', path)).json);
}

async function objectNames(kind: CanaryKind, namespace: string): Promise<readonly string[]> {
  const response = await cluster.api.ok('GET', pathOf(kind.route.collection, namespace));
  return (response.json as { items: { metadata: { name: string } }[] }).items.map(
    (i) => i.metadata.name,
  );
}

async function uidAt(path: string): Promise<string> {
  const response = await cluster.api.ok('GET', path);
  return (response.json as { metadata: { uid: string } }).metadata.uid;
}

async function lastManager(kind: CanaryKind, namespace: string): Promise<string | undefined> {
  const path = pathOf(kind.route.collection, namespace, kind.route.name);
  const { metadata } = (await cluster.api.ok('GET', path)).json as {
    metadata: { managedFields: { manager: string }[] };
  };
  return metadata.managedFields.find(({ manager }) => manager === 'cablecar')?.manager;
}

/** "just now", "3 s ago" and the like. */
function withoutTime(sentence: string): string {
  return sentence.replace(/just now|\d+ s ago|刚才|\d+ 秒前/, 'TIME');
}

/** The times of writes are whole seconds: in the same one it would not be clear who was last. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1000);
  await waitUntil(
    { what: 'the next second', timeoutMs: 3000 },
    () => Date.now() / 1000 >= second + 1,
  );
}

async function waitForShare(operator: Operator, namespace: string, share: number): Promise<number> {
  const now = (): number =>
    deriveNamespace(operator.session.snapshot(), namespace).rollouts[0]?.canaryShare ?? -1;
  await waitUntil({ what: 'the watch to report it', timeoutMs: 10_000 }, () => now() === share);
  return now();
}

async function allowReading(namespace: string, user: string): Promise<void> {
  const base = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await cluster.api.ok('POST', `${base}/roles`, {
    metadata: { name: 'reader' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  });
  await cluster.api.ok('POST', `${base}/rolebindings`, {
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
  });
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { ClusterSession } from '../../src/cluster/session.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { leaseRef } from '../../src/operations/run/lease.ts';
import { objectsToWrite } from '../../src/operations/run/needs.ts';
import { routeUidOf } from '../../src/operations/run/seen.ts';
import { startJob } from '../../src/operations/run/startJob.ts';
import { jobManifests, jobName } from '../../src/release/manifests.ts';
import type { ReleasePlan } from '../../src/release/plan.ts';
import { readPlan } from '../../src/release/schema.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { allWatches } from '../../src/state/watches.ts';
import { bundleJob, type JobBundle } from '../support/jobBundle.ts';
import { sessionTo } from '../support/clusterTarget.ts';
import { actor } from '../support/operator.ts';
import { start, type Testbed } from '../testbed/index.ts';
import { runPodOf, type PodProcess } from '../testbed/kubelet.ts';
import { waitFor } from '../testbed/processes.ts';
import { loadShop } from '../testbed/shop/loadShop.ts';

const NAMESPACE = 'default';
let testbed: Testbed;
let session: ClusterSession;
let bundle: JobBundle;
const pods: PodProcess[] = [];

// A testbed of its own, with traffic: Prometheus must see what the routes do.
beforeAll(async () => {
  [testbed, bundle] = await Promise.all([
    start({
      controlPlane: { crds: ['istio', 'gateway-api', 'flagger'] },
      prometheus: true,
      dataPlane: { seed: 7 },
      traffic: { rate: 300, services: [{ service: 'shop', namespace: NAMESPACE, weight: 1 }] },
    }),
    bundleJob(),
  ]);
  await loadShop(testbed.controlPlane);
  const { kubeconfigPath } = testbed.controlPlane.facts.admin;
  session = await sessionTo(kubeconfigPath, { watched: allWatches(), log: () => undefined });
  session.follow();
  await waitFor({ what: 'the shop', timeoutMs: 60_000 }, () =>
    session.status.kind === 'live' && shop() !== undefined ? { done: undefined } : { seen: '' },
  );
  // Rules with conditions would send to the canary whatever its weight is.
  await patchRoute([0, 0].map(() => ({ op: 'remove', path: '/spec/http/0' })));
  await setPercent(0);
}, 300_000);

afterAll(async () => {
  for (const pod of pods) pod.kill('SIGKILL');
  session.dispose();
  await Promise.all([testbed.stop(), bundle.remove()]);
});

test('a good release walks 5, 25, 50 and is promoted by a Job with only the rights of its Role', async () => {
  await behave('0.0005');
  const id = await createJob('good', planText('good'));
  const pod = await runPod(id);
  expect(await pod.ended, pod.output()).toBe(0);
  expect(pod.output()).toMatch(/cablecar: result=promoted/);
  for (const step of ['1 of 3', '2 of 3', '3 of 3']) expect(pod.output()).toContain(`step ${step}`);
  expect(percent()).toBe(100);
  await setPercent(0);
}, 240_000);

test('a canary with 20 % errors is taken back by the judge; a Job that is killed in mid step is followed by another', async () => {
  await behave('0.0005');
  const id = await createJob('bad', planText('bad'));
  const first = await runPod(id);
  await reaches(5);
  first.kill('SIGKILL');
  await first.ended;
  const second = await runPod(id);
  await waitFor({ what: 'the second pod to go on', timeoutMs: 90_000 }, () =>
    /observing/.test(second.output()) ? { done: undefined } : { seen: second.output() },
  );
  const since = performance.now();
  await behave('0.2');
  expect(await second.ended, second.output()).toBe(3);
  process.stdout.write(
    `Back at 0 % ${String(Math.round(performance.now() - since))} ms after the fault.\n`,
  );
  expect(second.output()).toMatch(/cablecar: result=rolledBack reason=.*fail/);
  expect(percent()).toBe(0);
}, 240_000);

test('without the right to write the route the Job begins nothing', async () => {
  await behave('0.0005');
  const id = await createJob('forbidden', planText('forbidden'));
  const { kubectl } = testbed.controlPlane;
  const role = JSON.stringify([
    { op: 'replace', path: '/rules', value: await rulesWithout(id, 'virtualservices') },
  ]);
  await kubectl(['patch', 'role', jobName(id), '-n', NAMESPACE, '--type=json', '-p', role]);
  const pod = await runPod(id);
  expect(await pod.ended, pod.output()).toBe(4);
  expect(pod.output()).toMatch(/result=refused reason=.*virtualservices/);
  expect(percent()).toBe(0);
}, 120_000);

function planText(name: string): string {
  return [
    'apiVersion: cablecar/v1alpha1',
    'kind: ReleasePlan',
    `name: ${name}`,
    'scope: { service: shop, namespace: default }',
    'interval: 5s',
    'steps:',
    ...[5, 25, 50].map(
      (weight) => `  - { weight: ${String(weight)}%, minTime: 10s, minRequests: 100 }`,
    ),
    'metrics:',
    '  - { kind: errorRatio, max: 5% }',
    'onSuccess: promote',
    'runBy: job',
    '',
  ].join('\n');
}

/** As the editor's command does it: the objects are created by the admin, on the real API server. */
async function createJob(id: string, text: string): Promise<string> {
  const plan = planOf(text);
  const rollout = shop();
  if (rollout === undefined) throw new Error('There is no rollout of the shop.');
  const routeUid = routeUidOf(session.snapshot(), rollout);
  const manifests = jobManifests({
    id,
    namespace: NAMESPACE,
    plan: text,
    deadlineSeconds: plan.rollback.deadlineSeconds,
    program: bundle.text,
    image: 'node:24-alpine',
    reads: allWatches(),
    writes: objectsToWrite(plan, rollout),
    lease: leaseRef({ namespace: NAMESPACE, routeUid }).name,
    prometheus: testbed.prometheus?.url ?? '',
  });
  const tools = {
    cluster: session,
    clock: systemClock,
    newId: randomUUID,
    consent: () => Promise.resolve(true),
    journal: { begin: () => Promise.resolve(), finish: () => Promise.resolve() },
  };
  const run = { rolloutId: rollout.id, actor };
  expect(await startJob(tools, manifests, run, AbortSignal.timeout(30_000))).toMatchObject({
    ok: true,
  });
  return id;
}

async function runPod(id: string): Promise<PodProcess> {
  const pod = await runPodOf(testbed.controlPlane, NAMESPACE, jobName(id));
  pods.push(pod);
  return pod;
}

async function rulesWithout(id: string, resource: string): Promise<unknown> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/roles/${jobName(id)}`;
  const { rules } = (await testbed.controlPlane.api.ok('GET', path)).json as {
    readonly rules: readonly {
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
    }[];
  };
  return rules.filter(
    ({ resources, verbs }) => !(resources.includes(resource) && verbs.includes('patch')),
  );
}

function planOf(text: string): ReleasePlan {
  const plan = readPlan(text);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function shop(): Rollout | undefined {
  return deriveNamespace(session.snapshot(), NAMESPACE).rollouts.find(
    ({ service }) => service === 'shop',
  );
}

function percent(): number {
  return Math.round((shop()?.canaryShare ?? NaN) * 100);
}

async function reaches(wanted: number): Promise<void> {
  await waitFor({ what: `${String(wanted)} %`, timeoutMs: 90_000 }, () =>
    percent() === wanted ? { done: undefined } : { seen: String(percent()) },
  );
}

async function setPercent(wanted: number): Promise<void> {
  await patchRoute(
    [100 - wanted, wanted].map((value, index) => ({
      op: 'replace',
      path: `/spec/http/0/route/${String(index)}/weight`,
      value,
    })),
  );
  await reaches(wanted);
}

async function patchRoute(operations: readonly object[]): Promise<void> {
  const patch = JSON.stringify(operations);
  const args = ['patch', 'virtualservice', 'shop', '-n', NAMESPACE, '--type=json', '-p', patch];
  await testbed.controlPlane.kubectl(args);
}

async function behave(errorRatio: string): Promise<void> {
  const annotation = `demo.cablecar/error-ratio=${errorRatio}`;
  await testbed.controlPlane.kubectl([
    'annotate',
    '--overwrite',
    'deployment',
    'shop-v2-4-1',
    '-n',
    NAMESPACE,
    annotation,
  ]);
}

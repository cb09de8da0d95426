import { expect, test } from 'vitest';
import type { Intent } from '../../src/model/intent.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { perform, undo } from '../../src/operations/perform.ts';
import { inverseOf } from '../../src/editor/history.ts';
import { actor, operatorOf, setWeight, timeout, type Operator } from '../support/operator.ts';
import { expectPlanned, requestsOf, shortly, type Requests } from '../support/requests.ts';
import { loadService } from '../testbed/shop/loadShop.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

test('0 % and a promotion by swap on the shop: a dry run and exactly the planned patch each', async () => {
  const { operator, audit } = await scene('shop');
  const rollout = await operator.rollout();
  expect(rollout.promotion).toEqual({ style: 'swap' });
  await write(operator, rollout, setWeight(rollout, 0));
  await expectWrites(operator, audit, [['patch dry', 'patch']]);
  const emptied = await operator.rollout(({ canaryShare }) => canaryShare === 0);
  expect(sharesOf(emptied)).toContainEqual(['primary', [1, 0]]);

  await write(operator, emptied, { kind: 'promote' });
  await expectWrites(operator, audit, [
    ['patch dry', 'patch'],
    ['patch dry', 'patch'],
  ]);
  const promoted = await operator.rollout(({ canaryShare }) => canaryShare === 1);
  expect(sharesOf(promoted)).toContainEqual(['primary', [0, 1]]);
});

test('a rollback and its undo on the recommendations: one patch without a dry run, and one with it', async () => {
  const { operator, audit } = await scene('recommendations');
  const rollout = await operator.rollout();
  const { canaryShare } = rollout;
  expect(canaryShare).toBeCloseTo(1 / 6, 9);
  await write(operator, rollout, { kind: 'rollback' });
  await expectWrites(operator, audit, [['patch']]);

  const [entry] = operator.history.entries;
  const inverse = entry && inverseOf(entry);
  if (entry === undefined || inverse === undefined) throw new Error('nothing to undo');
  const undone = { ...entry, changes: { ...entry.changes, inverse } };
  expect(await undo(operator.tools, undone, actor, timeout())).toMatchObject({ ok: true });
  await expectWrites(operator, audit, [['patch'], ['patch dry', 'patch']]);
  const back = await operator.rollout((now) => now.canaryShare === canaryShare);
  expect(back.id).toBe(rollout.id);
});

async function scene(service: string): Promise<{ operator: Operator; audit: Requests }> {
  const namespace = await cluster.createNamespace(service);
  await loadService(cluster, service, namespace);
  const operator = await operatorOf(cluster.facts.admin.kubeconfigPath, namespace);
  await operator.rollout();
  return { operator, audit: await requestsOf(cluster, namespace) };
}

async function write(operator: Operator, rollout: Rollout, intent: Intent): Promise<void> {
  const done = await perform(operator.tools, rollout, { intent, actor }, timeout());
  expect(done).toMatchObject({ ok: true, value: { outcome: 'written' } });
}

/** The requests of each action in order, every one of them exactly what its modal showed. */
async function expectWrites(
  operator: Operator,
  audit: Requests,
  actions: readonly (readonly string[])[],
): Promise<void> {
  const events = await audit.changing();
  expect(events.map(shortly)).toEqual(actions.flat());
  const asked = actions.flatMap((requests, index) => requests.map(() => operator.asked[index]));
  for (const [index, event] of events.entries())
    expectPlanned(event, asked[index]?.changes, { dryRun: shortly(event).endsWith('dry') });
}

function sharesOf({ rules }: Rollout): readonly (readonly [string, readonly number[]])[] {
  return rules.map(({ id, destinations }) => [id, destinations.map(({ share }) => share)]);
}

import { expect, test } from 'vitest';
import { CommandBench, type Scene } from '../../../test/support/commandBench.ts';
import { aContext, aRollout } from '../../../test/support/inventory.ts';
import { small, withMetric } from '../../../test/support/plans.ts';
import { ok } from '../../base/result.ts';
import type { MetricName, TrackSeries } from '../../model/metrics.ts';
import { readPlan } from '../../release/schema.ts';
import { runCommand } from '../commands/handlers.ts';

async function run(id: Parameters<typeof runCommand>[1], scene: Scene = {}): Promise<CommandBench> {
  const bench = new CommandBench(scene);
  await runCommand(bench.ctx, id, undefined);
  expect(bench.logged).toEqual([]);
  return bench;
}

const series = (trackId: string, metric: MetricName, value: number): TrackSeries => ({
  trackId,
  metric,
  series: { points: [] },
  reading: { kind: 'value', value, atSeconds: 0 },
});
const readings = ok([
  series('stable', 'requestsPerSecond', 72),
  series('canary', 'requestsPerSecond', 8),
  series('stable', 'successRatio', 0.99),
]);

test('New Release Plan looks at the traffic and opens a plan that has no problems', async () => {
  const { created } = await run('cablecar.newReleasePlan', { readings });
  expect(created[0]).toBe('shop.cablecar.yaml');
  expect(created[1]).toContain('80 requests/s');
  expect(readPlan(created[1] ?? '').ok).toBe(true);
});

test('New Release Plan needs no Prometheus', async () => {
  const { created } = await run('cablecar.newReleasePlan');
  expect(created[1]).toContain('# No Prometheus answered');
  expect(readPlan(created[1] ?? '').ok).toBe(true);
});

test('New Release Plan says why a split cannot be set', async () => {
  const reason = { key: 'tree.noCanary', args: {} };
  const rollout = aRollout({ weights: { kind: 'none', reason } });
  const focused = { context: 'kind-dev', rolloutId: rollout.id };
  const contexts = [aContext({ rollouts: [rollout] })];
  const bench = await run('cablecar.newReleasePlan', { contexts, focused });
  expect(bench.ui.shown).toEqual([
    'fail: No plan was written: the split of shop cannot be set here. no canary',
  ]);
  expect(bench.created).toEqual([]);
});

test('Export Alert Rule writes rules with the queries of the back end, and copies the entry', async () => {
  const bench = await run('cablecar.exportAlertRule', {
    plan: small,
    answers: ['Rule file', 'Copy Entry'],
  });
  expect(bench.created[0]).toBe('shop-alerts.yaml');
  expect(bench.created[1]).toContain('destination_workload="shop-canary"');
  expect(bench.ui.copied).toEqual(['- cablecar_plan="default/shop"']);
});

test.each<[string, Scene, string]>([
  [
    'no plan is open',
    {},
    'inform: No release plan is open. Its file name ends with .cablecar.yaml.',
  ],
  ['the plan is wrong', { plan: 'kind: x' }, 'fail: This plan has 4 problems.'],
  [
    'there is no limit',
    { plan: withMetric('kind: errorRatio', 'compare: stable') },
    'inform: This plan has no limit ("max" or "limit") that could become an alert; comparisons with the stable version are judged by the run itself.',
  ],
  [
    'the service is nowhere',
    { plan: small.replace('service: shop', 'service: cart') },
    'fail: No connected context has a rollout of cart in default whose canary has metrics of its own. Open it in the Services view, then export again.',
  ],
])('Export Alert Rule says when %s', async (_, scene, message) => {
  const bench = await run('cablecar.exportAlertRule', scene);
  expect(bench.ui.shown).toEqual([message]);
  expect(bench.created).toEqual([]);
});

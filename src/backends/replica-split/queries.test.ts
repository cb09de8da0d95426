import { expect, test } from 'vitest';
import { deployments } from '../../model/kinds.ts';
import type { Rollout, Track } from '../../model/rollout.ts';
import { settings as definitions } from '../../editor/settingDefinitions.ts';
import { presetNames } from '../applicationQueries.ts';
import { queriesOf } from './queries.ts';

function track(name: string): Track {
  const ref = { resource: deployments, namespace: 'shop', name };
  const workload = { ref, replicas: 1, ready: 1, image: '', template: null, settled: true };
  return { id: name, role: 'other', name, podLabels: {}, workload };
}

const rollout = (names: readonly string[]): Rollout => ({
  id: 'shop/shop@x',
  backend: 'x',
  namespace: 'shop',
  service: 'shop',
  route: { resource: deployments, namespace: 'shop', name: 'shop' },
  tracks: names.map(track),
  rules: [],
  canaryShare: 0,
  weights: { kind: 'any' },
  promotion: { style: 'swap' },
  problems: [],
});

const settings = { reporter: 'destination', applicationMetrics: 'auto' } as const;

/** PromQL anchors the pattern of `=~`. */
function podPattern(name: string): RegExp {
  const [queries] = queriesOf(rollout([name]), settings);
  const pattern = /pod=~"([^"]+)"/.exec(queries?.queries.requestsPerSecond ?? '')?.[1];
  return new RegExp(`^(?:${pattern ?? 'none'})$`);
}

test('the pods of "shop" are told from those of "shop-canary" and "shop-v2"', () => {
  const shop = podPattern('shop');
  expect(shop.test('shop-6d4cf56db6-x7k2p')).toBe(true);
  expect(shop.test('shop-canary-6d4cf56db6-x7k2p')).toBe(false);
  expect(shop.test('shop-v2-6d4cf56db6-x7k2p')).toBe(false);
  expect(podPattern('shop-v2').test('shop-v2-6d4cf56db6-x7k2p')).toBe(true);
  expect(podPattern('a.b').test('axb-6d4cf56db6-x7k2p')).toBe(false);
});

test('a name so long that Kubernetes cuts its pods is left out', () => {
  expect(queriesOf(rollout(['a'.repeat(46), 'a'.repeat(47)]), settings)).toHaveLength(1);
});

test('each preset can be asked for alone, and an unknown one gives nothing', () => {
  for (const applicationMetrics of presetNames) {
    const [queries] = queriesOf(rollout(['shop']), { ...settings, applicationMetrics });
    expect(queries?.queries.requestsPerSecond).not.toContain(') or (');
  }
  expect(queriesOf(rollout(['shop']), { ...settings, applicationMetrics: 'nginx' })).toEqual([]);
});

test('the setting offers the presets by the names they have here', () => {
  const { choices } = definitions['cablecar.metrics.application'];
  const offered = choices.map(({ value }) => value as string);
  expect(offered.sort()).toEqual(['auto', ...presetNames].sort());
});

import { expect, test } from 'vitest';
import { backendOf } from '../../src/backends/registry.ts';
import type { Text } from '../../src/base/text.ts';
import { fixturesOf } from './fixtures.ts';
import { objectsOf, planFor } from './violations.ts';

/** Keys of the sentence and of those inside of it. */
function keysIn({ key, args }: Text): readonly string[] {
  const inner = Object.values(args).filter((arg): arg is Text => typeof arg === 'object');
  return [key, ...inner.flatMap(keysIn)].sort();
}

/** What a rollback of the first rollout in the fixture says. */
function rollbackOf(backendId: string, fixture: string): readonly string[] {
  const backend = backendOf(backendId);
  const found = fixturesOf(backendId).find(({ path }) => path.endsWith(`/${fixture}.yaml`));
  if (backend === undefined || found === undefined) throw new Error(`no ${fixture}`);
  const set = objectsOf(backend, found.objects);
  const [rollout] = backend.discover(set.snapshot).rollouts;
  const plan = rollout && planFor(backend, set, rollout, { kind: 'rollback' });
  if (plan?.ok !== true) throw new Error(`no plan for ${fixture}`);
  return keysIn(plan.value.summary);
}

/** A rollback is never refused for what is not ready or left, so its sentence is all that warns of it: it says just what is so. */
test.each<[string, string, readonly string[]]>([
  ['replica-split', '01-suffix', ['replicaSplit.rollback']],
  ['replica-split', '13-no-stable-pods', ['replicaSplit.rollbackToNone']],
  ['replica-split', '10-promotion-waits', ['replicaSplit.rollbackAfterCopy']],
  ['gateway-api', '01-mesh-copy', ['gatewayApi.rollback']],
  ['gateway-api', '05-canary-only-rules', ['gatewayApi.rollbackMoved']],
  ['gateway-api', '06-header-only', ['gatewayApi.rollbackRules']],
  [
    'gateway-api',
    '13-no-ready-pods',
    ['gatewayApi.and', 'gatewayApi.rollback', 'gatewayApi.stableNotReady'],
  ],
  [
    'gateway-api',
    '19-shift-back',
    ['gatewayApi.afterCopy', 'gatewayApi.and', 'gatewayApi.rollbackRules'],
  ],
  [
    'gateway-api',
    '21-mirror-and-filters',
    ['gatewayApi.and', 'gatewayApi.mirrorsStay', 'gatewayApi.rollback'],
  ],
  [
    'gateway-api',
    '26-partly-ugly',
    ['gatewayApi.and', 'gatewayApi.leftOver', 'gatewayApi.rollback'],
  ],
  ['istio', '01-subsets', ['istio.rollback']],
  [
    'istio',
    '05-copy-shift-back',
    ['istio.rollback', 'istio.rollbackAfterCopy', 'istio.rulesRemoved'],
  ],
  ['istio', '08-matches', ['istio.mirrorsStay', 'istio.rollback', 'istio.rulesRemoved']],
  ['istio', '16-rules-only', ['istio.rollback', 'istio.rulesRemoved']],
  ['istio', '17-no-heir', ['istio.redirected', 'istio.rollback']],
  ['istio', '18-not-ready', ['istio.rollback', 'istio.rollbackNotReady']],
])('%s, %s: what a rollback leaves or lacks is in its sentence', (backend, fixture, keys) => {
  expect(rollbackOf(backend, fixture)).toEqual(keys);
});

import { expect, test } from 'vitest';
import { aRollout } from '../../test/support/inventory.ts';
import { fitsScope } from './scope.ts';

const scope = { service: 'shop', namespace: 'default' };

test.each([
  [{}, true],
  [{ context: 'kind-*' }, true],
  [{ context: 'kind-???' }, true],
  [{ context: 'kind' }, false],
  [{ context: 'kind.dev' }, false],
  [{ service: 'cart' }, false],
  [{ namespace: 'other' }, false],
  [{ route: 'Deployment/shop' }, true],
  [{ route: 'HTTPRoute/shop' }, false],
])('a plan for %j is for the rollout of shop in kind-dev: %s', (part, expected) => {
  expect(fitsScope({ ...scope, ...part }, 'kind-dev', aRollout())).toBe(expected);
});

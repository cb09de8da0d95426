import { beforeEach, expect, test } from 'vitest';
import { renderer } from '../../base/text.ts';
import { hostWords } from '../../words.ts';
import { aContext, aRollout, aTrack, FakeSource, noRuns } from '../../../test/support/inventory.ts';
import type { ContextView } from '../../state/inventory.ts';
import { DrawnRows } from './drawnRows.ts';
import { idOf, type Address, type ViewName } from './model.ts';

const pay = aRollout({ service: 'pay' });
const shop = aRollout();

let source: FakeSource;
let filter: string;

beforeEach(() => {
  source = new FakeSource(aContext({ rollouts: [pay, shop] }));
  filter = '';
});

/** A view that was drawn down to its last row. */
function drawn(view: ViewName): DrawnRows {
  const render = renderer(hostWords, 'en');
  const rows = new DrawnRows(() => ({ source, runs: noRuns, render, time: String, view, filter }));
  const drawAll = (parent?: Address): void => {
    for (const row of rows.childrenOf(parent)) {
      rows.draw(row);
      drawAll(row);
    }
  };
  drawAll();
  return rows;
}

function change(parts: Partial<ContextView>): void {
  source.set({ contexts: [aContext({ rollouts: [pay, shop], ...parts })] });
}

function idsOf(changed: readonly Address[] | 'root'): readonly string[] | 'root' {
  return changed === 'root' ? 'root' : changed.map(idOf);
}

test('what looks the same is not drawn again, whatever was told', () => {
  const rows = drawn('rollouts');
  change({ problems: [{ severity: 'error', text: { key: 'tree.noCanary', args: {} } }] });
  expect(rows.changedIn('root')).toEqual([]);
  expect(rows.changedIn(new Set(['kind-dev/default/rollout/shop@' + shop.backend]))).toEqual([]);
});

test('only the row that looks different is drawn again, and is the same object as before', () => {
  const rows = drawn('rollouts');
  const [, shopRow] = rows.childrenOf();
  change({ rollouts: [pay, aRollout({ canaryShare: 0.2 })] });
  const changed = rows.changedIn('root');
  expect(changed).toHaveLength(1);
  expect(changed[0]).toBe(shopRow);
});

test('a part alone is drawn again when only it differs', () => {
  const rows = drawn('rollouts');
  const stable = aTrack('stable', { version: 'v2.4.0' });
  const canary = aTrack('canary', { version: 'v2.4.1' });
  const workload = stable.workload && { ...stable.workload, ready: 1 };
  change({
    rollouts: [pay, aRollout({ tracks: [{ ...stable, ...(workload && { workload }) }, canary] })],
  });
  expect(idsOf(rows.changedIn('root'))).toEqual([
    `kind-dev/default/rollout/shop@${shop.backend}/track:stable`,
  ]);
});

test('rows that come or go below a row have that row drawn again, at the top the whole view', () => {
  const [rollouts, services] = [drawn('rollouts'), drawn('services')];
  change({ rollouts: [shop] });
  expect(rollouts.changedIn('root')).toBe('root');
  expect(idsOf(services.changedIn('root'))).toEqual(['kind-dev/default']);
  expect(rollouts.childrenOf().map(idOf)).toEqual([
    `kind-dev/default/rollout/shop@${shop.backend}`,
  ]);
  expect(rollouts.changedIn('root')).toEqual([]);
});

test('a tooltip that says something new counts as a look', () => {
  const rows = drawn('services');
  change({ scope: ['default'] });
  expect(idsOf(rows.changedIn('root'))).toEqual(['kind-dev']);
});

test('the filter is part of what rows are drawn from', () => {
  const rows = drawn('rollouts');
  filter = 'pay';
  expect(rows.changedIn('root')).toBe('root');
});

test('a row knows its parent while it is there', () => {
  const rows = drawn('rollouts');
  const [payRow] = rows.childrenOf();
  const [part] = rows.childrenOf(payRow);
  expect(part && rows.parentOf(part)).toBe(payRow);
  change({ rollouts: [shop] });
  rows.childrenOf();
  expect(part && rows.parentOf(part)).toBeUndefined();
});

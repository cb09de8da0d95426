import { expect, test } from 'vitest';
import { plan } from '../../test/support/runWorld.ts';
import { beginRun } from './machine.ts';
import { decodeRun, encodeRun } from './record.ts';

const target = {
  context: 'dev',
  namespace: 'shop',
  rolloutId: 'shop/shop@x',
  routeUid: 'uid',
  stable: 'a',
  canary: 'b',
  version: 'v',
  stableReady: 3,
  restarts: 0,
};
const { state } = beginRun(plan, { id: 'r1', target, position: 'p' });
const data = encodeRun({ state, seq: 4, lines: [] });

test('a run comes back as it was stored', () => {
  expect(decodeRun(data)).toEqual({ ok: true, value: { state, seq: 4, lines: [] } });
});

test('whatever is missing or of another kind in a stored run is refused, never an exception later', () => {
  const broken: unknown[] = [
    null,
    [],
    'x',
    { ...state, plan: { ...state.plan, steps: [{}] } },
    { ...state, plan: { ...state.plan, steps: [{ to: { kind: 'other' }, minSeconds: 1 }] } },
    { ...state, plan: { name: 'x' } },
    { ...state, phase: { kind: 'ended', result: 'won', text: { key: 'a', args: {} } } },
    { ...state, phase: { kind: 'paused', why: 'asked' } },
    { ...state, phase: { kind: 'writing' } },
    { ...state, held: 'no' },
  ];
  for (const one of broken)
    expect(decodeRun({ ...data, state: JSON.stringify(one) })).toMatchObject({ ok: false });
  expect(decodeRun({ ...data, format: '2' })).toMatchObject({ ok: false });
  expect(decodeRun({})).toMatchObject({ ok: false });
});

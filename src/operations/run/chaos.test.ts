import { expect, test } from 'vitest';
import { explore, replay } from '../../../test/support/runChaos.ts';

test('row 37: a driver that is killed at any request, before or after it was done, leaves a run that another finishes', async () => {
  const found = await explore();
  expect(found.violations).toEqual([]);
  expect(found.points).toBeGreaterThan(100);
}, 600_000);

test('random stories of crashes, lost answers, foreign writers, sleep and bad canaries break no invariant', async () => {
  const runs = Number(process.env['CHAOS_RUNS'] ?? 400);
  const first = Number(process.env['CHAOS_SEED'] ?? 1);
  const violations: string[] = [];
  for (let seed = first; seed < first + runs; seed += 1) violations.push(...(await replay(seed)));
  expect(violations).toEqual([]);
}, 900_000);

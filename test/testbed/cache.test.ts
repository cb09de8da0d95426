import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filledFolder } from './cache.ts';

const DEAD_PID = '4194305';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'filled-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

test('of several that want a folder at once, one fills it and all get it whole', async () => {
  let fills = 0;
  const fill = async (folder: string): Promise<void> => {
    fills += 1;
    await Promise.resolve();
    writeFileSync(join(folder, 'program'), 'whole');
  };
  const target = join(dir, 'bin');
  const wanted = () => filledFolder(target, () => undefined, fill);
  const folders = await Promise.all([wanted(), wanted(), wanted()]);
  expect(fills).toBe(1);
  for (const folder of folders) expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('whole');
  expect(readdirSync(dir)).toEqual(['bin']);
});

test('a folder whose filling failed does not exist, and the next call fills it', async () => {
  const target = join(dir, 'bin');
  const broken = filledFolder(
    target,
    () => undefined,
    () => Promise.reject(new Error('no network')),
  );
  await expect(broken).rejects.toThrow('no network');
  expect(readdirSync(dir)).toEqual([]);
  await filledFolder(
    target,
    () => undefined,
    () => Promise.resolve(),
  );
  expect(existsSync(target)).toBe(true);
});

test('what a killed process left, its lock and its half-made folder, does not stand in the way', async () => {
  const target = join(dir, 'bin');
  writeFileSync(`${target}.lock`, DEAD_PID);
  writeFileSync(`${target}.partial-${DEAD_PID}`, '');
  await filledFolder(
    target,
    () => undefined,
    () => Promise.resolve(),
  );
  expect(readdirSync(dir)).toEqual(['bin']);
});

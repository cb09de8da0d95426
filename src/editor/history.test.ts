import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JournalEntry } from '../operations/ports.ts';
import { deployments } from '../model/kinds.ts';
import { History, inverseOf } from './history.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cablecar-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

const target = { resource: deployments, namespace: 'a', name: 'shop-canary' };

function entry(id: string): JournalEntry {
  const summary = { key: 'x', args: {} };
  return {
    id,
    atMs: 1,
    who: 'alice',
    rolloutId: 'r',
    context: 'c',
    intent: 'setWeight',
    sentence: summary,
    changes: {
      summary,
      changes: [{ kind: 'create', target, fields: [], object: {} }],
      inverse: { summary, changes: [{ kind: 'delete', target, fields: [], uid: '' }] },
    },
  };
}

it('tells after a restart what was finished and what was not', async () => {
  const before = new History(folder, 'cluster');
  await before.begin(entry('1'));
  await before.finish('1', 'written', {});
  await before.begin(entry('2'));

  const after = new History(folder, 'cluster');
  await after.load();
  expect(after.entries.map((e) => [e.id, e.outcome])).toEqual([
    ['2', 'pending'],
    ['1', 'written'],
  ]);
});

it('keeps clusters apart', async () => {
  await new History(folder, 'one').begin(entry('1'));
  const other = new History(folder, 'two');
  await other.load();
  expect(other.entries).toEqual([]);
});

it('skips a line that a crash cut off and goes on after it', async () => {
  const before = new History(folder, 'cluster');
  await before.begin(entry('1'));
  const [name] = await readdir(folder);
  const file = path.join(folder, name ?? '');
  await appendFile(file, '{"v":1,"type":"fin\n');
  const after = new History(folder, 'cluster');
  await after.finish('1', 'notWritten', {});
  const again = new History(folder, 'cluster');
  await again.load();
  expect(again.entries.map((e) => e.outcome)).toEqual(['notWritten']);
});

it('bounds the file', async () => {
  const history = new History(folder, 'cluster');
  const lines = Array.from({ length: 600 }, (_, i) =>
    JSON.stringify({ v: 1, type: 'begin', entry: entry(String(i)) }),
  );
  await history.begin(entry('first'));
  const [name] = await readdir(folder);
  const file = path.join(folder, name ?? '');
  await appendFile(file, `${lines.join('\n')}\n`);
  const after = new History(folder, 'cluster');
  await after.load();
  expect(after.entries).toHaveLength(500);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(500);
});

it('fills the uid of what was created into the undo', async () => {
  const history = new History(folder, 'cluster');
  await history.begin(entry('1'));
  await history.finish('1', 'written', { 'Deployment a/shop-canary': 'u1' });
  const [newest] = history.entries;
  expect(newest && inverseOf(newest)?.changes[0]).toMatchObject({ kind: 'delete', uid: 'u1' });
});

import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JournalEntry } from '../operations/ports.ts';
import { deployments } from '../model/kinds.ts';
import { History, inverseOf, undoableOf, type HistoryEntry } from './history.ts';

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
  const file = await fileIn(folder);
  await appendFile(file, '{"v":1,"type":"fin');
  const after = new History(folder, 'cluster');
  await after.finish('1', 'notWritten', {});
  await after.begin(entry('2'));
  const again = new History(folder, 'cluster');
  await again.load();
  expect(again.entries.map((e) => [e.id, e.outcome])).toEqual([
    ['2', 'pending'],
    ['1', 'notWritten'],
  ]);
});

it('can be read again after it could not be read', async () => {
  await new History(folder, 'cluster').begin(entry('1'));
  const file = await fileIn(folder);
  await rename(file, `${file}.away`);
  await mkdir(file);
  const history = new History(folder, 'cluster');
  await expect(history.begin(entry('2'))).rejects.toThrow('EISDIR');
  await rmdir(file);
  await rename(`${file}.away`, file);
  await history.begin(entry('3'));
  expect(history.entries.map(({ id }) => id)).toEqual(['3', '1']);
});

it('skips lines that are not what they ought to be', async () => {
  await new History(folder, 'cluster').begin(entry('1'));
  const odd = ['null', '7', '{"v":1,"type":"begin"}', '{"v":1,"type":"end","id":"1"}', '{"v":9}'];
  await appendFile(await fileIn(folder), `${odd.join('\n')}\n`);
  const history = new History(folder, 'cluster');
  await history.load();
  expect(history.entries.map((e) => [e.id, e.outcome])).toEqual([['1', 'pending']]);
});

it('bounds the file by entries', async () => {
  await fill(600, () => entry('n'));
  const after = new History(folder, 'cluster');
  await after.load();
  expect(after.entries).toHaveLength(500);
  expect((await readFile(await fileIn(folder), 'utf8')).trim().split(/\n+/)).toHaveLength(500);
});

it('bounds the file by size, and keeps the newest', async () => {
  await fill(40, (i) => ({ ...entry(String(i)), who: 'x'.repeat(400_000) }));
  const after = new History(folder, 'cluster');
  await after.load();
  expect(after.entries[0]?.id).toBe('39');
  expect(after.entries).toHaveLength(20);
  expect((await stat(await fileIn(folder))).size).toBeLessThan(8 << 20);
});

it('is read though it cannot be made smaller', async () => {
  await fill(600, () => entry('n'));
  await mkdir(`${await fileIn(folder)}.next`);
  const after = new History(folder, 'cluster');
  await after.load();
  expect(after.entries).toHaveLength(500);
  await after.begin(entry('newest'));
  expect(after.entries[0]?.id).toBe('newest');
});

it('fills the uid of what was created into the undo', async () => {
  const history = new History(folder, 'cluster');
  await history.begin(entry('1'));
  await history.finish('1', 'written', { 'Deployment a/shop-canary': 'u1' });
  const [newest] = history.entries;
  expect(newest && inverseOf(newest)?.changes[0]).toMatchObject({ kind: 'delete', uid: 'u1' });
});

async function fileIn(folder: string): Promise<string> {
  const [name] = await readdir(folder);
  return path.join(folder, name ?? '');
}

/** Writes so many begun actions into the file, as they are written one by one. */
async function fill(count: number, make: (i: number) => JournalEntry): Promise<void> {
  await new History(folder, 'cluster').begin(entry('first'));
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ v: 1, type: 'begin', entry: make(i) }),
  );
  await appendFile(await fileIn(folder), `${lines.join('\n')}\n`);
}

it('offers the newest that took effect to be taken back, and none while an end is not recorded', () => {
  const of = (...outcomes: HistoryEntry['outcome'][]): string | undefined =>
    undoableOf(
      outcomes.map((outcome, index) => ({ ...entry(String(index)), outcome, created: {} })),
    )?.id;
  expect(of('written', 'written')).toBe('0');
  expect(of('notWritten', 'unknown', 'written')).toBe('2');
  expect(of('pending', 'written')).toBeUndefined();
  expect(of()).toBeUndefined();
  const { summary, changes } = entry('').changes;
  const final = { ...entry('0'), changes: { summary, changes } };
  expect(undoableOf([{ ...final, outcome: 'written', created: {} }])).toBeUndefined();
});

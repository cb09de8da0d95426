import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JournalEntry, JournalPort, Outcome } from '../operations/ports.ts';
import type { ChangeSet } from '../model/change.ts';
import { refText } from '../model/objects.ts';
import { Emitter } from '../base/emitter.ts';

/** One action as the panel shows it. `pending` is an action whose end was not recorded: the host died in between. */
export interface HistoryEntry extends JournalEntry {
  readonly outcome: Outcome | 'pending';
  /** Uids of objects it created, by `refText`. */
  readonly created: Readonly<Record<string, string>>;
}

/** Raised when the meaning of a line changes; older lines are migrated when they are read. */
const formatVersion = 1;
/** More than this is dropped when the file is read, the oldest first: entries, and bytes, for some hold whole pod templates. */
const kept = { entries: 500, bytes: 8 << 20 };

type Line =
  | { readonly v: number; readonly type: 'begin'; readonly entry: JournalEntry }
  | {
      readonly v: number;
      readonly type: 'finish';
      readonly id: string;
      readonly outcome: Outcome;
      readonly created: Readonly<Record<string, string>>;
    };

/**
 * History of the actions on one cluster: an append-only file of JSON lines, written ahead of the first write and synced to disk, so
 * that it tells after a crash what was about to be written. A line that was cut off by a crash is skipped.
 */
export class History implements JournalPort {
  readonly #file: string;
  #entries: HistoryEntry[] = [];
  #loaded: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #changed = new Emitter<undefined>();
  readonly onDidChange = this.#changed.event;

  /** `identity` names the cluster (server, CA, kube-system uid), not the context. */
  constructor(folder: string, identity: string) {
    const name = createHash('sha256').update(identity).digest('hex').slice(0, 24);
    this.#file = path.join(folder, `history-${name}.jsonl`);
  }

  /** Newest first. Empty until `load` has ended. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** Reads the file, once; one that could not be read is tried again. */
  load(): Promise<void> {
    this.#loaded ??= this.#read().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async begin(entry: JournalEntry): Promise<void> {
    await this.load();
    await this.#append({ v: formatVersion, type: 'begin', entry });
    this.#entries = [{ ...entry, outcome: 'pending', created: {} }, ...this.#entries];
    this.#changed.fire(undefined);
  }

  async finish(
    id: string,
    outcome: Outcome,
    created: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.load();
    await this.#append({ v: formatVersion, type: 'finish', id, outcome, created });
    this.#apply(id, outcome, created);
    this.#changed.fire(undefined);
  }

  #apply(id: string, outcome: Outcome, created: Readonly<Record<string, string>>): void {
    this.#entries = this.#entries.map((entry) =>
      entry.id === id ? { ...entry, outcome, created } : entry,
    );
  }

  async #read(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n').flatMap(parseLine);
    this.#entries = [];
    for (const line of lines) {
      if (line.type === 'begin')
        this.#entries.unshift({ ...line.entry, outcome: 'pending', created: {} });
      else this.#apply(line.id, line.outcome, line.created);
    }
    const before = this.#entries.length;
    this.#entries = newest(this.#entries);
    // A disk that is full must not keep what is there from being read.
    if (this.#entries.length < before) await this.#rewrite().catch(() => undefined);
  }

  async #rewrite(): Promise<void> {
    const lines = this.#entries.toReversed().flatMap(linesOf);
    const next = `${this.#file}.next`;
    await writeFile(next, lines.map(lineText).join(''), { mode: 0o600, flush: true });
    await rename(next, this.#file);
  }

  /** One line at a time; resolves when it is on the disk. */
  #append(line: Line): Promise<void> {
    const write = this.#writing.then(async () => {
      await mkdir(path.dirname(this.#file), { recursive: true });
      const file = await open(this.#file, 'a', 0o600);
      try {
        await file.appendFile(lineText(line));
        await file.sync();
      } finally {
        await file.close();
      }
    });
    this.#writing = write.catch(() => undefined);
    return write;
  }
}

/** On a line of its own also where a crash, or a full disk, cut the one before it off. */
function lineText(line: Line): string {
  return `\n${JSON.stringify(line)}\n`;
}

function linesOf({ outcome, created, ...entry }: HistoryEntry): readonly Line[] {
  const begin: Line = { v: formatVersion, type: 'begin', entry };
  if (outcome === 'pending') return [begin];
  return [begin, { v: formatVersion, type: 'finish', id: entry.id, outcome, created }];
}

/** As many of the newest as are kept. */
function newest(entries: readonly HistoryEntry[]): HistoryEntry[] {
  let bytes = 0;
  const end = entries.findIndex((entry) => {
    bytes += Buffer.byteLength(linesOf(entry).map(lineText).join(''));
    return bytes > kept.bytes;
  });
  return entries.slice(0, Math.min(end < 0 ? entries.length : Math.max(1, end), kept.entries));
}

function parseLine(text: string): Line[] {
  if (text === '') return [];
  try {
    const line = JSON.parse(text) as Line;
    return line.v === formatVersion && isWhole(line) ? [line] : [];
  } catch {
    return [];
  }
}

/** Has what is read of it; throws or says no for anything else. */
function isWhole(line: Line): boolean {
  if (line.type === 'begin') return Array.isArray(line.entry.changes.changes);
  return (line.type as string) === 'finish' && typeof line.created === 'object';
}

/** The change set that takes an action back, with the uids of what it created filled in. */
export function inverseOf(entry: HistoryEntry): ChangeSet | undefined {
  const inverse = entry.changes.inverse;
  if (inverse === undefined || entry.outcome !== 'written') return undefined;
  const changes = inverse.changes.map((change) => {
    const uid = entry.created[refText(change.target)];
    return change.kind === 'delete' && uid !== undefined ? { ...change, uid } : change;
  });
  return { ...inverse, changes };
}

/**
 * Of one rollout's entries, newest first, the one that can be taken back: the newest that took effect, for an earlier one would not meet its
 * guards. None while an end is not recorded: the action may be under way.
 */
export function undoableOf(entries: readonly HistoryEntry[]): HistoryEntry | undefined {
  const newest = entries.find(({ outcome }) => outcome === 'written' || outcome === 'pending');
  return newest && inverseOf(newest) && newest;
}

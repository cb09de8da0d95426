import type { Path } from './yamlText.ts';

/** Where an offset is in a block of YAML, as far as indentation tells: also while somebody types and the whole is no valid YAML. */
export interface Spot {
  /** The mapping that the line belongs to. */
  readonly within: Path;
  /** The key of the line; absent where none is written yet. */
  readonly key?: string;
  /** Offsets of the key, or of what is written of it. */
  readonly keySpan: readonly [from: number, to: number];
  /** Offsets of the value on the line; absent left of the colon. */
  readonly valueSpan?: readonly [from: number, to: number];
  /** Column at which the keys of the mapping begin, from 0. */
  readonly column: number;
  /** Keys of the same mapping, without that of the line, with their values on the line. */
  readonly siblings: Readonly<Record<string, string>>;
}

/** One line without its dashes and comment. `column` is where the key or value begins; each dash opens an item of a list. */
interface Line {
  readonly dashes: readonly number[];
  readonly column: number;
  readonly body: string;
}

const dash = /^( *)- +|^( *)-$/;

/** Undefined in a comment and between brackets, where indentation tells nothing. */
export function spotAt(text: string, offset: number): Spot | undefined {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', from);
  const typed = text.slice(from, offset);
  if (/^\s*#|\s#|[[{]/.test(typed)) return undefined;
  const line = lineOf(text.slice(from, end < 0 ? text.length : end).replace(/\r$/, ''));
  const column = line.body === '' ? Math.max(line.column, typed.length) : line.column;
  if (offset < from + column) return undefined;
  const above = linesOf(text.slice(0, from));
  const below = end < 0 ? [] : linesOf(text.slice(end + 1));
  const here = { ...line, column };
  return {
    within: pathOf(above, here),
    ...spansOf(line.body, from + column, offset),
    column,
    siblings: siblingsOf(above, below, here),
  };
}

/** Key and value on a line whose body begins at `start`. */
function spansOf(
  body: string,
  start: number,
  offset: number,
): Pick<Spot, 'key' | 'keySpan' | 'valueSpan'> {
  const pair = pairOf(body);
  if (pair === undefined) return { keySpan: [start, start + body.length] };
  const [key, value] = pair;
  const keySpan = [start, start + key.length] as const;
  if (offset <= keySpan[1] + 1) return { key, keySpan };
  if (value === '') return { key, keySpan, valueSpan: [offset, offset] };
  const stop = start + body.length;
  return { key, keySpan, valueSpan: [stop - value.length, stop] };
}

function lineOf(whole: string): Line {
  const dashes: number[] = [];
  let column = 0;
  for (let found = dash.exec(whole); found !== null; found = dash.exec(whole.slice(column))) {
    dashes.push(column + (found[1] ?? found[2] ?? '').length);
    column += found[0].length;
  }
  column += /^ */.exec(whole.slice(column))?.[0].length ?? 0;
  const body = whole
    .slice(column)
    .replace(/\s+#.*$|^#.*$/, '')
    .trimEnd();
  return { dashes, column, body };
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .map((whole) => lineOf(whole.replace(/\r$/, '')))
    .filter(({ body, dashes }) => body !== '' || dashes.length > 0);
}

interface Level {
  /** Column of a key, or of a dash. */
  readonly column: number;
  readonly part: string | number;
}

/** The path of the mapping that the line belongs to: each line above closes what is indented more, and opens its dashes and its key. */
function pathOf(above: readonly Line[], line: Line): Path {
  const open: Level[] = [];
  for (const { dashes, column, body } of above) {
    openDashes(open, dashes);
    const [key] = pairOf(body) ?? [];
    if (key === undefined) continue;
    closeFrom(open, column);
    open.push({ column, part: key });
  }
  openDashes(open, line.dashes);
  closeFrom(open, line.column);
  return open.map(({ part }) => part);
}

/** Dashes may stand in the column of the key that their list belongs to. */
function closeFrom(open: Level[], column: number): void {
  const isOpen = ({ column: at, part }: Level): boolean =>
    at > column || (at === column && typeof part === 'string');
  let last = open.at(-1);
  while (last !== undefined && (isOpen(last) || isItemOf(open, column))) {
    open.pop();
    last = open.at(-1);
  }
}

/** A key in the column of the dashes is not in their list. */
function isItemOf(open: readonly Level[], column: number): boolean {
  const last = open.at(-1);
  return last?.column === column && typeof last.part === 'number';
}

function pairOf(body: string): readonly [key: string, value: string] | undefined {
  const [, key, value = ''] = /^([\w.@/-]+)\s*:(?=\s|$)\s*(.*)$/.exec(body) ?? [];
  return key === undefined ? undefined : [key, value];
}

/** A dash in the column of an open one is the next item. */
function openDashes(open: Level[], dashes: readonly number[]): void {
  for (const column of dashes) {
    while ((open.at(-1)?.column ?? -1) > column) open.pop();
    const last = open.at(-1);
    const before = last?.column === column ? last.part : undefined;
    if (typeof before === 'number') open.pop();
    open.push({ column, part: typeof before === 'number' ? before + 1 : 0 });
  }
}

/** Key and value of the other lines of the mapping, whose keys begin in this column. */
function siblingsOf(
  above: readonly Line[],
  below: readonly Line[],
  { dashes, column }: Line,
): Readonly<Record<string, string>> {
  const isOfItem = (line: Line): boolean => (line.dashes[0] ?? column) < column;
  const found: (readonly [string, string])[] = [];
  const take = (line: Line): void => {
    const pair = line.column === column ? pairOf(line.body) : undefined;
    if (pair !== undefined) found.push(pair);
  };
  for (const line of dashes.length > 0 ? [] : above.toReversed()) {
    if (line.column < column) break;
    take(line);
    if (isOfItem(line)) break;
  }
  for (const line of below) {
    if (line.column < column || isOfItem(line)) break;
    take(line);
  }
  return Object.fromEntries(found);
}

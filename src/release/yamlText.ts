import { isAlias, isMap, isSeq, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './plan.l10n.ts';

/** Where something stands: offsets into the text, `to` exclusive; line and column count from 1. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
}

/** Something wrong in a plan file: one sentence, and where. */
export interface PlanProblem {
  readonly text: Text;
  readonly at: Place;
}

export type Path = readonly (string | number)[];

/** One document of YAML 1.2 as plain data, with the place of each value. */
export interface YamlText {
  readonly value: unknown;
  /** The place of what is at the path. `key`: of its key. Where it is missing, of the nearest part around it that is there. */
  place(path: Path, of: 'key' | 'value'): Place;
}

/** A plan has some hundred lines. */
const maxKiB = 64;
/** In characters. */
const maxLength = maxKiB * 1024;

/** Reads YAML without aliases and tags: a plan needs neither, and both hide what it does. */
export function readYaml(text: string): Result<YamlText, readonly PlanProblem[]> {
  if (text.length > maxLength)
    return refuse(say('plan.tooLong', { kib: Math.ceil(text.length / 1024), max: maxKiB }));
  try {
    return readDocument(text);
  } catch (error) {
    // The parser and its walks call themselves; thousands of levels are more than the stack holds.
    if (error instanceof RangeError) return refuse(say('plan.tooDeep'));
    throw error;
  }
}

function refuse(text: Text): Result<never, readonly PlanProblem[]> {
  return err([{ text, at: { from: 0, to: 1, line: 1, column: 1 } }]);
}

function readDocument(text: string): Result<YamlText, readonly PlanProblem[]> {
  const lines = new LineCounter();
  const [document, ...more] = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (from: number, to: number): Place => {
    const { line, col } = lines.linePos(from);
    const end = Math.min(Math.max(to, from), text.length);
    return {
      from: Math.min(from, end),
      to: end,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
    };
  };
  if (document === undefined || !('contents' in document) || document.contents === null)
    return refuse(say('plan.empty'));
  const problems = [document, ...more].flatMap((d) => faultsOf(d, placeOf)).slice(0, 20);
  const second = more[0]?.range[0];
  if (problems.length === 0 && second !== undefined)
    problems.push({
      text: say('plan.severalDocuments'),
      at: placeOf(second, text.length),
    });
  if (problems.length > 0) return err(problems);
  return ok({
    value: document.toJS() as unknown,
    place: (path, of) => {
      const [from, to] = rangeAt(document, path, of);
      return placeOf(from, to);
    },
  });
}

type Placer = (from: number, to: number) => Place;

function faultsOf(document: Document.Parsed, placeOf: Placer): PlanProblem[] {
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    text: syntaxText(error),
    at: placeOf(error.pos[0], error.pos[1]),
  }));
  visit(document, {
    Node(_, node) {
      const [from, to] = node.range ?? [0, 0];
      if (isAlias(node) || node.anchor !== undefined)
        faults.push({ text: say('plan.alias'), at: placeOf(from, to) });
    },
  });
  return faults;
}

const syntaxKeys: Partial<Record<YAMLError['code'], Parameters<typeof say>[0]>> = {
  DUPLICATE_KEY: 'plan.syntax.duplicateKey',
  TAB_AS_INDENT: 'plan.syntax.tab',
  BAD_INDENT: 'plan.syntax.indent',
  MISSING_CHAR: 'plan.syntax.missing',
  TAG_RESOLVE_FAILED: 'plan.syntax.tag',
  MULTIPLE_DOCS: 'plan.severalDocuments',
  RESOURCE_EXHAUSTION: 'plan.tooDeep',
};

function syntaxText(error: YAMLError): Text {
  return say(syntaxKeys[error.code] ?? 'plan.syntax', { message: error.message.slice(0, 200) });
}

type Span = readonly [from: number, to: number];

/**
 * A scalar is its own text; a mapping or list is long, so its key stands for it, or the first key in it. What is missing is said at
 * the nearest part around it.
 */
function rangeAt(document: Document.Parsed, path: Path, of: 'key' | 'value'): Span {
  let node: unknown = document.contents;
  let span = nameOf(node, undefined);
  for (const [index, part] of path.entries()) {
    const child = childOf(node, part);
    if (child === undefined) return span;
    const isLast = index === path.length - 1;
    span = isLast && of === 'key' ? (spanOf(child.key) ?? span) : nameOf(child.value, child.key);
    node = child.value;
  }
  return span;
}

function childOf(
  node: unknown,
  part: string | number,
): { readonly key: unknown; readonly value: unknown } | undefined {
  if (isMap(node)) return node.items.find((pair) => String(pair.key) === String(part));
  const item = isSeq(node) ? node.items[Number(part)] : undefined;
  return item === undefined ? undefined : { key: undefined, value: item };
}

function nameOf(node: unknown, key: unknown): Span {
  const own = spanOf(node) ?? [0, 1];
  if (isMap(node)) return spanOf(key) ?? spanOf(node.items[0]?.key) ?? own;
  return isSeq(node) ? (spanOf(key) ?? own) : own[1] > own[0] ? own : (spanOf(key) ?? own);
}

function spanOf(node: unknown): Span | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

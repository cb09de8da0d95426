import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '../../src/model/change.ts';
import type { Json } from '../../src/model/objects.ts';

/** The document after the patch (RFC 6902, the operations we use). Throws on the first operation that cannot be done. */
export function applyPatch(document: Json, operations: readonly PatchOperation[]): Json {
  return operations.reduce(applyOne, document);
}

/** The value at a JSON pointer (RFC 6901); `undefined` where there is none. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  return stepsOf(pointer).reduce<Json | undefined>(child, document);
}

function applyOne(document: Json, operation: PatchOperation): Json {
  const steps = stepsOf(operation.path);
  if (operation.op === 'test') {
    const found = valueAt(document, operation.path);
    if (found === undefined || !isDeepStrictEqual(found, operation.value))
      throw new Error(
        `test ${operation.path}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(operation.value)}`,
      );
    return document;
  }
  return edited(document, steps, operation);
}

function edited(node: Json, steps: readonly string[], operation: PatchOperation): Json {
  const [step, ...rest] = steps;
  if (step === undefined) {
    if (operation.op === 'remove') throw new Error('remove of the whole document');
    return operation.value;
  }
  if (rest.length === 0) return editedMember(node, step, operation);
  const next = child(node, step);
  if (next === undefined) throw new Error(`${operation.op} ${operation.path}: no ${step}`);
  return withMember(node, step, edited(next, rest, operation));
}

function editedMember(node: Json, step: string, operation: PatchOperation): Json {
  const exists = child(node, step) !== undefined;
  if (operation.op !== 'add' && !exists)
    throw new Error(`${operation.op} ${operation.path}: nothing there`);
  if (operation.op === 'remove') return withoutMember(node, step);
  if (Array.isArray(node) && operation.op === 'add') return inserted(node, step, operation.value);
  if (typeof node !== 'object' || node === null)
    throw new Error(`${operation.op} ${operation.path}: the parent holds no members`);
  return withMember(node, step, operation.op === 'test' ? null : operation.value);
}

function inserted(list: readonly Json[], step: string, value: Json): Json {
  const index = step === '-' ? list.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.length)
    throw new Error(`add: no index ${step}`);
  return [...list.slice(0, index), value, ...list.slice(index)];
}

function withMember(node: Json, step: string, value: Json): Json {
  if (Array.isArray(node)) return (node as Json[]).with(Number(step), value);
  return Object.fromEntries([
    ...Object.entries(node as object).filter(([key]) => key !== step),
    [step, value],
  ]);
}

function withoutMember(node: Json, step: string): Json {
  if (Array.isArray(node)) return (node as Json[]).toSpliced(Number(step), 1);
  return Object.fromEntries(Object.entries(node as object).filter(([key]) => key !== step));
}

function child(node: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(node))
    return /^(0|[1-9]\d*)$/.test(step) ? (node as Json[])[Number(step)] : undefined;
  if (typeof node !== 'object' || node === null) return undefined;
  return Object.hasOwn(node, step) ? (node as Readonly<Record<string, Json>>)[step] : undefined;
}

function stepsOf(pointer: string): string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw new Error(`no JSON pointer: ${pointer}`);
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Deep equality of JSON values, as RFC 6902 `test` means it: member order does not count, array order does. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]));
}

/**
 * Whether the value has everything that was sent. A server adds members that were left out and changes none, but does not keep those that say
 * nothing: false, 0, '', null and what is empty.
 */
export function holds(value: unknown, sent: unknown): boolean {
  if (value === undefined || value === null) return saysNothing(sent);
  if (typeof sent !== 'object' || sent === null) return sent === null || value === sent;
  if (typeof value !== 'object' || Array.isArray(value) !== Array.isArray(sent)) return false;
  if (Array.isArray(sent) && sent.length !== (value as readonly unknown[]).length) return false;
  const record = value as Record<string, unknown>;
  return Object.entries(sent).every(([key, member]) =>
    holds(Object.hasOwn(record, key) ? record[key] : undefined, member),
  );
}

function saysNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return Object.values(value).every(saysNothing);
}

/** Value at a JSON Pointer (RFC 6901); `undefined` where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

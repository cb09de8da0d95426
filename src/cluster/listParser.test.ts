import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListParser } from './listParser.ts';

test('items come without managed fields, and the envelope without items, wherever the bytes are split', () => {
  const list = {
    kind: 'ServiceList',
    metadata: { resourceVersion: '12', continue: '' },
    items: [service('a'), service('{[b"\\'), service('灰度')],
    after: { items: [1], metadata: { managedFields: [2] } },
  };
  const bytes = Buffer.from(JSON.stringify(list));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const { items, envelope } = parse([bytes.subarray(0, cut), bytes.subarray(cut)]);
    expect(items).toEqual(list.items.map(withoutManagedFields));
    expect(envelope).toEqual({ ...list, items: [] });
  }
});

test('a member of that name outside the metadata of an item is kept', () => {
  const item = {
    spec: { managedFields: [1], metadata: { managedFields: [2] } },
    metadata: { labels: { managedFields: 'x' }, a: { managedFields: [3] } },
  };
  expect(parse([Buffer.from(JSON.stringify({ items: [item] }))]).items).toEqual([item]);
});

test('any list comes out as it went in, in pieces of any size', () => {
  const anything = fc.array(fc.record({ metadata: fc.jsonValue(), x: fc.jsonValue() }));
  fc.assert(
    fc.property(
      anything,
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      (items, size, isSpaced) => {
        const list = { items, metadata: { resourceVersion: '1' } };
        const bytes = Buffer.from(JSON.stringify(list, null, isSpaced ? 2 : 0));
        const pieces = [];
        for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
        const parsed = parse(pieces);
        expect(parsed.items).toEqual(JSON.parse(JSON.stringify(items.map(withoutManagedFields))));
        expect(parsed.envelope).toEqual({ ...list, items: [] });
      },
    ),
  );
});

test('a list that ends early, or is not JSON, is an error', () => {
  const bytes = Buffer.from('{"kind":"List","items":[{"a":"x"},{"b":1}],"metadata":{}}');
  for (let cut = 1; cut < bytes.length; cut += 1)
    expect(() => parse([bytes.subarray(0, cut)])).toThrow(SyntaxError);
  expect(() => parse([Buffer.from('{"items":[{"a":}]}')])).toThrow(SyntaxError);
  expect(() => parse([Buffer.from('<html></html>')])).toThrow(SyntaxError);
});

test('an empty list, a null list and an answer without one are envelopes', () => {
  expect(parse([Buffer.from('{"items":[]}')])).toEqual({ items: [], envelope: { items: [] } });
  expect(parse([Buffer.from('{"items":null}')])).toEqual({ items: [], envelope: { items: null } });
  expect(parse([Buffer.from('{"kind":"Status"}')]).envelope).toEqual({ kind: 'Status' });
});

function service(name: string): Item {
  return {
    metadata: {
      name,
      managedFields: [{ manager: '"}]', fieldsV1: { 'f:spec': { 'k:{"port":80}': {} } } }],
      labels: { app: name },
    },
    spec: { selector: { app: name }, managedFields: ['mine'] },
  };
}

interface Item {
  readonly metadata: unknown;
  readonly spec?: unknown;
}

function withoutManagedFields<T extends Item>(item: T): T {
  const { metadata } = item;
  const isCut =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    typeof (metadata as { managedFields?: unknown }).managedFields === 'object' &&
    (metadata as { managedFields?: unknown }).managedFields !== null;
  return isCut ? { ...item, metadata: { ...metadata, managedFields: [] } } : item;
}

function parse(pieces: readonly Buffer[]): { items: unknown[]; envelope: unknown } {
  const items: unknown[] = [];
  const parser = new ListParser((item) => items.push(item));
  for (const piece of pieces) parser.write(piece);
  return { items, envelope: parser.end() };
}

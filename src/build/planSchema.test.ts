import { expect, test } from 'vitest';
import { fieldWords } from '../release/fields.l10n.ts';
import { planReference } from './planReference.ts';
import { planJsonSchema, type JsonSchema } from './planSchema.ts';

function descriptions(schema: JsonSchema): string[] {
  const { properties = {}, additionalProperties: any, items, anyOf = [], oneOf = [] } = schema;
  const inner = [...Object.values(properties), ...anyOf, ...oneOf];
  if (typeof any === 'object') inner.push(any);
  if (items !== undefined) inner.push(items);
  const own = schema.description === undefined ? [] : [schema.description];
  return [...own, ...inner.flatMap(descriptions)];
}

test.each([0, 1] as const)(
  'every description of the fields is in the JSON Schema: language %i',
  (language) => {
    const found = new Set(descriptions(planJsonSchema(language)));
    const words = Object.values(fieldWords).map((pair) => pair[language]);
    expect([...found].sort()).toEqual([...new Set(words)].sort());
  },
);

test('unknown keys are wrong everywhere, and what is needed is required', () => {
  const { additionalProperties, required, properties } = planJsonSchema(0);
  expect(additionalProperties).toBe(false);
  expect(required).toEqual(['apiVersion', 'kind', 'scope', 'steps']);
  expect(properties?.['steps']?.items?.additionalProperties).toBe(false);
});

test('the reference has a table for each mapping, and names every metric by its kind', () => {
  const headings = [...planReference(0).matchAll(/^### (.+)$/gm)].map((found) => found[1]);
  for (const path of ['scope', 'steps[]', 'metrics[latency].compare', 'metrics[query]', 'rollback'])
    expect(headings).toContain(`\`${path}\``);
  expect(new Set(headings).size).toBe(headings.length);
});

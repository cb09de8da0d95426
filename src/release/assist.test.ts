import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completionsAt, hoverAt } from './assist.ts';
import { fieldWords } from './fields.l10n.ts';
import { fieldsAt } from './fields.ts';
import { readPlan } from './schema.ts';

const example = readFileSync(new URL('../../docs/example.cablecar.yaml', import.meta.url), 'utf8');

/** The text without its mark `|`, and where it was. */
function marked(text: string): [text: string, offset: number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

function labels(text: string): string[] {
  return completionsAt(...marked(text)).map(({ label }) => label);
}

/** The text after the completion was taken. */
function completed(text: string, label: string): string {
  const [plain, offset] = marked(text);
  const found = completionsAt(plain, offset).find((completion) => completion.label === label);
  if (found === undefined) throw new Error(`No completion "${label}".`);
  return plain.slice(0, found.from) + found.insert + plain.slice(found.to);
}

test('every key of the example tells what it means, and every value what it is a value of', () => {
  const known = Object.keys(fieldWords);
  const keys = [...example.matchAll(/^( *(?:- )*)([A-Za-z]\w*):( \S.*)?$/gm)];
  expect(keys.length).toBeGreaterThan(50);
  for (const { index, 1: lead = '', 2: key = '', 3: value } of keys) {
    // Names of arguments, labels and cookies are the author's own.
    if (['beta', 'version', 'window', 'alertname'].includes(key)) continue;
    const found = hoverAt(example, index + lead.length + 1);
    expect(found?.field.key).toBe(key);
    expect(known).toContain(found?.field.description);
    expect(example.slice(found?.from, found?.to)).toBe(key);
    if (value === undefined || value.includes('[')) continue;
    const atEnd = hoverAt(example, index + lead.length + key.length + 1 + value.length);
    expect(atEnd?.field.key).toBe(key);
  }
});

test('a description is that of the key at its place', () => {
  const at = (text: string): string | undefined => hoverAt(...marked(text))?.field.description;
  expect(at('na|me: x')).toBe('name');
  expect(at('metrics:\n  - kind: errorRatio\n    na|me: x')).toBe('metric.name');
  expect(at('metrics:\n- kind: latency\n  ma|x: 1s')).toBe('latency.max');
  expect(at('metrics:\n  - kind: errorRatio\n    ma|x: 1%')).toBe('errorRatio.max');
  expect(at('steps:\n  - wei|ght: 5%')).toBe('step.weight');
  expect(at('steps:\n  - weight: 5%\nroll|back:\n')).toBe('rollback');
  expect(at('steps:\n  - weight: 5%\n  - mat|ches:\n    - device: phone')).toBe('step.matches');
  expect(at('steps:\n  - matches:\n      - users:\n          id|s: [a]')).toBe('match.users.ids');
});

test('nothing is said in comments, between brackets, and of keys that are not known', () => {
  for (const text of [
    '# na|me: x',
    'name: x # na|me',
    'steps: [{wei|ght: 5%}]',
    'nam|es: x',
    '|',
    '\n|\n',
  ])
    expect(hoverAt(...marked(text))).toBeUndefined();
});

test('keys are offered that the mapping may have and has not', () => {
  expect(labels('|')).toEqual(fieldsAt([]).map(({ key }) => key));
  expect(labels('apiVersion: cablecar/v1alpha1\n|\nkind: ReleasePlan\n')).not.toContain('kind');
  expect(labels('scope:\n  service: shop\n  |')).toEqual([
    'namespace',
    'context',
    'route',
    'tracks',
  ]);
  expect(labels('steps:\n  - weight: 5%\n    |\n    gate: manual\n  - pods: 1\n')).toEqual([
    'matches',
    'pods',
    'maxSurge',
    'maxUnavailable',
    'minTime',
    'maxTime',
    'minRequests',
    'guide',
    'owner',
    'onProblem',
  ]);
  expect(labels('steps:\n  - weight: 5%\n  - |')).toContain('weight');
  expect(labels('steps:\n  - weight: 5%\nro|')).toContain('rollback');
});

test('a metric has the keys of its kind', () => {
  expect(labels('metrics:\n  - kind: latency\n    |')).toEqual([
    'name',
    'quantile',
    'max',
    'compare',
  ]);
  expect(labels('metrics:\n  - |')).toContain('query');
});

test('values are offered where there are some to choose from', () => {
  expect(labels('onSuccess: |')).toEqual(['promote', 'hold']);
  expect(labels('onSuccess: ho|')).toEqual(['promote', 'hold']);
  expect(labels('metrics:\n  - kind: |')).toEqual(['errorRatio', 'latency', 'query']);
  expect(labels('rollback:\n  endpointsGone: |')).toEqual(['true', 'false']);
  expect(labels('steps:\n  - minTime: |')).toEqual([]);
  expect(completed('onSuccess: ho|', 'hold')).toBe('onSuccess: hold');
});

test('what is inserted stands at the right column', () => {
  expect(completed('sc|', 'scope')).toBe('scope:\n  ');
  expect(completed('steps:\n  - ma|', 'matches')).toBe('steps:\n  - matches:\n      - ');
  expect(completed('steps:\n  - weight: 5%\n    |', 'minTime')).toBe(
    'steps:\n  - weight: 5%\n    minTime: 5m',
  );
  expect(completed('|', 'kind')).toBe('kind: ReleasePlan');
  expect(completed('stp|s:\n  - weight: 5%', 'steps')).toBe('steps:\n  - weight: 5%');
});

test('a plan can be written by completions alone', () => {
  let text = completed('|', 'apiVersion');
  text = completed(`${text}\n|`, 'kind');
  text = completed(`${text}\n|`, 'scope');
  text = `${completed(`${text}|`, 'service')}shop`;
  text = completed(`${text}\n|`, 'steps');
  text = `${completed(`${text}|`, 'weight')}5%`;
  text = completed(`${text}\n    |`, 'gate').replace(/none$/, '');
  text = completed(`${text}|`, 'manual');
  expect(readPlan(text).ok).toBe(true);
});

test('any text at any place is read without an exception', () => {
  const part = fc.constantFrom(
    '- ',
    '  ',
    '\n',
    ': ',
    ':',
    '#',
    '[',
    'kind',
    'steps',
    'x',
    '"',
    '\r\n',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.nat(200), (parts, at) => {
      const text = parts.join('');
      const offset = Math.min(at, text.length);
      hoverAt(text, offset);
      for (const { from, to } of completionsAt(text, offset)) {
        expect(from).toBeLessThanOrEqual(offset);
        expect(to).toBeGreaterThanOrEqual(offset);
      }
    }),
  );
}, 60_000);

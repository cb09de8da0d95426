import { describe, expect, test } from 'vitest';
import { matchesPattern, textsOf, valueFor } from './settings.ts';
import { isOpenable } from './ui.ts';

describe('patterns of protected contexts', () => {
  test.each([
    ['gke-PROD-eu', '*prod*', true],
    ['prod', 'prod', true],
    ['prod-eu', 'prod', false],
    ['product', '*prod', false],
    ['a.b', 'a?b', false],
    ['arn:aws:eks:eu:1:cluster/live', '*/live', true],
    ['dev', '*', true],
    ['dev', '', false],
  ])('%s fits %s: %s', (name, pattern, expected) => {
    expect(matchesPattern(name, pattern)).toBe(expected);
  });
});

test('a context has its own value, else that of the star, and never a member of Object', () => {
  const setting = { dev: 'http://localhost:9090', '*': 'https://prom' };
  expect(valueFor(setting, 'dev')).toBe('http://localhost:9090');
  expect(valueFor(setting, 'other')).toBe('https://prom');
  expect(valueFor({ dev: 'x' }, 'toString')).toBeUndefined();
  expect(valueFor('https://prom', 'dev')).toBeUndefined();
});

test('lists keep only texts', () => {
  expect(textsOf(['a', 1, '', null, 'b'])).toEqual(['a', 'b']);
  expect(textsOf('a')).toEqual([]);
});

test.each([
  ['https://prom.example/graph', true],
  ['http://localhost:9090', true],
  ['http://127.0.0.2:9090', true],
  ['http://[::1]:9090', true],
  ['http://prom.example', false],
  ['javascript:alert(1)', false],
  ['vscode://some.extension', false],
  ['file:///etc/passwd', false],
  ['nonsense', false],
])('opening %s is allowed: %s', (url, expected) => {
  expect(isOpenable(url)).toBe(expected);
});

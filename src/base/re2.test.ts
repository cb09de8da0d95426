import { describe, expect, test } from 'vitest';
import { re2Problem } from './re2.ts';

describe('RE2 takes', () => {
  test.each([
    '',
    '.*(iPhone|Android.*Mobile).*',
    '^(?:7|42)$',
    '(?i)beta',
    '(?P<name>a)(?<other>b)',
    '(?i-s:a|b)+?',
    '[]a]',
    '[^\\]a-z\\d-]',
    '[[:alpha:]_]{2,8}',
    'a{1000}',
    'a{,3}',
    '{',
    '\\Q(*\\E',
    '\\pN\\p{Greek}\\x{1F600}\\x41\\012\\.\\-\\_',
    '^*',
    '(|a)*',
    '你好+',
  ])('%s', (expression) => {
    expect(re2Problem(expression)).toBeUndefined();
  });
});

// What Go's regexp/syntax, which has RE2's syntax, refuses too.
describe('RE2 does not take', () => {
  test.each([
    ['a(?=b)', 'lookaround', '(?='],
    ['(?!b)a', 'lookaround', '(?!'],
    ['(?<=b)a', 'lookaround', '(?<='],
    ['(?<!b)a', 'lookaround', '(?<!'],
    ['(?>a)', 'lookaround', '(?>'],
    ['(a)\\1', 'backreference', '\\1'],
    ['(?P<n>a)\\k<n>', 'backreference', '\\k'],
    ['(a', 'unclosedGroup', '(a'],
    ['a)', 'unopenedGroup', ')'],
    ['[a', 'unclosedClass', '[a'],
    ['[]', 'unclosedClass', '[]'],
    ['[z-a]', 'badRange', 'z-a'],
    ['[[:nope:]]', 'badRange', '[:nope:]'],
    ['a\\', 'badEscape', '\\'],
    ['\\y', 'badEscape', '\\y'],
    ['\\Z', 'badEscape', '\\Z'],
    ['\\x{110000}', 'badEscape', '\\x{110000}'],
    ['(?x)a', 'badFlags', '(?x)a'],
    ['*a', 'nothingToRepeat', '*'],
    ['a|+', 'nothingToRepeat', '+'],
    ['(?i)*', 'nothingToRepeat', '*'],
    ['a**', 'repeatedTwice', '**'],
    ['a{2}{3}', 'repeatedTwice', '{2}{3}'],
    ['a++', 'repeatedTwice', '++'],
    ['a{1001}', 'tooManyRepeats', 'a{1001}'],
    ['a{3,2}', 'tooManyRepeats', 'a{3,2}'],
    ['(a{50}){50}', 'tooManyRepeats', '(a{50}){50}'],
  ])('%s', (expression, kind, part) => {
    expect(re2Problem(expression)).toEqual({ kind, part });
  });
});

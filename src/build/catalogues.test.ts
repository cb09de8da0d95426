import { expect, test } from 'vitest';
import type { Catalogue } from '../base/text.ts';
import { bundleOf, catalogueFaults } from './catalogues.ts';

const faultsOf = (...all: Catalogue[]): string[] =>
  catalogueFaults(all.map((words, index) => ({ file: `${String(index)}.l10n.ts`, words })));

test('complete catalogues have no faults', () => {
  expect(
    faultsOf({ 'a.one': ['{n} pods', '{n} 个 Pod'] }, { 'b.one': ['Refresh', '刷新'] }),
  ).toEqual([]);
});

test('a key in two catalogues is a fault that names both', () => {
  expect(faultsOf({ 'a.one': ['Yes', '是'] }, { 'a.one': ['No', '否'] })).toEqual([
    '1.l10n.ts: the key "a.one" is in 0.l10n.ts too.',
  ]);
});

test('different placeholders are a fault, their order and repetition are not', () => {
  expect(faultsOf({ 'a.one': ['{from} to {to}', '{to}，原为 {from}（{from}）'] })).toEqual([]);
  expect(faultsOf({ 'a.one': ['{from} to {to}', '至 {till}'] })).toEqual([
    '0.l10n.ts: "a.one" has {from, to} in English and {till} in Chinese.',
  ]);
});

test('an empty value is a fault', () => {
  expect(faultsOf({ 'a.one': ['Yes', ' '] })).toEqual([
    '0.l10n.ts: "a.one" is empty in a language.',
  ]);
});

test('more than 5 % of identical values are a fault, 5 % are not', () => {
  const words = (identical: number): Catalogue =>
    Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `k.${String(i)}`,
        ['Pod', i < identical ? 'Pod' : '容器组'],
      ]),
    );
  expect(faultsOf(words(1))).toEqual([]);
  expect(faultsOf(words(2))).toEqual([
    '2 of 20 values are the same in both languages; at most 5 % may be.',
  ]);
});

test('the bundle maps English to Chinese and reports English with two meanings', () => {
  expect(bundleOf({ a: ['Open', '打开'], b: ['Open', '打开'] })).toEqual({
    bundle: { Open: '打开' },
    faults: [],
  });
  expect(bundleOf({ a: ['Open', '打开'], b: ['Open', '开放'] }).faults).toEqual([
    '"b": "Open" is "打开" elsewhere and "开放" here.',
  ]);
});

import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/**
 * An esbuild plugin for a program that speaks English only: in catalogues (`*.l10n.ts`, [English, Chinese] by key) the second of each pair becomes
 * empty.
 */
export function englishOnly() {
  return {
    name: 'english-only',
    setup(build) {
      build.onLoad({ filter: /\.l10n\.ts$/ }, async ({ path }) => ({
        contents: withoutSecond(await readFile(path, 'utf8')),
        loader: 'ts',
      }));
    },
  };
}

function withoutSecond(text) {
  const file = ts.createSourceFile('catalogue.ts', text, ts.ScriptTarget.Latest, true);
  const spans = [];
  const visit = (node) => {
    const isPair =
      ts.isArrayLiteralExpression(node) &&
      ts.isPropertyAssignment(node.parent) &&
      node.elements.length === 2 &&
      node.elements.every((element) => ts.isStringLiteralLike(element));
    if (isPair) spans.push([node.elements[1].getStart(), node.elements[1].getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return spans.reduceRight((left, [from, to]) => `${left.slice(0, from)}''${left.slice(to)}`, text);
}

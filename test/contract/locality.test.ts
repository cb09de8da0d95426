import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { backends } from '../../src/backends/registry.ts';

const root = new URL('../../', import.meta.url).pathname;

/** Files that spell the id as a quoted string outside its folder and the registry. */
function strangersTo(
  id: string,
  files: readonly (readonly [path: string, text: string])[],
): readonly string[] {
  const quoted = new RegExp(`(['"\`])${id.replaceAll(/\W/g, '\\$&')}\\1`);
  return files
    .filter(
      ([path]) => !path.startsWith(`src/backends/${id}/`) && path !== 'src/backends/registry.ts',
    )
    .filter(([, text]) => quoted.test(text))
    .map(([path]) => path);
}

const sources = ['src', 'webview'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(root, path), readFileSync(path, 'utf8')] as const),
);

test.each(backends)('$id is spelled out only in its folder and the registry', ({ id }) => {
  expect(strangersTo(id, sources)).toEqual([]);
});

test('the check sees an id in another file, and only a whole quoted one', () => {
  const files = [
    ['src/editor/icons.ts', `if (id === 'some-mesh') show();`],
    ['src/editor/other.ts', `import '../some-mesh/index.ts'; // some-mesh`],
    ['src/backends/some-mesh/index.ts', `export const id = 'some-mesh';`],
    ['src/backends/registry.ts', `'some-mesh'`],
  ] as const;
  expect(strangersTo('some-mesh', files)).toEqual(['src/editor/icons.ts']);
});

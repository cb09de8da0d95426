/**
 * Writes the English words of the manifest and of the host as XLIFF, the format of translators and their tools, for a further language.
 * `npm run translations -- <file>`. Runs under Node 24.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getL10nXlf } from '@vscode/l10n-dev';
import { root } from './node24.mjs';

const file = process.argv[2];
if (file === undefined)
  throw new Error('Name the file to write: npm run translations -- cablecar.xlf');

const words = async (name) => JSON.parse(await readFile(path.join(root, name), 'utf8'));
const contents = new Map([
  ['package', await words('package.nls.json')],
  ['bundle', await words('l10n/bundle.l10n.json')],
]);
await writeFile(file, getL10nXlf(contents, { sourceLanguage: 'en' }));
process.stdout.write(
  `${file}: ${String([...contents.values()].reduce((sum, one) => sum + Object.keys(one).length, 0))} texts\n`,
);

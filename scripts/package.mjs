/** `npm run package`: builds and makes `cablecar-<version>.vsix` beside package.json. Runs under Node 24. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { binScript, root, runNode24 } from './node24.mjs';

const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const file = process.argv[2] ?? path.join(root, `${name}-${version}.vsix`);
// Everything is bundled, so no dependency goes in. What does go in, .vscodeignore allows.
const vsce = [await binScript('vsce'), 'package', '--no-dependencies', '--out', file];
process.exitCode = runNode24(['scripts/build.mjs']) || runNode24(vsce);
if (process.exitCode === 0) {
  const { size } = await stat(file);
  process.stdout.write(`${path.relative(root, file)}: ${(size / 1e6).toFixed(2)} MB\n`);
}

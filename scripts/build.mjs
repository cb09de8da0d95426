/** Bundles the extension, the Job and the webview into dist/. `--watch` rebuilds on change. Runs under Node 24. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { bundles } from './bundles.mjs';
import { root } from './node24.mjs';

const watch = process.argv.includes('--watch');

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist'), { recursive: true });
if (watch) {
  const contexts = await Promise.all(
    Object.values(bundles).map((options) => esbuild.context(options)),
  );
  await Promise.all(contexts.map((context) => context.watch()));
  process.stdout.write('Watching.\n');
} else {
  const results = await Promise.all(
    Object.values(bundles).map((options) => esbuild.build(options)),
  );
  for (const { metafile } of results) {
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
      process.stdout.write(`${file} ${String(Math.round(bytes / 1024))} KB\n`);
    }
  }
}

/** Bundles the extension, the Job and the webview into dist/. `--watch` rebuilds on change. Runs under Node 24. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { clientNodeSlim } from './clientNodeSlim.mjs';
import { root } from './node24.mjs';

const watch = process.argv.includes('--watch');
const development = watch || process.argv.includes('--development');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !development,
  sourcemap: development ? 'linked' : false,
  legalComments: 'none',
  charset: 'utf8', // Chinese words take half as much as escaped.
  logLevel: 'warning',
  metafile: true,
};

/** esbuild cannot split CommonJS: the small entry, the core that it loads on demand and the Job are bundles of their own. */
const host = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
  plugins: [clientNodeSlim()],
};

export const bundles = {
  editor: {
    ...host,
    entryPoints: { extension: 'src/extension.ts', core: 'src/core.ts' },
    external: ['vscode', './core.cjs'],
  },
  // Without `vscode` as an external: a stray import of it in the core breaks this build.
  job: { ...host, entryPoints: { job: 'src/job.ts' } },
  webview: {
    ...common,
    entryPoints: { main: 'webview/main.ts', panel: 'webview/panel.css' },
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome130',
    format: 'iife',
    tsconfig: 'webview/tsconfig.json',
  },
};

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

/** What esbuild makes of the sources: one entry for each bundle. */
import { clientNodeSlim } from './clientNodeSlim.mjs';
import { englishOnly } from './englishOnly.mjs';
import { root } from './node24.mjs';

/** Libraries of the Job's bundle, which the core takes from there: the package holds them once. */
const shared = { yaml: 'yaml', '@kubernetes/client-node/dist/config.js': 'kubeConfig' };

function librariesOfJob() {
  return {
    name: 'libraries-of-job',
    setup(build) {
      const filter = /^(yaml|@kubernetes\/client-node\/dist\/config\.js)$/;
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'of-job' }));
      build.onLoad({ filter: /.*/, namespace: 'of-job' }, ({ path }) => ({
        contents: `module.exports = require('./job.cjs').libraries.${shared[path]};`,
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}

const development = process.argv.includes('--watch') || process.argv.includes('--development');

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
    external: ['vscode', './core.cjs', './job.cjs'],
    plugins: [librariesOfJob(), clientNodeSlim()],
  },
  // Without `vscode` as an external: a stray import of it in the core breaks this build.
  job: { ...host, entryPoints: { job: 'src/job.ts' }, plugins: [clientNodeSlim(), englishOnly()] },
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

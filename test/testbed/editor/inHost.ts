import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '../processes.ts';
import { startBrowser } from './browser.ts';
import { startEditorServer, type EditorServerOptions } from './server.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Names the file that the suite writes its results to. */
const RESULTS_VARIABLE = 'CABLECAR_IN_HOST_RESULTS';
const RUN_MS = 180_000;

/** One mocha test that ran inside the extension host. */
export interface InHostResult {
  /** Titles of its suites and its own, joined by spaces. */
  readonly title: string;
  readonly durationMs: number;
  /** Message and stack; absent when it passed. */
  readonly error?: string;
}

interface InHostOptions extends Omit<EditorServerOptions, 'inHostTests' | 'extensionPath'> {
  readonly extensionPath: string;
  /** The TypeScript file that exports `run()`. */
  readonly suite: string;
  /** The workspace folder. */
  readonly folder: string;
}

/** Runs a mocha suite inside the extension host of a real workbench. @throws when the suite did not come to its end. */
export async function runInHost(options: InHostOptions): Promise<readonly InHostResult[]> {
  const extensionTestsPath = await bundleSuite(options.suite);
  const { extensionPath, folder, ...serverOptions } = options;
  const resultsFolder = await mkdtemp(join(tmpdir(), 'cablecar-results-'));
  const results = join(resultsFolder, 'results.json');
  const env = { ...options.env, [RESULTS_VARIABLE]: results };
  const userSettings = { 'security.workspace.trust.enabled': false, ...options.userSettings };
  const server = await startEditorServer({
    ...serverOptions,
    userSettings,
    env,
    inHostTests: true,
  });
  const browser = await startBrowser(options.onProgress);
  try {
    const page = await browser.newPage();
    await page.goto(server.addressOf({ folder, extensionPath, extensionTestsPath }));
    return await waitFor(
      { what: 'the results of the in-host tests', timeoutMs: RUN_MS },
      async () =>
        existsSync(results)
          ? { done: JSON.parse(await readFile(results, 'utf8')) as InHostResult[] }
          : { seen: `none; the extension host said:\n${await server.extensionHostLog()}` },
    );
  } finally {
    await browser.close();
    await server.stop();
    await rm(resultsFolder, { recursive: true });
    await rm(extensionTestsPath);
  }
}

/**
 * Bundles a suite for the extension host, which takes CommonJS only, and returns the path of the bundle, which the caller removes. It lies under node_modules so that
 * `require('mocha')` is found from there.
 */
export async function bundleSuite(suite: string): Promise<string> {
  const outfile = join(
    ROOT,
    'node_modules',
    '.cache',
    'cablecar',
    `suite-${String(process.pid)}.cjs`,
  );
  await build({
    entryPoints: [suite],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outfile;
}

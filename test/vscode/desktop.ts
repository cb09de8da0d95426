import { runTests } from '@vscode/test-electron';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleSuite } from '../testbed/editor/inHost.ts';
import { runToEnd } from '../testbed/editor/install.ts';
import { messageOf } from '../testbed/processes.ts';

/** Where `@vscode/test-electron` asks for and downloads the editor. */
const UPDATES = 'https://update.code.visualstudio.com/api/releases/stable';
const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the in-host tests in a desktop VS Code, which is downloaded the first time. On Linux without a screen, under `xvfb-run`. */
async function main(): Promise<void> {
  await canDownload();
  await runToEnd(process.execPath, ['scripts/build.mjs'], ROOT);
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-desktop-'));
  const extensionTestsPath = await bundleSuite(join(import.meta.dirname, 'suite', 'index.ts'));
  try {
    await runTests({
      version: process.env['CABLECAR_VSCODE_VERSION'] ?? 'stable',
      extensionDevelopmentPath: ROOT,
      extensionTestsPath,
      extensionTestsEnv: { KUBECONFIG: join(folder, 'no-kubeconfig') },
      launchArgs: [folder, '--user-data-dir', join(folder, 'user'), '--disable-workspace-trust'],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(extensionTestsPath);
  }
}

async function canDownload(): Promise<void> {
  try {
    const { ok, status } = await fetch(UPDATES, { signal: AbortSignal.timeout(10_000) });
    if (!ok) throw new Error(`it answered with status ${String(status)}`);
  } catch (cause) {
    throw new Error(
      `The desktop tests download VS Code from update.code.visualstudio.com, which cannot be reached: ${reasonOf(cause)}. ` +
        'Run them on a machine with internet; "npm run test:vscode" needs none.',
      { cause },
    );
  }
}

/** `fetch` says only "fetch failed"; what failed is in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : messageOf(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

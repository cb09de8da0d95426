import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openWorkbench, startBrowser, windowSettings } from '../test/testbed/editor/browser.ts';
import { startEditorServer } from '../test/testbed/editor/server.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Milliseconds from the click on Cablecar in the activity bar to the first row of a namespace on the screen, in a real editor whose
 * extension host is new each time: activation, loading the core, connecting, and the list are all in it.
 */
export async function measureFirstRow(kubeconfig: string, runs: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-bench-workspace-'));
  const server = await startEditorServer({
    extensionPath: ROOT,
    userSettings: windowSettings({ theme: 'dark' }),
    env: { KUBECONFIG: kubeconfig },
  });
  const browser = await startBrowser();
  try {
    const times: number[] = [];
    while (times.length < runs) {
      const workbench = await openWorkbench(browser, server, { folder });
      const startMs = performance.now();
      await workbench.openView('Cablecar');
      await workbench
        .row(/^Namespace team-000/)
        .first()
        .waitFor();
      times.push(performance.now() - startMs);
      await workbench.close();
    }
    return times;
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

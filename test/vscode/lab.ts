import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { it } from 'vitest';
import type { AuditEvent } from '../testbed/auditLog.ts';
import type { ControlPlane } from '../testbed/controlPlane.ts';
import { openWorkbench, startBrowser, type WorkbenchOptions } from '../testbed/editor/browser.ts';
import type { EditorServer } from '../testbed/editor/server.ts';
import type { Workbench } from '../testbed/editor/workbench.ts';
import { start, type Testbed, type TestbedOptions } from '../testbed/index.ts';
import { messageOf } from '../testbed/processes.ts';
import { loadShop } from '../testbed/shop/loadShop.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The requests of the extension, in the audit log. */
export const OURS = { userAgent: /^cablecar\// } as const;

/** The shop on a real cluster, and a real editor with the extension installed. */
export interface Lab {
  readonly testbed: Testbed;
  readonly cluster: ControlPlane;
  readonly editor: EditorServer;
  /** The folder that windows open. */
  readonly folder: string;
  readonly open: (options?: Omit<WorkbenchOptions, 'folder'>) => Promise<Workbench>;
  readonly stop: () => Promise<void>;
}

/** Starts the parts; the API server listens where faults of editors' HTTP layers show. */
export async function startLab(options: Omit<TestbedOptions, 'controlPlane'>): Promise<Lab> {
  const [testbed, browser, folder] = await Promise.all([
    start({
      controlPlane: { listenAddress: '127.0.0.2', crds: ['istio', 'gateway-api', 'flagger'] },
      editor: { extensionPath: ROOT },
      ...options,
    }),
    startBrowser(),
    mkdtemp(join(tmpdir(), 'cablecar-workspace-')),
  ]);
  const { editor, controlPlane: cluster } = testbed;
  const stop = async (): Promise<void> => {
    await browser.close();
    await testbed.stop();
    await rm(folder, { recursive: true, force: true });
  };
  if (editor === undefined) throw new Error('There is no editor.');
  try {
    await loadShop(cluster);
  } catch (error) {
    await stop();
    throw error;
  }
  return { testbed, cluster, editor, folder, stop, open: opener(browser, editor, folder) };
}

function opener(browser: Browser, editor: EditorServer, folder: string): Lab['open'] {
  return (options = {}) => openWorkbench(browser, editor, { folder, ...options });
}

/** Clients' kubeconfigs, as far as tests change them. */
export interface KubeconfigFile {
  readonly clusters: { cluster: Record<string, unknown> }[];
  readonly users: { user: Record<string, unknown> }[];
  readonly contexts: { name: string }[];
  'current-context': string;
}

/** Writes the admin's kubeconfig with a change. @returns its path. */
export async function kubeconfigWith(
  lab: Lab,
  name: string,
  change: (config: KubeconfigFile) => void,
): Promise<string> {
  const config = (await lab.cluster.kubectl.json(['config', 'view', '--raw'])) as KubeconfigFile;
  change(config);
  const path = join(lab.testbed.dir, `${name}.kubeconfig`);
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** A test that leaves a picture of the window, and no dialog, when it fails. */
export function seen(workbench: () => Workbench, title: string, test: () => Promise<void>): void {
  const file = `${title.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`;
  it(title, async () => {
    try {
      await test();
    } catch (cause) {
      const picture = join(ROOT, 'out', 'vscode', file);
      await workbench().screenshot(picture);
      await workbench().page.keyboard.press('Escape'); // A dialog left open would fail the next test too.
      throw new Error(`${messageOf(cause)}\nSee ${picture}`, { cause });
    }
  });
}

/** What a JSON Patch of the audit log changes: path and new value of each operation that is no test. */
export function changesOf(event: AuditEvent): Readonly<Record<string, unknown>> {
  const operations = event.requestObject as readonly {
    readonly op: string;
    readonly path: string;
    readonly value?: unknown;
  }[];
  const changing = operations.filter(({ op }) => op !== 'test');
  return Object.fromEntries(changing.map(({ op, path, value }) => [`${op} ${path}`, value]));
}

/** One line for a request: verb and object. */
export function lineOf({ verb, objectRef }: AuditEvent): string {
  return `${verb} ${objectRef?.resource ?? ''}/${objectRef?.name ?? ''}`;
}

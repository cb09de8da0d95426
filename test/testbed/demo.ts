import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { windowSettings } from './editor/browser.ts';
import { runToEnd } from './editor/install.ts';
import { start, type Testbed } from './index.ts';
import { messageOf } from './processes.ts';
import { loadShop, SHOP_SERVICES } from './shop/loadShop.ts';
import { runTour } from './tour.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Enough for graphs that move, and little enough for a laptop that also draws them. */
const REQUESTS_PER_SECOND = 60;

/** The running demo. */
export interface Demo {
  readonly testbed: Testbed;
  /** The workspace that the editor has open. */
  readonly folder: string;
}

interface DemoOptions {
  /** Who shows it: a browser, a person's own VS Code, or nobody but the tour. */
  readonly by: 'browser' | 'desktop' | 'tour';
  /** Where the tour's pictures go. */
  readonly picturesFolder: string;
}

const startedAtMs = performance.now();

/** Starts the demo, shows it, and ends everything again: at Ctrl+C, at the end of the tour, when the window is closed. */
async function main(options: DemoOptions): Promise<void> {
  if (options.by === 'desktop') await requireCode();
  const demo = await startDemo(options.by !== 'desktop');
  const ended = endOfTerminal();
  try {
    say(`Ready.\n${addressesOf(demo)}`);
    if (options.by === 'tour') await Promise.race([runTour(demo, options.picturesFolder), ended]);
    else if (options.by === 'desktop') await Promise.race([desktopClosed(demo), ended]);
    else await ended;
  } finally {
    say('Ending everything');
    await demo.testbed.stop();
  }
}

async function startDemo(withEditor: boolean): Promise<Demo> {
  const testbed = await start({
    controlPlane: { crds: ['istio', 'gateway-api', 'flagger'] },
    prometheus: true,
    alertmanager: true,
    dataPlane: true,
    traffic: { rate: REQUESTS_PER_SECOND, services: SHOP_SERVICES },
    editor: withEditor && { extensionPath: ROOT, userSettings: windowSettings({ theme: 'dark' }) },
    onProgress: say,
  });
  try {
    say('Loading the shop: six services, and waiting for their pods');
    await loadShop(testbed.controlPlane);
    return { testbed, folder: workspaceIn(testbed.dir) };
  } catch (error) {
    await testbed.stop();
    throw error;
  }
}

/** A folder as a developer would have it open: the manifests of the service that they release. */
function workspaceIn(dir: string): string {
  const folder = join(dir, 'workspace', 'shop');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'shop', 'shop.yaml'), join(folder, 'shop.yaml'));
  return folder;
}

function addressesOf({ testbed, folder }: Demo): string {
  const { editor, prometheus, dataPlane, controlPlane } = testbed;
  const shop = dataPlane === undefined ? '' : `curl -H 'Host: shop.default' ${dataPlane.proxyUrl}`;
  const rows = [
    ['Editor', editor?.addressOf({ folder }) ?? 'your own VS Code, which opens now'],
    ['Cluster', `kubectl --kubeconfig ${controlPlane.facts.admin.kubeconfigPath} get services`],
    ['Shop', shop],
    ['Prometheus', prometheus?.url ?? ''],
  ] as const;
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  return ['', ...lines, '', 'Click Cablecar in the activity bar. Ctrl+C ends all of it.', ''].join(
    '\n',
  );
}

/** Resolves at Ctrl+C or when somebody ends the process. A second Ctrl+C does not wait for the parts. */
function endOfTerminal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        done();
        process.once('SIGINT', () => process.exit(130));
      });
  });
}

async function requireCode(): Promise<void> {
  try {
    await runToEnd(codeCommand(), ['--version']);
  } catch (cause) {
    throw new Error(
      'The command "code" was not found. In VS Code run "Shell Command: Install \'code\' command in PATH", or leave --desktop out.',
      { cause },
    );
  }
}

/** On Windows the command is a batch file. */
function codeCommand(): string {
  return process.platform === 'win32' ? 'code.cmd' : 'code';
}

/** Resolves when the window is closed. Its profile is its own: a VS Code that runs already would ignore our environment. */
function desktopClosed({ testbed, folder }: Demo): Promise<void> {
  const args = [
    `--extensionDevelopmentPath=${ROOT}`,
    `--user-data-dir=${join(testbed.dir, 'code')}`,
    '--disable-workspace-trust',
    '--new-window',
    '--wait',
    folder,
  ];
  const env = { ...process.env, KUBECONFIG: testbed.controlPlane.facts.admin.kubeconfigPath };
  const child = spawn(codeCommand(), args, { env, stdio: 'ignore' });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', () => {
      done();
    });
  });
}

function say(line: string): void {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

function optionsOf(args: readonly string[]): DemoOptions {
  const known = ['--desktop', '--tour'];
  const unknown = args.find((arg) => arg.startsWith('--') && !known.includes(arg));
  if (unknown !== undefined)
    throw new Error(`"${unknown}" is not an option. There are ${known.join(' and ')} [folder].`);
  const by = args.includes('--tour') ? 'tour' : args.includes('--desktop') ? 'desktop' : 'browser';
  const folder = args.find((arg) => !arg.startsWith('--'));
  return { by, picturesFolder: resolve(folder ?? join(ROOT, 'out', 'tour')) };
}

try {
  await main(optionsOf(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

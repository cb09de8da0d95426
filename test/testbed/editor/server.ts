import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Progress } from '../cache.ts';
import { lives, startChild, waitFor, waitForReady, type Child } from '../processes.ts';
import { installEditor } from './install.ts';

/** Values by their dotted names, as in a settings.json. */
export type Settings = Readonly<Record<string, unknown>>;

export interface EditorServerOptions {
  /** Settings of scope `window` or `application`: theme, formatting, our own that are not `machine`. */
  readonly userSettings?: Settings;
  /** Settings of scope `machine`, such as `cablecar.kubeconfig`. They win over the user's where both are allowed. */
  readonly machineSettings?: Settings;
  /** Added to the environment of the server, and so of its extension hosts: `KUBECONFIG`, `PATH`, proxies. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of the folder of the extension's package.json. A copy of what would be packaged is installed. */
  readonly extensionPath?: string;
  /**
   * Allows pages that run a test module inside the extension host. Off by default, because VS Code then hides all notifications:
   * the workbench is no longer what a person sees.
   */
  readonly inHostTests?: boolean;
  readonly onProgress?: Progress;
}

export interface PageAddress {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
}

/** A page whose extension host runs a test module; needs `inHostTests`. */
export interface InHostPage extends PageAddress {
  /** Absolute path of the extension under development: the folder of its package.json. */
  readonly extensionPath: string;
  /** Absolute path of a CommonJS module that exports `run()`. */
  readonly extensionTestsPath: string;
}

/** A VS Code server on loopback; every page that opens `addressOf(...)` gets a workbench and an extension host of its own. */
export interface EditorServer {
  readonly origin: string;
  readonly pid: number;
  /** What the server said, with a line for each extension host it started. */
  readonly logFile: string;
  /** Where settings, storage and logs are; removed by `stop`. */
  readonly dataFolder: string;
  /** The address that a test, or a person, opens in a browser. */
  readonly addressOf: (page: PageAddress | InHostPage) => string;
  /** Merges into the user's settings; open pages follow at once, as for a person who edits settings.json. `null` removes. */
  readonly changeUserSettings: (settings: Settings) => Promise<void>;
  readonly changeMachineSettings: (settings: Settings) => Promise<void>;
  /** Process ids of the living extension hosts, oldest first. */
  readonly extensionHostPids: () => Promise<readonly number[]>;
  /** Everything that extensions wrote to the log output channel of this name, oldest first; empty when there is none. */
  readonly outputChannel: (name: string) => Promise<string>;
  /** Everything the extension hosts logged: failed activations, thrown errors. */
  readonly extensionHostLog: () => Promise<string>;
  /** What VS Code gives the extension as `globalStorageUri`. */
  readonly globalStorage: (extensionId: string) => string;
  readonly stop: () => Promise<void>;
}

/** Quiet: nothing in a picture, and nothing on the network, that the extension did not put there. */
const QUIET: Settings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};
const READY_MS = 60_000;

/** Installs the VS Code server unless it is there, starts it on a free loopback port and waits until it answers. */
export async function startEditorServer(options: EditorServerOptions = {}): Promise<EditorServer> {
  const program = await installEditor(options.onProgress);
  const dataFolder = await mkdtemp(join(tmpdir(), 'cablecar-editor-'));
  const files = settingsFiles(dataFolder);
  await files.user({ ...QUIET, ...options.userSettings });
  await files.machine(options.machineSettings ?? {});
  if (options.extensionPath !== undefined)
    await installExtension(options.extensionPath, join(dataFolder, 'extensions'));
  const child = await startChild({
    name: 'VS Code server',
    command: process.execPath,
    args: [program, ...serverFlags(dataFolder, options.inHostTests ?? false)],
    logFile: join(dataFolder, 'server.log'),
    env: { ...options.env },
  });
  const origin = await answering(child);
  return {
    origin,
    pid: child.pid,
    logFile: child.logFile,
    dataFolder,
    addressOf: (page) => addressOf(origin, page),
    changeUserSettings: files.user,
    changeMachineSettings: files.machine,
    extensionHostPids: () => extensionHostPids(child),
    outputChannel: (name) => logsNamed(dataFolder, `${name}.log`),
    extensionHostLog: () => logsNamed(dataFolder, 'remoteexthost.log'),
    globalStorage: (id) => join(dataFolder, 'data', 'User', 'globalStorage', id.toLowerCase()),
    stop: async () => {
      await child.stop();
      // Extension hosts end with the server's process group a moment later and may still write.
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function serverFlags(dataFolder: string, inHostTests: boolean): readonly string[] {
  return [
    '--accept-server-license-terms',
    '--without-connection-token',
    ...['--host', '127.0.0.1', '--port', '0'],
    ...['--server-data-dir', dataFolder],
    ...['--telemetry-level', 'off'],
    ...['--reconnection-grace-time', '60'], // Seconds; else the hosts of closed pages stay for hours.
    // Without it the payload of the address, and so the test module, is ignored.
    ...(inHostTests ? ['--enable-smoke-test-driver'] : []),
    '--force-disable-user-env', // A login shell's KUBECONFIG must not replace ours.
  ];
}

/** The server chooses its port itself and says it: nobody can take it in between. */
async function answering(child: Child): Promise<string> {
  let origin = '';
  const options = { what: 'the VS Code server to answer', timeoutMs: READY_MS, children: [child] };
  await waitForReady(options, async () => {
    const port = /agent listening on (\d+)/.exec(await readFile(child.logFile, 'utf8'))?.[1];
    if (port === undefined) return { seen: 'no port in its output' };
    origin = `http://127.0.0.1:${port}`;
    const { status } = await fetch(`${origin}/version`);
    return status === 200 ? { done: undefined } : { seen: `status ${String(status)}` };
  });
  return origin;
}

function addressOf(origin: string, page: PageAddress | InHostPage): string {
  const query = new URLSearchParams({ folder: page.folder });
  if ('extensionTestsPath' in page) {
    const remote = (path: string): string => `vscode-remote://${new URL(origin).host}${path}`;
    const payload = [
      ['skipWelcome', 'true'],
      ['extensionDevelopmentPath', remote(page.extensionPath)],
      ['extensionTestsPath', remote(page.extensionTestsPath)],
    ];
    query.set('payload', JSON.stringify(payload));
  }
  return `${origin}/?${query.toString()}`;
}

/** What the package holds; sources, tests and node_modules stay out. */
const PACKAGED = /^(package(\.nls(\.[\w-]+)?)?\.json|dist|media|l10n|[A-Z][\w.-]*\.md|LICENSE)$/;

async function installExtension(from: string, extensions: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as Manifest;
  const { publisher, name, version } = manifest;
  const to = join(extensions, `${publisher}.${name}-${version}`);
  const parts = (await readdir(from)).filter((part) => PACKAGED.test(part));
  for (const part of parts) await cp(join(from, part), join(to, part), { recursive: true });
}

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
}

function settingsFiles(
  dataFolder: string,
): Record<'user' | 'machine', (changes: Settings) => Promise<void>> {
  const writer = (folder: string) => async (changes: Settings) => {
    const file = join(dataFolder, 'data', folder, 'settings.json');
    await mkdir(join(file, '..'), { recursive: true });
    const before = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Settings) : {};
    const after = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
    await writeFile(file, JSON.stringify(Object.fromEntries(after), null, 2));
  };
  return { user: writer('User'), machine: writer('Machine') };
}

async function extensionHostPids(child: Child): Promise<readonly number[]> {
  const log = await readFile(child.logFile, 'utf8');
  const started = log.matchAll(/<(\d+)> Launched Extension Host Process/g);
  return [...started].map((match) => Number(match[1])).filter(lives);
}

async function logsNamed(dataFolder: string, name: string): Promise<string> {
  const folder = join(dataFolder, 'data', 'logs');
  if (!existsSync(folder)) return '';
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => basename(file) === name,
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  return texts.join('');
}

/** Waits for a living extension host other than those in `except`, and returns its process id. */
export function nextExtensionHost(
  server: EditorServer,
  except: readonly number[] = [],
): Promise<number> {
  return waitFor({ what: 'a new extension host', timeoutMs: READY_MS }, async () => {
    const found = (await server.extensionHostPids()).find((pid) => !except.includes(pid));
    return found === undefined ? { seen: 'none' } : { done: found };
  });
}

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder, filledFolder, type Progress } from '../cache.ts';

const VERSION = '4.139.1';
/** VS Code's own version inside the package above. */
const VSCODE_VERSION = '1.139.1';
/** As published; a mirror that serves other bytes is refused before anything of it runs. */
const INTEGRITY =
  'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==';
const SERVER = join('node_modules', 'code-server', 'lib', 'vscode');

/**
 * Makes sure the VS Code server is in the cache, and returns the path of its `server-main.js`. The first time takes 10 to 40 s and
 * 620 MB from the npm registry. Safe to call from several processes at once.
 *
 * No install script of any package runs: of the native modules they would build, the terminal is not needed, and the logger is
 * replaced by `LOGGER`.
 */
export async function installEditor(onProgress: Progress = () => undefined): Promise<string> {
  const target = join(cacheFolder(), `code-server-${VERSION}-1`);
  const folder = await filledFolder(target, onProgress, (partial) => fill(partial, onProgress));
  return join(folder, SERVER, 'out', 'server-main.js');
}

async function fill(folder: string, onProgress: Progress): Promise<void> {
  const server = join(folder, SERVER);
  onProgress(`Downloading the VS Code server ${VSCODE_VERSION}: once, about a minute (1 of 3)`);
  await npmInstall(folder, ['--prefix', folder, `code-server@${VERSION}`]);
  await checkIntegrity(folder);
  onProgress('Downloading what the server needs (2 of 3)');
  await npmInstall(server, ['--omit=dev']);
  onProgress('Downloading what its extensions need (3 of 3)');
  await npmInstall(join(server, 'extensions'), ['--omit=dev']);
  await writeFile(join(server, 'node_modules', '@vscode', 'spdlog', 'index.js'), LOGGER);
}

async function checkIntegrity(folder: string): Promise<void> {
  const file = join(folder, 'node_modules', '.package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const found = lock.packages['node_modules/code-server']?.integrity;
  if (found !== INTEGRITY)
    throw new Error(`code-server ${VERSION}: integrity is ${String(found)}, expected ${INTEGRITY}`);
}

function npmInstall(cwd: string, args: readonly string[]): Promise<void> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return runToEnd('npm', ['install', ...args, ...flags], cwd);
}

/** Runs a program to its end, our Node first on `PATH`. @throws with the command and the last lines it said when it fails. */
export function runToEnd(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8000);
    });
  const command = `"${[program, ...args].join(' ')}"`;
  const lastLines = (): string => said.trimEnd().split('\n').slice(-20).join('\n');
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      reject(new Error(`${command} could not run: ${cause.message}`, { cause }));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`${command} ended with ${signal ?? `code ${String(code)}`}\n${lastLines()}`),
        );
    });
  });
}

/**
 * Stands in for VS Code's native log writer. Without one, output channels of the `log` kind stay empty and no log file is written.
 * It writes at once, so that what was logged before a kill -9 is in the file.
 */
const LOGGER = `'use strict';
const fs = require('node:fs');
const path = require('node:path');
const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  constructor(kind, name, file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.file = file;
    this.level = 2;
    this.plain = false;
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {}
  write(level, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    fs.appendFileSync(this.file, this.plain ? message : time + ' [' + LEVELS[level] + '] ' + message + '\\n');
  }
}
['trace', 'debug', 'info', 'warn', 'error', 'critical'].forEach((name, level) => {
  Logger.prototype[name] = function (message) { this.write(level, message); };
});
const create = async (name, file) => new Logger('rotating', name, file);

exports.version = 0;
exports.setLevel = exports.setFlushOn = exports.shutdown = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = create;
`;

/**
 * Runs a script, or with `--bin` a command of node_modules/.bin, under Node 24 or later.
 * Plain JavaScript without dependencies: it must work on Node 20, before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Path of a Node ≥ 24: this process itself, or the program that the per-platform npm package brings. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = { win32: 'node-win', linux: 'node-linux', darwin: 'node-darwin' }[process.platform];
  const folders = [`${name}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of folders) {
    const file = path.join(root, 'node_modules', folder, 'bin', program);
    if (existsSync(file)) return file;
  }
  throw new Error(
    `Node 24 or later is needed; this is ${process.versions.node}, and no npm package brings one for ${process.platform}-${process.arch}. Install Node 24 and try again.`,
  );
}

/** Environment whose PATH finds Node 24 and the tools of this project first. */
export function toolEnvironment() {
  const bins = [path.dirname(findNode24()), path.join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...bins, process.env.PATH].join(path.delimiter) };
}

/** Runs `args` under Node 24 in the project's folder; returns the exit code. */
export function runNode24(args) {
  const result = spawnSync(findNode24(), args, {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment(),
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** The JavaScript file behind a command of node_modules/.bin: `.bin` entries are shell files on Windows. */
export async function binScript(command) {
  const { readFile } = await import('node:fs/promises');
  const packages = { depcruise: 'dependency-cruiser', tsc: 'typescript', vsce: '@vscode/vsce' };
  const folder = path.join(root, 'node_modules', packages[command] ?? command);
  const { bin } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [first, ...rest] = process.argv.slice(2);
  const args = first === '--bin' ? [await binScript(rest[0]), ...rest.slice(1)] : [first, ...rest];
  process.exit(runNode24(args));
}

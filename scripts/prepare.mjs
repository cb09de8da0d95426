/**
 * Makes a fresh clone ready: what is installed, and what the machine lacks, said before anything long begins.
 * Plain JavaScript without dependencies: it must work on Node 20, before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { findNode24, root } from './node24.mjs';

const OLDEST_NODE = 20;
/** On Windows npm is a batch file, which only a shell can run. */
const shell = process.platform === 'win32';

/**
 * Installs the npm packages unless the lock file's are there already, and makes sure of a Node 24.
 * @throws with what to install when that cannot be.
 */
export function prepare() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE)
    throw new Error(`Node ${OLDEST_NODE} or later is needed; this is ${process.versions.node}.`);
  if (!isInstalled()) install();
  findNode24();
}

/** Go builds the control plane and brings the resource definitions. @throws when there is none. */
export function requireGo() {
  if (!runs('go', ['version']))
    throw new Error(
      'Go 1.26 or later is needed for the control plane of the testbed and was not found. Install it from https://go.dev/dl/ (or your system\'s packages), see that "go version" works, and try again.',
    );
}

function isInstalled() {
  // npm writes this file last; an install that was cut leaves none, or an old one.
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  if (!runs('npm', ['--version']))
    throw new Error(
      'npm was not found. It comes with Node: install Node from https://nodejs.org and try again.',
    );
  process.stdout.write('Installing the npm packages of package-lock.json (once, about a minute)\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell });
  if (status !== 0)
    throw new Error(
      '"npm ci" failed: see above. Behind a slow network, set a mirror with "npm config set registry <address>".',
    );
}

function runs(program, args) {
  return spawnSync(program, args, { stdio: 'ignore', shell }).status === 0;
}

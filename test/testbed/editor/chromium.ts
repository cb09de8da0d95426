import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Progress } from '../cache.ts';
import { runToEnd } from './install.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** `fonts-noto-cjk` lets screenshots of the Chinese texts show glyphs instead of boxes. */
const DEBIAN_PACKAGES = ['chromium', 'fonts-noto-cjk'];

/**
 * Finds a Chromium: `$CHROMIUM`, then the usual names on `PATH`, then (as root on a Debian machine) installs the distribution's
 * package.
 * @throws with the commands to type when there is none.
 */
export async function findChromium(onProgress: Progress = () => undefined): Promise<string> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM is "${named}", which is not a program that can be run`);
  }
  const found = onPath() ?? (await installed(onProgress));
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium found. Install it with "sudo apt-get install chromium fonts-noto-cjk" (Debian), "sudo dnf install chromium" ' +
      '(Fedora), "brew install --cask google-chrome" (macOS), or set CHROMIUM to the path of a Chromium or Chrome.',
  );
}

async function installed(onProgress: Progress): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return undefined;
  onProgress(`Installing ${DEBIAN_PACKAGES.join(' and ')} by apt-get`);
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...DEBIAN_PACKAGES];
  await runToEnd('apt-get', ['update', '-qq']);
  await runToEnd('apt-get', install);
  return onPath();
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, MAC].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

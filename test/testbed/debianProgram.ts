import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Progress } from './cache.ts';

const run = promisify(execFile);

/** A program that Debian has as a package. */
export interface DebianProgram {
  /** For people: "Prometheus". */
  readonly name: string;
  /** Environment variable that names a binary to use instead. */
  readonly variable: string;
  /** Names of the program on the path, the first one found counts. Debian's, in `/usr/bin`, is the first. */
  readonly commands: readonly [string, ...string[]];
  readonly debianPackage: string;
  readonly homebrewFormula: string;
}

/** What its variable names, what is on the path, or Debian's package, which is installed where we may. */
export async function findProgram(program: DebianProgram, onProgress: Progress): Promise<string> {
  const { variable, commands, debianPackage } = program;
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`${variable} names ${named}, which does not exist.`);
    return named;
  }
  const found = commands.map(onPath).find((file) => file !== undefined);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    throw new Error(howToInstall(program));
  onProgress(`Installing the Debian package ${debianPackage}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', debianPackage];
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', install, { env });
  } catch (error) {
    const failed = `apt-get ${install.join(' ')} failed.`;
    throw new Error(`${failed} ${howToInstall(program)}`, { cause: error });
  }
  return `/usr/bin/${commands[0]}`;
}

function howToInstall(program: DebianProgram): string {
  const { name, variable, debianPackage, homebrewFormula } = program;
  return [
    `The testbed needs ${name}. Install it with one of these, or name a binary in ${variable}:`,
    `  sudo apt-get install ${debianPackage}`,
    `  brew install ${homebrewFormula}`,
  ].join('\n');
}

function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

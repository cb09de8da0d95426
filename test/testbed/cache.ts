import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives } from './processes.ts';

/** Told one line of what the testbed is doing, for a person who waits. */
export type Progress = (line: string) => void;

/** The folder, outside the checkout, where built programs and downloaded manifests stay between runs. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cablecar', 'testbed');
}

/**
 * The folder `target`, made by `fill` when it does not exist yet. It is filled under another name and renamed, so it is never
 * seen half made; of several processes one fills and the others wait for it.
 */
export async function filledFolder(
  target: string,
  onProgress: Progress,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const lock = `${target}.lock`;
  mkdirSync(join(target, '..'), { recursive: true });
  let told = false;
  while (!existsSync(target)) {
    if (takeLock(lock)) {
      try {
        if (!existsSync(target)) await fillAndRename(target, fill);
      } finally {
        rmSync(lock, { force: true });
      }
    } else {
      if (!told) onProgress(`Waiting for another process that is preparing ${target}`);
      told = true;
      await sleep(250);
    }
  }
  return target;
}

/** The name of the partial folder is ours alone: should two processes ever fill at once, the second finds the work done. */
async function fillAndRename(
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  removeAbandoned(`${target}.partial-`);
  const partial = `${target}.partial-${String(process.pid)}`;
  mkdirSync(partial);
  try {
    await fill(partial);
    if (!existsSync(target)) renameSync(partial, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what processes that have died left half made. */
function removeAbandoned(prefix: string): void {
  for (const name of readdirSync(dirname(prefix))) {
    const path = join(dirname(prefix), name);
    if (path.startsWith(prefix) && !lives(Number(path.slice(prefix.length))))
      rmSync(path, { recursive: true, force: true });
  }
}

/** Takes the lock unless a living process has it; a lock whose owner has died is removed. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!ownerLives(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function ownerLives(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // An empty file has just been made by its owner, who has not written yet; or has died right then.
    return owner === 0 ? Date.now() - statSync(lock).mtimeMs < 10_000 : lives(owner);
  } catch {
    // Its owner has just removed it.
    return true;
  }
}

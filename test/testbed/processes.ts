import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What to run, and where its output goes. */
export interface ChildOptions {
  /** Short name for messages, such as `kube-apiserver`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Receives stdout and stderr; appended to when it exists. Its folder is created. */
  readonly logFile: string;
  readonly cwd?: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running program that ends with us, however we end. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** `undefined` while it runs; then a sentence such as `exited with code 1`. */
  readonly exit: () => string | undefined;
  /** The end of its output, for failures. */
  readonly lastLines: (count?: number) => string;
  /** SIGTERM, and SIGKILL after `graceMs`; resolves when it is gone. Idempotent. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** SIGKILL at once, as a crash would; resolves when it is gone. Idempotent. */
  readonly kill: () => Promise<void>;
}

/**
 * The shell leaves a watcher behind and becomes the program itself, so the process id is the program's. The watcher reads a
 * pipe that only we hold: when we die, by whatever signal, it sees the end of it and kills the whole process group. While it
 * lives it also keeps the group's id from being given to somebody else. Works wherever there is a POSIX shell.
 */
const GUARD = 'exec 3<&0; { cat <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/** Starts a program in its own process group, so that Ctrl+C reaches us first and we stop it in order. */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn('/bin/sh', ['-c', GUARD, options.name, options.command, ...options.args], {
    stdio: ['pipe', log, log],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  let exit: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = signal === null ? `exited with code ${String(code)}` : `was ended by ${signal}`;
      // The watcher and whatever the program left running in its group end with the pipe.
      child.stdin?.destroy();
      resolve();
    });
  });
  await once(child, 'spawn');
  child.stdin?.on('error', () => undefined);
  const pid = child.pid ?? 0;
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    exit: () => exit,
    lastLines: (count = 20) => lastLines(options.logFile, count),
    stop: async (graceMs = 10_000) => {
      if (exit === undefined) child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(forced);
    },
    kill: async () => {
      if (exit === undefined) child.kill('SIGKILL');
      await gone;
    },
  };
}

/** The last lines of a file; empty when it does not exist. */
export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** What a condition found: done with a value, or not yet with what was seen instead. */
export type Seen<T> = { readonly done: T } | { readonly seen: string };

/** How long to wait for a condition, and for what. */
export interface WaitOptions {
  /** Completes "waiting for …", such as `the node to be ready`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  /** Programs whose end makes the wait pointless: it fails at once, with their last lines. */
  readonly children?: readonly Child[];
}

/**
 * Polls until the condition is done. A thrown error counts as "not yet", with its message as what was seen.
 * @throws when the deadline passes or a child has ended, with what was last seen and the children's last lines.
 */
export async function waitFor<T>(
  options: WaitOptions,
  condition: () => Seen<T> | Promise<Seen<T>>,
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  let seen = 'nothing';
  for (;;) {
    const dead = options.children?.find((child) => child.exit() !== undefined);
    if (dead !== undefined)
      throw new Error(
        `${dead.name} ${dead.exit() ?? ''} while waiting for ${options.what}.\n${dead.lastLines()}`,
      );
    try {
      const result = await condition();
      if ('done' in result) return result.done;
      seen = result.seen;
    } catch (error) {
      seen = messageOf(error);
    }
    if (Date.now() > deadline) throw new Error(timeoutMessage(options, seen));
    await sleep(options.intervalMs ?? 50);
  }
}

/** As `waitFor`, for children that are starting: when they do not become ready, they are killed. */
export async function waitForReady(
  options: WaitOptions & { readonly children: readonly Child[] },
  condition: () => Seen<undefined> | Promise<Seen<undefined>>,
): Promise<void> {
  try {
    await waitFor(options, condition);
  } catch (error) {
    await Promise.all(options.children.map((child) => child.kill()));
    throw error;
  }
}

/** Waits until the condition holds; `describe` says what is there instead, for the failure. */
export async function waitUntil(
  options: WaitOptions,
  condition: () => boolean | Promise<boolean>,
  describe: () => string = () => 'not yet',
): Promise<void> {
  await waitFor(options, async () =>
    (await condition()) ? { done: undefined } : { seen: describe() },
  );
}

/** A port nobody listens on at this moment. Another process may still take it: retry on a bind failure. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}

/** Gives `attempt` a free port, and another one when somebody took it first; up to three times. */
export async function onFreePort<T>(
  attempt: (port: number) => Promise<T>,
  host = '127.0.0.1',
): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await attempt(await freePort(host));
    } catch (error) {
      if (left === 0 || !messageOf(error).includes('address already in use')) throw error;
    }
  }
}

/** Whether there is a process with this id. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function timeoutMessage(options: WaitOptions, seen: string): string {
  const logs = (options.children ?? [])
    .map((child) => `--- ${child.name}\n${child.lastLines()}`)
    .join('\n');
  return `Gave up after ${String(options.timeoutMs / 1000)} s waiting for ${options.what}; last seen: ${seen}\n${logs}`;
}

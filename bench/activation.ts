import { ChildProcess, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Module from 'node:module';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
/** Long enough for anything that activation only put off to show itself. */
const AFTER_MS = 300;

/** What a fresh process needed to load and activate something. */
export interface Activation {
  readonly ms: number;
  /** Connections opened and programs started, until a moment after. */
  readonly sockets: number;
  readonly spawns: number;
}

/** What can be loaded: ours, the least (Node's own client), and the official client as it comes. */
export type Loaded = 'cablecar' | 'node:https' | 'client-node';

/** Loads it in a process of its own. */
export async function measureActivation(what: Loaded): Promise<Activation> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(import.meta.url),
    what,
  ]);
  return JSON.parse(stdout) as Activation;
}

function countConnections(): { sockets: number; spawns: number } {
  const counts = { sockets: 0, spawns: 0 };
  count(Socket.prototype, 'connect', () => (counts.sockets += 1));
  count(ChildProcess.prototype, 'spawn', () => (counts.spawns += 1));
  return counts;
}

/** Tells of every call of a method, which does what it did. */
function count(prototype: object, method: string, onCall: () => void): void {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[method];
  methods[method] = function (this: unknown, ...args: unknown[]): unknown {
    onCall();
    return original?.apply(this, args);
  };
}

/** Requires the bundle as the extension host does, with a `vscode` that accepts every call and does nothing. */
function activateOurs(): void {
  const loader = Module as unknown as {
    _load: (request: string, ...rest: unknown[]) => unknown;
  };
  const load = loader._load;
  loader._load = (request, ...rest) =>
    request === 'vscode' ? vscode : load.call(Module, request, ...rest);
  const bundle = resolve(ROOT, 'dist', 'extension.cjs');
  const manifest: unknown = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const extension = createRequire(bundle)(bundle) as { activate: (context: unknown) => void };
  extension.activate({ subscriptions: [], extension: { packageJSON: manifest } });
}

/** Can be called, constructed and extended; each of its members is another one. */
const anything: unknown = new Proxy(function () {}, {
  get: (target, key) => (key === 'prototype' ? (target.prototype as unknown) : anything),
  apply: () => anything,
  construct: () => ({}),
});

/** What the small entry uses of VS Code; the bundle copies the members that it finds. */
const vscode = Object.fromEntries(
  ['window', 'commands', 'workspace', 'EventEmitter'].map((name) => [name, anything]),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const counts = countConnections();
  const startMs = performance.now();
  if (process.argv[2] === 'cablecar') activateOurs();
  else await import(process.argv[2] === 'client-node' ? '@kubernetes/client-node' : 'node:https');
  const ms = performance.now() - startMs;
  await sleep(AFTER_MS);
  process.stdout.write(JSON.stringify({ ms, ...counts }));
}

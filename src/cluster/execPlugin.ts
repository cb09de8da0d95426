import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './cluster.l10n.ts';
import type { ClusterTarget } from './kubeconfig.ts';

/** A program that a kubeconfig names, about to run for the first time: what a person is asked about. */
export interface ExecPluginCall {
  readonly context: string;
  /** Absolute path of the program that would run. */
  readonly program: string;
  readonly args: readonly string[];
  /** Names only: values may be secrets. */
  readonly envNames: readonly string[];
  /** The same for the same command, arguments and names: what an approval may be remembered under. */
  readonly key: string;
}

/** Whether the plugin may run. Asked before the first run of each call in this process. */
export type ApprovePlugin = (call: ExecPluginCall, signal: AbortSignal) => Promise<boolean>;

/** What a plugin printed. */
export interface ExecCredential {
  readonly token?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  /** Milliseconds since the epoch; absent: good until the server says otherwise. */
  readonly expiresAtMs?: number;
}

/** Where a plugin runs and who is told. */
export interface ExecPluginHost {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly approve: ApprovePlugin;
  /** Receives what the plugin wrote to stderr, without what looks like a secret. */
  readonly log: (line: string) => void;
  /** Default 60 000. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_BYTES = 1 << 20;
const DEFAULT_TIMEOUT_MS = 60_000;
/** For what is still in the pipes when a program has ended. */
const PIPES_MS = 1000;

/**
 * Runs the exec plugin of a target as client-go would, and more carefully: no shell, an absolute program that is never taken from the
 * working directory, a time limit after which the whole process tree ends, and nothing of its stderr in a message.
 */
export async function runExecPlugin(
  target: ClusterTarget,
  host: ExecPluginHost,
  signal: AbortSignal,
): Promise<Result<ExecCredential, Text>> {
  const exec = execOf(target);
  const words = { command: exec.command, context: target.context };
  if (exec.interactiveMode === 'Always') return err(say('cluster.pluginInteractive', words));
  const program = await findProgram(exec.command, host.env);
  if (program === undefined) return err(say('cluster.pluginMissing', words));
  const call = callOf(target, exec, program);
  if (!(await host.approve(call, signal))) return err(say('cluster.pluginRefused', words));
  signal.throwIfAborted();
  const timeoutMs = host.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const ended = await runProgram(
    call,
    { ...environment(host.env), ...exec.env, ...info(target, exec) },
    host,
    signal,
  );
  signal.throwIfAborted();
  if (ended.stderr !== '') host.log(redacted(ended.stderr));
  switch (ended.kind) {
    case 'missing':
      return err(say('cluster.pluginMissing', words));
    case 'hung':
      return err(say('cluster.pluginHung', { ...words, seconds: Math.round(timeoutMs / 1000) }));
    case 'ended':
      if (ended.code !== 0) return err(say('cluster.pluginFailed', { ...words, code: ended.code }));
      return parseCredential(ended.stdout, words);
  }
}

/** Takes away what looks like a token, a key or a password. */
export function redacted(text: string): string {
  return text
    .replace(/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(-----END [^-]*-----|$)/g, '[redacted key]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.?[\w-]*/g, '[redacted token]')
    .replace(/\b(bearer|basic)\s+\S+/gi, '$1 [redacted]')
    .replace(
      /((?:token|secret|password|passwd|api[-_]?key|credential)s?["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
      '$1[redacted]',
    )
    .replace(/[A-Za-z0-9+/_=-]{40,}/g, '[redacted]');
}

interface Exec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly interactiveMode: string;
  readonly provideClusterInfo: boolean;
}

/** Everything in it is untrusted: what has not the right type counts as absent. */
function execOf(target: ClusterTarget): Exec {
  const raw = (target.user.exec ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown, otherwise = ''): string =>
    typeof value === 'string' ? value : otherwise;
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const env = list(raw['env']).flatMap((entry): [string, string][] => {
    const { name, value } = (entry ?? {}) as { name?: unknown; value?: unknown };
    return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
  });
  return {
    command: text(raw['command']),
    args: list(raw['args']).map(String),
    env: Object.fromEntries(env),
    apiVersion: text(raw['apiVersion'], 'client.authentication.k8s.io/v1'),
    interactiveMode: text(raw['interactiveMode']),
    provideClusterInfo: raw['provideClusterInfo'] === true,
  };
}

function callOf(target: ClusterTarget, exec: Exec, program: string): ExecPluginCall {
  const envNames = Object.keys(exec.env).sort();
  const key = JSON.stringify([program, exec.args, envNames]);
  return { context: target.context, program, args: exec.args, envNames, key };
}

/** Looked up in PATH alone. Windows would look into the working directory first, which may be a stranger's repository. */
async function findProgram(
  command: string,
  env: ExecPluginHost['env'],
): Promise<string | undefined> {
  if (command === '') return undefined;
  const folders = (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && resolve(folder) !== process.cwd());
  const candidates = isAbsolute(command)
    ? [command]
    : folders.flatMap((folder) => programNames(command).map((name) => join(folder, name)));
  for (const program of candidates) if (await isProgram(program)) return program;
  return undefined;
}

function programNames(command: string): readonly string[] {
  const isBare = process.platform === 'win32' && !/\.(exe|com)$/i.test(command);
  return isBare ? [`${command}.exe`, `${command}.com`] : [command];
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The user's own environment, without what would turn a program into a part of the editor. */
function environment(env: ExecPluginHost['env']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(ELECTRON_|VSCODE_|NODE_OPTIONS$)/.test(name)),
  );
}

/** `KUBERNETES_EXEC_INFO`, as k8s.io/client-go/plugin/pkg/client/auth/exec sets it. */
function info(target: ClusterTarget, exec: Exec): { readonly KUBERNETES_EXEC_INFO: string } {
  const { cluster } = target;
  const spec = {
    interactive: false,
    ...(exec.provideClusterInfo && {
      cluster: {
        server: cluster.server,
        'tls-server-name': cluster.tlsServerName,
        'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
        'certificate-authority-data': cluster.caData,
        'proxy-url': cluster.proxyUrl,
      },
    }),
  };
  const content = { apiVersion: exec.apiVersion, kind: 'ExecCredential', spec };
  return { KUBERNETES_EXEC_INFO: JSON.stringify(content) };
}

type Ended =
  | {
      readonly kind: 'ended';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'hung' | 'missing'; readonly stderr: string };

function runProgram(
  call: ExecPluginCall,
  env: Record<string, string | undefined>,
  host: ExecPluginHost,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve) => {
    // A group of its own, so that what it starts can be ended with it.
    const child = spawn(call.program, call.args, {
      cwd: host.home,
      env,
      shell: false,
      windowsHide: true,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = collect(child.stdout);
    const errors = collect(child.stderr);
    const finish = (ended: Ended): void => {
      timer.dispose();
      signal.removeEventListener('abort', stop);
      resolve(ended);
    };
    const stop = (): void => {
      endTree(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      finish({ kind: 'hung', stderr: errors() });
    };
    let timer = host.clock.after(host.timeoutMs ?? DEFAULT_TIMEOUT_MS, stop);
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', () => {
      finish({ kind: 'missing', stderr: errors() });
    });
    const end = (code: number | null): void => {
      finish({ kind: 'ended', code: code ?? -1, stdout: out(), stderr: errors() });
    };
    child.once('close', end);
    // A grandchild that keeps the pipes open must not hold us until the time limit.
    child.once('exit', (code) => {
      timer.dispose();
      timer = host.clock.after(PIPES_MS, () => {
        end(code);
      });
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function endTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function parseCredential(
  stdout: string,
  words: { readonly command: string; readonly context: string },
): Result<ExecCredential, Text> {
  const status = statusOf(stdout);
  const text = (name: string): string | undefined => {
    const value = status?.[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const token = text('token');
  const certPem = text('clientCertificateData');
  const keyPem = text('clientKeyData');
  if (token === undefined && (certPem === undefined || keyPem === undefined))
    return err(say('cluster.pluginBadAnswer', words));
  const expiresAtMs = Date.parse(text('expirationTimestamp') ?? '');
  return ok({
    ...(token !== undefined && { token }),
    ...(certPem !== undefined && { certPem }),
    ...(keyPem !== undefined && { keyPem }),
    ...(Number.isFinite(expiresAtMs) && { expiresAtMs }),
  });
}

function statusOf(stdout: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { status } = JSON.parse(stdout) as { status?: unknown };
    return typeof status === 'object' && status !== null
      ? (status as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

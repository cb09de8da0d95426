import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { RequestOptions } from 'node:https';
import { readFile } from 'node:fs/promises';
import type { Disposable } from '../base/emitter.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { closed, orAborted } from './abort.ts';
import { say } from './cluster.l10n.ts';
import { redacted, runExecPlugin, type ExecCredential, type ExecPluginHost } from './execPlugin.ts';
import type { ClusterTarget } from './kubeconfig.ts';

/** What one user shows to one cluster. */
export interface Credentials {
  readonly tls: TlsOptions;
  /** `Authorization` and the `Impersonate-*` headers. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** The TLS data of a connection, in the form of `tls.connect`. */
export type TlsOptions = Pick<
  RequestOptions,
  'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'
>;

/** Before its end a token counts as ended, for the request takes time and clocks differ. */
const EXPIRY_MARGIN_MS = 30_000;
/** Certificates, keys and token files are rotated in place: read again after this (client-go does the same). */
const FILE_LIFETIME_MS = 60_000;
/** A plugin that failed is not started again for each of many requests. */
const COOL_DOWN_MS = 10_000;

/** One source of credentials for a context: however many ask, they are made once. */
export class CredentialSource implements Disposable {
  readonly #target: ClusterTarget;
  readonly #host: ExecPluginHost;
  readonly #closing = new AbortController();
  readonly #approved = new Set<string>();
  #current: { readonly value: Credentials; readonly untilMs: number } | undefined;
  #failed: { readonly error: Text; readonly untilMs: number } | undefined;
  #pending: Promise<Result<Credentials, Text>> | undefined;

  constructor(target: ClusterTarget, host: ExecPluginHost) {
    this.#target = target;
    this.#host = host;
  }

  /** Those that are good now, else new ones. An abort ends the wait, not the work that others wait for too. */
  async get(signal: AbortSignal): Promise<Result<Credentials, Text>> {
    signal.throwIfAborted();
    const now = this.#host.clock.nowMs();
    if (this.#current !== undefined && now < this.#current.untilMs) return ok(this.#current.value);
    if (this.#failed !== undefined && now < this.#failed.untilMs) return err(this.#failed.error);
    this.#pending ??= this.#make().finally(() => {
      this.#pending = undefined;
    });
    return orAborted(this.#pending, signal);
  }

  /** The server refused these. Many requests may say so of the same ones: they are dropped once. */
  refuse(credentials: Credentials): void {
    if (this.#current?.value === credentials) this.#current = undefined;
  }

  /** Lets a plugin that failed run again at once: somebody asked for it. */
  retry(): void {
    this.#failed = undefined;
  }

  dispose(): void {
    this.#closing.abort(closed());
  }

  async #make(): Promise<Result<Credentials, Text>> {
    const made = await this.#read();
    const now = this.#host.clock.nowMs();
    if (!made.ok) {
      this.#failed = { error: made.error, untilMs: now + COOL_DOWN_MS };
      return made;
    }
    this.#failed = undefined;
    this.#current = { value: made.value, untilMs: now + made.lifetimeMs };
    return ok(made.value);
  }

  async #read(): Promise<Made> {
    const { user, context } = this.#target;
    let plugin: ExecCredential | undefined;
    if (user.exec) {
      const ran = await runExecPlugin(this.#target, this.#askingOnce(), this.#closing.signal);
      if (!ran.ok) return ran;
      plugin = ran.value;
    }
    try {
      const value = withPlugin(await fromKubeconfig(this.#target), plugin);
      return { ok: true, value, lifetimeMs: this.#lifetimeMs(plugin) };
    } catch (error) {
      const reason = redacted(error instanceof Error ? error.message : String(error));
      return err(say('cluster.credentialsUnreadable', { context, reason }));
    }
  }

  #askingOnce(): ExecPluginHost {
    const approve: ExecPluginHost['approve'] = async (call, signal) => {
      if (this.#approved.has(call.key)) return true;
      const isAllowed = await this.#host.approve(call, signal);
      if (isAllowed) this.#approved.add(call.key);
      return isAllowed;
    };
    return { ...this.#host, approve };
  }

  #lifetimeMs(plugin: ExecCredential | undefined): number {
    const { user, cluster } = this.#target;
    const files = [user.certFile, user.keyFile, user.tokenFile, cluster.caFile];
    const isReadAgain = files.some(Boolean) || Boolean(user.authProvider);
    const longest = isReadAgain && plugin === undefined ? FILE_LIFETIME_MS : Infinity;
    if (plugin?.expiresAtMs === undefined) return longest;
    const left = plugin.expiresAtMs - this.#host.clock.nowMs();
    // A token for less than a minute would have no life at all.
    return Math.max(left - EXPIRY_MARGIN_MS, left / 2);
  }
}

type Made =
  | { readonly ok: true; readonly value: Credentials; readonly lifetimeMs: number }
  | ReturnType<typeof err<Text>>;

/** What client-node makes of the entries: certificates, keys, tokens, basic auth, OIDC. Files are read here. */
async function fromKubeconfig({ cluster, user, context }: ClusterTarget): Promise<Credentials> {
  const config = new KubeConfig();
  config.loadFromOptions({
    // It would make an agent for them, and refuses plain http; ours are made by the transport.
    clusters: [{ ...cluster, proxyUrl: undefined, server: 'https://unused' }],
    // Its own runner of plugins is not used.
    users: [{ ...user, exec: undefined }],
    contexts: [{ name: context, cluster: cluster.name, user: user.name }],
    currentContext: context,
  });
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized, servername, auth } = options;
  return {
    tls: defined({ ca, cert, key, rejectUnauthorized, servername }),
    headers: {
      ...(options.headers as Record<string, string>),
      ...(auth && { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
      ...(user.tokenFile !== undefined && {
        Authorization: `Bearer ${(await readFile(user.tokenFile, 'utf8')).trim()}`,
      }),
      ...(user.impersonateGroups.length > 0 && { 'Impersonate-Group': user.impersonateGroups }),
      ...(user.impersonateUid !== undefined && { 'Impersonate-Uid': user.impersonateUid }),
    },
  };
}

function withPlugin(base: Credentials, plugin: ExecCredential | undefined): Credentials {
  if (plugin === undefined) return base;
  return {
    tls: {
      ...base.tls,
      ...(plugin.certPem !== undefined && { cert: plugin.certPem, key: plugin.keyPem }),
    },
    headers: {
      ...base.headers,
      ...(plugin.token !== undefined && { Authorization: `Bearer ${plugin.token}` }),
    },
  };
}

function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as never;
}

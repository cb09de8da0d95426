import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock.ts';
import { disposeAll, Emitter, type Disposable, type Event } from '../base/emitter.ts';
import type { UrlQuery } from '../base/query.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Change } from '../model/change.ts';
import type {
  ClusterFailure,
  Connection,
  FreshObject,
  LastWriter,
  Verb,
  Watched,
} from '../model/cluster.ts';
import { namespaces } from '../model/kinds.ts';
import {
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
  type Resource,
  type ResourceId,
} from '../model/objects.ts';
import { closed, isAborted, sleepUnlessWoken } from './abort.ts';
import { ObjectCache, type ObjectChange } from './cache.ts';
import { CredentialSource } from './credentials.ts';
import { Discovery } from './discovery.ts';
import { ClusterDoor, type ProxyAnswer } from './door.ts';
import type { ApprovePlugin } from './execPlugin.ts';
import type { ClusterTarget } from './kubeconfig.ts';
import type { ProxySettings } from './proxies.ts';
import { gapsOf, statusOfWatches } from './status.ts';
import { Transport } from './transport.ts';
import { Watches } from './watches.ts';
import { lastWriterOf } from './writes.ts';

/** What a session is made of. */
export interface SessionOptions {
  readonly target: ClusterTarget;
  /** Each resource once (`allWatches()` of src/state/watches.ts). */
  readonly watched: readonly Watched[];
  /** Follow only these namespaces; empty or absent: all, or the context's own where all are forbidden. */
  readonly namespaces?: readonly string[];
  readonly proxy: ProxySettings;
  readonly systemCertificates?: boolean;
  readonly userAgent?: string;
  readonly approvePlugin: ApprovePlugin;
  /** Environment and home of exec plugins. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly log: (line: string) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Names a cluster whatever its context is called (hazards row 46). */
export interface ClusterIdentity {
  readonly server: string;
  /** SHA-256 of the authority's certificate, in hex; '' where the system's are trusted. */
  readonly caHash: string;
  /** Uid of the namespace `kube-system`; '' when it may not be read. */
  readonly uid: string;
  /** Hash of the three: a file name. */
  readonly id: string;
}

/**
 * A resource that we want and the server lacks may be installed any time; else CRDs seldom change. Often enough, though, that the
 * connection of single requests is never idle for long: a rollback finds it open.
 */
const DISCOVERY_MS = { missing: 10_000, complete: 40_000 };

/**
 * One connection to one cluster as one user: transport, discovery, watches and cache, and the door for writes. It is the `ClusterPort` of
 * src/operations/ports.ts and the `ClusterFeed` of src/state/store.ts.
 *
 * Nothing is sent before `follow`, `fetch`, `send`, `allows`, `identity` or `proxyGet`; `dispose` ends all that runs.
 *
 *   const session = new ClusterSession({ target, watched, proxy, approvePlugin, env, home, log });
 *   const following = session.follow();            // all resources; `dispose` it when nobody looks
 *   session.snapshot().list('/services');
 *   session.onDidChangeObjects((changes) => …);    // [{ resource, namespace, name }], coalesced
 *   session.onDidChangeStatus(() => session.status, session.gaps);
 */
export class ClusterSession implements Disposable {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #credentials: CredentialSource;
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  readonly #cache: ObjectCache;
  readonly #watches: Watches;
  readonly #door: ClusterDoor;
  readonly #closing = new AbortController();
  readonly #statusChanged = new Emitter<Connection>();
  #identity: Promise<Result<ClusterIdentity, ClusterFailure>> | undefined;
  #discovering: Promise<void> | undefined;
  #failure: ClusterFailure | undefined;
  #status: Connection = { kind: 'idle' };
  #wake = new AbortController();

  /** Objects that came, changed or went, after the snapshot holds them. */
  readonly onDidChangeObjects: Event<readonly ObjectChange[]>;
  /** Fires when `status` or `gaps` may have changed. */
  readonly onDidChangeStatus: Event<Connection> = this.#statusChanged.event;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { target, watched } = options;
    const clock = (this.#clock = options.clock ?? systemClock);
    const random = options.random ?? Math.random;
    this.#credentials = new CredentialSource(target, {
      ...options,
      clock,
      approve: options.approvePlugin,
    });
    this.#transport = new Transport({ ...options, clock, credentials: this.#credentials });
    this.#discovery = new Discovery(
      this.#transport,
      watched.map((entry) => entry.resource),
    );
    this.#cache = new ObjectCache(
      {
        serves: (id) => this.#serves(id),
        isComplete: (id, namespace) => this.#isComplete(id, namespace),
      },
      clock,
    );
    this.#watches = new Watches({
      transport: this.#transport,
      discovery: this.#discovery,
      cache: this.#cache,
      watched,
      namespaces: options.namespaces ?? [],
      fallbackNamespaces: [target.namespace],
      clock,
      random,
      onUnexpected: (error) => {
        this.#log(error);
      },
    });
    this.#door = new ClusterDoor({
      transport: this.#transport,
      discovery: this.#discovery,
      watched,
      clock,
    });
    this.#watches.onDidChange(() => {
      this.#updateStatus();
    });
    this.onDidChangeObjects = this.#cache.onDidChange;
  }

  get target(): ClusterTarget {
    return this.#options.target;
  }

  get status(): Connection {
    return this.#status;
  }

  /** What is shown in part or not at all for want of rights; one sentence each. */
  get gaps(): readonly Text[] {
    return gapsOf(this.#watches.states());
  }

  /** Connects, and keeps the cache of these resources (default: all that were declared) up to date until disposed. */
  follow(
    resources: readonly ResourceId[] = this.#options.watched.map((w) => resourceId(w.resource)),
  ): Disposable {
    const parts = resources.map((id) => this.#watches.follow(id));
    this.#discovering ??= this.#discover(this.#closing.signal);
    this.#updateStatus();
    return {
      dispose: () => {
        disposeAll(parts);
      },
    };
  }

  /** Somebody asked to try again: at once, and with credentials that failed a moment ago. */
  retry(): void {
    this.#credentials.retry();
    this.#wake.abort();
    this.#watches.retry();
  }

  /** What is known without asking. It reads what is there at each call: hold it as long as you like. */
  snapshot(): ClusterSnapshot {
    return this.#cache;
  }

  served(resource: Resource): Resource | undefined {
    const version = this.#discovery.version(resource);
    return version === undefined ? undefined : { ...resource, versions: [version] };
  }

  fetch(ref: ObjectRef, signal: AbortSignal): Promise<Result<FreshObject, ClusterFailure>> {
    return this.#door.fetch(ref, signal);
  }

  list(
    resource: Resource,
    where: { readonly namespace: string; readonly labelSelector: string },
    signal: AbortSignal,
  ): Promise<Result<readonly KubeObject[], ClusterFailure>> {
    return this.#door.list(resource, where, signal);
  }

  send(
    change: Change,
    options: { readonly dryRun: boolean },
    signal: AbortSignal,
  ): Promise<Result<FreshObject, ClusterFailure>> {
    return this.#door.send(change, options, signal);
  }

  allows(
    verb: Verb,
    ref: ObjectRef,
    signal: AbortSignal,
  ): Promise<Result<boolean, ClusterFailure>> {
    return this.#door.allows(verb, ref, signal);
  }

  /** GET on a path of the API server, above all its service proxy. Any status is an answer. */
  proxyGet(path: string, query: UrlQuery, signal: AbortSignal): Promise<Result<ProxyAnswer, Text>> {
    return this.#door.proxyGet(path, query, signal);
  }

  lastWriter(object: FreshObject): LastWriter | undefined {
    return lastWriterOf(object);
  }

  /** Which cluster this is; asked once. A failure is not remembered. */
  async identity(signal: AbortSignal): Promise<Result<ClusterIdentity, ClusterFailure>> {
    this.#identity ??= this.#readIdentity(this.#closing.signal);
    const identity = await this.#identity;
    signal.throwIfAborted();
    if (!identity.ok) this.#identity = undefined;
    return identity;
  }

  dispose(): void {
    this.#closing.abort(closed());
    disposeAll([
      this.#statusChanged,
      this.#credentials,
      this.#transport,
      this.#discovery,
      this.#cache,
      this.#watches,
    ]);
  }

  /** Until the session ends: what the server has, and what it gets. */
  async #discover(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!isAborted(signal)) {
      try {
        const refreshed = await this.#discovery.refresh(signal);
        this.#failure = refreshed.ok ? undefined : refreshed.error;
        failures = refreshed.ok ? 0 : failures + 1;
        this.#updateStatus();
      } catch (error) {
        if (isAborted(signal)) return;
        failures += 1;
        this.#log(error);
      }
      const delayMs = failures === 0 ? this.#discoveryMs() : retryMs(failures);
      this.#wake = new AbortController();
      const wake = this.#wake.signal;
      await sleepUnlessWoken(this.#clock, delayMs, { signal, wake }).catch(() => undefined);
    }
  }

  #log(error: unknown): void {
    this.#options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #discoveryMs(): number {
    const isComplete = this.#options.watched.every(
      ({ resource }) => this.served(resource) !== undefined,
    );
    return isComplete ? DISCOVERY_MS.complete : DISCOVERY_MS.missing;
  }

  #updateStatus(): void {
    if (this.#closing.signal.aborted) return;
    const { isKnown } = this.#discovery;
    this.#status = statusOfWatches(this.#watches.states(), isKnown, this.#failure);
    this.#statusChanged.fire(this.#status);
  }

  #serves(id: ResourceId): boolean {
    const watched = this.#watchedOf(id);
    return watched !== undefined && this.#discovery.version(watched.resource) !== undefined;
  }

  /** What the server does not serve has no objects; that is known once it was asked. */
  #isComplete(id: ResourceId, namespace: string): boolean {
    if (!this.#serves(id)) return this.#discovery.isKnown;
    return this.#watches.isComplete(id, namespace);
  }

  #watchedOf(id: ResourceId): Watched | undefined {
    return this.#options.watched.find(({ resource }) => resourceId(resource) === id);
  }

  async #readIdentity(signal: AbortSignal): Promise<Result<ClusterIdentity, ClusterFailure>> {
    const credentials = await this.#credentials.get(signal);
    if (!credentials.ok) return err({ kind: 'unauthorized', text: credentials.error });
    const ref = { resource: namespaces, namespace: '', name: 'kube-system' };
    const read = await this.#door.read(ref, 'v1', signal);
    if (!read.ok && read.error.kind !== 'forbidden' && read.error.kind !== 'notFound') return read;
    const uid = read.ok ? read.value.object.meta.uid : '';
    const { ca } = credentials.value.tls;
    const server = this.target.server.href;
    const caHash = ca === undefined ? '' : hash(String(ca).trim());
    return ok({ server, caHash, uid, id: hash(JSON.stringify([server, caHash, uid])) });
  }
}

function retryMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(failures - 1, 8), 10_000);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

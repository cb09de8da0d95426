import type { Clock } from '../base/clock.ts';
import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import type { Watched } from '../model/cluster.ts';
import { resourceId, type ResourceId } from '../model/objects.ts';
import type { ObjectCache, Scope } from './cache.ts';
import type { Discovery } from './discovery.ts';
import { Reflector, type ReflectorState } from './reflector.ts';
import type { Transport } from './transport.ts';

/** How one resource is followed now. */
export interface WatchState {
  readonly watched: Watched;
  /** In every namespace (''), or in each of several. */
  readonly parts: readonly { readonly namespace: string; readonly state: ReflectorState }[];
  /** Namespaces that stand in for the whole cluster, which is forbidden; empty when nothing does. */
  readonly fallback: readonly string[];
}

export interface WatchesOptions {
  readonly transport: Pick<Transport, 'stream' | 'target'>;
  readonly discovery: Discovery;
  readonly cache: ObjectCache;
  readonly watched: readonly Watched[];
  /** Follow only these namespaces; empty: the whole cluster where that is allowed. */
  readonly namespaces: readonly string[];
  /** Follow these where the whole cluster is forbidden. */
  readonly fallbackNamespaces: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly onUnexpected: (error: unknown) => void;
}

/** What nobody looks at any more is followed this much longer: people come back. */
const LINGER_MS = 60_000;

/** One set of reflectors for each resource, shared by all who ask for it. */
export class Watches implements Disposable {
  readonly #options: WatchesOptions;
  readonly #changed = new Emitter<void>();
  readonly #shared = new Map<ResourceId, SharedWatch>();
  readonly #subscription: Disposable;

  /** Fires when the state of a watch changed. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(options: WatchesOptions) {
    this.#options = options;
    this.#subscription = options.discovery.onDidChange(() => {
      for (const shared of this.#shared.values()) shared.serve();
    });
  }

  /** Follows the resource until disposed, and a minute longer. Throws for a resource that was not declared. */
  follow(id: ResourceId): Disposable {
    const shared = this.#shared.get(id) ?? this.#open(id);
    shared.users += 1;
    shared.linger?.dispose();
    shared.linger = undefined;
    let isHeld = true;
    return {
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        shared.users -= 1;
        if (shared.users === 0) this.#closeLater(id, shared);
      },
    };
  }

  /** Lets those that wait try again at once. */
  retry(): void {
    for (const shared of this.#shared.values()) shared.retry();
  }

  /** Whether the resource was listed in the namespace; what is not followed was not. */
  isComplete(id: ResourceId, namespace: string): boolean {
    return this.#shared.get(id)?.isComplete(namespace) ?? false;
  }

  states(): readonly WatchState[] {
    return [...this.#shared.values()].map((shared) => shared.state());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    for (const shared of this.#shared.values()) shared.dispose();
    this.#shared.clear();
  }

  #open(id: ResourceId): SharedWatch {
    const watched = this.#options.watched.find((entry) => resourceId(entry.resource) === id);
    if (watched === undefined) throw new Error(`The resource "${id}" is not declared as watched.`);
    const shared = new SharedWatch(watched, this.#options, () => {
      this.#changed.fire();
    });
    this.#shared.set(id, shared);
    shared.serve();
    return shared;
  }

  #closeLater(id: ResourceId, shared: SharedWatch): void {
    shared.linger = this.#options.clock.after(LINGER_MS, () => {
      shared.dispose();
      this.#shared.delete(id);
      this.#options.cache.replace({ resource: id }, []);
      this.#changed.fire();
    });
  }
}

/** One resource: the whole cluster, or namespaces where that is wanted or no more is allowed. */
class SharedWatch implements Disposable {
  users = 0;
  linger: Disposable | undefined;
  readonly #watched: Watched;
  readonly #options: WatchesOptions;
  readonly #onDidChange: () => void;
  #version: string | undefined;
  #wide: Reflector | undefined;
  readonly #narrow = new Map<string, Reflector>();

  constructor(watched: Watched, options: WatchesOptions, onDidChange: () => void) {
    this.#watched = watched;
    this.#options = options;
    this.#onDidChange = onDidChange;
  }

  /** Follows the version that the server has now; nothing when it has none. */
  serve(): void {
    const version = this.#options.discovery.version(this.#watched.resource);
    if (version === this.#version) return;
    this.#stop();
    const wasServed = this.#version !== undefined;
    this.#version = version;
    if (version === undefined) {
      if (wasServed)
        this.#options.cache.replace({ resource: resourceId(this.#watched.resource) }, []);
    } else if (this.#watched.resource.namespaced && this.#options.namespaces.length > 0) {
      this.#followNamespaces(this.#options.namespaces);
    } else {
      this.#wide = this.#reflector(undefined);
      this.#wide.start();
    }
    this.#onDidChange();
  }

  retry(): void {
    this.#wide?.retry();
    for (const reflector of this.#narrow.values()) reflector.retry();
  }

  isComplete(namespace: string): boolean {
    return isListed(this.#wide?.state) || isListed(this.#narrow.get(namespace)?.state);
  }

  state(): WatchState {
    const narrow = [...this.#narrow].map(([namespace, { state }]) => ({ namespace, state }));
    const isFallback = this.#wide !== undefined && narrow.length > 0;
    const wide = this.#wide === undefined ? [] : [{ namespace: '', state: this.#wide.state }];
    return {
      watched: this.#watched,
      parts: narrow.length > 0 ? narrow : wide,
      fallback: isFallback ? narrow.map((part) => part.namespace) : [],
    };
  }

  dispose(): void {
    this.linger?.dispose();
    this.#stop();
  }

  #stop(): void {
    this.#wide?.dispose();
    this.#wide = undefined;
    this.#stopNarrow();
  }

  #stopNarrow(): void {
    for (const reflector of this.#narrow.values()) reflector.dispose();
    this.#narrow.clear();
  }

  #followNamespaces(namespaces: readonly string[]): void {
    for (const namespace of namespaces) {
      if (this.#narrow.has(namespace)) continue;
      const reflector = this.#reflector(namespace);
      this.#narrow.set(namespace, reflector);
      reflector.start();
    }
  }

  /** The whole cluster was refused: namespaces stand in, while it is asked again from time to time. */
  #wideChanged(): void {
    const state = this.#wide?.state;
    if (state?.kind === 'live') this.#stopNarrow();
    const isForbidden = state?.kind === 'failed' && state.failure.kind === 'forbidden';
    if (isForbidden && this.#watched.resource.namespaced)
      this.#followNamespaces(this.#options.fallbackNamespaces);
  }

  #reflector(namespace: string | undefined): Reflector {
    const { cache, transport, clock, random, onUnexpected } = this.#options;
    const resource = resourceId(this.#watched.resource);
    const scope: Scope = { resource, ...(namespace !== undefined && { namespace }) };
    let wasListed = false;
    const reflector = new Reflector({
      transport,
      watched: this.#watched,
      version: this.#version ?? '',
      ...(namespace !== undefined && { namespace }),
      clock,
      random,
      onUnexpected,
      sink: {
        add: (objects) => {
          for (const object of objects) cache.set(resource, object);
        },
        replace: (objects) => {
          cache.replace(scope, objects);
        },
        set: (object) => {
          cache.set(resource, object);
        },
        delete: (inNamespace, name) => {
          cache.delete(resource, inNamespace, name);
        },
        stateChanged: () => {
          if (namespace === undefined) this.#wideChanged();
          const isNow = isListed(reflector.state);
          if (isNow !== wasListed) cache.completed(resource);
          wasListed = isNow;
          this.#onDidChange();
        },
      },
    });
    return reflector;
  }
}

/** Once listed it stays so: what is stale was true, and all of it. */
function isListed(state: ReflectorState | undefined): boolean {
  return state?.kind === 'live' || state?.kind === 'stale';
}

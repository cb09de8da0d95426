import { Emitter, type Disposable } from '../base/emitter.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Rollout } from '../model/rollout.ts';
import type {
  ContextView,
  Inventory,
  InventoryChange,
  NamespaceView,
  ServiceView,
} from '../state/inventory.ts';
import { ContextStore, type ContextFacts } from '../state/store.ts';
import type { KubeContext, Kubeconfigs, Session } from './clusterPorts.ts';
import type { Contexts } from './commands/ports.ts';
import type { InventorySource } from './tree/model.ts';
import { say } from './tree/tree.l10n.ts';

/** What of the settings matters here. */
export interface ClusterSettings {
  /** Whether a context is protected, by the patterns of the settings. */
  isProtected(context: string): boolean;
  /** Where this window's extensions run, and so whose kubeconfig counts: 'wsl', 'ssh-remote', …; '' for the person's own machine. */
  readonly machine: string;
  /** Namespaces chosen for a context; empty means all. */
  namespacesOf(context: string): readonly string[];
}

interface Opened {
  readonly store: ContextStore;
  session: Session | undefined;
  users: number;
  parts: Disposable[];
}

/**
 * The contexts of the kubeconfig with what is known of each. A context is connected while somebody watches it and closed with the last
 * watcher; a change of the kubeconfig never moves a session to another cluster.
 */
export class Clusters implements InventorySource, Contexts, Disposable {
  readonly #kubeconfigs: Kubeconfigs;
  readonly #settings: ClusterSettings;
  readonly #opened = new Map<string, Opened>();
  #chosen: string | undefined;
  #indexes = new WeakMap<ContextView, ContextIndex>();
  readonly #changed = new Emitter<InventoryChange>();
  readonly #sessionOpened = new Emitter<{ readonly context: string; readonly session: Session }>();
  readonly onDidChange = this.#changed.event;
  readonly onDidOpen = this.#sessionOpened.event;
  readonly #parts: Disposable[];

  constructor(kubeconfigs: Kubeconfigs, settings: ClusterSettings) {
    this.#kubeconfigs = kubeconfigs;
    this.#settings = settings;
    this.#parts = [
      kubeconfigs.onDidChange(() => {
        this.#reload();
      }),
    ];
  }

  /** Name of the context this window works with: chosen here, else the kubeconfig's. */
  get current(): string {
    const { contexts, currentContext } = this.#kubeconfigs.state;
    const isThere = contexts.some((context) => context.name === this.#chosen);
    return (isThere ? this.#chosen : undefined) ?? currentContext;
  }

  inventory(): Inventory {
    const { contexts, problem } = this.#kubeconfigs.state;
    const views = contexts.map((context) => this.#store(context.name).view);
    const sorted = [...views.filter((v) => v.current), ...views.filter((v) => !v.current)];
    const empty = contexts.length === 0 ? problem : this.#missingContext();
    return { contexts: sorted, ...(empty && { empty }) };
  }

  #missingContext(): Text | undefined {
    const { current } = this;
    if (current === '' || this.kubeContext(current) !== undefined) return undefined;
    return say('tree.unknownContext', { context: current });
  }

  context(name: string): ContextView | undefined {
    return this.kubeContext(name) && this.#store(name).view;
  }

  kubeContext(name: string): KubeContext | undefined {
    return this.#kubeconfigs.state.contexts.find((context) => context.name === name);
  }

  namespace(context: string, name: string): NamespaceView | undefined {
    return this.#index(context)?.namespaces.get(name);
  }

  service(context: string, namespace: string, name: string): ServiceView | undefined {
    return this.#index(context)?.services.get(`${namespace}/${name}`);
  }

  rollout(context: string, id: string): Rollout | undefined {
    return this.#index(context)?.rollouts.get(id);
  }

  session(context: string): Session | undefined {
    return this.#opened.get(context)?.session;
  }

  watch(context: string): Disposable {
    const opened = this.#open(context);
    opened.users += 1;
    if (opened.session === undefined) this.#connect(context, opened);
    let isHeld = true;
    return {
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        opened.users -= 1;
        if (opened.users === 0) this.#disconnect(context, opened);
      },
    };
  }

  use(context: string): Promise<void> {
    this.#chosen = context;
    this.#refreshFacts();
    this.#changed.fire({ kind: 'structure' });
    return Promise.resolve();
  }

  async namespaces(context: string, signal: AbortSignal): Promise<Result<readonly string[], Text>> {
    const handle = this.watch(context);
    try {
      const session = this.session(context);
      return session === undefined ? ok([]) : await session.namespaces(signal);
    } finally {
      handle.dispose();
    }
  }

  async refresh(): Promise<void> {
    await this.#kubeconfigs.load();
    for (const { session } of this.#opened.values()) session?.refresh();
  }

  /** After a setting changed: the scope of namespaces, or which contexts are protected. */
  settingsChanged(): void {
    for (const [name, opened] of this.#opened) {
      const scope = this.#settings.namespacesOf(name);
      const isSame = opened.session === undefined || sameNames(opened.session.scope, scope);
      if (isSame || opened.session?.partial !== undefined) continue;
      this.#disconnect(name, opened);
      if (opened.users > 0) this.#connect(name, opened);
    }
    this.#refreshFacts();
  }

  dispose(): void {
    for (const [name, opened] of this.#opened) {
      this.#disconnect(name, opened);
      opened.store.dispose();
    }
    for (const part of this.#parts) part.dispose();
  }

  #open(context: string): Opened {
    const existing = this.#opened.get(context);
    if (existing !== undefined) return existing;
    const store = new ContextStore(this.#facts(context));
    const opened: Opened = { store, session: undefined, users: 0, parts: [] };
    store.onDidChange((changes) => {
      for (const change of changes) this.#changed.fire(change);
    });
    this.#opened.set(context, opened);
    return opened;
  }

  #store(context: string): ContextStore {
    return this.#open(context).store;
  }

  #connect(context: string, opened: Opened): void {
    if (this.kubeContext(context) === undefined) return;
    const session = this.#kubeconfigs.open(context, this.#settings.namespacesOf(context));
    opened.session = session;
    opened.parts = [
      session.onDidChangeConnection((connection) => {
        opened.store.setFacts(this.#facts(context));
        opened.store.setConnection(connection);
      }),
    ];
    opened.store.setConnection(session.connection);
    opened.store.attach(session);
    this.#sessionOpened.fire({ context, session });
  }

  #disconnect(_context: string, opened: Opened): void {
    for (const part of opened.parts) part.dispose();
    opened.parts = [];
    opened.session?.dispose();
    opened.session = undefined;
    opened.store.detach();
  }

  #facts(name: string): ContextFacts {
    const session = this.#opened.get(name)?.session;
    return {
      name,
      current: name === this.current,
      protected: this.#settings.isProtected(name),
      origin: {
        server: this.kubeContext(name)?.server ?? '',
        files: this.#kubeconfigs.state.files,
        machine: this.#settings.machine,
      },
      scope: session?.scope ?? this.#settings.namespacesOf(name),
      ...(session?.partial && { partial: session.partial }),
    };
  }

  #refreshFacts(): void {
    for (const [name, { store }] of this.#opened) store.setFacts(this.#facts(name));
  }

  /** Contexts that are gone are closed; the others keep their sessions, for those are pinned to what they were opened with. */
  #reload(): void {
    for (const [name, opened] of this.#opened) {
      if (this.kubeContext(name) === undefined) this.#disconnect(name, opened);
      else if (opened.session === undefined && opened.users > 0) this.#connect(name, opened);
    }
    this.#refreshFacts();
    this.#changed.fire({ kind: 'structure' });
  }

  #index(context: string): ContextIndex | undefined {
    const view = this.context(context);
    if (view === undefined) return undefined;
    const known = this.#indexes.get(view);
    if (known !== undefined) return known;
    const index: ContextIndex = {
      namespaces: new Map(view.namespaces.map((n) => [n.name, n])),
      services: new Map(
        view.namespaces.flatMap((n) => n.services.map((s) => [`${n.name}/${s.name}`, s])),
      ),
      rollouts: new Map(view.rollouts.map((r) => [r.id, r])),
    };
    this.#indexes.set(view, index);
    return index;
  }
}

interface ContextIndex {
  readonly namespaces: ReadonlyMap<string, NamespaceView>;
  readonly services: ReadonlyMap<string, ServiceView>;
  readonly rollouts: ReadonlyMap<string, Rollout>;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

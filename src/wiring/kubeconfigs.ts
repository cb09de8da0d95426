import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import { err } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from '../cluster/cluster.l10n.ts';
import { KubeconfigWatcher } from '../cluster/kubeconfigWatcher.ts';
import { targetOf, type KubeconfigSource } from '../cluster/kubeconfig.ts';
import type { SessionOptions } from '../cluster/session.ts';
import type { Kubeconfigs, KubeconfigState, Session } from '../editor/clusterPorts.ts';
import { openSession } from './session.ts';

/** What a session is made of, beside its target and its namespaces. */
export type SessionParts = Omit<SessionOptions, 'target' | 'namespaces'>;

/** The kubeconfig of this machine, read when `load` is called first and followed from then on. */
export class MachineKubeconfigs implements Kubeconfigs, Disposable {
  readonly #source: () => KubeconfigSource;
  readonly #parts: () => SessionParts;
  readonly #changed = new Emitter<KubeconfigState>();
  readonly onDidChange = this.#changed.event;
  #watcher: KubeconfigWatcher | undefined;

  constructor(source: () => KubeconfigSource, parts: () => SessionParts) {
    this.#source = source;
    this.#parts = parts;
  }

  get state(): KubeconfigState {
    const config = this.#watcher?.state.config;
    const problem = this.#watcher?.state.error;
    return {
      contexts: config?.contexts ?? [],
      currentContext: config?.currentContext ?? '',
      files: this.#watcher?.files ?? [],
      ...(problem && { problem }),
    };
  }

  async load(): Promise<void> {
    if (this.#watcher !== undefined) {
      await this.#watcher.reload();
      return;
    }
    await this.#follow();
  }

  /** After the setting changed: other files count. */
  async sourceChanged(): Promise<void> {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    await this.#follow();
  }

  open(context: string, namespaces: readonly string[]): Session {
    const config = this.#watcher?.state.config;
    const target = config && targetOf(config, context);
    if (target?.ok !== true) return brokenSession(target?.error);
    return openSession({ ...this.#parts(), target: target.value, namespaces });
  }

  dispose(): void {
    this.#watcher?.dispose();
    this.#changed.dispose();
  }

  async #follow(): Promise<void> {
    const watcher = new KubeconfigWatcher(this.#source());
    this.#watcher = watcher;
    watcher.onDidChange(() => {
      this.#changed.fire(this.state);
    });
    await watcher.start();
    this.#changed.fire(this.state);
  }
}

/** A context that cannot be connected: it says why, and every call fails with the same sentence. */
function brokenSession(text: Text | undefined): Session {
  const reason = text ?? say('cluster.unknownContext', { context: '' });
  const failure = err({ kind: 'invalid', text: reason } as const);
  const fail = (): Promise<typeof failure> => Promise.resolve(failure);
  const never: Event<never> = () => ({ dispose: () => undefined });
  return {
    connection: { kind: 'failed', reason: 'invalid', text: reason },
    onDidChangeConnection: never,
    onDidChangeObjects: never,
    scope: [],
    snapshot: () => ({
      list: () => [],
      get: () => undefined,
      serves: () => false,
      isComplete: () => false,
    }),
    fetch: fail,
    list: fail,
    send: fail,
    allows: fail,
    served: () => undefined,
    lastWriter: () => undefined,
    proxyGet: () => Promise.resolve(err(reason)),
    identity: () => Promise.reject(new Error('No cluster')),
    namespaces: () => Promise.resolve(err(reason)),
    refresh: () => undefined,
    dispose: () => undefined,
  };
}

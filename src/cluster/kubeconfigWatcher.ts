import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemClock, type Clock } from '../base/clock.ts';
import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import { equalJson } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './cluster.l10n.ts';
import {
  kubeconfigFiles,
  loadKubeconfig,
  type Kubeconfig,
  type KubeconfigSource,
} from './kubeconfig.ts';

/** What the files say now. `error` beside a `config`: the files are broken, and this is the last good one. */
export interface KubeconfigState {
  readonly config: Kubeconfig | undefined;
  readonly error: Text | undefined;
}

/** A writer truncates, then writes: what is read in between is not what it means. */
const SETTLE_MS = 150;
/** A folder that is not there may be made, as `~/.kube` is by the first login. */
const FOLDER_RETRY_MS = 5000;

/**
 * Follows the kubeconfig files. What is half-written or emptied never replaces what was good (hazards row 45); who already holds a target
 * keeps it whatever the files become (row 44). Nothing is read before `start`.
 */
export class KubeconfigWatcher implements Disposable {
  readonly #files: readonly string[];
  readonly #clock: Clock;
  readonly #changed = new Emitter<KubeconfigState>();
  /** By folder: its watcher, or the wait for one. */
  readonly #watchers = new Map<string, Pick<FSWatcher, 'close'>>();
  #state: KubeconfigState = { config: undefined, error: undefined };
  #timer: Disposable | undefined;
  #isDisposed = false;

  /** Fires when the configuration or its error changed. */
  readonly onDidChange: Event<KubeconfigState> = this.#changed.event;

  constructor(source: KubeconfigSource, clock: Clock = systemClock) {
    this.#files = kubeconfigFiles(source);
    this.#clock = clock;
  }

  get files(): readonly string[] {
    return this.#files;
  }

  get state(): KubeconfigState {
    return this.#state;
  }

  /** Reads once, and from then on whenever a file changes. */
  async start(): Promise<KubeconfigState> {
    this.#watch();
    await this.reload();
    return this.#state;
  }

  /** Reads again now. */
  async reload(): Promise<void> {
    const read = guarded(this.#state.config, await loadKubeconfig(this.#files));
    if (this.#isDisposed) return;
    const next: KubeconfigState = read.ok
      ? { config: read.value, error: undefined }
      : { config: this.#state.config, error: read.error };
    if (equalJson(next, this.#state)) return;
    this.#state = next;
    this.#changed.fire(next);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#changed.dispose();
  }

  /** Folders are watched, not files: editors and kubectl replace a file by renaming another one over it. */
  #watch(): void {
    const names = new Map<string, Set<string>>();
    for (const file of this.#files) {
      const folder = dirname(file);
      names.set(folder, (names.get(folder) ?? new Set()).add(basename(file)));
    }
    for (const [folder, wanted] of names) this.#watchFolder(folder, wanted);
  }

  #watchFolder(folder: string, wanted: ReadonlySet<string>): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || wanted.has(name)) this.#readSoon();
      });
      this.#watchers.set(folder, watcher);
      watcher.on('error', () => {
        watcher.close();
        this.#watchLater(folder, wanted);
      });
    } catch {
      // The folder is not there: then there is no file in it either, and `reload` says so.
      this.#watchLater(folder, wanted);
    }
  }

  #watchLater(folder: string, wanted: ReadonlySet<string>): void {
    const timer = this.#clock.after(FOLDER_RETRY_MS, () => {
      this.#watchFolder(folder, wanted);
      this.#readSoon();
    });
    this.#watchers.set(folder, {
      close: () => {
        timer.dispose();
      },
    });
  }

  #readSoon(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(SETTLE_MS, () => void this.reload());
  }
}

/** A file cut short can still be YAML: losing every context at once is not believed. */
function guarded(
  last: Kubeconfig | undefined,
  read: Result<Kubeconfig, Text>,
): Result<Kubeconfig, Text> {
  if (!read.ok || last === undefined || last.contexts.length === 0) return read;
  if (read.value.contexts.length > 0) return ok(read.value);
  return err(say('cluster.kubeconfigEmptied', { files: read.value.files.join(', ') }));
}

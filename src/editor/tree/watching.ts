import type { Disposable } from '../../base/emitter.ts';
import type { InventorySource } from './model.ts';

/**
 * Which contexts are connected: the current one since a view was first looked at, and those whose row is expanded. Both views share it,
 * and a context stays connected while either of them shows it.
 */
export class Watching implements Disposable {
  readonly #source: InventorySource;
  readonly #handles = new Map<string, Disposable>();
  readonly #shown = new Map<string, Set<string>>();
  readonly #subscription: Disposable;
  #isLookedAt = false;
  #current: string | undefined;

  constructor(source: InventorySource) {
    this.#source = source;
    // Not when VS Code next asks for rows: the first time, the kubeconfig is read while nothing can be shown yet.
    this.#subscription = source.onDidChange((change) => {
      if (this.#isLookedAt && change.kind === 'structure') this.showCurrent();
    });
  }

  /** A view is looked at: connect the current context, and leave an earlier one unless its row is expanded. */
  showCurrent(): void {
    this.#isLookedAt = true;
    const name = this.#source.inventory().contexts.find((context) => context.current)?.name;
    const earlier = this.#current;
    this.#current = name;
    if (name !== undefined) this.#update(name);
    if (earlier !== undefined && earlier !== name) this.#update(earlier);
  }

  expand(view: string, context: string): void {
    const views = this.#shown.get(context) ?? new Set();
    this.#shown.set(context, views.add(view));
    this.#update(context);
  }

  collapse(view: string, context: string): void {
    this.#shown.get(context)?.delete(view);
    this.#update(context);
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const handle of this.#handles.values()) handle.dispose();
    this.#handles.clear();
  }

  #update(context: string): void {
    const isWanted = context === this.#current || (this.#shown.get(context)?.size ?? 0) > 0;
    const handle = this.#handles.get(context);
    if (isWanted && handle === undefined) {
      this.#handles.set(context, this.#source.watch(context));
    } else if (!isWanted && handle !== undefined) {
      this.#handles.delete(context);
      handle.dispose();
    }
  }
}

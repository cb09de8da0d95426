/** Something that is given back when it is no longer needed. Giving it back twice does nothing. */
export interface Disposable {
  dispose(): void;
}

export type Listener<T> = (event: T) => void;

/** Subscribes a listener until the returned handle is disposed. */
export type Event<T> = (listener: Listener<T>) => Disposable;

/** A source of events. Listeners are called synchronously, in the order of their subscription. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly call: Listener<T> }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { dispose: () => void this.#listeners.delete(entry) };
  };

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  fire(event: T): void {
    for (const entry of [...this.#listeners]) entry.call(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Disposes all parts in the reverse order of their creation. */
export function disposeAll(parts: readonly Disposable[]): void {
  for (const part of [...parts].reverse()) part.dispose();
}

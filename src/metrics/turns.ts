/** Has work with the same key done one piece after the other, in the order in which it came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    this.#last.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

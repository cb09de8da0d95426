import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/emitter.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that jumps to the next timer as soon as nothing else is left to do: hours pass in milliseconds, in an order that is always the same. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly #startMs: number;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, order: (this.#order += 1), callback };
    this.#timers.add(timer);
    return {
      dispose: () => {
        this.#timers.delete(timer);
      },
    };
  }

  /** Lets time pass until the condition holds; false when it does not within `forMs` of this time, or when nothing is left to happen. */
  async until(condition: () => boolean, forMs = Infinity): Promise<boolean> {
    const endMs = this.#nowMs + forMs;
    for (;;) {
      await settled();
      if (condition()) return true;
      const next = this.#next();
      if (next === undefined || next.atMs > endMs) {
        if (endMs !== Infinity) this.#nowMs = endMs;
        return false;
      }
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
  }

  /** Time passes while nobody runs, as in a machine that sleeps. */
  jump(byMs: number): void {
    this.#nowMs += byMs;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      const isEarlier =
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order);
      if (isEarlier) first = timer;
    }
    return first;
  }
}

/** After everything that is ready to run has run: promises of in-memory ports need no more than this. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

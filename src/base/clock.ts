import type { Disposable } from './emitter.ts';

/** Time as a port: pure code and tests never read the system clock. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch: for people and for records. It may jump. */
  nowMs(): number;
  /** Monotonic clock in milliseconds from an arbitrary start: for durations. It never goes back. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs` (0 or more) unless disposed before. */
  after(delayMs: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return {
      dispose: () => {
        clearTimeout(timer);
      },
    };
  },
};

/** Resolves after `delayMs`; rejects with the signal's reason when aborted first. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.dispose();
      reject(signal.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

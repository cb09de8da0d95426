import { sleep, type Clock } from '../base/clock.ts';

/** A question, not a fact: an await lies between two of them. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Why work ended that belonged to something that was disposed. */
export function closed(): DOMException {
  return new DOMException('The connection was closed.', 'AbortError');
}

/** The promise, or the signal's reason when that comes first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

/** Resolves after the delay, or as soon as `wake` is aborted; rejects when `signal` is. */
export async function sleepUnlessWoken(
  clock: Clock,
  delayMs: number,
  { signal, wake }: { readonly signal: AbortSignal; readonly wake: AbortSignal },
): Promise<void> {
  try {
    await sleep(clock, delayMs, AbortSignal.any([signal, wake]));
  } catch (error) {
    if (signal.aborted) throw error;
  }
}

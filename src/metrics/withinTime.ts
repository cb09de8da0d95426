import type { Clock } from '../base/clock.ts';

/**
 * Does work whose signal also aborts after `ms`; resolves to undefined when that came first, whatever the work then did. Rejects when the
 * caller aborts.
 */
export async function withinTime<T>(
  {
    clock,
    ms,
    signal,
  }: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = clock.after(ms, () => {
    late.abort();
  });
  try {
    const done = await work(AbortSignal.any([signal, late.signal]));
    signal.throwIfAborted();
    return late.signal.aborted ? undefined : done;
  } catch (error) {
    if (signal.aborted || !late.signal.aborted) throw error;
    return undefined;
  } finally {
    timer.dispose();
  }
}

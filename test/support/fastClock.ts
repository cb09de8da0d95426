import { systemClock, type Clock } from '../../src/base/clock.ts';

/** Time that passes so many times faster. */
export function fastClock(factor: number): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now() * factor,
    after: (delayMs, callback) => systemClock.after(delayMs / factor, callback),
  };
}

import type { Clock } from '../../base/clock.ts';
import type { Disposable, Event } from '../../base/emitter.ts';

const everyMs = 100;

/** Calls `show` after events, at most ten times a second. */
export function throttled<T>(event: Event<T>, clock: Clock, show: () => void): Disposable {
  let timer: Disposable | undefined;
  const subscription = event(() => {
    timer ??= clock.after(everyMs, () => {
      timer = undefined;
      show();
    });
  });
  return {
    dispose: () => {
      subscription.dispose();
      timer?.dispose();
    },
  };
}

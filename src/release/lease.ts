/**
 * One writer per rollout: a Lease, with the rules of client-go's leader election. A holder is dead when nobody saw its `renewTime` change for
 * the whole duration, by the watcher's own monotonic clock, so that a wrong wall clock means nothing (hazards rows 40, P8).
 */

/** Seconds that a holder may be silent; it stops writing itself at the deadline, a third earlier; it renews every `renewMs`. */
export const leaseTimes = { durationSeconds: 30, deadlineMs: 20_000, renewMs: 5_000 } as const;

/** What of a Lease counts. */
export interface LeaseView {
  /** '' when nobody holds it. */
  readonly holder: string;
  /** As the server sent it; only whether it changed is looked at. */
  readonly renewTime: string;
  readonly durationSeconds: number;
  readonly transitions: number;
}

/** What was seen when, by the watcher's monotonic clock. */
export interface LeaseSight {
  readonly view: LeaseView;
  readonly sinceMs: number;
}

/** The same sight while nothing changed, so that silence adds up. */
export function sight(view: LeaseView, nowMs: number, before?: LeaseSight): LeaseSight {
  const isSame = before?.view.holder === view.holder && before.view.renewTime === view.renewTime;
  return isSame ? before : { view, sinceMs: nowMs };
}

/** Whether `me` may write itself in: nobody holds it, it is ours already, or its holder was silent for its whole duration. */
export function mayTake({ view, sinceMs }: LeaseSight, me: string, nowMs: number): boolean {
  return view.holder === '' || view.holder === me || nowMs - sinceMs > view.durationSeconds * 1000;
}

/** Whether a holder whose last renewal was sent at `renewedMs` may still write. */
export function maySend(renewedMs: number, nowMs: number): boolean {
  return nowMs - renewedMs < leaseTimes.deadlineMs;
}

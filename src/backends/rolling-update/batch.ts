import type { Limits } from './limits.ts';

/** Fields that make the controller stop at a batch: it then has `surge + unavailable` new pods, and takes `unavailable` old ones away. */
export interface Batch {
  readonly surge: number;
  readonly unavailable: number;
}

/** What a batch is chosen from. */
export interface Room {
  /** Pods wanted in all, ≥ 1. */
  readonly wanted: number;
  readonly limits: Limits;
  /** New pods that are ready: so many old ones are replaced already. */
  readonly ready: number;
  /** The present batch; absent when there is none. */
  readonly now?: Batch;
}

export const podsOf = ({ surge, unavailable }: Batch): number => surge + unavailable;

/** Pods of both versions: the share of the new ones is of these. */
export const totalOf = (batch: Batch, wanted: number): number => wanted + batch.surge;

/**
 * Additional pods first, as many as the Deployment allows; then in the place of old ones. Old pods that are gone are never made again by
 * the controller, so `unavailable` does not fall: the new version would take their places too.
 */
export function batchOf(pods: number, { limits, now }: Pick<Room, 'limits' | 'now'>): Batch {
  const unavailable = Math.max(now?.unavailable ?? 0, pods - limits.maxSurge.pods);
  return { surge: pods - unavailable, unavailable };
}

/**
 * The largest batch that may be asked for now; 0 when there is none. One old pod stays, and never are fewer pods ready than wanted less
 * `maxUnavailable`, for no more old ones go than new ones are ready beside it.
 */
export function mostPods({ wanted, limits, ready, now }: Room): number {
  const replaced = Math.min(limits.maxUnavailable.pods + ready, wanted - 1);
  const most = limits.maxSurge.pods + Math.max(replaced, now?.unavailable ?? 0);
  return Math.max(0, Math.min(wanted, most));
}

export interface Stop {
  readonly percent: number;
  readonly pods: number;
}

/** So many shares are looked at, at most: with more pods than that, some counts are left out. */
const finest = 1000;

/**
 * Shares that may be asked for now, the present one first, in whole percent, ascending: one stop per percent, the fewest pods. A batch is
 * never narrowed: the controller would not take new pods away again.
 */
export function stopsIn(room: Room): readonly Stop[] {
  const now = room.now === undefined ? 0 : podsOf(room.now);
  const most = mostPods(room);
  const stops: Stop[] = [{ percent: percentAt(now, room), pods: now }];
  for (let pods = now + 1; pods <= most; pods += Math.ceil(most / finest)) {
    const percent = percentAt(pods, room);
    if (percent > (stops.at(-1)?.percent ?? 0)) stops.push({ percent, pods });
  }
  return stops;
}

/** Share of the new version with so many pods of it, in whole percent. */
export function percentAt(pods: number, room: Room): number {
  const { now, wanted } = room;
  if (pods === 0) return 0;
  const batch = now !== undefined && podsOf(now) === pods ? now : batchOf(pods, room);
  return Math.round((pods / totalOf(batch, wanted)) * 100);
}

/** Of two equally near, the lower one. */
export function nearestStop(stops: readonly Stop[], percent: number): Stop | undefined {
  return stops.toSorted(
    (a, b) => Math.abs(a.percent - percent) - Math.abs(b.percent - percent) || a.pods - b.pods,
  )[0];
}

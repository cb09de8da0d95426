/** A share that can be reached, in whole percent, with the canary's pods at it. */
export interface Stop {
  readonly percent: number;
  readonly pods: number;
}

/** Beyond it a canary is no canary: it would have more pods than all others together. */
const most = 100;

/**
 * Shares reachable by scaling the canary beside `others` pods (≥ 1): from none to as many pods as the others have, at most
 * 100, and what the canary has `now`. Ascending; one stop per whole percent, and 0 % is 0 pods only.
 */
export function stopsBeside(others: number, now: number): readonly Stop[] {
  const counts = new Set<number>([now]);
  for (let pods = 0; pods <= Math.min(others, most); pods += 1) counts.add(pods);
  const byPercent = new Map<number, number>();
  for (const pods of [...counts].sort((a, b) => a - b)) {
    const percent = Math.round(shareOf(pods, others) * 100);
    if ((percent === 0) !== (pods === 0)) continue;
    const other = byPercent.get(percent);
    if (other === undefined || pods === now || isNearer(pods, other, { percent, others, now }))
      byPercent.set(percent, pods);
  }
  return [...byPercent].map(([percent, pods]) => ({ percent, pods }));
}

/** The nearest stop; of two equally near, the lower one. Absent when there is none. */
export function nearestStop(stops: readonly Stop[], percent: number): Stop | undefined {
  return stops.reduce<Stop | undefined>(
    (best, stop) =>
      best === undefined || Math.abs(stop.percent - percent) < Math.abs(best.percent - percent)
        ? stop
        : best,
    undefined,
  );
}

/** Share 0–1 of `pods` beside `others`. */
export function shareOf(pods: number, others: number): number {
  return pods === 0 ? 0 : pods / (pods + others);
}

function isNearer(
  pods: number,
  other: number,
  { percent, others, now }: { percent: number; others: number; now: number },
): boolean {
  if (other === now) return false;
  const distance = (count: number): number => Math.abs(shareOf(count, others) * 100 - percent);
  return distance(pods) < distance(other);
}

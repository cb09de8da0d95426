/** A repeatable source of numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32: 32 bits of state, good enough to draw requests, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The item into whose stretch of the summed weights `draw` in [0, 1) falls, and how far into it, in
 * [0, 1), for a further choice. `undefined` when nothing weighs anything.
 */
export function pickWeighted<T extends { readonly weight: number }>(
  items: readonly T[],
  draw: number,
): { readonly item: T; readonly rest: number } | undefined {
  const total = items.reduce((sum, item) => sum + item.weight, 0);
  let left = draw * total;
  for (const item of items) {
    if (left < item.weight) return { item, rest: left / item.weight };
    left -= item.weight;
  }
  // Rounding may leave a crumb behind the last one.
  const item = items.findLast(({ weight }) => weight > 0);
  return item === undefined ? undefined : { item, rest: 0 };
}

/** Share of `weight` in `total` as a ratio 0–1; 0 when the total is 0. */
export function ratioOf(weight: number, total: number): number {
  return total > 0 ? weight / total : 0;
}

/**
 * Splits `total` (a whole number ≥ 0) in proportion to `parts` (each ≥ 0) into whole numbers that sum to exactly `total`:
 * largest remainders get the units that rounding leaves; on a tie the earlier part wins. All parts 0 gives everything to the first.
 */
export function distribute(total: number, parts: readonly number[]): number[] {
  const sum = parts.reduce((a, b) => a + b, 0);
  if (sum <= 0) return parts.map((_, index) => (index === 0 ? total : 0));
  const exact = parts.map((part) => (part / sum) * total);
  const floors = exact.map(Math.floor);
  let left = total - floors.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    floors[index] = (floors[index] ?? 0) + 1;
    left -= 1;
  }
  return floors;
}

/** A ratio 0–1 as percent for people: whole when it is whole, else one decimal, two below 0.1 %, so that 5 of 1000 is "0.5". */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  const rounded = Math.round(percent);
  if (Math.abs(percent - rounded) < 0.05 && (rounded > 0 || percent === 0)) return String(rounded);
  return percent < 0.1 ? percent.toFixed(2) : percent.toFixed(1);
}

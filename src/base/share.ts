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

/**
 * A ratio 0–1 as percent for people, without the sign: whole where it is whole, else one decimal, and as many as it takes not to
 * read "0" or "100" for what is neither (5 of 1000 is "0.5", 1 of 10 000 is "0.01").
 */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  if (Math.abs(percent - Math.round(percent)) < 1e-9) return String(Math.round(percent));
  const nearEnd = Math.min(percent, 100 - percent) < 0.1;
  return nearEnd ? String(Number(percent.toPrecision(percent > 50 ? 4 : 1))) : percent.toFixed(1);
}

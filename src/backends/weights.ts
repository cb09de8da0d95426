import { distribute } from '../base/share.ts';

/** One destination in a rule as it stands. */
export interface Weighted {
  readonly trackId: string;
  readonly weight: number;
}

/** Total below which whole percents cannot be written as whole weights. */
const fullTotal = 100;

/**
 * Whole weights for the wished percents: named tracks get theirs, the others share the rest in their present proportion. When all of them
 * are 0, `heir` gets it, or where it is not among them each the same. The object's total is kept where whole percents fit into it (a multiple of 100, or the wish comes out whole); otherwise the rule is
 * rescaled to 100. They sum to exactly the total.
 */
export function weightsFor(
  destinations: readonly Weighted[],
  percents: Readonly<Record<string, number>>,
  heir?: string,
): { readonly weights: readonly number[]; readonly total: number } {
  const shares = sharesFor(destinations, percents, heir);
  const present = destinations.reduce((sum, { weight }) => sum + weight, 0);
  const isWhole =
    present > 0 && shares.every((share) => Math.abs(((share * present) / 100) % 1) < 1e-9);
  const total = present > 0 && (isWhole || present % fullTotal === 0) ? present : fullTotal;
  return { weights: distribute(total, shares), total };
}

/** Percents of all destinations, 0–100, summing to 100 as far as the wish does. */
function sharesFor(
  destinations: readonly Weighted[],
  percents: Readonly<Record<string, number>>,
  heir: string | undefined,
): readonly number[] {
  const given = destinations.map(({ trackId }) =>
    Object.hasOwn(percents, trackId) ? percents[trackId] : undefined,
  );
  const named = given.reduce<number>((sum, percent) => sum + (percent ?? 0), 0);
  const rest = Math.max(0, 100 - named);
  const free = destinations.filter((_, i) => given[i] === undefined);
  const freeWeight = free.reduce((sum, { weight }) => sum + weight, 0);
  const heirs = freeWeight > 0 ? [] : free.filter(({ trackId }) => trackId === heir).slice(0, 1);
  return destinations.map((destination, i) => {
    const percent = given[i];
    if (percent !== undefined) return percent;
    if (heirs.length > 0) return heirs.includes(destination) ? rest : 0;
    return freeWeight > 0 ? (destination.weight / freeWeight) * rest : rest / free.length;
  });
}

/**
 * The evidence of the judge once more, slowly and from its definition: likelihoods as exact fractions, every beginning enumerated. It shares no
 * code with `src/release/analysis`, so that the two check each other.
 */
export interface Counts {
  readonly canary: number;
  readonly canaryBad: number;
  readonly stable: number;
  readonly stableBad: number;
}

/** Risks as fractions, each with its part of the stake. */
const alternatives = [
  [5n, 4n, 0.1],
  [3n, 2n, 0.1],
  [2n, 1n, 0.5],
  [3n, 1n, 0.1],
  [5n, 1n, 0.1],
  [10n, 1n, 0.1],
] as const;

/** E-value that the canary is worse after all looks. `discounts`: of each look; the last one is that of now. */
export function slowWorse(looks: readonly Counts[], discounts: readonly number[]): number {
  const now = discounts.at(-1) ?? 1;
  let mixture = 0;
  for (const [top, bottom, stake] of alternatives) {
    const logs = looks.map((look) => fractionLog(...likelihoodRatio(look, top, bottom)));
    for (let start = 0; start < looks.length; start += 1) {
      const part = start === 0 ? 0.8 : 0.2 / ((start + 1) * start);
      const sum = logs
        .slice(start)
        .reduce(
          (log, one, at) => log + one / (start === 0 ? now : (discounts[start + at] ?? 1)),
          0,
        );
      mixture += stake * part * Math.exp(sum);
    }
  }
  return mixture;
}

/** E-value that the canary is not `top/bottom` times as bad, by the ratio alone. */
export function slowNotWorse(looks: readonly Counts[], top: bigint, bottom: bigint): number {
  const logs = looks.map((look) => -fractionLog(...likelihoodRatio(look, top, bottom)));
  return Math.exp(logs.reduce((sum, log) => sum + log, 0));
}

/**
 * Each bad request is the canary's with the chance r·c/(r·c + s), against c/(c + s), where c and s are the requests and r the risk; as a
 * fraction.
 */
export function likelihoodRatio(look: Counts, top: bigint, bottom: bigint): [bigint, bigint] {
  const [c, s] = [BigInt(look.canary), BigInt(look.stable)];
  if (c === 0n || s === 0n) return [1n, 1n];
  const tilted = top * c + bottom * s;
  const canary: [bigint, bigint] = [top * (c + s), tilted];
  const stable: [bigint, bigint] = [bottom * (c + s), tilted];
  const [x, y] = [BigInt(look.canaryBad), BigInt(look.stableBad)];
  return [canary[0] ** x * stable[0] ** y, canary[1] ** x * stable[1] ** y];
}

/** Natural logarithm of a fraction of any size. */
function fractionLog(top: bigint, bottom: bigint): number {
  return bigLog(top) - bigLog(bottom);
}

function bigLog(value: bigint): number {
  const digits = value.toString();
  const head = Number(`0.${digits.slice(0, 17)}`);
  return Math.log(head) + digits.length * Math.LN10;
}

export function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 1; i <= k; i += 1) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
}

/** What a comparison of two error ratios needs; handbook/analysis.md 3.1. */
export interface Doubling {
  /** Share of failed requests of the stable version, above 0 and at most 0.5. */
  readonly baseRatio: number;
  /** How many times more the canary fails; above 1. */
  readonly times: number;
  /** Share of the requests that the canary gets, above 0 and below 1. */
  readonly share: number;
  /** One-sided chance of a false alarm; 0.05 where it is left out. */
  readonly alpha?: number;
  /** Chance to see it; 0.9 where it is left out. */
  readonly power?: number;
}

/**
 * Requests that the canary must answer until a test of two proportions (one-sided, fixed size) sees the difference. Rough where fewer
 * than ten errors are expected. Source: Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", 3rd edition, 4.15.
 */
export function requestsToSee({
  baseRatio,
  times,
  share,
  alpha = 0.05,
  power = 0.9,
}: Doubling): number {
  const p0 = baseRatio;
  const p1 = Math.min(p0 * times, 1);
  const k = (1 - share) / share;
  const pooled = (p1 + k * p0) / (1 + k);
  const noise = normalQuantile(1 - alpha) * Math.sqrt(pooled * (1 - pooled) * (1 + 1 / k));
  const signal = normalQuantile(power) * Math.sqrt(p1 * (1 - p1) + (p0 * (1 - p0)) / k);
  return Math.ceil(((noise + signal) / (p1 - p0)) ** 2);
}

/** Seconds until the canary has answered that many; `perSecond` are the requests of the whole service. */
export function secondsToSee(doubling: Doubling, perSecond: number): number {
  return requestsToSee(doubling) / (perSecond * doubling.share);
}

/** Quantile of the standard normal distribution by bisection of its distribution function; for p in 0.5–0.9999, within 1e-9. */
function normalQuantile(p: number): number {
  let [low, high] = [0, 8];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** By the series of the error function; exact to double precision for 0 ≤ x ≤ 8. */
function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

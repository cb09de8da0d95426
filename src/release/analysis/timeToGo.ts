import { ratioOf } from '../../base/share.ts';
import { leastDifference, logsBy, missed, type Limit, type Logs, type Tests } from './badShare.ts';
import { logRatio, risks } from './evidence.ts';
import { badRatio, discount, sum, type Tally } from './tally.ts';

/**
 * Seconds until all tests in favour of the canary are reached, at the traffic so far, if it is as good as stable and as good as it looks;
 * undefined when no amount of such traffic would do, or nothing is missing.
 */
export function timeToGo(logs: Logs, { compare, limits }: Tests, tally: Tally): number | undefined {
  if (tally.seconds <= 0 || tally.canary.requests <= 0) return undefined;
  const by = discount(tally);
  const { under } = logsBy(logs, by);
  const waits = [
    ...(compare ? [comparisonWait(logs, compare.maxRatio, tally)] : []),
    ...limits.map((limit, at) => limitWait(limit, under[at] ?? 0, tally)),
  ];
  const longest = Math.max(...waits);
  return Number.isFinite(longest) && longest > 0 ? longest : undefined;
}

/** By whichever of its two parts is there first. */
function comparisonWait(logs: Logs, maxRatio: number, tally: Tally): number {
  const { canary, stable, seconds } = tally;
  const by = discount(tally);
  const all = sum([canary, stable]);
  const share = ratioOf(canary.requests, all.requests);
  const events = all.bad / seconds;
  const gain = -logRatio(share, maxRatio, { hits: events * share, misses: events * (1 - share) });
  const rareGain = (canary.requests / seconds) * gainBelow(leastDifference, badRatio(all));
  const needed = Math.log(2 / missed);
  const rare = logsBy({ ...logs, notWorse: -Infinity }, by).notWorse + Math.log(2);
  return Math.min(wait(needed - logs.notWorse / by, gain / by), wait(needed - rare, rareGain / by));
}

function limitWait({ passBelow, share }: Limit, log: number, tally: Tally): number {
  const ratio = badRatio(tally.canary);
  if (ratio > share) return Infinity;
  const perSecond = tally.canary.requests / tally.seconds / discount(tally);
  return wait(-Math.log(missed) - log, perSecond * gainBelow(passBelow, ratio));
}

/** What each request adds to the evidence that the share is below `limit` when it is `ratio`. */
function gainBelow(limit: number, ratio: number): number {
  const gains = risks.map((risk) => logRatio(limit, 1 / risk, { hits: ratio, misses: 1 - ratio }));
  return Math.max(...gains);
}

function wait(missing: number, gainPerSecond: number): number {
  if (missing <= 0) return 0;
  return gainPerSecond > 0 ? missing / gainPerSecond : Infinity;
}

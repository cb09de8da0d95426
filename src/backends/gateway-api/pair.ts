import { ratioOf } from '../../base/share.ts';
import { isOurs } from './ours.ts';
import type { RouteRule } from './rules.ts';

/** The ids of the stable track and the canary. */
export interface Pair {
  readonly stable: string;
  readonly canary: string;
}

/** Rules in which both have an entry. */
export function pairRules(rules: readonly RouteRule[], pair: Pair): readonly RouteRule[] {
  return rules.filter(({ refs }) =>
    [pair.stable, pair.canary].every((track) => refs.some(({ trackId }) => trackId === track)),
  );
}

/**
 * Share of the canary in the first rule that a slider writes; where there is none, in the first that splits, else in the last rule. Rules of ours
 * for some of the requests do not count.
 */
export function canaryShareIn(rules: readonly RouteRule[], pair: Pair): number {
  const pairs = pairRules(rules, pair).filter((one) => !isOurs(one, rules));
  const rule = pairs.find(({ readOnly }) => readOnly === undefined) ?? pairs[0] ?? rules.at(-1);
  return rule === undefined ? 0 : shareIn(rule, pair.canary);
}

/** Share of the track in the rule, 0–1; 0 where it has no entry. */
export function shareIn({ refs, total }: RouteRule, trackId: string): number {
  const own = refs.filter((ref) => ref.trackId === trackId);
  return ratioOf(
    own.reduce((sum, { weight }) => sum + weight, 0),
    total,
  );
}

/** Whether the rule sends to the canary and to nobody else. */
export function isForCanaryAlone({ refs }: RouteRule, { canary }: Pair): boolean {
  return refs.length > 0 && refs.every(({ trackId }) => trackId === canary);
}

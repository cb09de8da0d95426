import { distribute } from '../../base/share.ts';
import type { JsonObject } from '../../model/objects.ts';
import { cut } from '../guards.ts';
import { weightsFor } from '../weights.ts';
import { placeKeys, type RouteEdit } from './edit.ts';
import { isShadowedBy } from './groups.ts';
import { addsNothing, isOurs } from './ours.ts';
import { isForCanaryAlone, type Pair } from './pair.ts';
import { mostWeight, type RouteRule } from './rules.ts';

/** Total of a rule whose own total does not serve. */
const fullTotal = 100;

/** Whole weights of all entries for the wished percents, in the total of the rule where that serves. */
export function weightsIn(
  rule: RouteRule,
  percents: Readonly<Record<string, number>>,
  { stable }: Pick<Pair, 'stable'>,
): readonly number[] {
  const { weights } = weightsFor(rule.refs, percents, stable);
  if (weights.every((weight) => weight <= mostWeight)) return weights;
  // Two entries of the largest weight: no entry can hold their total.
  return distribute(fullTotal, weights);
}

/** Whether the rule sends requests to the canary. */
export function hasCanary({ refs }: RouteRule, { canary }: Pair): boolean {
  return refs.some(({ trackId, weight }) => trackId === canary && weight > 0);
}

/**
 * Nothing to the canary any more. Rules that are for the canary alone go away where another rule takes over their requests and does all
 * that they ask for. Else they send to stable: nobody shall get a 404 by a rollback, or lose a rewrite or a timeout that the rule asks for. Malformed
 * rules are left as they are.
 */
export function allToStable(rules: readonly RouteRule[], pair: Pair): RouteEdit {
  const concerned = rules.filter(
    ({ refs, faults }) => faults.length === 0 && refs.some(isOf(pair.canary)),
  );
  const isAlone = (rule: RouteRule): boolean => isForCanaryAlone(rule, pair);
  const alone = concerned.filter(isAlone);
  const ours = concerned.filter(
    (rule) => !isAlone(rule) && hasCanary(rule, pair) && isOurs(rule, rules),
  );
  const heirs = rules.filter((rule) => rule.refs.some(isOf(pair.stable)));
  const removals = [...alone, ...ours].filter((rule) =>
    heirs.some((heir) => heir !== rule && isShadowedBy(rule, heir) && addsNothing(rule, heir)),
  );
  const shared = concerned.filter((rule) => !isAlone(rule) && !removals.includes(rule));
  const place = stablePlace(heirs, pair);
  return {
    weights: shared
      .filter((rule) => hasCanary(rule, pair) || rule.total === 0)
      .map((rule) => ({ rule, weights: withoutCanary(rule, pair) })),
    moves: alone
      .filter((rule) => !removals.includes(rule))
      .flatMap((rule) => rule.refs.map((ref) => ({ rule, ref, to: place }))),
    removals,
  };
}

function isOf(track: string): (ref: { readonly trackId: string }) => boolean {
  return ({ trackId }) => trackId === track;
}

/**
 * All of the total to stable. Where an entry is no Service, it keeps its weight and stable gets the canary's; where stable has no entry,
 * the others share what the canary had.
 */
function withoutCanary({ refs, total }: RouteRule, { stable, canary }: Pair): readonly number[] {
  const heir = refs.findIndex(isOf(stable));
  if (heir < 0) return weightsFor(refs, { [canary]: 0 }).weights;
  const keeps = refs.map((ref) => (ref.isService ? 0 : ref.weight));
  const kept = keeps.reduce((sum, weight) => sum + weight, 0);
  const rest = total > 0 ? total - kept : fullTotal;
  return keeps.map((weight, i) => (i === heir ? Math.min(rest, mostWeight) : weight));
}

/** Where stable is, as another rule says it. */
function stablePlace(heirs: readonly RouteRule[], { stable }: Pair): JsonObject {
  const ref = heirs.flatMap(({ refs }) => refs).find(isOf(stable));
  return ref === undefined ? {} : cut(ref.raw, placeKeys);
}

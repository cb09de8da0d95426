import type { AnyIntent } from '../../src/model/intent.ts';
import type { Rollout, Rule } from '../../src/model/rollout.ts';

/**
 * Rules keep their totals. A total becomes 100 only where the wish does not fit into it in whole weights (10 % of 2), where no weight may be
 * that large, or where it was 0: such a rule answers with errors, and nobody can say what it meant. Only what goes back to stable takes
 * rules away: a rollback, and the step of a promotion that does the same.
 */
export function keepsTotals(before: Rollout, after: Rollout, intent: AnyIntent): boolean {
  // A rule that is put in or gets a canary has a total of its own; what else stays is looked at elsewhere.
  if (intent.kind === 'setMatch') return true;
  const mayRemove = intent.kind === 'rollback' || intent.kind === 'promote';
  const left = [...before.rules];
  for (const { total } of after.rules) {
    const at = left.findIndex((was) => isKept(was, total, intent));
    if (at < 0 || (at > 0 && !mayRemove)) return false;
    left.splice(0, at + 1);
  }
  return left.length === 0 || mayRemove;
}

const mostWeight = 1_000_000;

function isKept({ total: was, destinations }: Rule, is: number, intent: AnyIntent): boolean {
  if (was === is) return true;
  if (is !== 100) return false;
  return was === 0 || was > mostWeight || !fits(was, destinations, intent);
}

/** Whether whole weights of this total say what is wished: the named tracks get theirs, the others share the rest as they do now. */
function fits(total: number, destinations: Rule['destinations'], intent: AnyIntent): boolean {
  if (intent.kind !== 'setWeight') return true;
  const { percents } = intent;
  const others = destinations.filter(({ trackId }) => !Object.hasOwn(percents, trackId));
  const theirs = others.reduce((sum, { share }) => sum + share, 0);
  const rest = 100 - Object.values(percents).reduce((sum, percent) => sum + percent, 0);
  const wished = destinations.map(({ trackId, share }) => {
    const even = 1 / Math.max(1, others.length);
    return percents[trackId] ?? (theirs > 0 ? share / theirs : even) * rest;
  });
  return wished.every((percent) => isWhole((percent * total) / 100));
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9;
}

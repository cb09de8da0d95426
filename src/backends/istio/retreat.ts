import { equalJson } from '../../base/json.ts';
import { at } from '../guards.ts';
import { weightsFor } from '../weights.ts';
import { covers, isOurs, sendsTo, trackId, type Group, type Pair } from './groups.ts';
import type { NewWeights } from './patch.ts';
import { isMendable, type Entry, type HttpRule } from './rules.ts';
import { say } from './words.l10n.ts';

/** What is done to the rules of a route. */
export interface Retreat {
  readonly weights: readonly NewWeights[];
  /** Rules that are taken out: another one takes their requests. */
  readonly removed: readonly HttpRule[];
  /** Rules for the canary alone that send to stable instead, for nobody else would take their requests. */
  readonly redirected: readonly HttpRule[];
  /** Rules that send to the canary and are not written; with the reason. */
  readonly left: readonly Pick<HttpRule, 'id' | 'readOnly'>[];
}

export function isNothing({ weights, removed, redirected }: Retreat): boolean {
  return weights.length + removed.length + redirected.length === 0;
}

/**
 * Nothing to the canary any more, whatever the rules look like: malformed weights are written anew. Nobody shall get a 404 by a rollback,
 * or lose a rewrite or a timeout, so a rule only goes where a later one of the same service sends its requests to stable and does all
 * that it asks for; else it sends to stable itself.
 */
export function allToStable(group: Group, pair: Pair): Retreat {
  const concerned = group.rules.filter((rule) => reachesCanary(group, rule, pair));
  const writable = concerned.filter((rule) => rule.readOnly === undefined || isMendable(rule));
  const isAlone = (rule: HttpRule): boolean =>
    rule.entries.every((entry) => trackId(group, entry) === pair.canary);
  const alone = writable.filter(isAlone);
  const removed = writable.filter(
    (rule) =>
      (isAlone(rule) || isOurs(rule)) && rule.matches.length > 0 && hasHeir(group, rule, pair),
  );
  const others = group.others
    .filter((rule) =>
      rule.entries.some((entry) => isOn(group, entry, pair.canary) && entry.weight > 0),
    )
    .map(({ id, kind }) => ({ id, readOnly: say('istio.tcp', { kind: kind.toUpperCase() }) }));
  return {
    weights: writable
      .filter((rule) => !isAlone(rule) && !removed.includes(rule))
      .map((rule) => withoutCanary(group, rule, pair)),
    removed,
    redirected: alone.filter((rule) => !removed.includes(rule)),
    left: [...concerned.filter((rule) => !writable.includes(rule)), ...others],
  };
}

/** With a weight; a malformed one counts as one, for nobody knows what it means. A rule that adds up to nothing is mended too. */
function reachesCanary(group: Group, rule: HttpRule, { canary }: Pair): boolean {
  if (rule.total === 0 && rule.entries.length > 1) return sendsTo(group, rule, canary);
  return rule.entries.some((entry) => {
    const written = at(entry.raw, 'weight');
    const isOdd = rule.isMalformed && written !== undefined && written !== 0;
    return isOn(group, entry, canary) && (entry.weight > 0 || isOdd);
  });
}

function isOn(group: Group, entry: Entry, id: string): boolean {
  return trackId(group, entry) === id;
}

/** A later rule that takes all that the rule takes, sends to stable, and does all that it asks for. */
function hasHeir(group: Group, rule: HttpRule, { stable }: Pair): boolean {
  return group.rules.some(
    (later) =>
      covers(later, rule) &&
      later.readOnly === undefined &&
      sendsTo(group, later, stable) &&
      addsNothing(rule, later),
  );
}

/** Whether the rule asks for no rewrite, timeout, fault or anything else that the other would not do as well. */
function addsNothing({ raw }: HttpRule, heir: HttpRule): boolean {
  const own = ['name', 'match', 'route'];
  return Object.entries(raw).every(
    ([key, value]) => own.includes(key) || equalJson(value, heir.raw[key]),
  );
}

/** All of the total to stable; where stable has no entry, the others share what the canary had. */
function withoutCanary(group: Group, rule: HttpRule, { stable, canary }: Pair): NewWeights {
  const ids = rule.entries.map((entry) => trackId(group, entry));
  const heir = ids.indexOf(stable);
  const places = rule.entries.map(({ weight }, i) => ({ trackId: String(i), weight }));
  const zeros = ids.flatMap((id, i): [string, number][] =>
    heir >= 0 || id === canary ? [[String(i), 0]] : [],
  );
  const wish = { ...Object.fromEntries(zeros), ...(heir < 0 ? {} : { [String(heir)]: 100 }) };
  return { rule, ...weightsFor(places, wish) };
}

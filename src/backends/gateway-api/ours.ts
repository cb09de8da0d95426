import { equalJson } from '../../base/json.ts';
import { isForSome } from '../../model/rollout.ts';
import { at, entriesOf, textOf } from '../guards.ts';
import { isOurName } from '../matchRules.ts';
import { isShadowedBy } from './groups.ts';
import { conditionsOf } from './matches.ts';
import type { RouteRule } from './rules.ts';

/**
 * Put in by `setMatch`. The name says it; where rules have none, for older clusters know no names, its form: it splits the requests of some and
 * does all that a rule for everybody does with them.
 */
export function isOurs(rule: RouteRule, rules: readonly RouteRule[]): boolean {
  if (!isForSome({ matches: conditionsOf(rule.matches) })) return false;
  const name = textOf(at(rule.raw, 'name'));
  if (name !== '') return isOurName(name);
  const isLike = (other: RouteRule): boolean =>
    other !== rule &&
    !isForSome({ matches: conditionsOf(other.matches) }) &&
    isShadowedBy(rule, other) &&
    addsNothing(rule, other) &&
    other.refs.some(({ trackId }) => rule.refs.some((ref) => ref.trackId === trackId));
  return rule.refs.length > 1 && rules.some(isLike);
}

/** Whether the rule asks for no filter, timeout or anything else that the other would not do as well. */
export function addsNothing({ raw }: RouteRule, heir: RouteRule): boolean {
  const own = ['name', 'matches', 'backendRefs'];
  return entriesOf(raw).every(
    ([key, value]) => own.includes(key) || equalJson(value, at(heir.raw, key)),
  );
}

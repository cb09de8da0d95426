import type { KubeObject, Resource } from '../../model/objects.ts';
import { covers } from './matches.ts';
import type { RouteRule } from './rules.ts';

/** Rules of one route that share the requests of one service among its versions. */
export interface Group {
  readonly route: KubeObject;
  readonly resource: Resource;
  /** Tells several of one route apart; '' for the first. */
  readonly suffix: string;
  /** Its rules, in order; every destination in them is a track. */
  readonly rules: readonly RouteRule[];
  /** Two or more. */
  readonly trackIds: readonly string[];
}

/**
 * Destinations belong together when a rule splits between them, or when a rule with conditions sends to one what another rule would send
 * to the other and their names differ by the version only (`shop`, `shop-canary`).
 */
export function groupsOf(
  route: KubeObject,
  resource: Resource,
  rules: readonly RouteRule[],
): readonly Group[] {
  const links = [...rules.map(idsOf), ...shadowLinks(rules)];
  const sets = links.reduce<readonly ReadonlySet<string>[]>(joined, []);
  return sets
    .filter((set) => set.size > 1)
    .map((set, index) => {
      const own = rules.filter((rule) => idsOf(rule).some((id) => set.has(id)));
      const trackIds = [...set];
      const suffix = index === 0 ? '' : `:${own[0]?.refs[0]?.trackId ?? ''}`;
      return { route, resource, suffix, rules: own, trackIds };
    });
}

function idsOf({ refs }: RouteRule): readonly string[] {
  return refs.map(({ trackId }) => trackId);
}

/** The sets with one more: those that it touches become one. */
function joined(
  sets: readonly ReadonlySet<string>[],
  link: readonly string[],
): readonly ReadonlySet<string>[] {
  if (link.length === 0) return sets;
  const touched = sets.filter((set) => link.some((id) => set.has(id)));
  const [first] = touched;
  const union = new Set([...touched.flatMap((set) => [...set]), ...link]);
  if (first === undefined) return [...sets, union];
  return sets
    .filter((set) => set === first || !touched.includes(set))
    .map((set) => (set === first ? union : set));
}

function shadowLinks(rules: readonly RouteRule[]): readonly (readonly string[])[] {
  return rules.flatMap((special) =>
    rules
      .filter((general) => general !== special && isShadowedBy(special, general))
      .flatMap((general) =>
        idsOf(special).flatMap((a) =>
          idsOf(general)
            .filter((b) => a !== b && baseName(a) === baseName(b))
            .map((b) => [a, b]),
        ),
      ),
  );
}

/** Whether every request that the rule takes would be taken by the other if the rule were not there. */
export function isShadowedBy(special: RouteRule, general: RouteRule): boolean {
  return (
    special.matches.length > 0 &&
    special.matches.every((match) => general.matches.some((other) => covers(other, match)))
  );
}

const suffixes = /[-.](canary|stable|primary|preview|active|baseline|next|v?\d+(?:[-.]\d+)*)$/i;

/** `shop` of `shop-canary` and of `shop-v2`. */
export function baseName(name: string): string {
  return name.replace(suffixes, '');
}

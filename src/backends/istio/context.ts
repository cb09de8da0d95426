import { err, type Result } from '../../base/result.ts';
import { percentText, ratioOf } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import type { ClusterSnapshot } from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { labelOf, trackOf, type Rollout, type Track } from '../../model/rollout.ts';
import { weightsFor } from '../weights.ts';
import { shareIn, trackId, type Group, type Pair } from './groups.ts';
import type { NewWeights } from './patch.ts';
import { brokenText, unreadyText } from './problems.ts';
import { groupOf } from './read.ts';
import type { HttpRule } from './rules.ts';
import { targetsOf } from './tracks.ts';

export type Plan = Result<ChangeSet, PlanError>;
export type Percents = Readonly<Record<string, number>>;

/** What a plan is made from. */
export interface Context {
  readonly snapshot: ClusterSnapshot;
  readonly rollout: Rollout;
  readonly group: Group;
  readonly stable: Track;
  readonly canary: Track;
  readonly pair: Pair;
}

/** Undefined when the route, or its split between the two, is gone. */
export function contextOf(snapshot: ClusterSnapshot, rollout: Rollout): Context | undefined {
  const stable = trackOf(rollout, 'stable');
  const canary = trackOf(rollout, 'canary');
  const group = groupOf(snapshot, rollout);
  if (group === undefined || stable === undefined || canary === undefined) return undefined;
  return {
    snapshot,
    rollout,
    group,
    stable,
    canary,
    pair: { stable: stable.id, canary: canary.id },
  };
}

export function refuse(
  kind: PlanError['kind'],
  text: Text,
): { readonly ok: false; readonly error: PlanError } {
  return err({ kind, text });
}

/** For sentences. */
export function namesOf({ rollout, stable, canary }: Context): Record<string, string> {
  return {
    service: rollout.service,
    namespace: rollout.namespace,
    stable: labelOf(rollout, stable),
    canary: labelOf(rollout, canary),
    was: percentText(rollout.canaryShare),
  };
}

/** Whole weights of one rule for the wished percents by track. */
export function weightsIn(
  { group, pair }: Pick<Context, 'group' | 'pair'>,
  rule: HttpRule,
  percents: Percents,
): NewWeights {
  const destinations = rule.entries.map((entry) => ({
    trackId: trackId(group, entry),
    weight: entry.weight,
  }));
  const heir = destinations.findIndex(({ trackId: track }) => track === pair.stable);
  const wish = numbered(destinations, percents);
  return { rule, ...weightsFor(perEntry(destinations), wish, String(heir)) };
}

interface Place {
  readonly trackId: string;
  readonly weight: number;
}

/** A track that a rule names twice gets its percent once: the first of its entries takes it. */
function perEntry(places: readonly Place[]): readonly Place[] {
  return places.map(({ weight }, i) => ({ trackId: String(i), weight }));
}

function numbered(places: readonly Place[], percents: Percents): Percents {
  const seen = new Set<string>();
  const given = places.flatMap(({ trackId: track }, i): [string, number][] => {
    if (!Object.hasOwn(percents, track)) return [];
    const percent = seen.has(track) ? 0 : (percents[track] ?? 0);
    seen.add(track);
    return [[String(i), percent]];
  });
  return Object.fromEntries(given);
}

/** Why a share that would go up must not; undefined when somebody answers behind each of them. */
export function raisedText(
  { group, rollout, snapshot }: Context,
  planned: readonly NewWeights[],
): Text | undefined {
  const targets = targetsOf(snapshot, group);
  for (const { rule, weights, total } of planned) {
    for (const track of rollout.tracks) {
      const target = targets.get(track.id);
      const now = ratioOf(weightIn(group, { rule, weights, total }, track.id), total);
      if (target === undefined || now <= shareIn(group, rule, track.id) + 1e-9) continue;
      const text = brokenText(group.route, target) ?? unreadyText(track, target);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** Why the canary must not get more; undefined when somebody answers behind it. */
export function whyNotRaise({ group, snapshot, canary }: Context): Text | undefined {
  const target = targetsOf(snapshot, group).get(canary.id);
  return target && (brokenText(group.route, target) ?? unreadyText(canary, target));
}

export function weightIn(group: Group, { rule, weights }: NewWeights, id: string): number {
  return rule.entries.reduce(
    (sum, entry, i) => sum + (trackId(group, entry) === id ? (weights[i] ?? 0) : 0),
    0,
  );
}

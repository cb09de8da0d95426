import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import {
  isActive,
  trackOf,
  type BatchUpdate,
  type Rollout,
  type Rule,
  type Track,
} from '../../model/rollout.ts';
import type { ContextView } from '../../state/inventory.ts';
import { say } from './tree.l10n.ts';

/** A fact: words of ours, or a name from the cluster. */
export type Fact = Text | string;

/**
 * What a rollout row says, most important first: share, version, readiness, promotion, who decides, problems. Version and readiness are
 * the canary's, or stable's while that has all requests.
 */
export function rolloutFacts(rollout: Rollout): Fact[] {
  if (rollout.update !== undefined) return updateFacts(rollout, rollout.update);
  const shown = trackOf(rollout, rollout.canaryShare === 0 ? 'stable' : 'canary');
  return [
    shareFact(rollout.canaryShare),
    ...(shown?.version === undefined ? [] : [shown.version]),
    ...readyFact(shown),
    ...stageFact(rollout),
    ...ownerFact(rollout),
    ...problemFact(rollout),
  ];
}

/** An update in batches: what it does now, how many pods are new and ready of those wanted, their version. */
function updateFacts(rollout: Rollout, update: BatchUpdate): Fact[] {
  const version = trackOf(rollout, 'canary')?.version;
  const { updated, ready, wanted } = update;
  return [
    updateStateFact(update),
    say('tree.updated', { updated, wanted }),
    say('tree.newReady', { ready }),
    ...(version === undefined ? [] : [version]),
    ...ownerFact(rollout),
    ...problemFact(rollout),
  ];
}

function updateStateFact({ state, paused, batch }: BatchUpdate): Text {
  if (state === 'held' && !paused) return say('tree.update.held', { batch });
  return say(`tree.update.${state === 'held' ? 'paused' : state}`);
}

export function shareFact(share: number): Text {
  if (share === 0) return say('tree.allStable');
  if (share === 1) return say('tree.allCanary');
  return say('tree.canaryShare', { percent: percentText(share) });
}

function readyFact(track: Track | undefined): Fact[] {
  if (track?.workload === undefined) return [];
  const { ready, replicas } = track.workload;
  return [say('tree.ready', { ready, replicas })];
}

function stageFact({ promotion }: Rollout): Fact[] {
  if (promotion.style !== 'copy') return [];
  const { stage } = promotion;
  if (stage === 'idle' || stage === 'done') return [];
  return [say('tree.stage', { stage: say(`tree.stage.${stage}`) })];
}

function ownerFact({ owner }: Rollout): Fact[] {
  if (owner === undefined) return [];
  return [
    say(owner.kind === 'controller' ? 'tree.decides' : 'tree.managed', { owner: owner.name }),
  ];
}

function problemFact({ problems }: Rollout): Fact[] {
  const n = problems.filter((problem) => problem.severity !== 'info').length;
  if (n === 0) return [];
  return [n === 1 ? say('tree.problem') : say('tree.problems', { n })];
}

/** What a track row says: version (its name where nothing tells the version), share, readiness. */
export function trackFacts(rollout: Rollout, track: Track): Fact[] {
  const share = shownRule(rollout)?.destinations.find((d) => d.trackId === track.id)?.share ?? 0;
  return [
    track.version ?? track.name,
    say('tree.percent', { percent: percentText(share) }),
    ...readyFact(track),
  ];
}

/** Shares of the tracks in one short word, "90/10", in the order of the tracks. */
export function splitFact(rollout: Rollout): string {
  const rule = shownRule(rollout);
  return rollout.tracks
    .map((track) => rule?.destinations.find((d) => d.trackId === track.id)?.share ?? 0)
    .map(percentText)
    .join('/');
}

/** The rule whose shares stand for the rollout: the first that a slider writes, else the first that splits at all. */
function shownRule({ rules }: Rollout): Rule | undefined {
  const splitting = rules.filter((rule) => rule.destinations.length > 1 && !rule.isOurs);
  return splitting.find((rule) => rule.readOnly === undefined) ?? splitting[0] ?? rules[0];
}

export function scopeFact({ scope }: ContextView): Fact {
  const [only, ...more] = scope;
  if (only === undefined) return say('tree.allNamespaces');
  return more.length === 0 ? only : say('tree.namespaces', { n: scope.length });
}

/** Waits for a person: it is under way or broken, and no controller takes the next step, nor does it go by itself. */
export function needsDecision(rollout: Rollout): boolean {
  if (rollout.owner?.kind === 'controller') return false;
  const { update } = rollout;
  if (update !== undefined && ['running', 'returning'].includes(update.state) && !update.paused)
    return rollout.problems.some((problem) => problem.severity === 'error');
  return isActive(rollout) || rollout.problems.some((problem) => problem.severity === 'error');
}

import { err, ok, type Result } from '../../base/result.ts';
import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject, type ObjectRef } from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { trackOf, type Rollout, type Track } from '../../model/rollout.ts';
import { copyTemplateChanges, scaleChanges } from '../copyPromotion.ts';
import { weightsFor } from '../weights.ts';
import { groupsOf, refOf, splitRules, trackId, type Group } from './read.ts';
import { routeChanges, type NewWeights } from './patch.ts';
import { httpRules, type HttpRule } from './rules.ts';
import { virtualServices } from './types.ts';
import { say } from './words.l10n.ts';

type Plan = Result<ChangeSet, PlanError>;

/** The route alone for weights and rollback; a promotion by copy also reads both workloads. */
export function objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[] {
  if (intent.kind !== 'promote' || rollout.promotion.style !== 'copy') return [rollout.route];
  const workloads = rollout.tracks.filter((t) => t.role !== 'other').flatMap((t) => (t.workload ? [t.workload.ref] : []));
  return [rollout.route, ...workloads];
}

interface Context {
  readonly snapshot: ClusterSnapshot;
  readonly rollout: Rollout;
  readonly group: Group;
  readonly stable: Track;
  readonly canary: Track;
}

export function plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Plan {
  const context = contextOf(snapshot, rollout);
  if (context === undefined) return refuse('notFound', say('istio.noSplit', { stable: '', canary: '' }));
  switch (intent.kind) {
    case 'setWeight':
      return setWeight(context, intent);
    case 'rollback':
      return rollback(context);
    case 'promote':
      return promote(context);
    case 'endCanary':
      return refuse('unsupported', say('istio.noEnd'));
  }
}

function contextOf(snapshot: ClusterSnapshot, rollout: Rollout): Context | undefined {
  const route = snapshot.get(resourceId(virtualServices), rollout.namespace, rollout.route.name);
  const stable = trackOf(rollout, 'stable');
  const canary = trackOf(rollout, 'canary');
  if (route === undefined || stable === undefined || canary === undefined) return undefined;
  const group = groupsOf(route, httpRules(route).rules).find((g) =>
    [...g.entries.values()].some((entry) => trackId(g, entry) === canary.id),
  );
  return group && { snapshot, rollout, group, stable, canary };
}

function refuse(kind: PlanError['kind'], text: Text): Plan {
  return err({ kind, text });
}

function namesOf({ rollout, stable, canary }: Context): Record<string, string> {
  return {
    service: rollout.service,
    namespace: rollout.namespace,
    stable: stable.version ?? stable.name,
    canary: canary.version ?? canary.name,
    was: percentText(rollout.canaryShare),
  };
}

function setWeight(context: Context, intent: Extract<Intent, { kind: 'setWeight' }>): Plan {
  const wanted = weightsPlan(context, intent.percents, intent.rule);
  if (!wanted.ok) return wanted;
  const achieved = achievedBy(context, wanted.value);
  const sentence = say('istio.setWeight', { ...namesOf(context), percent: percentText(achieved) });
  const isRescaled = wanted.value.some(({ rule, total }) => rule.total > 0 && rule.total !== total);
  const summary = isRescaled ? say('istio.rescaled', { sentence }) : sentence;
  return ok(changeSet(context, { summary, weights: wanted.value, achieved }));
}

/** New weights of every rule that carries the split, or of the one that is named. Raising a share that would get errors is refused. */
function weightsPlan(
  { group, rollout }: Context,
  percents: Readonly<Record<string, number>>,
  ruleId?: string,
): Result<readonly NewWeights[], PlanError> {
  const rules = splitRules(group).filter((rule) => ruleId === undefined || rule.id === ruleId);
  if (rules.length === 0) {
    const [only] = rollout.rules.filter((rule) => rule.id === ruleId || ruleId === undefined);
    const stable = trackOf(rollout, 'stable')?.name ?? '';
    const canary = trackOf(rollout, 'canary')?.name ?? '';
    const text = only?.readOnly ?? (ruleId === undefined ? say('istio.noSplit', { stable, canary }) : say('istio.noRule', { rule: ruleId }));
    return err({ kind: 'unsupported', text });
  }
  const planned = rules.map((rule): NewWeights => {
    const destinations = rule.entries.map((entry) => ({ trackId: trackId(group, entry), weight: entry.weight }));
    return { rule, ...weightsFor(destinations, percents) };
  });
  const raised = raisedWithoutPods(group, rollout, planned);
  return raised === undefined
    ? ok(planned)
    : err({ kind: 'invalid', text: say('istio.notReady', { track: raised }) });
}

function raisedWithoutPods(group: Group, rollout: Rollout, planned: readonly NewWeights[]): string | undefined {
  for (const { rule, weights, total } of planned) {
    for (const [index, entry] of rule.entries.entries()) {
      const before = rule.total > 0 ? entry.weight / rule.total : 0;
      const isRaised = (weights[index] ?? 0) / total > before + 1e-9;
      const track = rollout.tracks.find((t) => t.id === trackId(group, entry));
      if (isRaised && (track?.workload?.ready ?? 0) === 0) return track?.name ?? entry.host;
    }
  }
  return undefined;
}

function achievedBy({ group, canary }: Context, planned: readonly NewWeights[]): number {
  const first = planned.find(({ rule }) => !('match' in rule.raw)) ?? planned[0];
  if (first === undefined) return 0;
  const own = first.rule.entries.reduce(
    (sum, entry, i) => sum + (trackId(group, entry) === canary.id ? (first.weights[i] ?? 0) : 0),
    0,
  );
  return own / first.total;
}

/** Never refused: all weight to stable, and the rules that send only to the canary are taken out. */
function rollback(context: Context): Plan {
  const { group, stable, rollout } = context;
  const weights = splitRules(group).map((rule) => stableTakesAll(context, rule));
  const removed = group.rules.filter((rule) => isCanaryOnly(context, rule) && 'match' in rule.raw);
  const redirected = group.rules.filter((rule) => isCanaryOnly(context, rule) && !('match' in rule.raw));
  const names = namesOf(context);
  const base =
    removed.length > 0
      ? say('istio.rollbackRules', { ...names, n: removed.length })
      : say('istio.rollback', names);
  const copied = rollout.promotion.style === 'copy' && !['idle', 'copyTemplate'].includes(rollout.promotion.stage);
  const noted = copied ? say('istio.rollbackAfterCopy', { sentence: base, stable: stable.name }) : base;
  const isDown = stable.workload?.ready === 0;
  const summary = isDown ? say('istio.rollbackNotReady', { sentence: noted, stable: stable.name }) : noted;
  return ok(changeSet(context, { summary, weights, removed, redirected, achieved: 0 }));
}

function isCanaryOnly({ group, canary }: Context, rule: HttpRule): boolean {
  const [only, ...more] = rule.entries;
  return rule.readOnly === undefined && only !== undefined && more.length === 0 && trackId(group, only) === canary.id;
}

/** Stable gets the canary's weight, other tracks keep theirs; a rule that adds up to 0 gives everything to stable. */
function stableTakesAll({ group, stable, canary }: Context, rule: HttpRule): NewWeights {
  const ids = rule.entries.map((entry) => trackId(group, entry));
  const canaryWeight = rule.entries.reduce((sum, e, i) => sum + (ids[i] === canary.id ? e.weight : 0), 0);
  if (rule.total === 0) {
    return { rule, total: 100, weights: ids.map((trackKey) => (trackKey === stable.id ? 100 : 0)) };
  }
  let rest = canaryWeight;
  const weights = rule.entries.map((entry, i) => {
    if (ids[i] === canary.id) return 0;
    if (ids[i] !== stable.id) return entry.weight;
    const taken = entry.weight + rest;
    rest = 0;
    return taken;
  });
  return { rule, total: rule.total, weights };
}

function promote(context: Context): Plan {
  const { rollout, canary, snapshot, stable } = context;
  const names = { ...namesOf(context), image: canary.workload?.image ?? '' };
  const { promotion } = rollout;
  if (promotion.style === 'none') return refuse('unsupported', promotion.reason);
  if (promotion.style === 'swap') return canaryTakesAll(context, say('istio.promoteSwap', names));
  switch (promotion.stage) {
    case 'idle':
      return canaryTakesAll(context, say('istio.promoteShift', names));
    case 'copyTemplate': {
      const [from, to] = workloadsOf(snapshot, stable, canary);
      const pair = from && to && copyTemplateChanges(from, to);
      return pairSet(say('istio.promoteCopy', names), pair, say('istio.undoOther', names));
    }
    case 'waitReady':
      return ok({ summary: say('istio.promoteWait', names), changes: [] });
    case 'shiftBack': {
      const weights = splitRules(context.group).map((rule) => stableTakesAll(context, rule));
      return ok(changeSet(context, { summary: say('istio.promoteBack', names), weights, achieved: 0 }));
    }
    case 'scaleDown': {
      const [, deployment] = workloadsOf(snapshot, stable, canary);
      const pair = deployment && scaleChanges(deployment, 0);
      return pairSet(say('istio.promoteScale', names), pair, say('istio.undoOther', names));
    }
    case 'done':
      return ok({ summary: say('istio.promoted', names), changes: [] });
  }
}

function canaryTakesAll(context: Context, summary: Text): Plan {
  const percents = Object.fromEntries(context.rollout.tracks.map((t) => [t.id, t.id === context.canary.id ? 100 : 0]));
  const wanted = weightsPlan(context, percents);
  return wanted.ok ? ok(changeSet(context, { summary, weights: wanted.value, achieved: 1 })) : wanted;
}

type Workloads = readonly [stable: KubeObject | undefined, canary: KubeObject | undefined];

function workloadsOf(snapshot: ClusterSnapshot, stable: Track, canary: Track): Workloads {
  const read = (track: Track): KubeObject | undefined =>
    track.workload && snapshot.get(resourceId(deployments), track.workload.ref.namespace, track.workload.ref.name);
  return [read(stable), read(canary)];
}

function pairSet(summary: Text, pair: ReturnType<typeof scaleChanges>, undo: Text): Plan {
  if (pair === undefined) return ok({ summary, changes: [] });
  return ok({ summary, changes: [pair.change], inverse: { summary: undo, changes: [pair.inverse] } });
}

interface RoutePlan {
  readonly summary: Text;
  readonly weights: readonly NewWeights[];
  readonly removed?: readonly HttpRule[];
  readonly redirected?: readonly HttpRule[];
  readonly achieved: number;
}

function changeSet(context: Context, routePlan: RoutePlan): ChangeSet {
  const { group, stable, rollout } = context;
  const stableEntry = [...group.entries.values()].find((entry) => trackId(group, entry) === stable.id);
  const pair = routeChanges(refOf(group.route), group.route, {
    weights: routePlan.weights,
    removed: routePlan.removed ?? [],
    redirected: routePlan.redirected ?? [],
    redirectTo: stableEntry,
    label: (entry) => rollout.tracks.find((t) => t.id === trackId(group, entry))?.name ?? entry.host,
  });
  const { summary, achieved } = routePlan;
  if (pair === undefined) return { summary, changes: [], achieved };
  const undo = say('istio.undo', { ...namesOf(context), percent: percentText(rollout.canaryShare) });
  return {
    summary,
    changes: [pair.change],
    inverse: { summary: undo, changes: [pair.inverse], achieved: rollout.canaryShare },
    achieved,
  };
}

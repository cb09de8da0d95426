import { assertNever } from '../../base/assertNever.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { percentText, ratioOf } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { labelOf, type Rollout, type Track } from '../../model/rollout.ts';
import { copyTemplateChanges, scaleChanges } from '../copyPromotion.ts';
import { mirrorsOf } from '../mirrors.ts';
import { planSetMatch } from '../setMatch.ts';
import {
  contextOf,
  namesOf,
  raisedText,
  refuse,
  weightIn,
  weightsIn,
  type Context,
  type Percents,
  type Plan,
} from './context.ts';
import { isOurs, leadingRule, pairRules, trackId } from './groups.ts';
import { matchRoute } from './matchRoute.ts';
import { routeChanges, type NewWeights } from './patch.ts';
import { noSplit, refOf } from './read.ts';
import { allToStable, isNothing, type Retreat } from './retreat.ts';
import { say } from './words.l10n.ts';

/** The route alone for weights and rollback; a promotion by copy also reads both workloads. */
export function objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[] {
  if (intent.kind !== 'promote' || rollout.promotion.style !== 'copy') return [rollout.route];
  const workloads = rollout.tracks
    .filter((t) => t.role !== 'other')
    .flatMap((t) => (t.workload ? [t.workload.ref] : []));
  return [rollout.route, ...workloads];
}

/** One write at most: of the route, or of one workload in a promotion by copy. */
export function plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Plan {
  const context = contextOf(snapshot, rollout);
  if (context === undefined)
    return refuse('notFound', say('istio.gone', { object: refText(rollout.route) }));
  switch (intent.kind) {
    case 'setWeight':
      return setWeight(context, intent);
    case 'setMatch':
      return planSetMatch(matchRoute(context), intent);
    case 'rollback':
      return rollback(context);
    case 'promote':
      return promote(context);
    case 'endCanary':
      return refuse('unsupported', say('istio.noEnd'));
    default:
      return assertNever(intent);
  }
}

function setWeight(
  context: Context,
  { percents, rule }: Extract<Intent, { kind: 'setWeight' }>,
): Plan {
  const wanted = weightsPlan(context, percents, rule === undefined ? 'everyone' : { rule });
  if (!wanted.ok) return wanted;
  const achieved = achievedBy(context, wanted.value);
  const names = { ...namesOf(context), percent: percentText(achieved) };
  const changes = changeSet(
    context,
    { ...nothing, weights: wanted.value },
    { summary: say('istio.setWeight', names), achieved },
  );
  if (changes.changes.length === 0)
    return ok({ ...changes, summary: say('istio.unchanged', names) });
  const isRescaled = wanted.value.some(
    ({ rule: { total: was }, total }) => was > 0 && was !== total,
  );
  return ok(
    isRescaled
      ? { ...changes, summary: say('istio.rescaled', { sentence: changes.summary }) }
      : changes,
  );
}

const nothing: Retreat = { weights: [], removed: [], redirected: [], left: [] };

/** Which rules get new weights; ours for some of the requests have a share of their own. */
type Scope = 'all' | 'everyone' | { readonly rule: string };

/** New weights of every rule in the scope that carries the pair. Raising a share that would get errors is refused. */
function weightsPlan(
  context: Context,
  percents: Percents,
  scope: Scope,
): Result<readonly NewWeights[], PlanError> {
  const { group, pair, rollout } = context;
  const ruleId = typeof scope === 'object' ? scope.rule : undefined;
  const named = pairRules(group, pair).filter(
    (rule) => rule.id === (ruleId ?? rule.id) && !(scope === 'everyone' && isOurs(rule)),
  );
  const malformed = named.find(({ isMalformed }) => isMalformed)?.readOnly;
  if (malformed !== undefined) return err({ kind: 'invalid', text: malformed });
  const rules = named.filter(({ readOnly }) => readOnly === undefined);
  if (rules.length === 0) {
    const shown = rollout.rules.find(
      (rule) => ruleId === undefined || rule.id === ruleId,
    )?.readOnly;
    const text =
      shown ?? (ruleId === undefined ? noSplit(pair) : say('istio.noRule', { rule: ruleId }));
    return err({ kind: 'unsupported', text });
  }
  const planned = rules.map((rule) => weightsIn(context, rule, percents));
  const raised = raisedText(context, planned);
  return raised === undefined ? ok(planned) : err({ kind: 'invalid', text: raised });
}

function achievedBy({ group, canary }: Context, planned: readonly NewWeights[]): number {
  const leading = leadingRule(planned.map(({ rule }) => rule));
  const first = planned.find(({ rule }) => rule === leading);
  return first === undefined ? 0 : ratioOf(weightIn(group, first, canary.id), first.total);
}

/** Not refused for what is not ready: its sentence says so instead. */
function rollback(context: Context): Plan {
  const { stable, rollout } = context;
  const retreat = allToStable(context.group, context.pair);
  const [left] = retreat.left;
  const names = namesOf(context);
  if (left !== undefined && isNothing(retreat))
    return refuse('unsupported', left.readOnly ?? noSplit(context.pair));
  const copied =
    rollout.promotion.style === 'copy' &&
    !['idle', 'copyTemplate'].includes(rollout.promotion.stage);
  const base = say('istio.rollback', names);
  const noted = copied
    ? say('istio.rollbackAfterCopy', { sentence: base, stable: stable.name })
    : base;
  const summary =
    stable.workload?.ready === 0
      ? say('istio.rollbackNotReady', { sentence: noted, stable: labelOf(rollout, stable) })
      : noted;
  const changes = changeSet(context, retreat, {
    summary: withNotes(context, retreat, summary),
    achieved: 0,
  });
  return ok(
    changes.changes.length === 0
      ? { ...changes, summary: say('istio.rolledBack', names) }
      : changes,
  );
}

function withNotes(
  { stable, rollout }: Context,
  { removed, redirected, left }: Retreat,
  sentence: Text,
): Text {
  const notes = [
    ['istio.rulesRemoved', removed],
    ['istio.redirected', redirected],
    ['istio.notWritten', left],
  ] as const;
  const noted = notes.reduce<Text>(
    (text, [key, rules]) =>
      rules.length === 0
        ? text
        : say(key, {
            sentence: text,
            stable: labelOf(rollout, stable),
            rules: rules.map(({ id }) => id).join(', '),
          }),
    sentence,
  );
  const mirrors = mirrorsOf(rollout);
  return mirrors === '' ? noted : say('istio.mirrorsStay', { sentence: noted, mirrors });
}

function promote(context: Context): Plan {
  const { rollout, canary } = context;
  const names = { ...namesOf(context), image: canary.workload?.image ?? '' };
  const { promotion } = rollout;
  if (promotion.style === 'none') return refuse('unsupported', promotion.reason);
  if (promotion.style === 'swap') return canaryTakesAll(context, say('istio.promoteSwap', names));
  switch (promotion.stage) {
    case 'idle':
      return canaryTakesAll(context, say('istio.promoteShift', names));
    case 'copyTemplate':
      return copyVersion(context, names);
    case 'waitReady':
      return ok({ summary: say('istio.promoteWait', names), changes: [] });
    case 'shiftBack':
      return shiftBack(context, say('istio.promoteBack', names));
    case 'scaleDown':
      return scaleDown(context, names);
    case 'done':
      return ok({ summary: say('istio.promoted', names), changes: [] });
  }
}

function copyVersion(context: Context, names: Record<string, string>): Plan {
  const [stable, canary] = workloadsOf(context);
  const pair = stable && canary && copyTemplateChanges(stable, canary);
  if (pair === undefined) return refuse('invalid', say('istio.nothingToCopy', names));
  return pairSet(say('istio.promoteCopy', names), pair, say('istio.undoOther', names));
}

function shiftBack(context: Context, sentence: Text): Plan {
  const retreat = allToStable(context.group, context.pair);
  const summary = withNotes(context, retreat, sentence);
  return ok(changeSet(context, retreat, { summary, achieved: 0 }));
}

function scaleDown(context: Context, names: Record<string, string>): Plan {
  const [, canary] = workloadsOf(context);
  const pair = canary && scaleChanges(canary, 0);
  return pairSet(say('istio.promoteScale', names), pair, say('istio.undoOther', names));
}

function canaryTakesAll(context: Context, summary: Text): Plan {
  const percents = Object.fromEntries(
    context.rollout.tracks.map((t) => [t.id, t.id === context.canary.id ? 100 : 0]),
  );
  const wanted = weightsPlan(context, percents, 'all');
  return wanted.ok
    ? ok(changeSet(context, { ...nothing, weights: wanted.value }, { summary, achieved: 1 }))
    : wanted;
}

type Workloads = readonly [stable: KubeObject | undefined, canary: KubeObject | undefined];

function workloadsOf({ snapshot, stable, canary }: Context): Workloads {
  const read = (track: Track): KubeObject | undefined =>
    track.workload &&
    snapshot.get(resourceId(deployments), track.workload.ref.namespace, track.workload.ref.name);
  return [read(stable), read(canary)];
}

function pairSet(summary: Text, pair: ReturnType<typeof scaleChanges>, undo: Text): Plan {
  if (pair === undefined) return ok({ summary, changes: [] });
  return ok({
    summary,
    changes: [pair.change],
    inverse: { summary: undo, changes: [pair.inverse] },
  });
}

function changeSet(
  context: Context,
  retreat: Retreat,
  { summary, achieved }: { readonly summary: Text; readonly achieved: number },
): ChangeSet {
  const { group, stable, rollout } = context;
  const stableEntry = [...group.entries.values()].find(
    (entry) => trackId(group, entry) === stable.id,
  );
  const pair = routeChanges(refOf(group.route), group.route, {
    ...retreat,
    redirectTo: stableEntry,
    label: (entry) =>
      rollout.tracks.find((t) => t.id === trackId(group, entry))?.name ?? entry.host,
  });
  if (pair === undefined) return { summary, changes: [], achieved };
  const undo = say('istio.undo', {
    ...namesOf(context),
    percent: percentText(rollout.canaryShare),
  });
  return {
    summary,
    changes: [pair.change],
    inverse: { summary: undo, changes: [pair.inverse], achieved: rollout.canaryShare },
    achieved,
  };
}

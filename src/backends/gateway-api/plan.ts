import { assertNever } from '../../base/assertNever.ts';
import { ok, type Result } from '../../base/result.ts';
import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { Change, ChangeSet } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import type { ClusterSnapshot, ObjectRef } from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { trackOf, type Rollout, type Track } from '../../model/rollout.ts';
import { copyTemplateChanges, scaleChanges } from '../copyPromotion.ts';
import { mirrorsOf } from '../mirrors.ts';
import { planSetMatch } from '../setMatch.ts';
import { edited, isNothing, routeChanges, type RouteEdit } from './edit.ts';
import { matchRoute } from './matchRoute.ts';
import { isOurs } from './ours.ts';
import { canaryShareIn, pairRules, shareIn } from './pair.ts';
import { rulesOf, type RouteRule } from './rules.ts';
import {
  found,
  ownRules,
  raiseProblem,
  refuse,
  sceneOf,
  serviceRefs,
  type Plan,
  type Scene,
} from './scene.ts';
import { allToStable, hasCanary, weightsIn } from './shift.ts';
import { say } from './words.l10n.ts';

/** The route alone for a rollback, so that it is one GET and one PATCH. */
export function objectsFor(rollout: Rollout, intent: Intent): readonly ObjectRef[] {
  const [stable, canary] = [trackOf(rollout, 'stable'), trackOf(rollout, 'canary')];
  const behind = (track: Track | undefined): readonly ObjectRef[] =>
    track?.workload === undefined ? [] : [track.workload.ref];
  switch (intent.kind) {
    case 'rollback':
    case 'endCanary':
      return [rollout.route];
    case 'setWeight':
    case 'setMatch':
      return [rollout.route, ...serviceRefs(rollout, canary), ...behind(canary)];
    case 'promote':
      return [rollout.route, ...serviceRefs(rollout, canary), ...behind(canary), ...behind(stable)];
    default:
      return assertNever(intent);
  }
}

/** One write at most. */
export function plan(snapshot: ClusterSnapshot, rollout: Rollout, intent: Intent): Plan {
  const scene = sceneOf(snapshot, rollout);
  if (!scene.ok) return scene;
  switch (intent.kind) {
    case 'setWeight':
      return setWeight(scene.value, intent);
    case 'setMatch':
      return planSetMatch(matchRoute(scene.value), intent);
    case 'rollback':
      return rollback(scene.value);
    case 'promote':
      return promote(scene.value);
    case 'endCanary':
      return refuse('unsupported', say('gatewayApi.noEnd'));
    default:
      return assertNever(intent);
  }
}

function setWeight(scene: Scene, intent: Extract<Intent, { kind: 'setWeight' }>): Plan {
  const { rule } = intent;
  const rules = writableRules(scene, rule === undefined ? 'everyone' : { rule });
  if (!rules.ok) return rules;
  const edit: RouteEdit = {
    weights: rules.value.map((rule) => ({
      rule,
      weights: weightsIn(rule, intent.percents, scene.pair),
    })),
    moves: [],
    removals: [],
  };
  const refused = raiseProblem(scene, edit);
  if (refused !== undefined) return refuse('unsupported', refused);
  const [first] = rules.value;
  const args = { ...shares(scene, edit, first), ...names(scene) };
  return ok(routeSet(scene, edit, say('gatewayApi.setWeight', args)));
}

/** Which rules get new weights; ours for some of the requests have a share of their own. */
type Scope = 'all' | 'everyone' | { readonly rule: string };

/** The rules in the scope that carry the pair. */
function writableRules(
  { rules, pair, route }: Scene,
  scope: Scope,
): Result<readonly RouteRule[], PlanError> {
  const ruleId = typeof scope === 'object' ? scope.rule : undefined;
  const pairs = pairRules(rules, pair).filter(
    (rule) => rule.id === (ruleId ?? rule.id) && !(scope === 'everyone' && isOurs(rule, rules)),
  );
  const writable = pairs.filter(({ readOnly }) => readOnly === undefined);
  if (writable.length > 0) return ok(writable);
  const reason = pairs[0]?.readOnly;
  if (reason !== undefined) return refuse('unsupported', reason);
  if (ruleId === undefined) return refuse('unsupported', say('gatewayApi.noPair', { ...pair }));
  return refuse('invalid', say('gatewayApi.noRule', { rule: ruleId, name: route.meta.name }));
}

/** Never refused for what is not ready: its sentence says so instead. */
function rollback(scene: Scene): Plan {
  const { rules, pair, rollout, stable } = scene;
  const edit = allToStable(rules, pair);
  const after = ownRules(
    edited(scene.route, edit),
    rollout.tracks.map(({ id }) => id),
  );
  const left = after.find((rule) => hasCanary(rule, pair));
  if (isNothing(edit) && left !== undefined)
    return refuse('invalid', left.readOnly ?? say('gatewayApi.noPair', { ...pair }));
  const base = say(rollbackKey(edit), { ...names(scene), n: edit.removals.length });
  const stages = rollout.promotion.style === 'copy' ? rollout.promotion.stage : 'idle';
  const isCopied = !['idle', 'copyTemplate'].includes(stages);
  const mirrors = mirrorsOf(rollout);
  const notes: readonly Text[] = [
    ...(mirrors === '' ? [] : [say('gatewayApi.mirrorsStay', { mirrors })]),
    ...(left === undefined ? [] : [say('gatewayApi.leftOver', { rule: left.id })]),
    ...(stable.workload?.ready === 0 ? [say('gatewayApi.stableNotReady', names(scene))] : []),
    ...(isCopied ? [say('gatewayApi.afterCopy', names(scene))] : []),
  ];
  const sentence = notes.reduce(
    (all, note) => say('gatewayApi.and', { sentence: all, note }),
    base,
  );
  return ok({ ...routeSet(scene, edit, sentence) });
}

function rollbackKey({ removals, moves }: RouteEdit): Parameters<typeof say>[0] {
  if (moves.length > 0) return 'gatewayApi.rollbackMoved';
  return removals.length > 0 ? 'gatewayApi.rollbackRules' : 'gatewayApi.rollback';
}

/** The step that the stage, read from the cluster, asks for. */
function promote(scene: Scene): Plan {
  const { rollout, canary, stable, snapshot } = scene;
  const { promotion } = rollout;
  if (promotion.style === 'none') return refuse('unsupported', promotion.reason);
  if (promotion.style === 'swap') return promoteShift(scene, 'gatewayApi.promoteSwap');
  switch (promotion.stage) {
    case 'idle':
      return promoteShift(scene, 'gatewayApi.promoteShift');
    case 'copyTemplate':
      return promoteCopy(scene);
    case 'waitReady':
      return ok({ summary: say('gatewayApi.promoteWait', names(scene)), changes: [] });
    case 'shiftBack': {
      const edit = allToStable(scene.rules, scene.pair);
      return ok(routeSet(scene, edit, say('gatewayApi.promoteBack', names(scene))));
    }
    case 'scaleDown': {
      const pods = canary.workload && found(snapshot, canary.workload.ref);
      const scaled = pods && scaleChanges(pods, 0);
      return ok(setOf(scaled, say('gatewayApi.promoteScale', names(scene))));
    }
    case 'done':
      return ok({ summary: say('gatewayApi.promoted', { stable: stable.name }), changes: [] });
    default:
      return assertNever(promotion.stage);
  }
}

function promoteShift(
  scene: Scene,
  key: 'gatewayApi.promoteSwap' | 'gatewayApi.promoteShift',
): Plan {
  const rules = writableRules(scene, 'all');
  if (!rules.ok) return rules;
  const others = scene.rollout.tracks.filter(({ role }) => role !== 'canary');
  const percents = {
    ...Object.fromEntries(others.map(({ id }) => [id, 0])),
    [scene.canary.id]: 100,
  };
  const edit: RouteEdit = {
    weights: rules.value.map((rule) => ({ rule, weights: weightsIn(rule, percents, scene.pair) })),
    moves: [],
    removals: [],
  };
  const refused = raiseProblem(scene, edit);
  if (refused !== undefined) return refuse('unsupported', refused);
  const args = { ...names(scene), ...shares(scene, edit, rules.value[0]) };
  return ok(routeSet(scene, edit, say(key, args)));
}

function promoteCopy(scene: Scene): Plan {
  const { snapshot, stable, canary } = scene;
  const [to, from] = [stable, canary].map(
    ({ workload }) => workload && found(snapshot, workload.ref),
  );
  const copied = to && from && copyTemplateChanges(to, from);
  if (copied === undefined)
    return refuse('invalid', say('gatewayApi.nothingToCopy', { track: canary.name }));
  const image = canary.workload?.image ?? '';
  return ok(setOf(copied, say('gatewayApi.promoteCopy', { ...names(scene), image })));
}

/** The edit as changes with their inverse and the share that comes of them; none when all is so already. */
function routeSet(scene: Scene, edit: RouteEdit, sentence: Text): ChangeSet {
  const { route, rollout, pair } = scene;
  const ids = rollout.tracks.map(({ id }) => id);
  const achieved = canaryShareIn(ownRules(edited(route, edit), ids), pair);
  if (isNothing(edit)) {
    const args = { ...names(scene), percent: percentText(canaryShareIn(scene.rules, pair)) };
    return { summary: say('gatewayApi.noChange', args), changes: [], achieved };
  }
  const labelOf = (trackId: string): string => {
    const version = rollout.tracks.find(({ id }) => id === trackId)?.version;
    return version === undefined ? trackId : `${trackId} (${version})`;
  };
  const changes = routeChanges({ route, ref: rollout.route, labelOf }, edit);
  const isRescaled = edit.weights.some(
    ({ rule, weights }) => weights.reduce((sum, weight) => sum + weight, 0) !== rule.total,
  );
  const note = say('gatewayApi.rescaled');
  const summary = isRescaled ? say('gatewayApi.and', { sentence, note }) : sentence;
  const was = canaryShareIn(scene.rules, pair);
  const undo = say('gatewayApi.undo', { ...names(scene), percent: percentText(was) });
  const inverse = { summary: undo, changes: [changes.inverse], achieved: was };
  return { summary, changes: [changes.change], inverse, achieved };
}

function setOf(
  pair: { readonly change: Change; readonly inverse: Change } | undefined,
  summary: Text,
  undo: Text = say('gatewayApi.undoOther'),
): ChangeSet {
  if (pair === undefined) return { summary, changes: [] };
  return { summary, changes: [pair.change], inverse: { summary: undo, changes: [pair.inverse] } };
}

function names({ rollout, stable, canary, route }: Scene): Record<string, string> {
  const { namespace } = rollout;
  return { stable: stable.name, canary: canary.name, route: route.meta.name, namespace };
}

/** Share of the canary before and after, in percent, in the rule. */
function shares(
  { route, pair }: Scene,
  edit: RouteEdit,
  rule: RouteRule | undefined,
): { readonly was: string; readonly percent: string } {
  const after = rulesOf(edited(route, edit)).rules.find(({ index }) => index === rule?.index);
  const text = (of: RouteRule | undefined): string =>
    percentText(of === undefined ? 0 : shareIn(of, pair.canary));
  return { was: text(rule), percent: text(after) };
}

import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { backendOf } from '../backends/registry.ts';
import { ownerOf, withOwner } from '../backends/owners.ts';
import { objectsForAction, planAction } from '../actions/planAction.ts';
import type { Change, ChangeSet } from '../model/change.ts';
import type { AnyIntent } from '../model/intent.ts';
import {
  refText,
  type ClusterSnapshot,
  type JsonObject,
  type ObjectRef,
} from '../model/objects.ts';
import { trackOf, type Owner, type Rollout } from '../model/rollout.ts';
import {
  execute,
  prepare,
  type Done,
  type Occasion,
  type OperationError,
  type Tools,
} from './execute.ts';
import { say } from './operations.l10n.ts';
import { overlay, whole, type FreshEntry } from './overlay.ts';
import type { ClusterPort, JournalEntry, Preview } from './ports.ts';

/** Who acts, where: pinned when the action begins, so that a change of the kubeconfig never retargets it. */
export interface Actor {
  readonly who: string;
  readonly context: string;
}

export interface Planned {
  readonly changeSet: ChangeSet;
  readonly rollout: Rollout;
  readonly occasion: Occasion;
}

export interface PerformRequest {
  readonly intent: AnyIntent;
  readonly actor: Actor;
  /** Why it must not be written on what was read, or undefined: the runner's check that the split is where the run left it. */
  readonly fence?: (fresh: Rollout, changes: ChangeSet) => Text | undefined;
}

/** Reads fresh, plans on what was read, shows, asks, writes, verifies and records one intent on one rollout. */
export async function perform(
  tools: Tools,
  rollout: Rollout,
  request: PerformRequest,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const planned = await planFresh(tools.cluster, rollout, request, signal);
  if (!planned.ok) return planned;
  return execute(tools, planned.value.changeSet, planned.value.occasion, signal);
}

/** The same up to the server's dry run: for "Preview". Writes nothing. */
export async function previewIntent(
  tools: Pick<Tools, 'cluster' | 'clock'>,
  rollout: Rollout,
  request: PerformRequest,
  signal: AbortSignal,
): Promise<Result<Preview, OperationError>> {
  const planned = await planFresh(tools.cluster, rollout, request, signal);
  if (!planned.ok) return planned;
  return prepare(tools, planned.value.changeSet, planned.value.occasion, signal);
}

/** Plan computed from a fresh GET of each object that the back end names. */
async function planFresh(
  cluster: ClusterPort,
  rollout: Rollout,
  request: PerformRequest,
  signal: AbortSignal,
): Promise<Result<Planned, OperationError>> {
  const read = await readFresh(cluster, rollout, request.intent, signal);
  if (!read.ok) return read;
  const { snapshot, rollout: fresh } = read.value;
  if (fresh === undefined) {
    const text = say('operations.rolloutGone', {
      object: refText(rollout.route),
      service: rollout.service,
    });
    return err({ kind: 'failed', text });
  }
  const plan = planAction(snapshot, fresh, request.intent);
  if (!plan.ok) return err({ kind: 'refused', text: plan.error.text });
  const fenced = request.fence?.(fresh, plan.value);
  if (fenced !== undefined) return err({ kind: 'fenced', text: fenced });
  const occasion: Occasion = {
    rolloutId: rollout.id,
    context: request.actor.context,
    who: request.actor.who,
    intent: request.intent.kind,
    warnings: warningsOf(fresh),
    shortest: request.intent.kind === 'rollback',
    before: read.value.raw,
    replan: async (later) => {
      const again = await planFresh(cluster, rollout, request, later);
      return again.ok ? ok(again.value.changeSet) : again;
    },
  };
  return { ok: true, value: { changeSet: plan.value, rollout: fresh, occasion } };
}

export interface Fresh {
  readonly snapshot: ClusterSnapshot;
  /** Undefined when its route no longer holds it. */
  readonly rollout: Rollout | undefined;
  readonly raw: Readonly<Record<string, JsonObject>>;
}

/** The rollout as the server has it now: a GET of each object that a plan for the intent needs, over what is cached of the rest. */
export async function readFresh(
  cluster: ClusterPort,
  rollout: Rollout,
  intent: AnyIntent,
  signal: AbortSignal,
): Promise<Result<Fresh, OperationError>> {
  const read = await readObjects(cluster, objectsForAction(rollout, intent), signal);
  if (!read.ok) return read;
  const snapshot = overlay(cluster.snapshot(), read.value.entries);
  return ok({ snapshot, rollout: findRollout(snapshot, rollout), raw: read.value.raw });
}

/**
 * Takes back what a recorded action wrote, guarded by the values that it wrote. Refused where a controller decides by now, and where it
 * would give requests back to a canary without pods.
 */
export async function undo(
  tools: Tools,
  entry: JournalEntry,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const inverse = entry.changes.inverse;
  if (inverse === undefined) return err({ kind: 'refused', text: say('operations.cannotUndo') });
  const read = await readForUndo(tools.cluster, entry, inverse, signal);
  if (!read.ok) return read;
  const changeSet: ChangeSet = {
    ...inverse,
    summary: say('operations.undo', { what: entry.sentence }),
    inverse: { summary: entry.sentence, changes: entry.changes.changes },
  };
  const occasion: Occasion = {
    rolloutId: entry.rolloutId,
    context: actor.context,
    who: actor.who,
    intent: 'undo',
    warnings: read.value.warnings,
    shortest: false,
    before: read.value.raw,
    replan: async (later) => {
      const again = await readForUndo(tools.cluster, entry, inverse, later);
      return again.ok ? ok(changeSet) : again;
    },
  };
  return execute(tools, changeSet, occasion, signal);
}

async function readForUndo(
  cluster: ClusterPort,
  entry: JournalEntry,
  inverse: ChangeSet,
  signal: AbortSignal,
): Promise<Result<Pick<Occasion, 'warnings'> & Pick<ReadObjects, 'raw'>, OperationError>> {
  const refs = inverse.changes.map(({ target }) => target);
  const read = await readObjects(cluster, refs, signal);
  if (!read.ok) return read;
  const snapshot = overlay(cluster.snapshot(), read.value.entries);
  const rollout = findRollout(snapshot, placeOf(entry.rolloutId));
  const owners = [rollout?.owner, ...refs.map((ref) => ownerOf(snapshot, ref))];
  const text = owned(owners, refs) ?? (rollout && emptyCanary(rollout, entry, inverse));
  if (text !== undefined) return err({ kind: 'refused', text });
  const effects = owners.flatMap((owner) => owner?.effect ?? []);
  return ok({ raw: read.value.raw, warnings: effects.slice(0, 1) });
}

function owned(
  owners: readonly (Owner | undefined)[],
  refs: readonly ObjectRef[],
): Text | undefined {
  const controller = owners.find((owner) => owner?.kind === 'controller');
  if (controller === undefined) return undefined;
  const { name: owner, effect } = controller;
  return say('operations.undoOwned', { owner, effect, object: refs.map(refText).join(', ') });
}

/** Undoing a rollback always gives something back to the canary, if only by rules with conditions. */
function emptyCanary(
  rollout: Rollout,
  { intent }: JournalEntry,
  { achieved, changes }: ChangeSet,
): Text | undefined {
  const canary = trackOf(rollout, 'canary');
  if (canary?.workload?.ready !== 0) return undefined;
  const more = achieved !== undefined && (intent === 'rollback' || achieved > rollout.canaryShare);
  const gives = more || (intent === 'setMatch' && changes.some(putsRuleBack));
  return gives ? say('operations.undoNoPods', { canary: canary.name }) : undefined;
}

function putsRuleBack(change: Change): boolean {
  return (
    change.kind === 'patch' &&
    change.operations.some(({ op, path }) => op === 'add' && /\/\d+$/.test(path))
  );
}

/** Of a rollout's id: `namespace/name@backend`. */
function placeOf(id: string): Pick<Rollout, 'id' | 'namespace' | 'backend'> {
  return {
    id,
    namespace: id.slice(0, id.indexOf('/')),
    backend: id.slice(id.lastIndexOf('@') + 1),
  };
}

/** A rollout by its id, as it is cached. */
export function cachedRollout(cluster: ClusterPort, id: string): Rollout | undefined {
  return findRollout(cluster.snapshot(), placeOf(id));
}

/** The same rollout as the snapshot has it; undefined when its route no longer holds it. */
function findRollout(
  snapshot: ClusterSnapshot,
  rollout: Pick<Rollout, 'id' | 'namespace' | 'backend'>,
): Rollout | undefined {
  const discovery = backendOf(rollout.backend)?.discover(snapshot, rollout.namespace);
  const found = discovery?.rollouts.find((r) => r.id === rollout.id);
  return found && withOwner(snapshot, found);
}

function warningsOf(rollout: Rollout): Occasion['warnings'] {
  const problems = rollout.problems.filter((p) => p.severity !== 'info').map((p) => p.text);
  if (rollout.owner?.kind !== 'gitops') return problems;
  return [rollout.owner.effect, ...problems];
}

interface ReadObjects {
  readonly entries: readonly FreshEntry[];
  readonly raw: Readonly<Record<string, JsonObject>>;
}

async function readObjects(
  cluster: ClusterPort,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<Result<ReadObjects, OperationError>> {
  const answers = await Promise.all(refs.map((ref) => cluster.fetch(ref, signal)));
  const entries: FreshEntry[] = [];
  const raw: Record<string, JsonObject> = {};
  for (const [index, answer] of answers.entries()) {
    const ref = refs[index];
    if (ref === undefined) continue;
    if (!answer.ok && answer.error.kind !== 'notFound') {
      const text = say('operations.refused', { object: refText(ref), reason: answer.error.text });
      return err({ kind: 'failed', text });
    }
    entries.push({ ref, object: answer.ok ? whole(answer.value) : undefined });
    if (answer.ok) raw[refText(ref)] = answer.value.raw;
  }
  return { ok: true, value: { entries, raw } };
}

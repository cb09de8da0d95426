import { isDeepStrictEqual } from 'node:util';
import { isBatchIntent } from '../../src/actions/batches.ts';
import type { TrafficBackend } from '../../src/backends/backend.ts';
import { ownerAnnotations, ownerWatches } from '../../src/backends/owners.ts';
import { renderer, type Text } from '../../src/base/text.ts';
import type { Change, ChangeSet, PatchOperation } from '../../src/model/change.ts';
import { backendOf } from '../../src/backends/registry.ts';
import { ruleWords } from '../../src/backends/rules.l10n.ts';
import { isOnHeader, sameMatches } from '../../src/backends/requestMatches.ts';
import type { Verb, Watched } from '../../src/model/cluster.ts';
import type { AnyIntent } from '../../src/model/intent.ts';
import { resourceId, sameRef, type Json, type JsonObject } from '../../src/model/objects.ts';
import {
  isForSome,
  trackOf,
  type Match,
  type MatchCondition,
  type Rollout,
} from '../../src/model/rollout.ts';
import { inverseAt, outcomeOf } from '../../src/operations/outcome.ts';
import { applyPatch, valueAt } from '../support/jsonPatch.ts';
import { ObjectSet } from '../support/objectSet.ts';
import type { Fixture } from './fixtures.ts';
import { shownViolations } from './shown.ts';
import { keepsTotals } from './totals.ts';

/** The objects of a fixture as this back end sees them. */
export function objectsOf(backend: TrafficBackend, objects: readonly JsonObject[]): ObjectSet {
  const watches = [...backend.watches, ...ownerWatches].map((watched) => ({
    ...watched,
    annotations: [...(watched.annotations ?? []), ...ownerAnnotations],
  }));
  return new ObjectSet(objects, watches);
}

const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });

/** One of each kind that can be written, and two together. */
const audiences: readonly (readonly Match[])[] = [
  [[on('device', 'exact', 'user-agent', 'phone')]],
  [[on('header', 'exact', 'x-beta', 'always')]],
  [[on('user', 'oneOf', 'x-user-id', '7,42')]],
  [[on('cookie', 'exact', 'group', 'testers')]],
  [[on('header', 'prefix', 'x-team', 'pay'), on('source', 'exact', 'x-real-ip', '192.0.2.7')]],
  [[on('header', 'regex', 'x-team', 'a|b')], [on('header', 'present', 'x-early', '')]],
];

/** New rules, and what can be asked of each rule that is there. */
function matchIntents(rollout: Rollout): readonly AnyIntent[] {
  if (backendOf(rollout.backend)?.capabilities.setsMatches !== true) return [];
  return [
    ...audiences.map((matches, i) => ({
      kind: 'setMatch' as const,
      to: { matches, percent: i * 20 },
    })),
    ...rollout.rules.filter(isForSome).flatMap(({ id, matches }) => [
      { kind: 'setMatch' as const, rule: id, was: matches, to: { matches, percent: 30 } },
      { kind: 'setMatch' as const, rule: id, was: matches },
    ]),
  ];
}

/** Everything that a person or a plan might ask of the rollout. */
export function intentsFor(rollout: Rollout): readonly AnyIntent[] {
  const canary = trackOf(rollout, 'canary');
  const percents = [0, 1, 10, 33, 50, 99, 100];
  return [
    ...(canary === undefined
      ? []
      : percents.map((percent) => ({
          kind: 'setWeight' as const,
          percents: { [canary.id]: percent },
        }))),
    { kind: 'promote' },
    { kind: 'rollback' },
    { kind: 'endCanary' },
    ...matchIntents(rollout),
    ...(rollout.update === undefined
      ? []
      : [
          ...[1, 3, 7].map((count) => ({ kind: 'setBatch' as const, size: { count } })),
          ...[30, 100].map((percent) => ({ kind: 'setBatch' as const, size: { percent } })),
          { kind: 'setSurge' as const, maxSurge: '50%', maxUnavailable: '0' },
          { kind: 'pause' as const },
          { kind: 'resume' as const },
        ]),
  ];
}

/** Plans as an action does: what the back end names is read whole before. */
export function planFor(
  backend: TrafficBackend,
  set: ObjectSet,
  rollout: Rollout,
  intent: AnyIntent,
): ReturnType<TrafficBackend['plan']> {
  if (!isBatchIntent(intent))
    return backend.plan(set.snapshotWith(backend.objectsFor(rollout, intent)), rollout, intent);
  const { batches } = backend;
  if (batches === undefined) throw new Error(`${backend.id} has an update and no batches`);
  return batches.plan(set.snapshotWith(batches.objectsFor(rollout, intent)), rollout, intent);
}

/** What the back end does against the contract with the objects of this fixture; each one sentence. Empty is good. */
export function contractViolations(
  backend: TrafficBackend,
  fixture: Pick<Fixture, 'objects'>,
): readonly string[] {
  const set = objectsOf(backend, fixture.objects);
  const { rollouts, problems } = backend.discover(set.snapshot);
  return [
    ...problems.flatMap(({ text }) => wordViolations(backend, text)),
    ...duplicates(rollouts.map(({ id }) => id)).map((id) => `two rollouts are called ${id}`),
    ...rollouts.flatMap((rollout) => [
      ...rolloutViolations(backend, rollout),
      ...queryViolations(backend, rollout),
      ...intentsFor(rollout).flatMap((intent) =>
        planViolations(backend, set, rollout, intent).map(
          (violation) => `${rollout.id}, ${JSON.stringify(intent)}: ${violation}`,
        ),
      ),
    ]),
    ...strangerViolations(backend, fixture.objects),
  ];
}

function rolloutViolations(backend: TrafficBackend, rollout: Rollout): readonly string[] {
  const found: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) found.push(`${rollout.id}: ${what}`);
  };
  const ids = rollout.tracks.map(({ id }) => id);
  check(rollout.backend === backend.id, 'names another back end');
  check(rollout.id.endsWith(`@${backend.id}`), 'has an id that does not end in its back end');
  check(rollout.id.startsWith(`${rollout.namespace}/`), 'has an id outside its namespace');
  check(duplicates(ids).length === 0, 'has two tracks of one id');
  check(isRatio(rollout.canaryShare), `has the share ${String(rollout.canaryShare)}`);
  check(watchedFor(backend, rollout.route) !== undefined, 'has a route that is not watched');
  for (const { id, destinations, total } of rollout.rules) {
    const sum = destinations.reduce((all, { weight }) => all + weight, 0);
    check(Math.abs(sum - total) < 1e-9, `rule ${id} has a total that is not its sum`);
    check(
      destinations.every(({ trackId }) => ids.includes(trackId)),
      `rule ${id} has an unknown track`,
    );
    check(
      destinations.every(({ share, weight }) => Math.abs(share * total - weight) < 1e-6),
      `rule ${id} has a share that is not weight / total`,
    );
  }
  const texts = [
    ...rollout.problems.map(({ text }) => text),
    ...rollout.rules.flatMap(({ readOnly }) => readOnly ?? []),
    ...('reason' in rollout.weights ? [rollout.weights.reason] : []),
    ...('reason' in rollout.promotion ? [rollout.promotion.reason] : []),
  ];
  return [...found, ...texts.flatMap((text) => wordViolations(backend, text))];
}

function planViolations(
  backend: TrafficBackend,
  set: ObjectSet,
  rollout: Rollout,
  intent: AnyIntent,
): readonly string[] {
  const plan = planFor(backend, set, rollout, intent);
  if (!plan.ok) return wordViolations(backend, plan.error.text);
  const changes = plan.value;
  if (!isDeepStrictEqual(planFor(backend, set, rollout, intent), plan))
    return ['two plans of the same objects differ'];
  const local = [
    ...wordViolations(backend, changes.summary),
    ...changes.changes.flatMap((change) => changeViolations(backend, set, change)),
    ...readingViolations(backend, rollout, intent, changes),
  ];
  // What cannot be applied need not be asked what it led to.
  return local.length > 0 ? local : effectViolations(backend, set, { rollout, intent, changes });
}

/** Each change touches a watched kind with a declared verb, and is guarded. */
function changeViolations(
  backend: TrafficBackend,
  set: ObjectSet,
  change: Change,
): readonly string[] {
  const watched = watchedFor(backend, change.target);
  if (watched === undefined) return [`changes ${change.target.resource.kind}, not watched`];
  const verb: Verb = change.kind;
  if (!watched.writes.includes(verb)) return [`needs ${verb} and does not declare it`];
  const before = set.find(change.target);
  if (change.kind === 'create') return before === undefined ? [] : ['creates what is there'];
  if (before === undefined) return ['changes what is not there'];
  const uid = valueAt(before, '/metadata/uid');
  if (change.kind === 'delete') return change.uid === uid ? [] : ['deletes without the uid'];
  return patchViolations(before, change.operations);
}

function patchViolations(
  before: JsonObject,
  operations: readonly PatchOperation[],
): readonly string[] {
  const [first] = operations;
  const uid = valueAt(before, '/metadata/uid');
  const found: string[] = [];
  if (first?.op !== 'test' || first.path !== '/metadata/uid' || first.value !== uid)
    found.push('does not begin with a test of the uid');
  const lastTest = operations.findLastIndex(({ op }) => op === 'test');
  const firstWrite = operations.findIndex(({ op }) => op !== 'test');
  if (firstWrite >= 0 && lastTest > firstWrite) found.push('tests after it writes');
  const tested = operations.filter(({ op }) => op === 'test').map(({ path }) => path);
  for (const { op, path } of operations) {
    if (op === 'test' || valueAt(before, path) === undefined) continue;
    if (!tested.some((guard) => path === guard || path.startsWith(`${guard}/`)))
      found.push(`writes ${path} without a test of its old value`);
  }
  return found;
}

/** What is to be read fresh holds what is written; a rollback reads no more than it writes, and writes once. */
function readingViolations(
  backend: TrafficBackend,
  rollout: Rollout,
  intent: AnyIntent,
  { changes }: ChangeSet,
): readonly string[] {
  const read = isBatchIntent(intent)
    ? (backend.batches?.objectsFor(rollout, intent) ?? [])
    : backend.objectsFor(rollout, intent);
  const written = changes.filter(({ kind }) => kind !== 'create').map(({ target }) => target);
  const found = written
    .filter((target) => !read.some((ref) => sameRef(ref, target)))
    .map(({ name }) => `writes ${name} without reading it fresh`);
  if (intent.kind !== 'rollback' || changes.length === 0) return found;
  if (changes.length > 1) found.push('rolls back with more than one write');
  const kinds = written.map(({ resource }) => resourceId(resource));
  const extra = read.filter(({ resource }) => !kinds.includes(resourceId(resource)));
  // At most one of another kind: what it goes back to.
  if (read.length - extra.length > written.length || extra.length > 1)
    found.push('reads more than it writes for a rollback');
  return found;
}

interface Planned {
  readonly rollout: Rollout;
  readonly intent: AnyIntent;
  readonly changes: ChangeSet;
}

function effectViolations(
  backend: TrafficBackend,
  set: ObjectSet,
  planned: Planned,
): readonly string[] {
  const { changes } = planned;
  let after: ObjectSet;
  try {
    after = set.after(changes);
  } catch (error) {
    return [`cannot be applied: ${String(error)}`];
  }
  const found = backend
    .discover(after.snapshot)
    .rollouts.find(({ id }) => id === planned.rollout.id);
  return [
    ...inverseViolations(set, after, changes),
    ...answerViolations(set, after, changes),
    ...shownViolations(changes, planned.rollout, found),
    ...(found === undefined
      ? mayVanish(planned)
        ? []
        : ['makes the rollout disappear']
      : outcomeViolations(backend, after, { ...planned, after: found })),
  ];
}

/**
 * Also when what goes back was all that told of a canary: a rule of its own, and no split by weight, or an update of one workload whose
 * new version had no pods yet.
 */
function mayVanish({ intent, rollout }: Planned): boolean {
  const isUnsplit =
    intent.kind === 'rollback' &&
    (rollout.weights.kind === 'none' || rollout.update?.updated === 0);
  const isRuleOnly =
    intent.kind === 'setMatch' && intent.to === undefined && rollout.weights.kind === 'none';
  return intent.kind === 'endCanary' || isUnsplit || isRuleOnly;
}

function outcomeViolations(
  backend: TrafficBackend,
  set: ObjectSet,
  { rollout, intent, changes, after }: Planned & { readonly after: Rollout },
): readonly string[] {
  const found: string[] = [];
  const { achieved } = changes;
  if (achieved === undefined && (intent.kind === 'setWeight' || intent.kind === 'rollback'))
    found.push('does not say what it achieves');
  if (achieved !== undefined && Math.abs(after.canaryShare - achieved) > 1e-9)
    found.push(`reads back as ${String(after.canaryShare)}, not as ${String(achieved)}`);
  if (intent.kind === 'setMatch') found.push(...matchViolations(rollout, after, intent));
  if (intent.kind === 'rollback' && after.canaryShare > 0)
    found.push('leaves traffic on the canary');
  if (backend.capabilities.weights === 'any' && !keepsTotals(rollout, after, intent))
    found.push('changes a total');
  const again = planFor(backend, set, after, intent);
  if (again.ok && again.value.changes.length > 0 && !isNextStage(intent, rollout, after))
    found.push('plans changes again when it is done');
  return found;
}

/** The rules for these requests are there with their share, or gone; the others are as they were. */
function matchViolations(
  before: Rollout,
  after: Rollout,
  { rule, was, to }: Extract<AnyIntent, { kind: 'setMatch' }>,
): readonly string[] {
  const canary = trackOf(after, 'canary')?.id;
  const audience = ({ matches }: Pick<Rollout['rules'][number], 'matches'>): readonly Match[] =>
    matches.map((match) => match.filter(isOnHeader));
  const wanted = audience({ matches: to?.matches ?? was ?? [] });
  const isAsked = (one: Rollout['rules'][number]): boolean => sameMatches(audience(one), wanted);
  const share = ({ destinations }: Rollout['rules'][number]): number =>
    destinations.find(({ trackId }) => trackId === canary)?.share ?? 0;
  const others = (rules: Rollout['rules']): unknown =>
    rules
      .filter((one) => !isAsked(one))
      .map(({ matches, destinations, total }) => ({ matches, destinations, total }));
  const asked = after.rules.filter(isAsked);
  const isRight =
    to === undefined
      ? asked.length < before.rules.filter(isAsked).length
      : asked.some((one) => Math.abs(share(one) - to.percent / 100) < 1e-9);
  const isUneven =
    rule === undefined && !asked.every((one) => share(one) === share(asked[0] ?? one));
  return [
    ...(isRight && !isUneven ? [] : ['reads back other matches than it was asked for']),
    ...(isDeepStrictEqual(others(before.rules), others(after.rules))
      ? []
      : ['changes another rule']),
  ];
}

const stages = ['idle', 'copyTemplate', 'waitReady', 'shiftBack', 'scaleDown', 'done'];

/** A promotion by copy is a sequence, read from the cluster: the same intent goes on with a later stage, never with an earlier one. */
function isNextStage(intent: AnyIntent, before: Rollout, after: Rollout): boolean {
  const stageOf = ({ promotion }: Rollout): number =>
    promotion.style === 'copy' ? stages.indexOf(promotion.stage) : -1;
  return intent.kind === 'promote' && stageOf(before) >= 0 && stageOf(after) > stageOf(before);
}

function inverseViolations(
  before: ObjectSet,
  after: ObjectSet,
  { inverse, changes }: ChangeSet,
): readonly string[] {
  if (inverse === undefined) return [];
  try {
    const restored = after.after(inverse);
    const unguarded = inverse.changes.flatMap((change) => {
      const is = after.find(change.target);
      return change.kind === 'patch' && is !== undefined
        ? patchViolations(is, change.operations)
        : [];
    });
    if (unguarded.length > 0)
      return unguarded.map((violation) => `has an inverse that ${violation}`);
    const differs = changes.some(
      ({ target }) =>
        !isDeepStrictEqual(content(before.find(target)), content(restored.find(target))),
    );
    return differs ? ['has an inverse that does not restore the object'] : [];
  } catch (error) {
    return [`has an inverse that cannot be applied: ${String(error)}`];
  }
}

/** When the answer to a write is lost, its object tells what became of it, whichever it was; so it does of the way back. */
function answerViolations(
  before: ObjectSet,
  after: ObjectSet,
  changeSet: ChangeSet,
): readonly string[] {
  return changeSet.changes.flatMap((change, index) => {
    const back = inverseAt(changeSet, index);
    const [was, is] = [before.find(change.target), after.find(change.target)];
    const told = [outcomeOf(change, back, was), outcomeOf(change, back, is)];
    const toldBack =
      back === undefined ? [] : [outcomeOf(back, change, is), outcomeOf(back, change, was)];
    return [told, toldBack].some((pair) => pair.length > 0 && pair.join() !== 'notWritten,written')
      ? [`leaves open whether it was written: ${told.join()}; back: ${toldBack.join()}`]
      : [];
  });
}

/** Without what the server counts up. */
function content(object: JsonObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined;
  const metadata = Object.entries(object['metadata'] as JsonObject);
  return {
    ...object,
    metadata: Object.fromEntries(metadata.filter(([key]) => key !== 'generation')),
  };
}

const stranger = 'zzStranger';
/** Maps whose keys are data, and pod templates, which a promotion replaces as a whole. */
const keptAsTheyAre =
  /^(labels|selector|matchLabels|annotations|headers|queryParams|withoutHeaders|template)$/;

/** Fields that nobody here knows stay: puts one into every object, plans, applies, and looks for it. */
function strangerViolations(
  backend: TrafficBackend,
  objects: readonly JsonObject[],
): readonly string[] {
  const set = objectsOf(
    backend,
    objects.map((object) => withStrangers(object) as JsonObject),
  );
  return backend.discover(set.snapshot).rollouts.flatMap((rollout) =>
    intentsFor(rollout).flatMap((intent) => {
      const plan = planFor(backend, set, rollout, intent);
      if (!plan.ok) return [];
      return plan.value.changes.flatMap((change, index) => {
        const before = set.find(change.target);
        if (change.kind !== 'patch' || before === undefined) return [];
        const after = patched(before, change.operations);
        if (strangersIn(after) >= strangersIn(before)) return [];
        // A rule that goes takes its members with it; then the inverse brings back all of them.
        const back = plan.value.inverse?.changes.toReversed()[index];
        const mayRemove = ['rollback', 'promote', 'setMatch'].includes(intent.kind);
        const isWhole = removesWholes(change.operations) && back?.kind === 'patch';
        if (mayRemove && isWhole && isDeepStrictEqual(patched(after, back.operations), before))
          return [];
        return [`${rollout.id}, ${intent.kind}: drops fields it does not own`];
      });
    }),
  );
}

/** Whether all that is removed was tested as a whole, so that nothing goes that the plan did not see. */
function removesWholes(operations: readonly PatchOperation[]): boolean {
  const wholes = operations.filter(({ op }) => op === 'test').map(({ path }) => path);
  return operations.every(({ op, path }) => op !== 'remove' || wholes.includes(path));
}

function patched(before: Json, operations: readonly PatchOperation[]): Json {
  try {
    return applyPatch(before, operations);
  } catch {
    return {}; // Guards against values of the cut, not of the object: everything counts as lost.
  }
}

function withStrangers(node: Json): Json {
  if (Array.isArray(node)) return (node as Json[]).map(withStrangers);
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).map(([key, value]): [string, Json] => [
    key,
    keptAsTheyAre.test(key) ? value : withStrangers(value),
  ]);
  return Object.fromEntries([...members, [stranger, 'stays']]);
}

function strangersIn(node: Json): number {
  return JSON.stringify(node).split(stranger).length - 1;
}

function queryViolations(backend: TrafficBackend, rollout: Rollout): readonly string[] {
  const ids = rollout.tracks.map(({ id }) => id);
  return (['destination', 'source', 'waypoint'] as const).flatMap((reporter) =>
    backend
      .queries(rollout, { reporter, applicationMetrics: 'auto' })
      .flatMap(({ trackId, queries }) => [
        ...(ids.includes(trackId) ? [] : [`queries the unknown track ${trackId}`]),
        ...Object.entries(queries).flatMap(([name, query]) =>
          query.includes('$window') ? [] : [`the query ${name} has no $window`],
        ),
      ]),
  );
}

/** The text has words in both languages, and every place in them is filled. */
function wordViolations(backend: TrafficBackend, text: Text): readonly string[] {
  return (['en', 'zh-cn'] as const).flatMap((locale) => {
    try {
      const sentence = renderer({ ...backend.words, ...ruleWords }, locale)(text);
      return /\{\w+\}/.test(sentence) ? [`leaves a place open: ${sentence}`] : [];
    } catch (error) {
      return [String(error)];
    }
  });
}

function watchedFor(backend: TrafficBackend, { resource }: Change['target']): Watched | undefined {
  return backend.watches.find((watched) => resourceId(watched.resource) === resourceId(resource));
}

function duplicates(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function isRatio(value: number): boolean {
  return value >= 0 && value <= 1;
}

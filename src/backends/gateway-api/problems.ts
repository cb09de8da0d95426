import type { Text } from '../../base/text.ts';
import type { Json } from '../../model/objects.ts';
import type { Problem, Rollout, Track } from '../../model/rollout.ts';
import { at, countOf, listOf, textOf } from '../guards.ts';
import type { Group } from './groups.ts';
import type { Target } from './tracks.ts';
import { say } from './words.l10n.ts';

interface Found {
  readonly targets: ReadonlyMap<string, Target>;
  readonly tracks: readonly Track[];
  /** Nothing but age or order tells stable and canary apart. */
  readonly isGuess: boolean;
}

/** What is wrong with a rollout, worst first. No webhook checks any of it: a mistake shows as errors of requests only (handbook 4.7). */
export function problemsOf(group: Group, found: Found): readonly Problem[] {
  const { route, resource } = group;
  const object = { resource, namespace: route.meta.namespace, name: route.meta.name };
  const of =
    (severity: Problem['severity']) =>
    (text: Text): Problem => ({ severity, text, object });
  const status = statusTexts(group);
  return [
    ...group.rules.flatMap(({ faults }) => faults).map(of('error')),
    ...zeroTexts(group).map(of('error')),
    ...missingTexts(found).map(of('error')),
    ...status.errors.map(of('error')),
    ...[...guessTexts(found), ...overlapTexts(found), ...podsTexts(found)].map(of('warning')),
    ...(status.isResolved ? [] : grantTexts(group, found)).map(of('warning')),
    ...sharedNameTexts(group).map(of('warning')),
    ...status.notes.map(of('info')),
  ];
}

function zeroTexts({ route, rules }: Group): readonly Text[] {
  return rules
    .filter(({ faults, refs, total }) => faults.length === 0 && refs.length > 0 && total === 0)
    .map(({ id }) => say('gatewayApi.zeroTotal', { rule: id, name: route.meta.name }));
}

function missingTexts({ targets }: Found): readonly Text[] {
  return [...targets.values()]
    .filter(({ ref, service }) => ref.isService && service === undefined)
    .map(({ ref }) => say('gatewayApi.noService', { service: ref.name, namespace: ref.namespace }));
}

function guessTexts({ isGuess, tracks: [stable, canary] }: Found): readonly Text[] {
  if (!isGuess || stable === undefined || canary === undefined) return [];
  return [say('gatewayApi.guess', { stable: stable.name, canary: canary.name })];
}

/** Both Services would answer with the same pods, whatever the weights. */
function overlapTexts({ targets }: Found): readonly Text[] {
  const all = [...targets.values()];
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => {
      const shared = a.selected.find((deployment) => b.selected.includes(deployment));
      if (shared === undefined) return [];
      const names = { a: a.ref.trackId, b: b.ref.trackId, deployment: shared.meta.name };
      return [say('gatewayApi.overlap', names)];
    }),
  );
}

function podsTexts({ tracks, targets }: Found): readonly Text[] {
  return tracks
    .filter(({ id, role }) => role !== 'other' && targets.get(id)?.service !== undefined)
    .flatMap(({ name, workload }) => {
      if (workload === undefined) return [say('gatewayApi.noWorkload', { track: name })];
      return workload.ready > 0 ? [] : [say('gatewayApi.noPods', { track: name })];
    });
}

/** ReferenceGrants are not read; that a gateway resolved the references proves that they are there. */
function grantTexts({ route }: Group, { targets }: Found): readonly Text[] {
  const { namespace } = route.meta;
  return [...targets.values()]
    .filter(({ ref }) => ref.namespace !== namespace)
    .map(({ ref }) =>
      say('gatewayApi.grant', { service: ref.name, namespace: ref.namespace, from: namespace }),
    );
}

/** The standard CRD does not refuse them (handbook 4.1). */
function sharedNameTexts({ route, rules }: Group): readonly Text[] {
  const names = rules.map(({ raw }) => textOf(at(raw, 'name'))).filter((name) => name !== '');
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [...new Set(twice)].map((rule) =>
    say('gatewayApi.sharedName', { rule, name: route.meta.name }),
  );
}

/** Weights of this route move only its part of the traffic of a Service that other routes send to as well. */
export function withOtherRoutes(rollout: Rollout, others: readonly string[]): Rollout {
  if (others.length === 0) return rollout;
  const text = say('gatewayApi.otherRoutes', { routes: others.toSorted().join(', ') });
  const isNote = ({ severity }: Problem): boolean => severity === 'info';
  const problems: readonly Problem[] = [
    ...rollout.problems.filter((problem) => !isNote(problem)),
    { severity: 'warning', text, object: rollout.route },
    ...rollout.problems.filter(isNote),
  ];
  return { ...rollout, problems };
}

interface StatusTexts {
  readonly errors: readonly Text[];
  readonly notes: readonly Text[];
  /** Every parent resolved the references of the newest generation. */
  readonly isResolved: boolean;
}

/** Conditions by https://gateway-api.sigs.k8s.io/reference/spec/ (v1.6): those of an older generation say nothing about this one. */
function statusTexts({ route }: Group): StatusTexts {
  const { name, generation } = route.meta;
  const parents = listOf(at(route.body, 'status', 'parents'));
  if (parents.length === 0)
    return { errors: [], notes: [say('gatewayApi.noStatus', { name })], isResolved: false };
  const conditions = parents.flatMap((parent) =>
    listOf(at(parent, 'conditions')).map((condition) => ({ parent, condition })),
  );
  const isOld = (condition: Json): boolean =>
    (countOf(at(condition, 'observedGeneration')) ?? generation) < generation;
  const fresh = conditions.filter(({ condition }) => !isOld(condition));
  const resolved = fresh.filter(({ condition }) => at(condition, 'type') === 'ResolvedRefs');
  const stale = new Set(
    conditions.filter(({ condition }) => isOld(condition)).map(({ parent }) => parentName(parent)),
  );
  return {
    errors: fresh
      .filter(({ condition }) => isBad(condition))
      .map(({ parent, condition }) => badText(name, parent, condition)),
    notes: [...stale].map((parent) => say('gatewayApi.notTakenUp', { name, parent })),
    isResolved:
      resolved.length >= parents.length &&
      resolved.every(({ condition }) => at(condition, 'status') === 'True'),
  };
}

function isBad(condition: Json): boolean {
  const [type, status] = [textOf(at(condition, 'type')), textOf(at(condition, 'status'))];
  if (type === 'PartiallyInvalid') return status === 'True';
  return (type === 'Accepted' || type === 'ResolvedRefs') && status === 'False';
}

const longestMessage = 200;

function badText(name: string, parent: Json, condition: Json): Text {
  const said = (field: string): string => textOf(at(condition, field)).slice(0, longestMessage);
  return say('gatewayApi.condition', {
    name,
    parent: parentName(parent),
    type: said('type'),
    reason: said('reason'),
    message: said('message'),
  });
}

function parentName(parent: Json): string {
  const kind = textOf(at(parent, 'parentRef', 'kind')) || 'Gateway';
  return `${kind} ${textOf(at(parent, 'parentRef', 'name'))}`;
}

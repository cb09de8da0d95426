import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { Change, ChangeSet, PatchOperation } from '../../model/change.ts';
import { configMaps } from '../../model/kinds.ts';
import { refText, type JsonObject, type ObjectRef, type Resource } from '../../model/objects.ts';
import { execute, type Occasion, type OperationError, type Tools } from '../execute.ts';
import { say } from '../operations.l10n.ts';
import type { Actor } from '../perform.ts';

const kinds: readonly Resource[] = [
  configMaps,
  resource('batch', 'jobs', 'Job'),
  resource('', 'serviceaccounts', 'ServiceAccount'),
  resource('rbac.authorization.k8s.io', 'roles', 'Role'),
  resource('rbac.authorization.k8s.io', 'rolebindings', 'RoleBinding'),
];

function resource(group: string, plural: string, kind: string): Resource {
  return { group, versions: ['v1'], plural, kind, namespaced: true };
}

/**
 * Creates what a Job needs, in two strokes after one consent: first the Job, suspended; then, belonging to it, the rest, and the Job may go.
 * When the second fails the Job is taken away again, and what belongs to it goes with it.
 */
export async function startJob(
  tools: Tools,
  manifests: readonly JsonObject[],
  run: { readonly rolloutId: string; readonly actor: Actor },
  signal: AbortSignal,
): Promise<Result<undefined, OperationError>> {
  const [job, ...others] = manifests;
  if (job === undefined) throw new Error('A Job without a Job.');
  const all: ChangeSet = { summary: summaryOf(job), changes: manifests.map(created) };
  const first = await execute(
    { ...tools, consent: (preview) => tools.consent({ ...preview, changes: all }) },
    { summary: all.summary, changes: [created(job)] },
    occasionOf(run, []),
    signal,
  );
  if (!first.ok) return first;
  const ref = refOf(job);
  const made = await tools.cluster.fetch(ref, signal);
  if (!made.ok) return err({ kind: 'failed', text: made.error.text });
  const { uid } = made.value.object.meta;
  const second = await execute(
    { ...tools, consent: () => Promise.resolve(true) },
    {
      summary: all.summary,
      changes: [...others.map((object) => created(owned(object, ref, uid))), released(ref, uid)],
    },
    occasionOf(run, [[refText(ref), made.value.raw]]),
    signal,
  );
  if (second.ok) return ok(undefined);
  await execute(
    { ...tools, consent: () => Promise.resolve(true) },
    { summary: all.summary, changes: [{ kind: 'delete', target: ref, uid, fields: [] }] },
    occasionOf(run, []),
    signal,
  );
  return second;
}

function summaryOf(job: JsonObject): Text {
  const { name, namespace } = refOf(job);
  return say('operations.run.startJob', { job: name, namespace });
}

function occasionOf(
  { rolloutId, actor }: { readonly rolloutId: string; readonly actor: Actor },
  before: readonly (readonly [string, JsonObject])[],
): Occasion {
  return {
    rolloutId,
    ...actor,
    intent: 'startJob',
    warnings: [],
    shortest: false,
    before: Object.fromEntries(before),
  };
}

function created(object: JsonObject): Change {
  return { kind: 'create', target: refOf(object), fields: [], object };
}

function owned(object: JsonObject, owner: ObjectRef, uid: string): JsonObject {
  const reference = { apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid };
  const metadata = { ...(object['metadata'] as JsonObject), ownerReferences: [reference] };
  return { ...object, metadata };
}

function released(target: ObjectRef, uid: string): Change {
  const operations: PatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/suspend', value: true },
    { op: 'replace', path: '/spec/suspend', value: false },
  ];
  const field = { label: 'suspend', from: 'true', to: 'false' };
  return { kind: 'patch', target, operations, fields: [field] };
}

function refOf(object: JsonObject): ObjectRef {
  const found = kinds.find(({ kind }) => kind === object['kind']);
  if (found === undefined) throw new Error(`A Job has no ${JSON.stringify(object['kind'])}.`);
  const { name, namespace } = object['metadata'] as Readonly<Record<string, string>>;
  return { resource: found, namespace: namespace ?? '', name: name ?? '' };
}

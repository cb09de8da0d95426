import { ok, type Result } from '../../base/result.ts';
import type { UndoRevision } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import type { Revision } from '../../model/rollout.ts';
import type { RevisionQuery, Revisions } from '../backend.ts';
import { at, listOf, textOf, textsAt } from '../guards.ts';
import { imageOf } from '../workloads.ts';
import { letGoEdits } from './fields.ts';
import { changeSet, refuse, undoOfReturn, type Plan } from './plan.ts';
import { podsIn, revisionOf, rollingUpdateOf, setsByDeployment, updateOf } from './state.ts';
import { templateEdits, wholeTemplateOf } from './template.ts';
import { replicaSets, revisionAnnotation } from './types.ts';
import { say } from './words.l10n.ts';

/** Kept in the ReplicaSets of the Deployment, as many as its `revisionHistoryLimit` says. */
export const revisions: Revisions = {
  query,
  read,
  objectsFor: ({ workload, replicaSet }) => [
    workload,
    { resource: replicaSets, namespace: workload.namespace, name: replicaSet },
  ],
  undo,
};

function query(snapshot: ClusterSnapshot, workload: ObjectRef): Result<RevisionQuery, PlanError> {
  const deployment = deploymentOf(snapshot, workload);
  const labelSelector = deployment === undefined ? '' : selectorText(deployment);
  if (labelSelector === '')
    return refuse('notFound', say('rollingUpdate.noRevisions', { object: refText(workload) }));
  return ok({ resource: replicaSets, namespace: workload.namespace, labelSelector });
}

/** As the API takes it: `app=shop,tier in (a,b),!old`. */
function selectorText(deployment: KubeObject): string {
  const labels = Object.entries(textsAt(deployment, 'spec', 'selector', 'matchLabels'));
  const expressions = listOf(at(deployment.body, 'spec', 'selector', 'matchExpressions'));
  return [
    ...labels.map(([key, value]) => `${key}=${value}`),
    ...expressions.map((expression) => {
      const key = textOf(at(expression, 'key'));
      const values = listOf(at(expression, 'values')).map(textOf).join(',');
      switch (textOf(at(expression, 'operator'))) {
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        case 'NotIn':
          return `${key} notin (${values})`;
        default:
          return `${key} in (${values})`;
      }
    }),
  ].join(',');
}

function read(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
  found: readonly KubeObject[],
): Revision[] {
  const deployment = deploymentOf(snapshot, workload);
  if (deployment === undefined) return [];
  const current = deployment.meta.annotations[revisionAnnotation];
  return found
    .filter(({ meta }) => meta.ownerReferences.some(({ uid }) => uid === deployment.meta.uid))
    .map((set) => ({
      revision: revisionOf(set.meta.annotations),
      replicaSet: set.meta.name,
      image: imageOf(set),
      createdAt: set.meta.creationTimestamp,
      pods: podsIn(set),
      isCurrent: set.meta.annotations[revisionAnnotation] === current,
    }))
    .filter(({ revision }) => revision > 0)
    .sort((a, b) => b.revision - a.revision);
}

/** One patch: the template, and nothing that holds or pauses, for a paused Deployment would not go back. */
function undo(snapshot: ClusterSnapshot, wish: UndoRevision): Plan {
  const { workload, revision, replicaSet } = wish;
  const deployment = deploymentOf(snapshot, workload);
  if (deployment === undefined)
    return refuse('notFound', say('rollingUpdate.noRevisions', { object: refText(workload) }));
  const names = { deployment: workload.name, revision, set: replicaSet };
  if (rollingUpdateOf(deployment) === undefined)
    return refuse('unsupported', say('rollingUpdate.undoAtOnce', names));
  const set = snapshot.get(resourceId(replicaSets), workload.namespace, replicaSet);
  const isOurs =
    set?.meta.annotations[revisionAnnotation] === String(revision) &&
    set.meta.ownerReferences.some(({ uid }) => uid === deployment.meta.uid);
  if (!isOurs) return refuse('notFound', say('rollingUpdate.noRevision', names));
  const template = wholeTemplateOf(set);
  if (template === undefined) return refuse('invalid', say('rollingUpdate.notRead', names));
  const restored = templateEdits(deployment, template);
  const done = say('rollingUpdate.sameRevision', names);
  if (restored.length === 0) return ok({ summary: done, changes: [] });
  const sets = setsByDeployment(snapshot, workload.namespace).get(deployment.meta.uid) ?? [];
  const update = updateOf(deployment, sets);
  return changeSet({ deployment }, [...restored, ...letGoEdits(update ?? {})], {
    does: say('rollingUpdate.undoRevision', { ...names, image: imageOf(set) }),
    ...undoOfReturn({ deployment, ...update }),
    done,
  });
}

function deploymentOf(snapshot: ClusterSnapshot, workload: ObjectRef): KubeObject | undefined {
  if (resourceId(workload.resource) !== resourceId(deployments)) return undefined;
  return snapshot.get(resourceId(deployments), workload.namespace, workload.name);
}

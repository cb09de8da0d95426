import { ok, type Result } from '../../base/result.ts';
import type { StartUpdate } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import type { FirstBatch } from '../../model/rollout.ts';
import { at, textOf } from '../guards.ts';
import { imageOf, replicasOf } from '../workloads.ts';
import { batchOf, mostPods, stopsIn, totalOf, type Room } from './batch.ts';
import { podsOfSize } from './batches.ts';
import { edited } from './edit.ts';
import { holdEdits } from './fields.ts';
import { limitsOf } from './limits.ts';
import { refuse, tooMuch, type Plan } from './plan.ts';
import { isObserved, rollingUpdateOf, setsByDeployment, updateOf } from './state.ts';
import { revisionAnnotation } from './types.ts';
import { say } from './words.l10n.ts';

const container = '/spec/template/spec/containers/0';

/** What may be asked for before anything is new. */
export function firstBatch(
  snapshot: ClusterSnapshot,
  workload: ObjectRef,
): Result<FirstBatch, PlanError> {
  const scene = sceneOf(snapshot, workload);
  if (!scene.ok) return scene;
  const { room } = scene.value;
  const stops = stopsIn(room).filter(({ pods }) => pods > 0);
  if (stops.length === 0) return refuse('unsupported', tooMuch(scene.value.deployment, room, '1'));
  return ok({ wanted: room.wanted, stops, ...room.limits });
}

/** The new image and the first batch in one patch: never more pods get it than were asked for. */
export function startUpdate(snapshot: ClusterSnapshot, start: StartUpdate): Plan {
  const { workload, image, size } = start;
  const scene = sceneOf(snapshot, workload);
  if (!scene.ok) return scene;
  const { room, stable, deployment } = scene.value;
  const { name } = deployment.meta;
  const names = { deployment: name, from: imageOf(deployment), image };
  if (image === names.from) return refuse('invalid', say('rollingUpdate.sameImage', names));
  const pods = podsOfSize(size, room.wanted);
  if (pods < 1 || pods > mostPods(room))
    return refuse('unsupported', tooMuch(deployment, room, String(pods)));
  const batch = batchOf(pods, room);
  const edit = edited(
    deployment,
    [
      { path: `${container}/image`, to: image, label: 'image' },
      ...holdEdits({ deployment, stable }, batch),
    ],
    [`${container}/name`],
  );
  if (edit === undefined) return refuse('invalid', say('rollingUpdate.noContainers', names));
  const achieved = pods / totalOf(batch, room.wanted);
  const numbers = { ...names, ...batch, pods, wanted: room.wanted };
  return ok({
    summary: say('rollingUpdate.start', { ...numbers, percent: Math.round(achieved * 100) }),
    changes: [edit.change],
    inverse: { summary: say('rollingUpdate.undoStart', numbers), changes: [edit.inverse] },
    achieved,
  });
}

interface Scene {
  readonly deployment: KubeObject;
  readonly room: Room;
  readonly stable: KubeObject;
}

/** A Deployment that is at rest, of one version, and updated in a rolling way. */
function sceneOf(snapshot: ClusterSnapshot, workload: ObjectRef): Result<Scene, PlanError> {
  if (resourceId(workload.resource) !== resourceId(deployments))
    return refuse(
      'unsupported',
      say('rollingUpdate.notADeployment', { object: refText(workload) }),
    );
  const deployment = snapshot.get(resourceId(deployments), workload.namespace, workload.name);
  if (deployment === undefined)
    return refuse('notFound', say('rollingUpdate.gone', { object: refText(workload) }));
  const sets = setsByDeployment(snapshot, workload.namespace).get(deployment.meta.uid) ?? [];
  return restOf(deployment, sets);
}

function restOf(deployment: KubeObject, sets: readonly KubeObject[]): Result<Scene, PlanError> {
  const names = { deployment: deployment.meta.name };
  const strategy = rollingUpdateOf(deployment);
  if (strategy === undefined) return refuse('unsupported', say('rollingUpdate.notRolling', names));
  const containers = at(deployment.body, 'spec', 'template', 'spec', 'containers');
  if (textOf(at(containers, 0, 'image')) === '')
    return refuse('invalid', say('rollingUpdate.noContainers', names));
  const [stable, ...others] = sets;
  const isBusy = others.length > 0 || updateOf(deployment, sets) !== undefined;
  if (isBusy || at(deployment.body, 'spec', 'paused') === true || !isObserved(deployment))
    return refuse('unsupported', say('rollingUpdate.busy', names));
  const wanted = replicasOf(deployment);
  const { annotations } = deployment.meta;
  if (stable === undefined || wanted === 0 || annotations[revisionAnnotation] === undefined)
    return refuse('unsupported', say('rollingUpdate.noPods', names));
  const room = { wanted, limits: limitsOf(wanted, strategy), ready: 0 };
  return ok({ deployment, room, stable });
}

import { ok } from '../../base/result.ts';
import type { StartUpdate } from '../../model/intent.ts';
import { deployments } from '../../model/kinds.ts';
import { refText, resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import { at, textOf } from '../guards.ts';
import { imageOf, replicasOf } from '../workloads.ts';
import { batchOf, mostPods, totalOf, type Room } from './batch.ts';
import { podsOfSize } from './batches.ts';
import { edited } from './edit.ts';
import { holdEdits } from './fields.ts';
import { limitsOf } from './limits.ts';
import { refuse, type Plan } from './plan.ts';
import { isObserved, rollingUpdateOf, setsByDeployment, updateOf } from './state.ts';
import { revisionAnnotation } from './types.ts';
import { say } from './words.l10n.ts';

const container = '/spec/template/spec/containers/0';

/** The new image and the first batch in one patch: never more pods get it than were asked for. */
export function startUpdate(snapshot: ClusterSnapshot, start: StartUpdate): Plan {
  const { workload, image, size } = start;
  if (resourceId(workload.resource) !== resourceId(deployments))
    return refuse(
      'unsupported',
      say('rollingUpdate.notADeployment', { object: refText(workload) }),
    );
  const deployment = snapshot.get(resourceId(deployments), workload.namespace, workload.name);
  if (deployment === undefined)
    return refuse('notFound', say('rollingUpdate.gone', { object: refText(workload) }));
  const sets = setsByDeployment(snapshot, workload.namespace).get(deployment.meta.uid) ?? [];
  const scene = sceneOf(deployment, sets);
  if (!scene.ok) return scene;
  const { room, stable } = scene.value;
  const { name } = deployment.meta;
  const names = { deployment: name, from: imageOf(deployment), image };
  if (image === names.from) return refuse('invalid', say('rollingUpdate.sameImage', names));
  const pods = podsOfSize(size, room.wanted);
  const most = mostPods(room);
  if (pods < 1 || pods > most)
    return refuse(
      'unsupported',
      say('rollingUpdate.tooMuch', {
        ...names,
        asked: pods,
        most,
        surge: room.limits.maxSurge.pods,
        unavailable: room.limits.maxUnavailable.pods,
        ready: 0,
        wanted: room.wanted,
      }),
    );
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
  readonly room: Room;
  readonly stable: KubeObject;
}

/** A Deployment that is at rest, of one version, and updated in a rolling way. */
function sceneOf(
  deployment: KubeObject,
  sets: readonly KubeObject[],
): { ok: true; value: Scene } | (Plan & { ok: false }) {
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
  return ok({ room: { wanted, limits: limitsOf(wanted, strategy), ready: 0 }, stable });
}

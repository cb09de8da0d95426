import { err, type Result } from '../base/result.ts';
import { backends } from '../backends/registry.ts';
import type { TrafficBackend } from '../backends/backend.ts';
import { ownerOf } from '../backends/owners.ts';
import type { ChangeSet } from '../model/change.ts';
import type { StartCanary } from '../model/intent.ts';
import { refText, type ClusterSnapshot } from '../model/objects.ts';
import type { PlanError } from '../model/problems.ts';
import { say } from './actions.l10n.ts';
import { imageProblem } from './batches.ts';

/** Plans the first objects of a canary beside a workload. Refused where a controller has the workload or its Service. */
export function planStartCanary(
  snapshot: ClusterSnapshot,
  start: StartCanary,
): Result<ChangeSet, PlanError> {
  const workload = refText(start.workload);
  const problem = startProblem(start);
  if (problem !== undefined) return err(problem);
  for (const ref of [start.workload, start.service]) {
    const owner = ownerOf(snapshot, ref);
    if (owner?.kind === 'controller')
      return err({
        kind: 'owned',
        text: say('action.owned', {
          owner: owner.name,
          rollout: refText(ref),
          effect: owner.effect,
        }),
      });
  }
  const backend = backends.find(canStart);
  return (
    backend?.startCanary(snapshot, { ...start, image: start.image.trim() }) ??
    err({ kind: 'unsupported', text: say('action.cannotStart', { workload }) })
  );
}

type Starter = TrafficBackend & Required<Pick<TrafficBackend, 'startCanary'>>;

function canStart(backend: TrafficBackend): backend is Starter {
  return backend.capabilities.startsCanary && backend.startCanary !== undefined;
}

function startProblem({ workload, service, image }: StartCanary): PlanError | undefined {
  const names = { workload: refText(workload), service: refText(service) };
  const wanted = image.trim();
  if (workload.namespace !== service.namespace)
    return { kind: 'invalid', text: say('action.otherNamespace', names) };
  return imageProblem(names.workload, wanted);
}

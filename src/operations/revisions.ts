import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { revisionQueryOf, revisionsIn } from '../actions/batches.ts';
import { refText, type ObjectRef } from '../model/objects.ts';
import type { Revision } from '../model/rollout.ts';
import { say } from './operations.l10n.ts';
import type { ClusterPort, ObjectLister } from './ports.ts';

/** The versions that a workload had and has, newest first: one LIST, when somebody asks. */
export async function listRevisions(
  cluster: Pick<ClusterPort, 'snapshot'> & ObjectLister,
  workload: ObjectRef,
  signal: AbortSignal,
): Promise<Result<readonly Revision[], Text>> {
  const query = revisionQueryOf(cluster.snapshot(), workload);
  if (!query.ok) return err(query.error.text);
  const { resource, namespace, labelSelector } = query.value;
  const found = await cluster.list(resource, { namespace, labelSelector }, signal);
  if (!found.ok) {
    const object = refText(workload);
    return err(say('operations.notListed', { object, reason: found.error.text }));
  }
  return ok(revisionsIn(cluster.snapshot(), workload, found.value));
}

import type { Watched } from '../model/cluster.ts';
import { resourceId, type ClusterSnapshot } from '../model/objects.ts';
import type { BackendId, Problem, Rollout } from '../model/rollout.ts';
import { ownerWatches } from './ownerClaims.ts';
import { say } from './owners.l10n.ts';
import { backends } from './registry.ts';

/**
 * That something was not read which may decide the split: a kind that this back end or one before it reads, or one of a controller. A
 * canary whose route is hidden looks like a split by pods. Undefined when all was read.
 */
export function unreadProblem(snapshot: ClusterSnapshot, rollout: Rollout): Problem | undefined {
  const { namespace, service } = rollout;
  const unread = decidersFor(rollout.backend).filter(
    ({ resource }) => !snapshot.isComplete(resourceId(resource), namespace),
  );
  if (unread.length === 0) return undefined;
  const kinds = [...new Set(unread.map(({ resource }) => nameOf(resource)))].join(', ');
  return { severity: 'warning', text: say('owner.unread', { kinds, namespace, service }) };
}

function nameOf({ plural, group }: Watched['resource']): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** In the order of their claim: what comes first keeps the service. */
function decidersFor(id: BackendId): readonly Watched[] {
  const place = backends.findIndex((backend) => backend.id === id);
  return [...backends.slice(0, place + 1).flatMap(({ watches }) => watches), ...ownerWatches];
}

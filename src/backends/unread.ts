import type { Watched } from '../model/cluster.ts';
import { resourceId, type ClusterSnapshot } from '../model/objects.ts';
import type { BackendId, Rollout } from '../model/rollout.ts';
import { ownerWatches } from './ownerClaims.ts';
import { say } from './owners.l10n.ts';
import { backends } from './registry.ts';

/**
 * Names of kinds that were not read and may decide the split: those that this back end or one before it reads, and those of controllers. A
 * canary whose route is hidden looks like a split by pods. Undefined when all was read. Asks once for all rollouts of a namespace; keep it no
 * longer than the snapshot stays as it is.
 */
export function unreadKinds(snapshot: ClusterSnapshot): (rollout: Rollout) => string | undefined {
  const known = new Map<string, string>();
  return ({ backend, namespace }) => {
    const key = `${backend} ${namespace}`;
    const kinds = known.get(key) ?? unreadIn(snapshot, backend, namespace);
    known.set(key, kinds);
    return kinds === '' ? undefined : kinds;
  };
}

function unreadIn(snapshot: ClusterSnapshot, backend: BackendId, namespace: string): string {
  const unread = decidersFor(backend).filter(
    ({ resource }) => !snapshot.isComplete(resourceId(resource), namespace),
  );
  return [...new Set(unread.map(({ resource }) => nameOf(resource)))].join(', ');
}

/** The rollout with the warning that these were not read. */
export function withUnread(rollout: Rollout, kinds: string | undefined): Rollout {
  if (kinds === undefined) return rollout;
  const { namespace, service, problems } = rollout;
  const text = say('owner.unread', { kinds, namespace, service });
  return { ...rollout, problems: [{ severity: 'warning', text }, ...problems] };
}

function nameOf({ plural, group }: Watched['resource']): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** In the order of their claim: what comes first keeps the service. */
function decidersFor(id: BackendId): readonly Watched[] {
  const place = backends.findIndex((backend) => backend.id === id);
  return [...backends.slice(0, place + 1).flatMap(({ watches }) => watches), ...ownerWatches];
}

import { services } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import type { Track, TrackRole } from '../../model/rollout.ts';
import { textsAt } from '../guards.ts';
import { rolesOf, type Roles } from '../roles.ts';
import { deploymentsWith, podLabelsOf, versionOf, workloadOf } from '../workloads.ts';
import type { Group } from './groups.ts';
import type { Ref } from './rules.ts';

/** What a destination reaches. */
export interface Target {
  readonly ref: Ref;
  /** Undefined when it is missing, or no Service. */
  readonly service: KubeObject | undefined;
  readonly selector: Readonly<Record<string, string>>;
  /** Every Deployment whose pods its Service selects, by name. */
  readonly selected: readonly KubeObject[];
  /** The one that is its version: not selected by the others, if there is such a one. */
  readonly deployment: KubeObject | undefined;
}

/** By track id, in the order of the rules. */
export function targetsOf(snapshot: ClusterSnapshot, group: Group): ReadonlyMap<string, Target> {
  const refs = new Map(
    group.rules.flatMap(({ refs: all }) => all).map((ref) => [ref.trackId, ref]),
  );
  const reached = [...refs.values()].map((ref) => reachedBy(snapshot, ref));
  return new Map(
    reached.map((target) => {
      const others = reached
        .filter((other) => other !== target)
        .flatMap(({ selected }) => selected);
      const own = target.selected.find((deployment) => !others.includes(deployment));
      return [target.ref.trackId, { ...target, deployment: own ?? target.selected[0] }];
    }),
  );
}

type Reached = Omit<Target, 'deployment'>;

function reachedBy(snapshot: ClusterSnapshot, ref: Ref): Reached {
  const service = ref.isService
    ? snapshot.get(resourceId(services), ref.namespace, ref.name)
    : undefined;
  const selector = service === undefined ? {} : textsAt(service, 'spec', 'selector');
  return { ref, service, selector, selected: deploymentsWith(snapshot, ref.namespace, selector) };
}

/** Who is stable and canary. */
export function rolesIn(targets: ReadonlyMap<string, Target>): Roles {
  return rolesOf(
    [...targets].map(([id, { ref, service, selector, deployment }]) => ({
      id,
      name: ref.name,
      labels: { ...(deployment === undefined ? {} : podLabelsOf(deployment)), ...selector },
      created: (deployment ?? service)?.meta.creationTimestamp ?? '',
    })),
  );
}

const order: readonly TrackRole[] = ['stable', 'canary', 'other'];

/** Stable first, then canary, then others by name. */
export function tracksOf(
  { route }: Group,
  targets: ReadonlyMap<string, Target>,
  { roles }: Roles,
): readonly Track[] {
  const rank = ({ role }: Track): number => order.indexOf(role);
  return [...targets]
    .map(([id, target]) => trackFrom(id, target, { role: roles.get(id) ?? 'other', route }))
    .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function trackFrom(
  id: string,
  { ref, selector, deployment }: Target,
  { role, route }: { readonly role: TrackRole; readonly route: KubeObject },
): Track {
  const version = deployment && versionOf(deployment);
  // Whoever reads `service` looks for it in the namespace of the route.
  const isNear = ref.isService && ref.namespace === route.meta.namespace;
  return {
    id,
    role,
    name: id,
    ...(version === undefined ? {} : { version }),
    ...(deployment === undefined ? {} : { workload: workloadOf(deployment) }),
    ...(isNear ? { service: ref.name } : {}),
    podLabels: selector,
  };
}

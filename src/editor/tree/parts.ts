import type { Problem, Rollout, Track } from '../../model/rollout.ts';
import type { WorkloadView } from '../../state/inventory.ts';
import type { Address, InventorySource } from './model.ts';

/** What a line below a rollout or a service shows. */
export type Part =
  | { readonly kind: 'workload'; readonly workload: WorkloadView }
  | { readonly kind: 'track'; readonly rollout: Rollout; readonly track: Track }
  | { readonly kind: 'route'; readonly rollout: Rollout }
  | { readonly kind: 'owner'; readonly rollout: Rollout }
  | { readonly kind: 'problem'; readonly problem: Problem };

type PartAddress = Extract<Address, { kind: 'part' }>;

/** Names of the lines below a rollout, in their order. */
export function partsOfRollout(rollout: Rollout): readonly string[] {
  return [
    ...rollout.tracks.map((track) => `track:${track.id}`),
    'route',
    ...(rollout.owner === undefined ? [] : ['owner']),
    ...rollout.problems.map((_, index) => `problem:${String(index)}`),
  ];
}

/** What is at the address now; undefined when it is gone. */
export function partOf(source: InventorySource, { parent, part }: PartAddress): Part | undefined {
  const colon = part.indexOf(':');
  const [kind, key] = colon < 0 ? [part, ''] : [part.slice(0, colon), part.slice(colon + 1)];
  if (kind === 'workload') {
    const workload = workloadOf(source, parent, key);
    return workload && { kind, workload };
  }
  const rollout = rolloutAt(source, parent);
  return rollout && partOfRollout(rollout, kind, key);
}

function partOfRollout(rollout: Rollout, kind: string, key: string): Part | undefined {
  switch (kind) {
    case 'track': {
      const track = rollout.tracks.find((t) => t.id === key);
      return track && { kind, rollout, track };
    }
    case 'problem': {
      const problem = rollout.problems[Number(key)];
      return problem && { kind, problem };
    }
    case 'route':
    case 'owner':
      return { kind, rollout };
    default:
      return undefined;
  }
}

function workloadOf(
  source: InventorySource,
  parent: PartAddress['parent'],
  name: string,
): WorkloadView | undefined {
  if (parent.kind !== 'service') return undefined;
  const service = source.service(parent.context, parent.namespace, parent.name);
  return service?.workloads.find((workload) => workload.ref.name === name);
}

/** The rollout of a rollout row, or of a service row that has one. */
export function rolloutAt(
  source: InventorySource,
  address: PartAddress['parent'],
): Rollout | undefined {
  if (address.kind === 'rollout') return source.rollout(address.context, address.rolloutId);
  const id = source.service(address.context, address.namespace, address.name)?.rolloutId;
  return id === undefined ? undefined : source.rollout(address.context, id);
}

import type { Discovery, TrafficBackend } from '../backends/backend.ts';
import { backends } from '../backends/registry.ts';
import { withOwners } from '../backends/owners.ts';
import { deployments, services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../model/objects.ts';
import { isActive, type Problem, type Rollout } from '../model/rollout.ts';
import type { NamespaceView, ServiceView } from './inventory.ts';
import { say } from './state.l10n.ts';
import { workloadsIn, type NamespaceWorkloads } from './workloads.ts';

/** What the objects of one namespace amount to. */
export interface NamespaceState {
  readonly view: NamespaceView;
  /** Active ones first, then by service. */
  readonly rollouts: readonly Rollout[];
  /** How many of them are active. */
  readonly active: number;
  readonly problems: readonly Problem[];
}

/** Reads one namespace by all back ends. Pure; malformed objects become problems. */
export function deriveNamespace(snapshot: ClusterSnapshot, namespace: string): NamespaceState {
  const discoveries = discoverAll(snapshot, namespace);
  const claimed = claimOnce(discoveries.flatMap((d) => d.rollouts));
  const rollouts = withOwners(snapshot, claimed).toSorted(compareUrgency);
  const found = snapshot.list(resourceId(services), namespace);
  const rolloutOf = rolloutByService(rollouts);
  const workloads = workloadsIn(snapshot.list(resourceId(deployments), namespace));
  const views = found
    .map((service) => serviceView(service, workloads, rolloutOf))
    .sort((a, b) => compare(a.name, b.name));
  return {
    view: { name: namespace, services: views },
    rollouts,
    active: rollouts.filter(isActive).length,
    problems: discoveries.flatMap((d) => d.problems),
  };
}

/**
 * What each back end finds, in the order of their claim. After one that failed, the later ones find no rollouts here: they would claim,
 * and write, what may be its own.
 */
function discoverAll(snapshot: ClusterSnapshot, namespace: string): readonly Discovery[] {
  let hasFailed = false;
  return backends.map((backend) => {
    const found = discoverBy(backend, snapshot, namespace);
    const { rollouts, problems } = found;
    const discovery = hasFailed ? { rollouts: [], problems } : { rollouts, problems };
    hasFailed ||= found.hasFailed;
    return discovery;
  });
}

/** A fault of one back end becomes a problem that is shown. */
function discoverBy(
  backend: TrafficBackend,
  snapshot: ClusterSnapshot,
  namespace: string,
): Discovery & { readonly hasFailed: boolean } {
  try {
    return { ...backend.discover(snapshot, namespace), hasFailed: false };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = say('state.backendFailed', { backend: backend.title, namespace, reason });
    return { rollouts: [], problems: [{ severity: 'error', text }], hasFailed: true };
  }
}

/**
 * A Service whose requests a route already splits is not a replica split as well: the registry lists the back ends in the order of their
 * claim, and the first one keeps the service and the workloads of its tracks.
 */
function claimOnce(rollouts: readonly Rollout[]): Rollout[] {
  const claimed = new Map<string, string>();
  return rollouts.filter(({ tracks, backend }) => {
    const isTaken = tracks.some(
      ({ workload }) =>
        workload !== undefined && (claimed.get(workload.ref.name) ?? backend) !== backend,
    );
    if (!isTaken)
      for (const { workload } of tracks)
        if (workload !== undefined) claimed.set(workload.ref.name, backend);
    return !isTaken;
  });
}

function rolloutByService(rollouts: readonly Rollout[]): Map<string, string> {
  const byService = new Map<string, string>();
  const note = (name: string, id: string): void => {
    if (!byService.has(name)) byService.set(name, id);
  };
  for (const { id, service, tracks } of rollouts) {
    note(service, id);
    for (const track of tracks) if (track.service !== undefined) note(track.service, id);
  }
  return byService;
}

function serviceView(
  service: KubeObject,
  workloads: NamespaceWorkloads,
  rolloutOf: ReadonlyMap<string, string>,
): ServiceView {
  const { namespace, name } = service.meta;
  const rolloutId = rolloutOf.get(name);
  return {
    namespace,
    name,
    ...(rolloutId !== undefined && { rolloutId }),
    workloads: workloads.behind(service),
  };
}

/** Of namespaces in order, all active rollouts, then all others. */
export function byUrgency(states: readonly NamespaceState[]): readonly Rollout[] {
  return [
    ...states.flatMap(({ rollouts, active }): readonly Rollout[] => rollouts.slice(0, active)),
    ...states.flatMap(({ rollouts, active }): readonly Rollout[] => rollouts.slice(active)),
  ];
}

function compareUrgency(a: Rollout, b: Rollout): number {
  return (
    Number(isActive(b)) - Number(isActive(a)) ||
    compare(a.service, b.service) ||
    compare(a.id, b.id)
  );
}

/** By code unit: fast for thousands of DNS names, which are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

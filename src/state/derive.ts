import type { Discovery, TrafficBackend } from '../backends/backend.ts';
import { backends } from '../backends/registry.ts';
import { withOwners } from '../backends/owners.ts';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../model/objects.ts';
import { isActive, type Problem, type Rollout } from '../model/rollout.ts';
import type { NamespaceView, ServiceView } from './inventory.ts';
import { say } from './state.l10n.ts';
import { NamespaceWorkloads } from './workloads.ts';

/** What the objects of one namespace amount to. */
export interface NamespaceState {
  readonly view: NamespaceView;
  /** Active ones first, then by service. */
  readonly rollouts: readonly Rollout[];
  readonly problems: readonly Problem[];
}

/** Reads one namespace by all back ends. Pure; malformed objects become problems. */
export function deriveNamespace(snapshot: ClusterSnapshot, namespace: string): NamespaceState {
  const discoveries = discoverAll(snapshot, namespace);
  const claimed = claimOnce(discoveries.flatMap((d) => d.rollouts));
  const rollouts = withOwners(snapshot, claimed).toSorted(byUrgency);
  const found = snapshot.list(resourceId(services), namespace);
  const rolloutOf = rolloutByService(rollouts);
  const workloads = new NamespaceWorkloads(snapshot, namespace);
  const views = found
    .map((service) => serviceView(service, workloads, rolloutOf))
    .sort((a, b) => compare(a.name, b.name));
  return {
    view: { name: namespace, services: views },
    rollouts,
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
  return rollouts.filter((rollout) => {
    const workloads = rollout.tracks.flatMap((t) => (t.workload ? [t.workload.ref.name] : []));
    const isTaken = workloads.some(
      (name) => (claimed.get(name) ?? rollout.backend) !== rollout.backend,
    );
    if (!isTaken) for (const name of workloads) claimed.set(name, rollout.backend);
    return !isTaken;
  });
}

function rolloutByService(rollouts: readonly Rollout[]): Map<string, string> {
  const byService = new Map<string, string>();
  for (const rollout of rollouts) {
    const names = [
      rollout.service,
      ...rollout.tracks.flatMap((t) => (t.service ? [t.service] : [])),
    ];
    for (const name of names) if (!byService.has(name)) byService.set(name, rollout.id);
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

export function byUrgency(a: Rollout, b: Rollout): number {
  return (
    Number(isActive(b)) - Number(isActive(a)) ||
    compare(a.namespace, b.namespace) ||
    compare(a.service, b.service) ||
    compare(a.id, b.id)
  );
}

/** By code unit: fast for thousands of DNS names, which are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

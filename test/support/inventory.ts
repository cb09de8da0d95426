import type { RunFacts } from '../../src/editor/tree/draw.ts';
import { Emitter, type Disposable } from '../../src/base/emitter.ts';
import { backends } from '../../src/backends/registry.ts';
import { deployments } from '../../src/model/kinds.ts';
import type { ObjectRef } from '../../src/model/objects.ts';
import type { Rollout, Track } from '../../src/model/rollout.ts';
import type { InventorySource } from '../../src/editor/tree/model.ts';
import type {
  ContextView,
  Inventory,
  InventoryChange,
  ServiceView,
} from '../../src/state/inventory.ts';

/** Builders of what the views show, and a source of it whose content a test sets. */

const backend = backends[0]?.id ?? '';

export function deploymentRef(namespace: string, name: string): ObjectRef {
  return { resource: deployments, namespace, name };
}

export function aTrack(role: Track['role'], parts: Partial<Track> = {}): Track {
  const name = parts.name ?? role;
  return {
    id: name,
    role,
    name,
    podLabels: {},
    workload: {
      ref: deploymentRef('default', `shop-${name}`),
      replicas: 2,
      ready: 2,
      image: `registry/shop:${parts.version ?? '1'}`,
      template: {},
      settled: true,
    },
    ...parts,
  };
}

/** The rollout of `shop` in `default` with 90 % on stable v2.4.0 and 10 % on canary v2.4.1. */
export function aRollout(parts: Partial<Rollout> = {}): Rollout {
  const share = parts.canaryShare ?? 0.1;
  const service = parts.service ?? 'shop';
  const namespace = parts.namespace ?? 'default';
  return {
    id: `${namespace}/${service}@${backend}`,
    backend,
    namespace,
    service,
    route: deploymentRef(namespace, service),
    tracks: [aTrack('stable', { version: 'v2.4.0' }), aTrack('canary', { version: 'v2.4.1' })],
    rules: [
      {
        id: 'primary',
        matches: [],
        destinations: [
          { trackId: 'stable', weight: 1 - share, share: 1 - share },
          { trackId: 'canary', weight: share, share },
        ],
        total: 1,
      },
    ],
    canaryShare: share,
    weights: { kind: 'any' },
    promotion: { style: 'swap' },
    problems: [],
    ...parts,
  };
}

/** The rollout of a Deployment of ten pods that is updated in batches: three of v2, held. */
export function anUpdate(
  parts: Partial<Rollout> = {},
  update: Partial<NonNullable<Rollout['update']>> = {},
): Rollout {
  const pods = { replicas: 3, ready: 3, image: 'registry/shop:v2', template: {}, settled: false };
  const ref = deploymentRef('default', 'shop');
  return aRollout({
    canaryShare: 3 / 13,
    tracks: [
      aTrack('stable', { version: 'v1', workload: { ...pods, ref, replicas: 10, ready: 10 } }),
      aTrack('canary', { version: 'v2', workload: { ...pods, ref } }),
    ],
    weights: {
      kind: 'stops',
      stops: [3, 4, 5].map((n) => ({ pods: n, percent: Math.round((n / 13) * 100) })),
    },
    update: {
      state: 'held',
      paused: false,
      wanted: 10,
      batch: 3,
      updated: 3,
      ready: 3,
      maxSurge: { value: '25%', pods: 3 },
      maxUnavailable: { value: '25%', pods: 2 },
      ...update,
    },
    ...parts,
  });
}

export function aService(name: string, parts: Partial<ServiceView> = {}): ServiceView {
  const workload = {
    ref: deploymentRef('default', name),
    image: `registry/${name}:1`,
    version: '1',
    ready: 1,
    replicas: 1,
  };
  return { namespace: 'default', name, workloads: [workload], ...parts };
}

/** A live current context `kind-dev` with the given rollouts and services in `default`. */
export function aContext(parts: Partial<ContextView> = {}): ContextView {
  const rollouts = parts.rollouts ?? [aRollout()];
  const services = rollouts.map((rollout) => aService(rollout.service, { rolloutId: rollout.id }));
  return {
    name: 'kind-dev',
    current: true,
    protected: false,
    connection: { kind: 'live' },
    scope: [],
    namespaces: [{ name: 'default', services: [...services, aService('cart')] }],
    rollouts,
    problems: [],
    ...parts,
  };
}

export class FakeSource implements InventorySource {
  #inventory: Inventory;
  readonly #changed = new Emitter<InventoryChange>();
  readonly onDidChange = this.#changed.event;
  /** Contexts that are connected now, in the order in which they were. */
  readonly watched: string[] = [];

  constructor(...contexts: readonly ContextView[]) {
    this.#inventory = { contexts };
  }

  set(inventory: Inventory, ...changes: readonly InventoryChange[]): void {
    this.#inventory = inventory;
    for (const change of changes) this.#changed.fire(change);
  }

  inventory(): Inventory {
    return this.#inventory;
  }

  context(name: string): ContextView | undefined {
    return this.#inventory.contexts.find((context) => context.name === name);
  }

  namespace(context: string, name: string): ContextView['namespaces'][number] | undefined {
    return this.context(context)?.namespaces.find((namespace) => namespace.name === name);
  }

  service(context: string, namespace: string, name: string): ServiceView | undefined {
    return this.namespace(context, namespace)?.services.find((service) => service.name === name);
  }

  rollout(context: string, id: string): Rollout | undefined {
    return this.context(context)?.rollouts.find((rollout) => rollout.id === id);
  }

  watch(context: string): Disposable {
    this.watched.push(context);
    return {
      dispose: () => {
        const index = this.watched.indexOf(context);
        if (index >= 0) this.watched.splice(index, 1);
      },
    };
  }
}

/** Rows where no release plan runs. */
export const noRuns: RunFacts = {
  of: () => undefined,
  onDidChange: () => ({ dispose: () => undefined }),
};

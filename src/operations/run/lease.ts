import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/emitter.ts';
import type { Change, PatchOperation } from '../../model/change.ts';
import type { FreshObject } from '../../model/cluster.ts';
import { leases } from '../../model/kinds.ts';
import { managedByLabel } from '../../model/names.ts';
import type { JsonObject, ObjectRef } from '../../model/objects.ts';
import {
  leaseTimes,
  maySend,
  mayTake,
  sight,
  type LeaseSight,
  type LeaseView,
} from '../../release/lease.ts';
import type { ClusterPort } from '../ports.ts';
import type { RunOwner } from './store.ts';

/** `isAlive`: its holder renewed it between two attempts. */
export type Acquired = 'held' | { readonly busy: string; readonly isAlive: boolean } | 'failed';

/** The Lease of a rollout: named after its route's uid, so that two rollouts of one route have one writer. */
export function leaseRef(of: { readonly namespace: string; readonly routeUid: string }): ObjectRef {
  return {
    resource: leases,
    namespace: of.namespace,
    name: `cablecar-${of.routeUid.toLowerCase()}`,
  };
}

/** The Lease as it is now; undefined when there is none or it cannot be read. */
export async function readLease(
  cluster: Pick<ClusterPort, 'fetch'>,
  of: { readonly namespace: string; readonly routeUid: string },
  signal: AbortSignal,
): Promise<LeaseView | undefined> {
  const read = await cluster.fetch(leaseRef(of), signal);
  return read.ok ? viewOf(read.value) : undefined;
}

/** Holds the Lease of one rollout: takes it, renews it in time, and knows when it must be taken as lost. */
export class LeaseKeeper implements Disposable {
  readonly #cluster: ClusterPort;
  readonly #clock: Clock;
  readonly #ref: ObjectRef;
  readonly #me: string;
  readonly #closing = new AbortController();
  #sight: LeaseSight | undefined;
  #renewedMs = -Infinity;
  #timer: Disposable | undefined;
  #lost = false;

  constructor(
    ports: { readonly cluster: ClusterPort; readonly clock: Clock },
    lease: { readonly namespace: string; readonly routeUid: string; readonly holder: string },
  ) {
    this.#cluster = ports.cluster;
    this.#clock = ports.clock;
    this.#me = lease.holder;
    this.#ref = leaseRef(lease);
  }

  /** Whether a write may be sent now. */
  get isHeld(): boolean {
    return !this.#lost && maySend(this.#renewedMs, this.#clock.monotonicMs());
  }

  /** One attempt; call again after a while where it is busy: silence adds up over the calls. */
  async acquire(owner: RunOwner | undefined, signal: AbortSignal): Promise<Acquired> {
    const sentMs = this.#clock.monotonicMs();
    const read = await this.#cluster.fetch(this.#ref, signal);
    if (!read.ok && read.error.kind !== 'notFound') return 'failed';
    if (read.ok) {
      const nowMs = this.#clock.monotonicMs();
      const before = this.#sight;
      const seen = (this.#sight = sight(viewOf(read.value), nowMs, before));
      if (!mayTake(seen, this.#me, nowMs))
        return { busy: seen.view.holder, isAlive: before !== undefined && before !== seen };
    }
    const change = read.ok ? this.#take(read.value) : this.#make(owner);
    const sent = await this.#cluster.send(change, { dryRun: false }, signal);
    if (!sent.ok) return 'failed';
    this.#renewedMs = sentMs;
    this.#lost = false;
    this.#renewLater();
    return 'held';
  }

  /** Gives it back, so that the next need not wait for the end of its time. */
  async release(signal: AbortSignal): Promise<void> {
    this.#timer?.dispose();
    if (!this.isHeld) return;
    this.#lost = true;
    await this.#cluster.send(this.#patch({ holderIdentity: '' }), { dryRun: false }, signal);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#lost = true;
    this.#closing.abort();
  }

  #renewLater(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(leaseTimes.renewMs, () => {
      void this.#renew();
    });
  }

  async #renew(): Promise<void> {
    // Who slept past the deadline may have a successor already.
    if (!this.isHeld) {
      this.#lost = true;
      return;
    }
    const sentMs = this.#clock.monotonicMs();
    const change = this.#patch({ renewTime: this.#now() });
    const sent = await this.#cluster
      .send(change, { dryRun: false }, this.#closing.signal)
      .catch(() => undefined);
    if (sent?.ok === true) this.#renewedMs = sentMs;
    // Somebody else holds it, or it was deleted: at once, and not only at the deadline.
    const isTaken = sent?.ok === false && ['conflict', 'notFound'].includes(sent.error.kind);
    if (isTaken) this.#lost = true;
    if (!this.#lost) this.#renewLater();
  }

  #make(owner: RunOwner | undefined): Change {
    const { name, namespace } = this.#ref;
    const now = this.#now();
    const object: JsonObject = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace,
        labels: { ...managedByLabel },
        ...(owner && { ownerReferences: [{ ...owner }] }),
      },
      spec: {
        holderIdentity: this.#me,
        leaseDurationSeconds: leaseTimes.durationSeconds,
        acquireTime: now,
        renewTime: now,
        leaseTransitions: 0,
      },
    };
    return { kind: 'create', target: this.#ref, fields: [], object };
  }

  /** Guarded by the version that was read: of two who take it one fails. */
  #take({ raw, object }: FreshObject): Change {
    const view = viewOf({ raw, object });
    const now = this.#now();
    const spec: JsonObject = {
      holderIdentity: this.#me,
      leaseDurationSeconds: leaseTimes.durationSeconds,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: view.transitions + (view.holder === this.#me ? 0 : 1),
    };
    const guard: PatchOperation = {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: object.meta.resourceVersion,
    };
    const operations: PatchOperation[] = [guard, { op: 'add', path: '/spec', value: spec }];
    return { kind: 'patch', target: this.#ref, fields: [], operations };
  }

  #patch(fields: Readonly<Record<string, string>>): Change {
    const operations: PatchOperation[] = [
      { op: 'test', path: '/spec/holderIdentity', value: this.#me },
      ...Object.entries(fields).map(([key, value]) => {
        return { op: 'add', path: `/spec/${key}`, value } as const;
      }),
    ];
    return { kind: 'patch', target: this.#ref, fields: [], operations };
  }

  /** MicroTime, as the API wants it. */
  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString().replace('Z', '000Z');
  }
}

function viewOf({ raw }: FreshObject): LeaseView {
  const spec = (raw['spec'] ?? {}) as JsonObject;
  const { holderIdentity, renewTime, leaseDurationSeconds, leaseTransitions } = spec;
  return {
    holder: typeof holderIdentity === 'string' ? holderIdentity : '',
    renewTime: typeof renewTime === 'string' ? renewTime : '',
    durationSeconds:
      typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds : leaseTimes.durationSeconds,
    transitions: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
  };
}

/** The same cluster for writes of a run: none is sent once the Lease is lost, however long its planning took (hazards row 24). */
export function writesHeldBy(lease: LeaseKeeper, cluster: ClusterPort): ClusterPort {
  return {
    fetch: (ref, signal) => cluster.fetch(ref, signal),
    allows: (verb, ref, signal) => cluster.allows(verb, ref, signal),
    snapshot: () => cluster.snapshot(),
    served: (resource) => cluster.served(resource),
    lastWriter: (object) => cluster.lastWriter(object),
    send: (change, options, signal) =>
      options.dryRun || lease.isHeld
        ? cluster.send(change, options, signal)
        : Promise.reject(new Error('The Lease is lost.')),
  };
}

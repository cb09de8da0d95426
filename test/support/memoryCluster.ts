import { isDeepStrictEqual } from 'node:util';
import { omit } from '../../src/base/omit.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { Change } from '../../src/model/change.ts';
import type { ClusterFailure, FreshObject, Watched } from '../../src/model/cluster.ts';
import { configMaps, leases } from '../../src/model/kinds.ts';
import { refText, resourceId, type JsonObject, type ObjectRef } from '../../src/model/objects.ts';
import type { ClusterPort } from '../../src/operations/ports.ts';
import { allWatches } from '../../src/state/watches.ts';
import { ObjectSet } from './objectSet.ts';

/** One request to the cluster, for whoever injects faults or keeps count. */
export interface Call {
  readonly client: string;
  readonly verb: 'get' | 'dryRun' | 'write';
  readonly target: ObjectRef;
}

/**
 * What becomes of a request. `lostBefore`, `lostAfter`: no answer, and the server had not, or had, done it. `dies`: the client never hears
 * anything again, before or after the server did it.
 */
export type Fate =
  'answered' | 'lostBefore' | 'lostAfter' | 'diesBefore' | 'diesAfter' | 'refused' | 'forbidden';

const own: readonly Watched[] = [configMaps, leases].map((resource) => ({
  resource,
  writes: [],
  pick: (raw: JsonObject) => omit(raw, 'apiVersion', 'kind', 'metadata'),
}));

const watches = [...allWatches(), ...own];

const words = { key: 'cluster.notServed', args: { kind: 'test', group: 'test' } };

/**
 * A cluster in memory with the API server's semantics of JSON Patch, uids and resource versions, and several clients, each with faults of its
 * own. Only for what needs thousands of runs (handbook/hazards.md 4.1); one run of each kind goes against the real API server.
 */
export class MemoryCluster {
  #set: ObjectSet;
  #version = 1;
  readonly #dead = new Set<string>();
  /** Every request that reached the server, oldest first. */
  readonly calls: (Call & { readonly stored: boolean })[] = [];
  /** Decides over each request, before it is sent. */
  fate: (call: Call) => Fate = () => 'answered';
  /** After an object was stored. */
  onStored: (call: Call, before: JsonObject | undefined, after: JsonObject | undefined) => void =
    () => undefined;

  constructor(objects: readonly JsonObject[]) {
    this.#set = new ObjectSet(objects, watches);
  }

  get objects(): ObjectSet {
    return this.#set;
  }

  /** A change by somebody who asks nobody. */
  edit(ref: ObjectRef, change: (object: JsonObject) => JsonObject | undefined): void {
    const found = this.#set.find(ref);
    const objects = this.#set.objects.flatMap<JsonObject>((object) =>
      object === found ? (change(object) ?? []) : object,
    );
    this.#replace(objects, ref);
  }

  /** The client is killed: nothing that it asked for is answered any more. */
  kill(client: string): void {
    this.#dead.add(client);
  }

  isDead(client: string): boolean {
    return this.#dead.has(client);
  }

  client(name: string): ClusterPort {
    return {
      fetch: (ref) =>
        this.#request({ client: name, verb: 'get', target: ref }, () => this.#read(ref)),
      send: (change, { dryRun }) =>
        this.#request(
          { client: name, verb: dryRun ? 'dryRun' : 'write', target: change.target },
          (call) => this.#write(call, change),
        ),
      allows: () => Promise.resolve(ok(true)),
      snapshot: () => this.#set.snapshot,
      served: (resource) => resource,
      lastWriter: () => undefined,
    };
  }

  async #request(
    call: Call,
    act: (call: Call) => Result<FreshObject, ClusterFailure>,
  ): Promise<Result<FreshObject, ClusterFailure>> {
    await Promise.resolve();
    const never = new Promise<never>(() => undefined);
    if (this.isDead(call.client)) return never;
    const fate = this.fate(call);
    const isLost = fate === 'lostBefore' || fate === 'diesBefore';
    if (fate === 'diesBefore') this.kill(call.client);
    if (fate === 'refused') return err({ kind: 'tooManyRequests', status: 429, text: words });
    if (fate === 'forbidden') return err({ kind: 'forbidden', status: 403, text: words });
    const answer = isLost ? undefined : act(call);
    if (answer !== undefined)
      this.calls.push({ ...call, stored: call.verb === 'write' && answer.ok });
    if (fate === 'diesAfter') this.kill(call.client);
    if (this.isDead(call.client)) return never;
    if (answer === undefined || fate === 'lostAfter')
      return err({ kind: 'unreachable', text: words });
    return answer;
  }

  #read(ref: ObjectRef): Result<FreshObject, ClusterFailure> {
    const raw = this.#set.find(ref);
    const object = this.#set
      .snapshotWith([ref])
      .get(resourceId(ref.resource), ref.namespace, ref.name);
    if (raw === undefined || object === undefined)
      return err({ kind: 'notFound', status: 404, text: words });
    return ok({ raw, object });
  }

  #write(call: Call, change: Change): Result<FreshObject, ClusterFailure> {
    const ref = change.target;
    const before = this.#set.find(ref);
    const isThere = before !== undefined;
    if (change.kind !== 'create' && !isThere)
      return err({ kind: 'notFound', status: 404, text: words });
    if (change.kind === 'create' && isThere)
      return err({ kind: 'conflict', status: 409, text: words });
    const kept = this.#set;
    try {
      const changes = { summary: words, changes: [change] };
      this.#replace(this.#set.after(changes).objects, ref);
    } catch {
      return err({ kind: 'conflict', status: 422, text: words });
    }
    const answer = this.#read(ref);
    if (call.verb === 'dryRun') this.#set = kept;
    else this.onStored(call, before, this.#set.find(ref));
    return answer;
  }

  #replace(objects: readonly JsonObject[], changed: ObjectRef): void {
    this.#version += 1;
    const next = new ObjectSet(objects, watches);
    const object = next.find(changed);
    const before = this.#set.find(changed);
    if (object === undefined || isDeepStrictEqual(object, before)) {
      this.#set = next;
      return;
    }
    const metadata = {
      ...(object['metadata'] as JsonObject),
      resourceVersion: String(this.#version),
    };
    const stamped = objects.map((other) => (other === object ? { ...object, metadata } : other));
    this.#set = new ObjectSet(stamped, watches);
  }

  /** A LIST of ConfigMaps with a label, as the API server answers it. */
  list(labelSelector: string): { readonly status: number; readonly body: string } {
    const [key = '', value = ''] = labelSelector.split('=');
    const items = this.#set.objects.filter(({ kind, metadata }) => {
      const { labels } = metadata as { readonly labels?: Readonly<Record<string, string>> };
      return kind === 'ConfigMap' && labels?.[key] === value;
    });
    return { status: 200, body: JSON.stringify({ kind: 'ConfigMapList', items }) };
  }

  /** For messages of tests. */
  describe(): string {
    return this.calls
      .map(
        ({ client, verb, target, stored }) =>
          `${client} ${verb} ${refText(target)}${stored ? '' : ' -'}`,
      )
      .join('\n');
  }
}

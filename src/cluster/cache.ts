import { systemClock, type Clock } from '../base/clock.ts';
import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import type { ClusterSnapshot, KubeObject, ResourceId } from '../model/objects.ts';

/** One object that came, changed or went. `namespace` is '' for cluster-scoped ones, `name` where it is about all of them. */
export interface ObjectChange {
  readonly resource: ResourceId;
  readonly namespace: string;
  readonly name: string;
}

/** Part of a resource that one reflector fills: a namespace, or all of them. */
export interface Scope {
  readonly resource: ResourceId;
  /** Absent: the whole cluster. */
  readonly namespace?: string;
}

/** Answers for what is not in the cache. */
export type Reach = Pick<ClusterSnapshot, 'serves' | 'isComplete'>;

/** Under many changes they are told this often, together; the first after a pause at once. */
const COALESCE_MS = 20;

const noObjects: readonly KubeObject[] = [];

/** All objects of one resource, by namespace and name. */
class Table {
  readonly byNamespace = new Map<string, Map<string, KubeObject>>();
  /** All of them; made when asked for. */
  #all: readonly KubeObject[] | undefined;
  readonly #lists = new Map<string, readonly KubeObject[]>();

  list(namespace: string | undefined): readonly KubeObject[] {
    if (namespace === undefined)
      return (this.#all ??= [...this.byNamespace.values()].flatMap((objects) => [
        ...objects.values(),
      ]));
    const objects = this.byNamespace.get(namespace);
    if (objects === undefined) return noObjects;
    const known = this.#lists.get(namespace);
    if (known !== undefined) return known;
    const list = [...objects.values()];
    this.#lists.set(namespace, list);
    return list;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.byNamespace.get(namespace)?.get(name);
  }

  set(object: KubeObject): void {
    const { namespace, name } = object.meta;
    const objects = this.byNamespace.get(namespace);
    if (objects === undefined) this.byNamespace.set(namespace, new Map([[name, object]]));
    else objects.set(name, object);
    this.#forget(namespace);
  }

  delete(namespace: string, name: string): boolean {
    const objects = this.byNamespace.get(namespace);
    if (objects?.delete(name) !== true) return false;
    if (objects.size === 0) this.byNamespace.delete(namespace);
    this.#forget(namespace);
    return true;
  }

  #forget(namespace: string): void {
    this.#all = undefined;
    this.#lists.delete(namespace);
  }
}

/**
 * What the reflectors know, as cuts. Written by them alone; what is read is what the server said last. Changes are told by name, after the
 * cache holds them: the first at once, those within the next 20 ms together.
 */
export class ObjectCache implements ClusterSnapshot, Disposable {
  readonly #tables = new Map<ResourceId, Table>();
  readonly #changed = new Emitter<readonly ObjectChange[]>();
  readonly #reach: Reach;
  readonly #clock: Clock;
  #pending = new Map<string, ObjectChange>();
  #timer: Disposable | undefined;
  #toldAtMs = -Infinity;

  readonly onDidChange: Event<readonly ObjectChange[]> = this.#changed.event;

  constructor(reach: Reach, clock: Clock = systemClock) {
    this.#reach = reach;
    this.#clock = clock;
  }

  list(resource: ResourceId, namespace?: string): readonly KubeObject[] {
    return this.#tables.get(resource)?.list(namespace) ?? noObjects;
  }

  get(resource: ResourceId, namespace: string, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(namespace, name);
  }

  serves(resource: ResourceId): boolean {
    return this.#reach.serves(resource);
  }

  isComplete(resource: ResourceId, namespace: string): boolean {
    return this.#reach.isComplete(resource, namespace);
  }

  /** Whether the resource is complete has changed, and with it what the objects of all namespaces mean. */
  completed(resource: ResourceId): void {
    const namespaces = new Set(
      [...this.#tables.values()].flatMap((t) => [...t.byNamespace.keys()]),
    );
    for (const namespace of namespaces) this.#note(resource, namespace, '');
  }

  set(resource: ResourceId, object: KubeObject): void {
    const table = this.#table(resource);
    const { namespace, name, uid, resourceVersion } = object.meta;
    const known = table.get(namespace, name)?.meta;
    if (known?.resourceVersion === resourceVersion && known.uid === uid) return;
    table.set(object);
    this.#note(resource, namespace, name);
  }

  delete(resource: ResourceId, namespace: string, name: string): void {
    if (this.#table(resource).delete(namespace, name)) this.#note(resource, namespace, name);
  }

  /** The scope holds exactly these now: what is not among them is gone. */
  replace(scope: Scope, objects: readonly KubeObject[]): void {
    const kept = new Map<string, Set<string>>();
    for (const { meta } of objects) {
      const names = kept.get(meta.namespace);
      if (names === undefined) kept.set(meta.namespace, new Set([meta.name]));
      else names.add(meta.name);
    }
    for (const { meta } of this.list(scope.resource, scope.namespace))
      if (kept.get(meta.namespace)?.has(meta.name) !== true)
        this.delete(scope.resource, meta.namespace, meta.name);
    for (const object of objects) this.set(scope.resource, object);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#changed.dispose();
    this.#tables.clear();
  }

  #table(resource: ResourceId): Table {
    let table = this.#tables.get(resource);
    if (table === undefined) this.#tables.set(resource, (table = new Table()));
    return table;
  }

  #note(resource: ResourceId, namespace: string, name: string): void {
    this.#pending.set(`${resource} ${namespace}/${name}`, { resource, namespace, name });
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#toldAtMs + COALESCE_MS - this.#clock.monotonicMs());
    this.#timer = this.#clock.after(waitMs, () => {
      this.#toldAtMs = this.#clock.monotonicMs();
      const changes = [...this.#pending.values()];
      this.#pending = new Map();
      this.#timer = undefined;
      this.#changed.fire(changes);
    });
  }
}

import { equalJson } from '../base/json.ts';
import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import type { Text } from '../base/text.ts';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type ResourceId } from '../model/objects.ts';
import type { Problem, Rollout } from '../model/rollout.ts';
import { byUrgency, deriveNamespace, type NamespaceState } from './derive.ts';
import type { Connection, ContextView, InventoryChange, ServiceView } from './inventory.ts';

/** One object that changed; `namespace` is '' for cluster-scoped ones. */
export interface ChangedObject {
  readonly resource: ResourceId;
  readonly namespace: string;
  readonly name: string;
}

/** What a store needs of a cluster; the cluster layer provides it. */
export interface ClusterFeed {
  snapshot(): ClusterSnapshot;
  readonly onDidChangeObjects: Event<readonly ChangedObject[]>;
}

export interface ContextFacts {
  readonly name: string;
  readonly current: boolean;
  readonly protected: boolean;
  readonly origin?: NonNullable<ContextView['origin']>;
  readonly scope: readonly string[];
  readonly partial?: Text;
}

/**
 * What is known of one context, derived namespace by namespace: a change derives again only the namespaces that it names, and the event
 * names only the rows whose content differs.
 */
export class ContextStore implements Disposable {
  #facts: ContextFacts;
  #connection: Connection = { kind: 'idle' };
  #namespaces = new Map<string, NamespaceState>();
  #view: ContextView | undefined;
  #feed: ClusterFeed | undefined;
  #subscription: Disposable | undefined;
  readonly #changed = new Emitter<readonly InventoryChange[]>();
  readonly onDidChange = this.#changed.event;

  constructor(facts: ContextFacts) {
    this.#facts = facts;
  }

  get view(): ContextView {
    this.#view ??= this.#build();
    return this.#view;
  }

  rollout(id: string): Rollout | undefined {
    return this.view.rollouts.find((rollout) => rollout.id === id);
  }

  attach(feed: ClusterFeed): void {
    this.#subscription?.dispose();
    this.#feed = feed;
    this.#subscription = feed.onDidChangeObjects((changes) => {
      this.#update(changes);
    });
    this.#rebuild();
  }

  /** Back to what is known without a connection: nothing. */
  detach(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    this.#feed = undefined;
    this.#namespaces = new Map();
    this.#connection = { kind: 'idle' };
    this.#view = undefined;
    this.#changed.fire([{ kind: 'structure', context: this.#facts.name }]);
  }

  setFacts(facts: ContextFacts): void {
    if (equalJson(this.#facts, facts)) return;
    this.#facts = facts;
    this.#view = undefined;
    this.#changed.fire([{ kind: 'structure', context: facts.name }]);
  }

  setConnection(connection: Connection): void {
    if (equalJson(this.#connection, connection)) return;
    this.#connection = connection;
    this.#view = undefined;
    this.#changed.fire([{ kind: 'connection', context: this.#facts.name }]);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#changed.dispose();
  }

  #build(): ContextView {
    const states = [...this.#namespaces.values()];
    const namespaces = states
      .map((state) => state.view)
      .filter((view) => view.services.length > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      ...this.#facts,
      connection: this.#connection,
      namespaces,
      rollouts: states.flatMap((state): readonly Rollout[] => state.rollouts).sort(byUrgency),
      problems: states.flatMap((state): readonly Problem[] => state.problems),
    };
  }

  #rebuild(): void {
    if (this.#feed === undefined) return;
    const snapshot = this.#feed.snapshot();
    const names = new Set(snapshot.list(resourceId(services)).map((o) => o.meta.namespace));
    this.#namespaces = new Map([...names].map((name) => [name, deriveNamespace(snapshot, name)]));
    this.#view = undefined;
    this.#changed.fire([{ kind: 'structure', context: this.#facts.name }]);
  }

  /** A DestinationRule, Rollout or Canary of another namespace may matter too, but routes are read where their Service is. */
  #update(changes: readonly ChangedObject[]): void {
    if (this.#feed === undefined) return;
    const snapshot = this.#feed.snapshot();
    const events: InventoryChange[] = [];
    for (const namespace of new Set(changes.map((change) => change.namespace))) {
      if (namespace === '') continue;
      const before = this.#namespaces.get(namespace);
      const after = deriveNamespace(snapshot, namespace);
      this.#namespaces.set(namespace, after);
      events.push(...differences(this.#facts.name, before, after));
    }
    if (events.length === 0) return;
    this.#view = undefined;
    const isStructural = events.some((event) => event.kind === 'structure');
    this.#changed.fire(
      isStructural
        ? [
            { kind: 'structure', context: this.#facts.name },
            ...events.filter((e) => e.kind !== 'structure'),
          ]
        : events,
    );
  }
}

function differences(
  context: string,
  before: NamespaceState | undefined,
  after: NamespaceState,
): InventoryChange[] {
  if (before === undefined) return [{ kind: 'structure', context }];
  const events: InventoryChange[] = [];
  const rollouts = changed(before.rollouts, after.rollouts, (r) => r.id);
  const services = changed(before.view.services, after.view.services, (s: ServiceView) => s.name);
  if (rollouts.structural || services.structural || !equalJson(before.problems, after.problems)) {
    events.push({ kind: 'structure', context });
  }
  for (const id of rollouts.keys) events.push({ kind: 'rollout', context, id });
  for (const name of services.keys) {
    events.push({ kind: 'service', context, namespace: after.view.name, name });
  }
  return events;
}

/** Keys of the items whose content differs, and whether items came, went or moved. */
function changed<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { readonly structural: boolean; readonly keys: readonly string[] } {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const structural =
    before.length !== after.length ||
    after.some((item, i) => keyOf(item) !== (before[i] && keyOf(before[i])));
  const keys = after
    .filter((item) => old.has(keyOf(item)) && !equalJson(old.get(keyOf(item)), item))
    .map(keyOf);
  return { structural, keys };
}

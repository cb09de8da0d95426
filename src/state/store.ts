import { equalJson } from '../base/json.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { Emitter, type Disposable, type Event } from '../base/emitter.ts';
import type { Text } from '../base/text.ts';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type ResourceId } from '../model/objects.ts';
import type { Problem, Rollout } from '../model/rollout.ts';
import { byUrgency, deriveNamespace, type NamespaceState } from './derive.ts';
import type { Connection } from '../model/cluster.ts';
import type { ContextView, InventoryChange, ServiceView } from './inventory.ts';

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

/** Reading hands the thread back after this long; one namespace is the smallest step. */
const turnMs = 6;
/** A kind that does not come must not hide all others for longer. */
const patienceMs = 3000;

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
  readonly #clock: Clock;
  readonly #dirty = new Set<string>();
  #turn: Disposable | undefined;
  /** Whether namespaces are read: not before the first lists are in, see `#mark`. */
  #isReleased = false;
  #patience: Disposable | undefined;
  /** The live connection that waits for the first reading to end. */
  #awaited: Connection | undefined;
  readonly #changed = new Emitter<readonly InventoryChange[]>();
  readonly onDidChange = this.#changed.event;

  constructor(facts: ContextFacts, clock: Clock = systemClock) {
    this.#facts = facts;
    this.#clock = clock;
  }

  get view(): ContextView {
    this.#view ??= this.#build();
    return this.#view;
  }

  rollout(id: string): Rollout | undefined {
    const namespace = id.slice(0, id.indexOf('/'));
    return this.#namespaces.get(namespace)?.rollouts.find((rollout) => rollout.id === id);
  }

  attach(feed: ClusterFeed): void {
    this.#subscription?.dispose();
    this.#feed = feed;
    this.#hold();
    this.#namespaces = new Map();
    this.#subscription = feed.onDidChangeObjects((changes) => {
      this.#mark(changes.map((change) => change.namespace));
    });
    this.#mark(
      feed
        .snapshot()
        .list(resourceId(services))
        .map((o) => o.meta.namespace),
    );
  }

  /** Back to what is known without a connection: nothing. */
  detach(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    this.#feed = undefined;
    this.#turn?.dispose();
    this.#turn = undefined;
    this.#dirty.clear();
    this.#namespaces = new Map();
    this.#connection = { kind: 'idle' };
    this.#awaited = undefined;
    this.#hold();
    this.#view = undefined;
    this.#changed.fire([{ kind: 'structure', context: this.#facts.name }]);
  }

  setFacts(facts: ContextFacts): void {
    if (equalJson(this.#facts, facts)) return;
    const isReadElsewise = !equalJson(this.#facts.partial, facts.partial);
    this.#facts = facts;
    this.#view = undefined;
    // A kind that may be read now, or no more, changes what is said of every rollout, though no object changed.
    if (isReadElsewise) this.#mark(this.#namespaces.keys());
    this.#changed.fire([{ kind: 'structure', context: facts.name }]);
  }

  /** A connection counts as live only once what it told has been read: "live" with half of the rows would be a lie. */
  setConnection(connection: Connection): void {
    if (connection.kind !== 'connecting') this.#release();
    const isFirst = this.#connection.kind === 'idle' || this.#connection.kind === 'connecting';
    if (connection.kind === 'live' && isFirst && this.#dirty.size > 0) {
      this.#awaited = connection;
      return;
    }
    this.#awaited = undefined;
    if (equalJson(this.#connection, connection)) return;
    this.#connection = connection;
    this.#view = undefined;
    this.#changed.fire([{ kind: 'connection', context: this.#facts.name }]);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#turn?.dispose();
    this.#patience?.dispose();
    this.#changed.dispose();
  }

  #build(): ContextView {
    const states = [...this.#namespaces.values()].sort((a, b) =>
      a.view.name < b.view.name ? -1 : 1,
    );
    return {
      ...this.#facts,
      connection: this.#connection,
      namespaces: states.map((state) => state.view).filter((view) => view.services.length > 0),
      rollouts: byUrgency(states),
      problems: states.flatMap((state): readonly Problem[] => state.problems),
    };
  }

  /**
   * Namespaces to be read again, soon; while the first lists come in, only when all are here or patience has ended: a service whose route is
   * still on its way would show as another kind of rollout, and rows would jump under a click. In short turns, so that ten thousand objects never hold the thread. A DestinationRule, Rollout or
   * Canary of another namespace may matter too, but routes are read where their Service is.
   */
  #mark(namespaces: Iterable<string>): void {
    for (const namespace of namespaces) if (namespace !== '') this.#dirty.add(namespace);
    if (this.#dirty.size === 0) return;
    if (this.#connection.kind === 'connecting' && !this.#isReleased) {
      this.#patience ??= this.#clock.after(patienceMs, () => {
        this.#release();
      });
      return;
    }
    this.#turn ??= this.#clock.after(0, () => {
      this.#turn = undefined;
      this.#readSome();
    });
  }

  #hold(): void {
    this.#isReleased = false;
    this.#patience?.dispose();
    this.#patience = undefined;
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#patience?.dispose();
    this.#mark([]);
  }

  #readSome(): void {
    if (this.#feed === undefined) return;
    const snapshot = this.#feed.snapshot();
    const until = this.#clock.monotonicMs() + turnMs;
    const events: InventoryChange[] = [];
    for (const namespace of this.#dirty) {
      this.#dirty.delete(namespace);
      const before = this.#namespaces.get(namespace);
      const after = deriveNamespace(snapshot, namespace);
      this.#namespaces.set(namespace, after);
      events.push(...differences(this.#facts.name, before, after));
      if (this.#clock.monotonicMs() >= until) break;
    }
    this.#tell(events);
    if (this.#dirty.size > 0) this.#mark([]);
    else if (this.#awaited !== undefined) this.setConnection(this.#awaited);
  }

  #tell(events: readonly InventoryChange[]): void {
    if (events.length === 0) return;
    this.#view = undefined;
    const rest = events.filter((event) => event.kind !== 'structure');
    const isStructural = rest.length < events.length;
    const { name } = this.#facts;
    this.#changed.fire(isStructural ? [{ kind: 'structure', context: name }, ...rest] : rest);
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

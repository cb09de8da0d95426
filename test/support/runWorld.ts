import { ok } from '../../src/base/result.ts';
import { Emitter } from '../../src/base/emitter.ts';
import type { AlertAnswer } from '../../src/model/alerts.ts';
import { deployments } from '../../src/model/kinds.ts';
import type { JsonObject, ObjectRef, Resource } from '../../src/model/objects.ts';
import type { CounterReading, Look, TrackReading } from '../../src/model/samples.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { cachedRollout } from '../../src/operations/perform.ts';
import { RunDriver, type DriveEnd } from '../../src/operations/run/drive.ts';
import type { Note, RunPorts } from '../../src/operations/run/ports.ts';
import type { ReleasePlan } from '../../src/release/plan.ts';
import type { RunState } from '../../src/release/run.ts';
import { canaryKinds } from './canaries.ts';
import { MemoryCluster } from './memoryCluster.ts';
import { VirtualClock } from './virtualClock.ts';

const NAMESPACE = 'shop';
export const ROLLOUT = 'shop/shop@gateway-api';
const httpRoutes: Resource = {
  group: 'gateway.networking.k8s.io',
  versions: ['v1'],
  plural: 'httproutes',
  kind: 'HTTPRoute',
  namespaced: true,
};
export const routeRef: ObjectRef = { resource: httpRoutes, namespace: NAMESPACE, name: 'shop' };

/** Traffic and its truth: what the counters of the two tracks rise by. */
export interface Truth {
  /** Requests in a second, of both tracks together. */
  rps: number;
  /** Ratios 0–1. */
  canaryErrors: number;
  stableErrors: number;
}

/** A driver of the run, as one process. */
export interface Worker {
  readonly name: string;
  readonly notes: Note[];
  /** Unset until it has the Lease. */
  driver?: RunDriver;
  /** How it stopped; `refused`: it could not take the run. */
  end?: DriveEnd | { readonly kind: 'refused'; readonly key: string };
  readonly stop: AbortController;
}

export const plan: ReleasePlan = {
  name: 'shop',
  scope: { service: 'shop', namespace: NAMESPACE },
  steps: [step(5), step(25), step(50)],
  metrics: [
    { kind: 'errorRatio', name: 'errors', max: 0.05, compare: { alpha: 0.01, maxRatio: 2 } },
  ],
  rollback: {
    alerts: [],
    alertsUnknown: 'hold',
    endpointsGone: true,
    crashRestarts: 0,
    deadlineSeconds: 3 * 3600,
    errorsInRow: 4,
  },
  onSuccess: 'promote',
  onInconclusive: 'hold',
  runBy: 'job',
  notify: [],
  intervalSeconds: 10,
};

function step(percent: number): ReleasePlan['steps'][0] {
  return {
    to: { kind: 'weight', percent },
    minSeconds: 60,
    maxSeconds: 3600,
    minRequests: 200,
    gate: 'none',
  };
}

/** A shop with a canary behind an HTTPRoute, traffic, counters, and drivers that come and go. Time is virtual. */
export class RunWorld {
  readonly clock = new VirtualClock();
  readonly cluster: MemoryCluster;
  readonly truth: Truth = { rps: 400, canaryErrors: 0.002, stableErrors: 0.002 };
  readonly workers: Worker[] = [];
  alerts: AlertAnswer = { kind: 'quiet' };
  restarts = 0;
  /** Set to have looks fail. */
  blind = false;
  readonly #changed = new Emitter<void>();
  readonly #totals = { stable: { good: 0, bad: 0 }, canary: { good: 0, bad: 0 } };
  #countedMs = 0;
  #ids = 0;

  constructor(canaryPercent = 0) {
    const kind = canaryKinds.find(({ backend }) => backend === 'gateway-api');
    if (kind === undefined) throw new Error('The HTTPRoute is gone from the canaries.');
    this.cluster = new MemoryCluster(
      kind.objects.map(({ collection, body }) =>
        asStored(collection, body as JsonObject, canaryPercent),
      ),
    );
    this.cluster.onStored = ({ target }) => {
      if (target.resource === deployments)
        this.clock.after(3_000, () => {
          this.#reconcile(target.name);
        });
    };
  }

  /** What the controllers of Kubernetes do: pods follow the Deployment, a little later. */
  #reconcile(name: string): void {
    const ref = { resource: deployments, namespace: NAMESPACE, name };
    this.cluster.edit(ref, (object) => {
      const { replicas = 1 } = object['spec'] as { readonly replicas?: number };
      const { generation = 1 } = object['metadata'] as { readonly generation?: number };
      const status = {
        observedGeneration: generation,
        replicas,
        updatedReplicas: replicas,
        readyReplicas: replicas,
        availableReplicas: replicas,
      };
      return { ...object, status };
    });
    this.#changed.fire();
  }

  /** Another process that wants to drive: begins the run, or takes it up when there is one. */
  start(name: string, options: { readonly begin: boolean; readonly plan?: ReleasePlan }): Worker {
    const worker: Worker = { name, notes: [], stop: new AbortController() };
    this.workers.push(worker);
    void this.#work(worker, options);
    return worker;
  }

  async #work(
    worker: Worker,
    options: { readonly begin: boolean; readonly plan?: ReleasePlan },
  ): Promise<void> {
    const ports = this.portsOf(worker.name, (note) => {
      worker.notes.push(note);
    });
    const who = { id: worker.name, name: worker.name };
    const { signal } = worker.stop;
    const rollout = cachedRollout(ports.cluster, ROLLOUT);
    if (rollout === undefined) throw new Error('There is no rollout in this world.');
    const opened = options.begin
      ? await RunDriver.begin(
          ports,
          who,
          { id: 'r1', plan: options.plan ?? plan, rollout, context: 'test' },
          signal,
        )
      : await RunDriver.takeUp(ports, who, { id: 'r1', namespace: NAMESPACE }, signal);
    if (!opened.ok) {
      const text = 'text' in opened.error ? opened.error.text : opened.error;
      worker.end = { kind: 'refused', key: text.key };
      return;
    }
    worker.driver = opened.value;
    worker.end = await opened.value.drive(signal);
  }

  kill(worker: Worker): void {
    this.cluster.kill(worker.name);
  }

  /** What somebody else does to the route: the canary's weight of 100. */
  moveTo(percent: number): void {
    this.cluster.edit(routeRef, (route) => withPercent(route, percent));
    this.#changed.fire();
  }

  setReady(deployment: 'shop' | 'shop-canary', readyReplicas: number): void {
    const ref = { resource: deployments, namespace: NAMESPACE, name: deployment };
    this.cluster.edit(ref, (object) => ({
      ...object,
      status: {
        ...(object['status'] as JsonObject),
        readyReplicas,
        availableReplicas: readyReplicas,
      },
    }));
    this.#changed.fire();
  }

  /** Somebody rolls out another image. */
  pushImage(name: 'shop-canary', image: string): void {
    const ref = { resource: deployments, namespace: NAMESPACE, name };
    this.cluster.edit(ref, (object) => {
      const copy = structuredClone(object) as {
        spec: { template: { spec: { containers: { image: string }[] } } };
      };
      const [container] = copy.spec.template.spec.containers;
      if (container !== undefined) container.image = image;
      return copy;
    });
    this.#changed.fire();
  }

  /** Share of the canary in the route, in percent. */
  get percent(): number {
    return Math.round((this.rollout?.canaryShare ?? NaN) * 100);
  }

  get rollout(): Rollout | undefined {
    return cachedRollout(this.cluster.client('observer'), ROLLOUT);
  }

  /** The state that any copy would find. */
  get state(): RunState | undefined {
    return this.workers.findLast(({ driver }) => driver !== undefined)?.driver?.state;
  }

  until(condition: () => boolean, minutes = 240): Promise<boolean> {
    return this.clock.until(condition, minutes * 60_000);
  }

  /** What a process of this name works with. */
  portsOf(name: string, notify: RunPorts['notify'] = () => undefined): RunPorts {
    return this.#ports({ name, notify });
  }

  #ports({
    name,
    notify,
  }: {
    readonly name: string;
    readonly notify: RunPorts['notify'];
  }): RunPorts {
    return {
      cluster: this.cluster.client(name),
      clock: this.#clockOf(name),
      isLive: () => true,
      onDidChange: this.#changed.event,
      look: () => Promise.resolve(this.look()),
      alerts: () => Promise.resolve(this.alerts),
      restarts: () => Promise.resolve(this.restarts),
      notify,
      newId: () => `id-${String((this.#ids += 1))}`,
    };
  }

  /** The timers of a dead process do not fire. */
  #clockOf(name: string): VirtualClock {
    const { clock, cluster } = this;
    return Object.create(clock, {
      nowMs: { value: () => clock.nowMs() },
      monotonicMs: { value: () => clock.monotonicMs() },
      after: {
        value: (delayMs: number, callback: () => void) =>
          clock.after(delayMs, () => {
            if (!cluster.isDead(name)) callback();
          }),
      },
    }) as VirtualClock;
  }

  /** The counters as Prometheus has them now. */
  look(): Look {
    this.#count();
    if (this.blind)
      return { kind: 'error', reason: { key: 'cluster.notServed', args: { kind: '', group: '' } } };
    return {
      kind: 'reading',
      atMs: this.clock.nowMs(),
      scrapeMs: 5_000,
      warnings: [],
      stable: this.#reading('stable', ['shop-1', 'shop-2', 'shop-3']),
      canary: this.#reading('canary', ['shop-canary-1']),
    };
  }

  #count(): void {
    const seconds = (this.clock.monotonicMs() - this.#countedMs) / 1000;
    this.#countedMs = this.clock.monotonicMs();
    const share = this.rollout?.canaryShare ?? 0;
    const { rps, canaryErrors, stableErrors } = this.truth;
    for (const [track, part, errors] of [
      ['stable', 1 - share, stableErrors],
      ['canary', share, canaryErrors],
    ] as const) {
      const all = rps * seconds * part;
      this.#totals[track].bad += all * errors;
      this.#totals[track].good += all * (1 - errors);
    }
  }

  #reading(track: 'stable' | 'canary', pods: readonly string[]): TrackReading {
    const { good, bad } = this.#totals[track];
    const atMs = this.clock.nowMs() - 1_000;
    const series = (pod: string, failed: boolean): CounterReading => ({
      series: `requests{pod="${pod}",code="${failed ? '500' : '200'}"}`,
      pod,
      atMs,
      failed,
      value: Math.floor((failed ? bad : good) / pods.length),
    });
    return {
      pods,
      scraped: pods,
      requests: ok(pods.flatMap((pod) => [series(pod, false), series(pod, true)])),
    };
  }
}

function asStored(collection: string, body: JsonObject, canaryPercent: number): JsonObject {
  const [path = ''] = collection.split(' ');
  const version = path.replace(/^\/apis?\//, '');
  const kinds: Readonly<Record<string, string>> = {
    deployments: 'Deployment',
    services: 'Service',
    httproutes: 'HTTPRoute',
  };
  const kind = kinds[collection.split(' ')[1] ?? ''] ?? '';
  const metadata = body['metadata'] as JsonObject;
  const stored: JsonObject = {
    apiVersion: version,
    kind,
    ...body,
    metadata: {
      ...metadata,
      namespace: NAMESPACE,
      uid: `uid-${kind.toLowerCase()}-${metadata['name'] as string}`,
      resourceVersion: '1',
      generation: 1,
    },
  };
  if (kind === 'HTTPRoute') return withPercent(stored, canaryPercent);
  if (kind !== 'Deployment') return stored;
  const replicas = (body['spec'] as JsonObject)['replicas'] as number;
  return {
    ...stored,
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    },
  };
}

function withPercent(route: JsonObject, percent: number): JsonObject {
  const copy = structuredClone(route) as {
    spec: { rules: { backendRefs: { weight: number }[] }[] };
  };
  const [stable, canary] = copy.spec.rules[0]?.backendRefs ?? [];
  if (stable === undefined || canary === undefined) throw new Error('The HTTPRoute has no pair.');
  stable.weight = 100 - percent;
  canary.weight = percent;
  return copy;
}

import type { Rollout } from '../../model/rollout.ts';
import type { RunState, Seen, SeenTarget } from '../../release/run.ts';
import { say } from '../operations.l10n.ts';
import { cachedRollout, readFresh } from '../perform.ts';
import type { RunPorts } from './ports.ts';
import { routeUidOf, seenOf } from './seen.ts';
import { probeOf } from './wishes.ts';

/** What a look brought. */
type News = Pick<SeenTarget, 'look' | 'alerts' | 'restarts'>;

/** What a driver sees of its run: the cluster at each glance, and the metrics as often as the plan says, without one waiting for the other. */
export class RunSight {
  readonly #ports: RunPorts;
  readonly #onNews: () => void;
  #lookedMs = -Infinity;
  #looking = false;
  #news: News & { readonly position?: string } = {};
  #last: Rollout | undefined;

  /** `onNews`: a look has come, so that a glance is worth it now. */
  constructor(ports: RunPorts, onNews: () => void) {
    this.#ports = ports;
    this.#onNews = onNews;
  }

  /** As it was last seen in the cache. */
  get lastRollout(): Rollout | undefined {
    return this.#last;
  }

  async see(state: RunState, signal: AbortSignal): Promise<Seen> {
    const news = this.#latestLook(state, signal);
    if (!this.#ports.isLive()) return { kind: 'unknown' };
    const seen = this.#cached(state) ?? (await this.#fresh(state, signal));
    return seen.kind === 'target' ? { ...seen, ...news } : seen;
  }

  /** What is cached, while it says that all is as it should be: that the split was moved or is gone is believed only of a fresh read. */
  #cached({ target, position }: RunState): SeenTarget | undefined {
    const { cluster } = this.#ports;
    const cached = cachedRollout(cluster, target.rolloutId);
    if (cached === undefined) return undefined;
    const seen = seenOf(cached, routeUidOf(cluster.snapshot(), cached));
    return seen.position === position && seen.routeUid === target.routeUid ? seen : undefined;
  }

  async #fresh({ target }: RunState, signal: AbortSignal): Promise<Seen> {
    const { cluster } = this.#ports;
    const known = cachedRollout(cluster, target.rolloutId) ?? this.#last;
    if (known === undefined) return { kind: 'unknown' };
    const fresh = await readFresh(cluster, known, probeOf(known), signal);
    if (!fresh.ok) return { kind: 'unknown' };
    const { snapshot, rollout } = fresh.value;
    return rollout === undefined
      ? { kind: 'gone' }
      : seenOf(rollout, routeUidOf(snapshot, rollout));
  }

  /** A look that has come since the last glance; begins the next when it is time. */
  #latestLook(state: RunState, signal: AbortSignal): News {
    const { clock, cluster } = this.#ports;
    const { plan, target, step, position } = state;
    const rollout = cachedRollout(cluster, target.rolloutId);
    this.#last = rollout ?? this.#last;
    const nowMs = clock.monotonicMs();
    const isTime = nowMs - this.#lookedMs >= plan.intervalSeconds * 1000;
    if (isTime && !this.#looking && rollout !== undefined && step >= 0) {
      this.#lookedMs = nowMs;
      this.#looking = true;
      void this.#ask(rollout, state, signal);
    }
    const { position: asked, ...news } = this.#news;
    this.#news = {};
    // A look that began before the last write says nothing of the split after it.
    return asked === position ? news : {};
  }

  /** Never rejects: what cannot be asked is an error of the look, which passes nothing. */
  async #ask(rollout: Rollout, { plan, position }: RunState, signal: AbortSignal): Promise<void> {
    const { alerts: matchers, crashRestarts } = plan.rollback;
    try {
      const [look, alerts, restarts] = await Promise.all([
        plan.metrics.length > 0 ? this.#ports.look(rollout, plan.metrics, signal) : undefined,
        matchers.length > 0 ? this.#ports.alerts(matchers, signal) : undefined,
        crashRestarts > 0 ? this.#ports.restarts(rollout, signal) : undefined,
      ]);
      this.#news = {
        position,
        ...(look && { look }),
        ...(alerts && { alerts }),
        ...(restarts !== undefined && { restarts }),
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = say('operations.run.lookFailed', { reason });
      this.#news = {
        position,
        look: { kind: 'error', reason: text },
        alerts: { kind: 'unknown', reason: text },
      };
    } finally {
      this.#looking = false;
      this.#onNews();
    }
  }
}

import type { Text } from '../base/text.ts';
import { say } from './worsening.l10n.ts';
import type { Disposable } from '../base/emitter.ts';
import { backendOf } from '../backends/registry.ts';
import { isActive, trackOf, type Rollout } from '../model/rollout.ts';
import type { Clusters } from './clusters.ts';
import type { MetricsPort } from './clusterPorts.ts';
import type { RolloutRef } from './commands/ports.ts';
import type { EditorSettings } from './settings.ts';
import { factsOf, isClearlyWorse, type TrackFacts } from './worse.ts';

export interface WorseningHost {
  readonly settings: EditorSettings;
  readonly isPanelOpen: (at: RolloutRef) => boolean;
  readonly warn: (
    text: Text,
    open: Text,
    rollback: Text,
  ) => Promise<'open' | 'rollback' | undefined>;
  readonly open: (at: RolloutRef) => void;
  readonly rollback: (at: RolloutRef) => Promise<void>;
  readonly logError: (message: string, error: unknown) => void;
}

const everyMs = 30_000;
const windowSeconds = 60;

/**
 * Watches the canaries of connected contexts that somebody drives by hand and whose panel is closed, and says once when one gets clearly
 * worse than stable: two looks in a row, so that one odd scrape is not enough. It says it again only for a new version of the canary.
 */
export class Worsening implements Disposable {
  readonly #clusters: Clusters;
  readonly #metrics: MetricsPort;
  readonly #host: WorseningHost;
  readonly #suspects = new Set<string>();
  readonly #told = new Set<string>();
  readonly #life = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  constructor(clusters: Clusters, metrics: MetricsPort, host: WorseningHost) {
    this.#clusters = clusters;
    this.#metrics = metrics;
    this.#host = host;
    this.#timer = setInterval(() => void this.look(), everyMs);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#life.abort();
  }

  /** One look at every canary. Public, so that a test need not wait. */
  async look(): Promise<void> {
    if (this.#isLooking || !this.#host.settings.notifyWhenWorse) return;
    this.#isLooking = true;
    try {
      for (const context of this.#clusters.inventory().contexts) {
        if (context.connection.kind !== 'live') continue;
        for (const rollout of context.rollouts.filter(isDrivenByHand)) {
          await this.#lookAt({ context: context.name, rolloutId: rollout.id }, rollout);
        }
      }
    } catch (error) {
      if (!this.#life.signal.aborted) this.#host.logError('Looking at the canaries failed', error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(at: RolloutRef, rollout: Rollout): Promise<void> {
    const key = `${at.context} ${rollout.id} ${trackOf(rollout, 'canary')?.workload?.image ?? ''}`;
    if (this.#host.isPanelOpen(at) || this.#told.has(key)) return;
    const facts = await this.#facts(at, rollout);
    if (facts === undefined || !isClearlyWorse(facts.canary, facts.stable, windowSeconds)) {
      this.#suspects.delete(key);
      return;
    }
    if (!this.#suspects.has(key)) {
      this.#suspects.add(key);
      return;
    }
    this.#told.add(key);
    void this.#tell(at, rollout, facts);
  }

  async #facts(
    at: RolloutRef,
    rollout: Rollout,
  ): Promise<{ readonly canary: TrackFacts; readonly stable: TrackFacts } | undefined> {
    const session = this.#clusters.session(at.context);
    const canaryTrack = trackOf(rollout, 'canary');
    const stableTrack = trackOf(rollout, 'stable');
    if (session === undefined || canaryTrack === undefined || stableTrack === undefined)
      return undefined;
    const tracks = backendOf(rollout.backend)?.queries(rollout, this.#host.settings.queries) ?? [];
    if (tracks.length < 2) return undefined;
    const request = { context: at.context, session, tracks, minutes: 15 };
    const answer = await this.#metrics.measure(request, this.#life.signal);
    if (!answer.ok) return undefined;
    const canary = factsOf(answer.value.series, canaryTrack.id);
    const stable = factsOf(answer.value.series, stableTrack.id);
    return canary && stable && { canary, stable };
  }

  async #tell(
    at: RolloutRef,
    rollout: Rollout,
    facts: { readonly canary: TrackFacts; readonly stable: TrackFacts },
  ): Promise<void> {
    const percent = (ratio: number): Text =>
      say('worsening.percent', { n: (ratio * 100).toFixed(2) });
    const text = say('worsening.text', {
      service: rollout.service,
      context: at.context,
      canary: percent(facts.canary.successRatio),
      stable: percent(facts.stable.successRatio),
    });
    const answer = await this.#host.warn(text, say('worsening.open'), say('worsening.rollback'));
    if (answer === 'open') this.#host.open(at);
    if (answer === 'rollback') await this.#host.rollback(at);
  }
}

function isDrivenByHand(rollout: Rollout): boolean {
  return isActive(rollout) && rollout.owner?.kind !== 'controller';
}

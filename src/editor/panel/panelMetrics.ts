import { isUpdateId } from '../../actions/batches.ts';
import type { Disposable } from '../../base/emitter.ts';
import { backendOf } from '../../backends/registry.ts';
import { serviceQueries } from '../../backends/serviceQueries.ts';
import type { TrackQueries } from '../../model/metrics.ts';
import type { Rollout, Track } from '../../model/rollout.ts';
import type { MetricsView } from '../../protocol/messages.ts';
import type { PanelDependencies } from './dependencies.ts';
import { emptyMetricsView, metricsView, type MetricsInput } from './metricsView.ts';
import type { PanelTarget } from './panelKey.ts';

interface Measured {
  readonly tracks: readonly Track[];
  readonly queries: readonly TrackQueries[];
  readonly rollout?: Rollout;
}

/** Asks for the metrics of one panel again and again while it is visible: one round at a time, the next one after the last has ended. */
export class PanelMetrics implements Disposable {
  readonly #target: PanelTarget;
  readonly #deps: PanelDependencies;
  readonly #post: (metrics: MetricsView) => void;
  #minutes: MetricsView['minutes'] = 15;
  #timer: NodeJS.Timeout | undefined;
  #round: AbortController | undefined;
  #isVisible = false;

  constructor(target: PanelTarget, deps: PanelDependencies, post: (metrics: MetricsView) => void) {
    this.#target = target;
    this.#deps = deps;
    this.#post = post;
  }

  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    if (isVisible) this.#restart();
    else this.#stop();
  }

  setMinutes(minutes: MetricsView['minutes']): void {
    this.#minutes = minutes;
    if (this.#isVisible) this.#restart();
  }

  dispose(): void {
    this.#isVisible = false;
    this.#stop();
  }

  #stop(): void {
    this.#round?.abort();
    clearTimeout(this.#timer);
  }

  #restart(): void {
    this.#stop();
    const round = new AbortController();
    this.#round = round;
    void this.#ask(round.signal);
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const view = await this.#measure(signal);
      if (view !== undefined && !signal.aborted) this.#post(view);
    } catch (error) {
      if (!signal.aborted) this.#deps.logError('Asking for metrics failed', error);
    }
    if (signal.aborted) return;
    this.#timer = setTimeout(() => void this.#ask(signal), this.#deps.settings.pollSeconds * 1000);
  }

  async #measure(signal: AbortSignal): Promise<MetricsView | undefined> {
    const { context } = this.#target;
    const session = this.#deps.clusters.session(context);
    const measured = this.#measured();
    if (session === undefined || measured === undefined) return undefined;
    const { tracks, queries, rollout } = measured;
    const input: MetricsInput = {
      minutes: this.#minutes,
      tracks,
      ...(rollout && { rollout }),
      history: this.#deps.actions.historyOf({ context, rolloutId: this.#target.rolloutId ?? '' }),
      grafana: this.#deps.settings.grafanaUrlTemplate !== '',
    };
    const request = { context, session, tracks: queries, minutes: this.#minutes };
    const answer = await this.#deps.metrics.measure(request, signal);
    if (answer.ok) return metricsView(answer.value, input, this.#deps.render);
    const tried = answer.error.map(this.#deps.render);
    return emptyMetricsView({ ...input, nowSeconds: Date.now() / 1000, tried });
  }

  #measured(): Measured | undefined {
    const { context, namespace, service, rolloutId } = this.#target;
    const settings = this.#deps.settings.queries;
    const rollout =
      rolloutId === undefined ? undefined : this.#deps.clusters.rollout(context, rolloutId);
    if (rollout !== undefined) {
      const queries = backendOf(rollout.backend)?.queries(rollout, settings) ?? [];
      return { tracks: rollout.tracks, queries, rollout };
    }
    if (rolloutId !== undefined && !isUpdateId(rolloutId)) return undefined;
    const view = this.#deps.clusters.service(context, namespace, service);
    const workload = view?.workloads[0];
    if (workload === undefined) return undefined;
    return serviceQueries({ namespace, service, deployment: workload.ref.name }, settings);
  }
}

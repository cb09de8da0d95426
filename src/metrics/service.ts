import { err, ok, type Result } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import type { Text } from '../base/text.ts';
import type { Series, TrackQueries, TrackSeries } from '../model/metrics.ts';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot } from '../model/objects.ts';
import {
  accessThroughApiServer,
  findPrometheus,
  prometheusCandidates,
  testAccess,
  type ApiServerGet,
  type Found,
} from './discovery.ts';
import { directAccess, type DirectOptions } from './directAccess.ts';
import { say } from './metrics.l10n.ts';
import { fetchTrackMetrics, rangeOf, shareSeries } from './trackMetrics.ts';

/** The cluster as metrics see it. */
export interface MetricsCluster {
  snapshot(): ClusterSnapshot;
  readonly proxyGet: ApiServerGet;
}

export interface MetricsSettings {
  /** Set by the person for this context; wins over what is found. */
  direct(context: string): Promise<DirectOptions | undefined>;
}

const retryAfterMs = 30_000;

/** Finds the Prometheus of each context once, asks it, and looks again when it stopped answering or the settings changed. */
export class MetricsService {
  readonly #settings: MetricsSettings;
  readonly #clock: Clock;
  readonly #known = new Map<string, Found>();
  readonly #failed = new Map<string, { readonly atMs: number; readonly tried: readonly Text[] }>();

  constructor(settings: MetricsSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  async measure(
    request: {
      readonly context: string;
      readonly session: MetricsCluster;
      readonly tracks: readonly TrackQueries[];
      readonly minutes: number;
    },
    signal: AbortSignal,
  ): Promise<
    Result<
      {
        readonly series: readonly TrackSeries[];
        readonly shares: Readonly<Record<string, Series>>;
        readonly startSeconds: number;
        readonly endSeconds: number;
        readonly source: Text;
        readonly publicUrl?: string;
      },
      readonly Text[]
    >
  > {
    const found = await this.#find(request.context, request.session, signal);
    if (!found.ok) return found;
    const { access, scrapeSeconds } = found.value;
    const range = rangeOf(request.minutes, this.#clock.nowMs() / 1000, scrapeSeconds);
    const series = await fetchTrackMetrics(
      access,
      request.tracks,
      { range, scrapeSeconds },
      signal,
    );
    if (
      series.length > 0 &&
      series.every((s) => s.reading.kind === 'missing' && s.reading.why === 'failed')
    ) {
      this.#known.delete(request.context);
    }
    return ok({
      series,
      shares: Object.fromEntries(
        request.tracks.map((t) => [t.trackId, shareSeries(series, t.trackId)]),
      ),
      startSeconds: range.startSeconds,
      endSeconds: range.endSeconds,
      source: access.title,
      ...(access.publicUrl !== undefined && { publicUrl: access.publicUrl }),
    });
  }

  /** Looks again and says what was found, with its version, or what was tried. */
  async test(
    context: string,
    session: MetricsCluster,
    signal: AbortSignal,
  ): Promise<Result<Text, readonly Text[]>> {
    this.#known.delete(context);
    this.#failed.delete(context);
    const found = await this.#find(context, session, signal);
    if (!found.ok) return found;
    const { access, version } = found.value;
    return ok(
      say('metrics.connected', { source: access.title, version: version === '' ? '–' : version }),
    );
  }

  publicUrl(context: string): string | undefined {
    return this.#known.get(context)?.access.publicUrl;
  }

  /** After a setting or a secret changed. */
  forget(): void {
    this.#known.clear();
    this.#failed.clear();
  }

  async #find(
    context: string,
    session: MetricsCluster,
    signal: AbortSignal,
  ): Promise<Result<Found, readonly Text[]>> {
    const known = this.#known.get(context);
    if (known !== undefined) return ok(known);
    const failed = this.#failed.get(context);
    if (failed !== undefined && this.#clock.monotonicMs() - failed.atMs < retryAfterMs) {
      return err(failed.tried);
    }
    const found = await this.#search(context, session, signal);
    signal.throwIfAborted();
    if (found.ok) this.#known.set(context, found.value);
    else this.#failed.set(context, { atMs: this.#clock.monotonicMs(), tried: found.error });
    return found;
  }

  async #search(
    context: string,
    session: MetricsCluster,
    signal: AbortSignal,
  ): Promise<Result<Found, readonly Text[]>> {
    const options = await this.#settings.direct(context);
    if (options === undefined) {
      const found = prometheusCandidates(session.snapshot().list(resourceId(services)));
      const accesses = found.map((c) => accessThroughApiServer(c, session.proxyGet));
      return findPrometheus(accesses, signal);
    }
    const access = directAccess(options);
    if (!access.ok) return err([access.error]);
    const tested = await testAccess(access.value, signal);
    return tested.ok ? tested : err([tested.error]);
  }
}

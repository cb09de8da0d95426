import { ok, type Result } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import type { Text } from '../base/text.ts';
import type { Series, TrackQueries, TrackSeries } from '../model/metrics.ts';
import { prometheusCandidates } from './candidates.ts';
import type { DirectOptions } from './directAccess.ts';
import { testPrometheus, type FoundPrometheus } from './discovery.ts';
import { Findings, type MetricsCluster } from './findings.ts';
import { say } from './metrics.l10n.ts';
import { fetchTrackMetrics, rangeOf, shareSeries } from './trackMetrics.ts';

export interface MetricsSettings {
  /** Set by the person for this context; wins over what is found. */
  direct(context: string): Promise<DirectOptions | undefined>;
}

/** Finds the Prometheus of each context once, asks it, and looks again when it stopped answering or the settings changed. */
export class MetricsService {
  readonly #clock: Clock;
  readonly #findings: Findings<FoundPrometheus>;

  constructor(settings: MetricsSettings, clock: Clock) {
    this.#clock = clock;
    const search = {
      direct: (context: string) => settings.direct(context),
      candidates: prometheusCandidates,
      test: testPrometheus,
      none: say('metrics.triedNone'),
    };
    this.#findings = new Findings(search, clock);
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
    const found = await this.#findings.find(request.context, request.session, signal);
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
      this.#findings.drop(request.context);
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
    this.#findings.drop(context);
    const found = await this.#findings.find(context, session, signal);
    if (!found.ok) return found;
    const { access, version } = found.value;
    return ok(
      say('metrics.connected', { source: access.title, version: version === '' ? '–' : version }),
    );
  }

  publicUrl(context: string): string | undefined {
    return this.#findings.known(context)?.access.publicUrl;
  }

  /** After a setting or a secret changed. */
  forget(): void {
    this.#findings.forget();
  }
}

import { sleep, type Clock } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Series, TrackQueries, TrackSeries } from '../model/metrics.ts';
import { prometheusCandidates } from './candidates.ts';
import type { Look } from '../model/samples.ts';
import type { DirectOptions } from './directAccess.ts';
import { testPrometheus, type FoundPrometheus } from './discovery.ts';
import { Findings, type MetricsCluster } from './findings.ts';
import { say } from './metrics.l10n.ts';
import type { SampleRequest } from './questions.ts';
import { readSamples } from './rawSamples.ts';
import { fetchTrackMetrics, rangeOf, shareSeries } from './trackMetrics.ts';
import { Turns } from './turns.ts';
import { withinTime } from './withinTime.ts';

export interface MetricsSettings {
  /** Set by the person for this context; wins over what is found. */
  direct(context: string): Promise<DirectOptions | undefined>;
}

export interface LookRequest extends SampleRequest {
  readonly context: string;
  readonly session: MetricsCluster;
}

/** A whole look: finding Prometheus, and every query. */
const longestLookMs = 20_000;
/** A look that took long is followed by a rest of several times as long: we never take more than a fifth of a slow server's time. */
const restFactor = 4;
const longestRestMs = 60_000;

/** Finds the Prometheus of each context once, asks it, and looks again when it stopped answering or the settings changed. */
export class MetricsService {
  readonly #clock: Clock;
  readonly #findings: Findings<FoundPrometheus>;
  readonly #turns = new Turns();
  readonly #restUntilMs = new Map<string, number>();

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

  /**
   * Raw counters for the judge of a run, one look at a time, and later than asked for when the last one was slow. Whatever goes wrong is in the
   * look; throws only when the caller aborts.
   */
  look(request: LookRequest, signal: AbortSignal): Promise<Look> {
    return this.#turns.take(request.context, async () => {
      const { context } = request;
      const restMs = (this.#restUntilMs.get(context) ?? 0) - this.#clock.monotonicMs();
      if (restMs > 0) await sleep(this.#clock, restMs, signal);
      const startMs = this.#clock.monotonicMs();
      const limit = { clock: this.#clock, ms: longestLookMs, signal };
      const look = await withinTime(limit, (within) => this.#read(request, within));
      const endMs = this.#clock.monotonicMs();
      this.#restUntilMs.set(
        context,
        endMs + Math.min(longestRestMs, restFactor * (endMs - startMs)),
      );
      const reason = say('samples.slow', { seconds: longestLookMs / 1000 });
      return look ?? { kind: 'error', reason };
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

  async #read(request: LookRequest, signal: AbortSignal): Promise<Look> {
    const { context, session } = request;
    const found = await this.#findings.find(context, session, signal);
    if (!found.ok) {
      const [reason = say('metrics.triedNone')] = found.error;
      return { kind: 'error', reason };
    }
    const { access: prometheus, scrapeSeconds } = found.value;
    const apiServer = session.proxyGet;
    const look = await readSamples({ prometheus, scrapeSeconds, apiServer }, request, signal);
    if (look.kind === 'error') this.#findings.drop(context);
    return look;
  }
}

import type { Clock } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { AlertMatcher, AlertAnswer } from '../model/alerts.ts';
import { readAlerts, testAlertmanager, type FoundAlertmanager } from './alertmanager.ts';
import { alertmanagerCandidates } from './candidates.ts';
import type { DirectOptions } from './directAccess.ts';
import { Findings, type MetricsCluster } from './findings.ts';
import { say } from './metrics.l10n.ts';
import { Turns } from './turns.ts';
import { withinTime } from './withinTime.ts';

export interface AlertsRequest {
  readonly context: string;
  readonly session: MetricsCluster;
  /** An alert counts when it matches all matchers of one entry. */
  readonly anyOf: readonly (readonly AlertMatcher[])[];
}

/** A whole look: finding it, and every entry. */
const longestLookMs = 10_000;

/** Finds the Alertmanager of each context once and asks it, one request at a time; looks for it again when it did not answer. */
export class AlertService {
  readonly #clock: Clock;
  readonly #findings: Findings<FoundAlertmanager>;
  readonly #turns = new Turns();

  constructor(direct: (context: string) => Promise<DirectOptions | undefined>, clock: Clock) {
    this.#clock = clock;
    const search = {
      direct,
      candidates: alertmanagerCandidates,
      test: testAlertmanager,
      none: say('alerts.triedNone'),
    };
    this.#findings = new Findings(search, clock);
  }

  /** Whatever goes wrong is `unknown`; throws only when the caller aborts. */
  look(request: AlertsRequest, signal: AbortSignal): Promise<AlertAnswer> {
    return this.#turns.take(request.context, () => this.#ask(request, signal));
  }

  /** Looks for it again and says what was found, with its version, or what was tried. */
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
      say('alerts.connected', { source: access.title, version: version === '' ? '–' : version }),
    );
  }

  /** After a setting or a secret changed. */
  forget(): void {
    this.#findings.forget();
  }

  async #ask(request: AlertsRequest, signal: AbortSignal): Promise<AlertAnswer> {
    const limit = { clock: this.#clock, ms: longestLookMs, signal };
    const answer = await withinTime(limit, (within) => this.#read(request, within));
    return answer ?? unknown(say('alerts.slow', { seconds: longestLookMs / 1000 }));
  }

  async #read(request: AlertsRequest, signal: AbortSignal): Promise<AlertAnswer> {
    const { context, session, anyOf } = request;
    const found = await this.#findings.find(context, session, signal);
    if (!found.ok) return unknown(...found.error);
    const look = await readAlerts(found.value.access, anyOf, signal);
    if (look.kind !== 'unknown') return look;
    this.#findings.drop(context);
    return unknown(look.reason);
  }
}

function unknown(...tried: readonly Text[]): AlertAnswer {
  const [reason = say('alerts.triedNone')] = tried;
  return { kind: 'unknown', reason: say('alerts.failed', { reason }) };
}

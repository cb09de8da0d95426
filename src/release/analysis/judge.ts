import { assertNever } from '../../base/assertNever.ts';
import type { Text } from '../../base/text.ts';
import type { Look } from '../../model/samples.ts';
import type { JudgeReport, MetricNumbers, Verdict } from '../../model/verdict.ts';
import { say } from './analysis.l10n.ts';
import { fold } from './badShare.ts';
import { combined } from './combine.ts';
import { judgeErrors, more } from './errorRatio.ts';
import { worthless, type Reading } from './guards.ts';
import { total } from './histogram.ts';
import { foldLatency, noLatency } from './latency.ts';
import { judgeLatency } from './latencyReport.ts';
import { judgeQuery, type Judged } from './ownQuery.ts';
import {
  readLatency,
  readRequests,
  type LatencyRead,
  type NoPass,
  type RequestsRead,
} from './readings.ts';
import { latencySetting, type JudgeState, type MetricState } from './state.ts';
import { bothGotWorse, dispersion, isBroken } from './tally.ts';

export interface JudgedLook {
  readonly state: JudgeState;
  readonly report: JudgeReport;
}

/**
 * One look: what it adds to the evidence, and what can be said now. Pure; the same looks give the same reports. Missing, old or
 * partial data is never a pass; a metric that failed stays failed, because its evidence was enough then.
 */
export function judge(state: JudgeState, look: Look): JudgedLook {
  const problem = worthless(look);
  if (problem !== undefined) return unjudged(state, problem);
  if (look.kind === 'error') return unjudged(state, { kind: 'error', reason: look.reason });
  const requests = readRequests(state, look);
  const asksLatency = state.metrics.some(({ kind }) => kind === 'latency');
  const latency = asksLatency ? readLatency(state, look) : undefined;
  const counted = count(state, requests, latency);
  const judged = state.metrics.map((metric) =>
    keepFailure(metric, judgeMetric(metric, counted, { look, requests, latency })),
  );
  const broken = counted.broken ?? brokenReason(requests);
  const next: JudgeState = {
    ...counted,
    metrics: judged.map(({ state: metric }) => metric),
    ...(broken && { broken }),
  };
  return { state: next, report: reportOf(next, judged, requestsProblem(next, requests)) };
}

/** A look that says nothing: failures stay, all else waits. */
function unjudged(state: JudgeState, verdict: NoPass): JudgedLook {
  const judged = state.metrics.map((metric) =>
    keepFailure(metric, { state: metric, verdict, numbers: { unit: unitOf(metric) } }),
  );
  return { state, report: reportOf(state, judged, verdict) };
}

function count(
  state: JudgeState,
  requests: RequestsRead,
  latency: LatencyRead | undefined,
): JudgeState {
  const times = latency?.kind === 'read' ? latency : latency?.changed;
  return {
    ...state,
    ...(requests.kind === 'read' && { tally: requests.tally }),
    ...(times && { latency: times.tally }),
    readings: {
      ...state.readings,
      ...(requests.kind === 'read' && { requests: requests.baselines }),
      ...(times && { latency: times.baselines }),
    },
  };
}

interface Seen {
  readonly look: Reading;
  readonly requests: RequestsRead;
  readonly latency: LatencyRead | undefined;
}

function judgeMetric(metric: MetricState, state: JudgeState, seen: Seen): Judged<MetricState> {
  switch (metric.kind) {
    case 'errorRatio':
      return errorsOf(metric, state, seen.requests);
    case 'latency':
      return latencyOf(metric, state, seen.latency);
    case 'query': {
      const { isAlone } = state;
      const judged = judgeQuery(metric.metric, metric.looks, { look: seen.look, isAlone });
      return { ...judged, state: { ...metric, looks: judged.state } };
    }
    default:
      return assertNever(metric);
  }
}

function errorsOf(
  metric: Extract<MetricState, { kind: 'errorRatio' }>,
  { tally, before, isAlone }: JudgeState,
  read: RequestsRead,
): Judged<MetricState> {
  if (read.kind === 'problem') return unread(metric, read.verdict);
  const { pair } = read;
  const { tests } = metric;
  const logs = pair === undefined ? metric.logs : fold(metric.logs, tests, { tally, pair });
  const { verdict, numbers } = judgeErrors(metric.metric, tests, { tally, logs });
  const nothing = nothingToJudge(metric, {
    canary: tally.canary.requests,
    stable: isAlone ? (before.requests?.requests ?? 0) : tally.stable.requests,
  });
  return { state: { ...metric, logs }, numbers, verdict: instead(verdict, nothing) };
}

function latencyOf(
  metric: Extract<MetricState, { kind: 'latency' }>,
  state: JudgeState,
  read: LatencyRead | undefined,
): Judged<MetricState> {
  if (read === undefined)
    return unread(metric, { kind: 'error', reason: say('analysis.noRequests') });
  if (read.kind === 'problem')
    return unread(read.changed ? { ...metric, evidence: noLatency } : metric, read.verdict);
  const { tally, since } = read;
  const setting = latencySetting(metric, state);
  const evidence =
    since === undefined ? metric.evidence : foldLatency(metric.evidence, setting, since);
  const { verdict, numbers } = judgeLatency(setting, evidence, tally);
  const nothing = nothingToJudge(metric, {
    canary: total(tally.canary),
    stable: total(state.isAlone ? (setting.before?.buckets ?? []) : tally.stable),
  });
  return { state: { ...metric, evidence }, numbers, verdict: instead(verdict, nothing) };
}

function unread(metric: MetricState, verdict: NoPass): Judged<MetricState> {
  return { state: metric, verdict, numbers: { unit: unitOf(metric) } };
}

/** "No requests" is a reason of its own, beside "not enough": more time does not help. */
function nothingToJudge(
  { metric }: MetricState,
  requests: { readonly canary: number; readonly stable: number },
): Text | undefined {
  if (requests.canary === 0) return say('analysis.noRequests');
  return metric.compare !== undefined && requests.stable === 0
    ? say('analysis.noStableRequests')
    : undefined;
}

function instead(verdict: Verdict, nothing: Text | undefined): Verdict {
  return verdict.kind === 'fail' || nothing === undefined
    ? verdict
    : { kind: 'inconclusive', reason: nothing };
}

function keepFailure(before: MetricState, judged: Judged<MetricState>): Judged<MetricState> {
  const failed =
    before.failed ?? (judged.verdict.kind === 'fail' ? judged.verdict.reason : undefined);
  if (failed === undefined) return judged;
  const verdict: Verdict = { kind: 'fail', reason: failed };
  return { ...judged, state: { ...judged.state, failed }, verdict };
}

function unitOf({ kind }: MetricState): MetricNumbers['unit'] {
  return kind === 'errorRatio' ? 'ratio' : kind === 'latency' ? 'ms' : 'own';
}

function brokenReason(read: RequestsRead): Text | undefined {
  const count = read.kind === 'read' ? isBroken(read.tally) : undefined;
  if (count === undefined) return undefined;
  const { requests, bad } = count;
  return say('analysis.broken', { requests, bad, percent: Math.round((100 * bad) / requests) });
}

/** What keeps a step from passing whatever its metrics say. */
function requestsProblem(
  { minRequests, tally }: JudgeState,
  read: RequestsRead,
): NoPass | undefined {
  if (minRequests === 0) return undefined;
  if (read.kind === 'problem') return read.verdict;
  const { requests } = tally.canary;
  if (requests >= minRequests) return undefined;
  const perSecond = tally.seconds > 0 ? requests / tally.seconds : 0;
  const seconds = perSecond > 0 ? (minRequests - requests) / perSecond : undefined;
  const args = { requests: Math.floor(requests), wanted: minRequests, more: more(seconds) };
  return { kind: 'inconclusive', reason: say('analysis.fewRequests', args) };
}

function reportOf(
  state: JudgeState,
  judged: readonly Judged<MetricState>[],
  problem: NoPass | undefined,
): JudgeReport {
  const { tally } = state;
  const metrics = judged.map(({ state: { metric }, verdict, numbers }) => ({
    name: metric.name,
    verdict,
    numbers,
  }));
  const all = tally.canary.requests + tally.stable.requests;
  return {
    verdict: verdictOf(state, combined(metrics), problem),
    metrics,
    notes: notesOf(state),
    requests: { canary: tally.canary.requests, stable: tally.stable.requests },
    ...(all > 0 && { share: tally.canary.requests / all }),
  };
}

function verdictOf(
  { broken, tally, before }: JudgeState,
  verdict: Verdict,
  problem: NoPass | undefined,
): Verdict {
  if (verdict.kind === 'fail') return verdict;
  if (broken !== undefined) return { kind: 'fail', reason: broken };
  if (verdict.kind !== 'pass') return verdict;
  if (problem !== undefined) return problem;
  return bothGotWorse(tally, before.requests)
    ? { kind: 'inconclusive', reason: say('analysis.bothWorse') }
    : verdict;
}

function notesOf({ tally, before, isAlone, isMatched, metrics }: JudgeState): readonly Text[] {
  const compares = metrics.some(({ metric }) => metric.compare !== undefined);
  const clustering = dispersion(tally);
  return [
    ...(bothGotWorse(tally, before.requests) ? [say('analysis.bothWorse')] : []),
    ...(compares && isAlone ? [say('analysis.againstBefore')] : []),
    ...(compares && isMatched ? [say('analysis.matched')] : []),
    ...(clustering > 1 ? [say('analysis.clustered', { factor: clustering.toFixed(1) })] : []),
  ];
}

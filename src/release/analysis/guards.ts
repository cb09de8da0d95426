import { assertNever } from '../../base/assertNever.ts';
import type { CounterReading, HistogramReading, Look, TrackReading } from '../../model/samples.ts';
import type { Verdict } from '../../model/verdict.ts';
import { say } from './analysis.l10n.ts';
import type { Counter, Expected } from './deltas.ts';

/** More series than this are a wrong query, or labels that nobody needs here. */
const maxSeries = 20_000;

export type Reading = Extract<Look, { kind: 'reading' }>;
export type TrackName = 'stable' | 'canary';

/** What makes a whole look worthless, before any number of it is looked at (handbook/hazards.md rows 48, 52, 54, 62, 63). */
export function worthless(look: Look): Exclude<Verdict, { kind: 'pass' | 'fail' }> | undefined {
  switch (look.kind) {
    case 'error':
      return { kind: 'error', reason: look.reason };
    case 'reading': {
      if (look.warnings.length > 0) {
        const warnings = look.warnings.join('; ').slice(0, 200);
        return { kind: 'inconclusive', reason: say('analysis.warnings', { warnings }) };
      }
      const what = inBoth(look);
      if (what !== undefined)
        return { kind: 'error', reason: say('analysis.sameSeries', { what: what.slice(0, 200) }) };
      return tooMany('stable', look.stable) ?? tooMany('canary', look.canary);
    }
    default:
      return assertNever(look);
  }
}

/** A series or pod that both tracks claim: then one is judged against itself. */
function inBoth({ stable, canary }: Reading): string | undefined {
  const pods = new Set(stable.pods);
  const shared = canary.pods.find((pod) => pods.has(pod));
  if (shared !== undefined) return shared;
  const theirs = new Set(sourcesOf(stable).map(({ series }) => series));
  const ours = sourcesOf(canary);
  return ours.find(({ series, pod }) => theirs.has(series) || (pod !== undefined && pods.has(pod)))
    ?.series;
}

function sourcesOf({
  requests,
  latency,
}: TrackReading): readonly (CounterReading | HistogramReading)[] {
  return [...(requests.ok ? requests.value : []), ...(latency?.ok === true ? latency.value : [])];
}

function tooMany(
  track: TrackName,
  reading: TrackReading,
): (Verdict & { kind: 'error' }) | undefined {
  const n = sourcesOf(reading).length;
  if (n <= maxSeries) return undefined;
  const reason = say('analysis.tooManySeries', {
    track: say(`analysis.${track}`),
    n,
    max: maxSeries,
  });
  return { kind: 'error', reason };
}

export function expectedOf(look: Reading, track: TrackName): Expected {
  const { pods, scraped = [] } = look[track];
  return { track, pods, scraped, atMs: look.atMs, scrapeMs: look.scrapeMs };
}

/** Kind of a counter of requests that failed; all others are of requests that did not. */
export const failedKind = 'failed';

export function requestCounters(readings: readonly CounterReading[]): readonly Counter[] {
  return readings.map(({ value, failed, ...source }) => ({
    ...source,
    kind: failed ? failedKind : 'good',
    values: [value],
  }));
}

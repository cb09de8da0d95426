import { ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Rollout } from '../model/rollout.ts';
import type { SampleSelectors } from '../model/sampleSelectors.ts';
import { ownExpression, type OwnQuery } from './ownQueries.ts';
import { rawSelectors, upSelector } from './sampleQueries.ts';

/** What a look is about. */
export interface SampleRequest {
  readonly rollout: Rollout;
  /** How its back end tells the series of its tracks. */
  readonly selectors: SampleSelectors;
  /** Whether response times are judged too; their series are many. */
  readonly latency: 'read' | 'leave';
  readonly queries: readonly OwnQuery[];
}

export type Side = 'stable' | 'canary';

export interface ReadTrack {
  readonly trackId: string;
  readonly name: string;
  /** Name of its Deployment. */
  readonly workload?: string;
  readonly pods: readonly string[];
}
export type ReadTracks = Readonly<Record<Side, ReadTrack>>;

/** What Prometheus is asked, or why it cannot be. */
export interface Question {
  readonly about:
    | { readonly kind: 'requests' | 'latency' | 'up' }
    | { readonly kind: 'own'; readonly name: string; readonly side: Side };
  readonly expression: Result<string, Text>;
}

/** Everything that one look asks for, in the order in which it is sent. */
export function questionsOf(
  request: SampleRequest,
  tracks: ReadTracks,
  scrapeSeconds: number,
): readonly Question[] {
  const { sources } = request.selectors;
  const window = windowSeconds(scrapeSeconds);
  const wanted = [tracks.stable.trackId, tracks.canary.trackId];
  const selectors = {
    ...request.selectors,
    tracks: request.selectors.tracks.filter(({ trackId }) => wanted.includes(trackId)),
  };
  const raw = (kind: 'requests' | 'latency', names: readonly string[]): readonly Question[] =>
    rawSelectors(names, selectors, window).map((text) => ({
      about: { kind },
      expression: ok(text),
    }));
  const counters = sources.map(({ counter }) => counter);
  const histograms = sources.flatMap(({ histogram }) => [`${histogram}_bucket`, histogram]);
  return [
    ...raw('requests', counters),
    ...upQuestions(request, tracks, window),
    ...(request.latency === 'read' ? raw('latency', histograms) : []),
    ...ownQuestions(request, tracks, scrapeSeconds),
  ];
}

/**
 * Long enough to see values of targets that are no longer scraped, and two of those that are scraped once in a minute while the others are
 * scraped every five seconds or more rarely; short enough not to fetch more than some thirty values of a series.
 */
function windowSeconds(scrapeSeconds: number): number {
  return Math.max(5 * scrapeSeconds, Math.min(150, 30 * scrapeSeconds));
}

function upQuestions(
  { rollout, selectors }: SampleRequest,
  { stable, canary }: ReadTracks,
  window: number,
): readonly Question[] {
  const podLabel = selectors.sources[0]?.podLabels[0];
  if (podLabel === undefined) return [];
  const pods = { namespace: rollout.namespace, podLabel, names: [...stable.pods, ...canary.pods] };
  const text = upSelector(pods, window);
  return text === undefined ? [] : [{ about: { kind: 'up' }, expression: ok(text) }];
}

function ownQuestions(
  { rollout, queries }: SampleRequest,
  tracks: ReadTracks,
  scrapeSeconds: number,
): readonly Question[] {
  const { namespace, service } = rollout;
  return queries.flatMap((query) =>
    (['canary', 'stable'] as const).flatMap((side): readonly Question[] => {
      const text = query[side];
      if (text === undefined) return [];
      const { name: track, workload, pods } = tracks[side];
      const values = {
        namespace,
        service,
        track,
        pods,
        windowSeconds: 4 * scrapeSeconds,
        ...(workload !== undefined && { workload }),
      };
      const expression = ownExpression(text, values);
      return [{ about: { kind: 'own', name: query.name, side }, expression }];
    }),
  );
}

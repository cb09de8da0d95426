import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { trackOf } from '../model/rollout.ts';
import type { Look } from '../model/samples.ts';
import type { ApiServerGet, HttpAccess } from './access.ts';
import { lookOf, type Answered } from './look.ts';
import { say } from './metrics.l10n.ts';
import { queryAt, serverTime } from './prometheus.ts';
import {
  questionsOf,
  type ReadTrack,
  type ReadTracks,
  type SampleRequest,
  type Side,
} from './questions.ts';
import { runLimited } from './runLimited.ts';
import { readPods } from './trackPods.ts';

/** Where the answers come from. */
export interface SampleServers {
  readonly prometheus: HttpAccess;
  /** As Prometheus is configured in general; a job may scrape more rarely, which its values tell. */
  readonly scrapeSeconds: number;
  readonly apiServer: ApiServerGet;
}

/** Queries under way at once (handbook/hazards.md row 62). */
const maxInFlight = 2;

/**
 * Reads the raw counters of a rollout's stable and canary track: their pods from the API server, the time from Prometheus, so that no other
 * clock counts, and then one query for each kind of series, all of the same moment. What could not be read is an error in its place. Throws
 * only when aborted.
 */
export async function readSamples(
  servers: SampleServers,
  request: SampleRequest,
  signal: AbortSignal,
): Promise<Look> {
  const { prometheus, scrapeSeconds } = servers;
  const tracks = await readTracks(servers.apiServer, request, signal);
  if (!tracks.ok) return { kind: 'error', reason: tracks.error };
  const time = await serverTime(prometheus, signal);
  signal.throwIfAborted();
  if (!time.ok) return { kind: 'error', reason: say('metrics.failed', { reason: time.error }) };
  const atSeconds = time.value;
  const jobs = questionsOf(request, tracks.value, scrapeSeconds).map(
    ({ about, expression }) =>
      async (): Promise<Answered> => {
        if (!expression.ok) return { about, answer: expression };
        const answer = await queryAt(prometheus, expression.value, atSeconds, signal);
        if (answer.ok) return { about, answer };
        return { about, answer: err(say('metrics.failed', { reason: answer.error })) };
      },
  );
  const answers = await runLimited(jobs, maxInFlight);
  signal.throwIfAborted();
  return lookOf(request, { tracks: tracks.value, atSeconds, scrapeSeconds, answers });
}

async function readTracks(
  apiServer: ApiServerGet,
  request: SampleRequest,
  signal: AbortSignal,
): Promise<Result<ReadTracks, Text>> {
  const [stable, canary] = await Promise.all([
    readTrack(apiServer, { ...request, side: 'stable' }, signal),
    readTrack(apiServer, { ...request, side: 'canary' }, signal),
  ]);
  signal.throwIfAborted();
  if (!stable.ok) return stable;
  return canary.ok ? ok({ stable: stable.value, canary: canary.value }) : canary;
}

async function readTrack(
  apiServer: ApiServerGet,
  { rollout, selectors, side }: SampleRequest & { readonly side: Side },
  signal: AbortSignal,
): Promise<Result<ReadTrack, Text>> {
  const track = trackOf(rollout, side);
  if (track === undefined) return err(say('samples.noTracks', { service: rollout.service }));
  const { id: trackId, name, workload } = track;
  const selector = selectors.tracks.find((one) => one.trackId === trackId);
  if (selector === undefined) return err(say('samples.notTold', { track: name }));
  const { endpoints } = selector;
  if (endpoints === undefined) return err(say('samples.podsNotTold', { track: name }));
  const pods = await readPods(apiServer, endpoints, signal);
  if (!pods.ok) return pods;
  return ok({ trackId, name, pods: pods.value, ...(workload && { workload: workload.ref.name }) });
}

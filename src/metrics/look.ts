import { ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Look, QueryReading, TrackReading } from '../model/samples.ts';
import { queryValues } from './ownQueries.ts';
import type { Answer, LabelledSeries } from './prometheus.ts';
import type { Question, ReadTrack, ReadTracks, SampleRequest } from './questions.ts';
import { counterReadings, histogramReadings, podOf, seriesOfTrack } from './readings.ts';

export interface Answered {
  readonly about: Question['about'];
  readonly answer: Result<Answer, Text>;
}

/** Everything that was read for one look. */
export interface ReadAnswers {
  readonly tracks: ReadTracks;
  /** The moment that all answers are of. */
  readonly atSeconds: number;
  readonly scrapeSeconds: number;
  readonly answers: readonly Answered[];
}

const mostWarnings = 10;

/** Sorts the answers into a look. */
export function lookOf(request: SampleRequest, read: ReadAnswers): Look {
  const { answers, tracks, atSeconds } = read;
  const requests = allOf(answers, 'requests');
  const scrapeMs = scrapeMsOf(requests.ok ? requests.value : [], read.scrapeSeconds);
  const queries = ownReadings(answers);
  const warnings = answers.flatMap(({ answer }) => (answer.ok ? answer.value.warnings : []));
  const track = (one: ReadTrack): TrackReading =>
    trackReading(request, { ...read, requests, scrapeMs, track: one });
  return {
    kind: 'reading',
    atMs: Math.round(atSeconds * 1000),
    scrapeMs,
    warnings: [...new Set(warnings)].slice(0, mostWarnings).map((text) => text.slice(0, 300)),
    stable: track(tracks.stable),
    canary: track(tracks.canary),
    ...(queries !== undefined && { queries }),
  };
}

interface TrackParts extends ReadAnswers {
  readonly requests: Result<readonly LabelledSeries[], Text>;
  readonly scrapeMs: number;
  readonly track: ReadTrack;
}

function trackReading({ selectors, latency }: SampleRequest, parts: TrackParts): TrackReading {
  const { track, answers } = parts;
  const { sources } = selectors;
  const scraped = scrapedPods(sources[0]?.podLabels ?? [], parts);
  const own = (all: Result<readonly LabelledSeries[], Text>) =>
    all.ok ? seriesOfTrack(all.value, selectors, track.trackId) : all;
  const requests = own(parts.requests);
  const times = latency === 'read' ? own(allOf(answers, 'latency')) : undefined;
  return {
    pods: track.pods,
    ...(scraped !== undefined && { scraped }),
    requests: requests.ok ? counterReadings(requests.value, sources) : requests,
    ...(times && { latency: times.ok ? histogramReadings(times.value, sources) : times }),
  };
}

/** All series of one kind, or why the first of its queries failed. */
function allOf(
  answers: readonly Answered[],
  kind: 'requests' | 'latency' | 'up',
): Result<readonly LabelledSeries[], Text> {
  const all: LabelledSeries[] = [];
  for (const { about, answer } of answers) {
    if (about.kind !== kind) continue;
    if (!answer.ok) return answer;
    all.push(...answer.value.series);
  }
  return ok(all);
}

/** As its targets are scraped, where the configuration says something shorter: the median of the shortest steps between values. */
function scrapeMsOf(series: readonly LabelledSeries[], scrapeSeconds: number): number {
  const steps = series
    .flatMap(({ points }) => {
      const times = points.map(([seconds]) => seconds);
      const between = times.slice(1).map((seconds, index) => seconds - (times[index] ?? 0));
      return between.length === 0 ? [] : [Math.min(...between)];
    })
    .sort((a, b) => a - b);
  const seen = steps[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(scrapeSeconds * 1000, Math.round(seen * 1000));
}

/**
 * Pods whose scrape just worked, by the jobs that brought the counters; undefined where that cannot be told: no job is known yet, or `up` does
 * not name pods.
 */
function scrapedPods(
  podLabels: readonly string[],
  { answers, requests, atSeconds, scrapeMs, track }: TrackParts,
): readonly string[] | undefined {
  const up = allOf(answers, 'up');
  if (!up.ok || !requests.ok) return undefined;
  const jobs = new Set(requests.value.map(({ labels }) => labels['job']));
  const told = up.value.filter(({ labels }) => jobs.has(labels['job']));
  if (told.length === 0) return undefined;
  const since = atSeconds - (2 * scrapeMs) / 1000;
  const scraped = told.flatMap(({ labels, points }) => {
    const [seconds, value] = points.at(-1) ?? [0, null];
    const pod = podOf(labels, podLabels);
    return pod !== undefined && value === 1 && seconds >= since ? [pod] : [];
  });
  return track.pods.filter((pod) => scraped.includes(pod));
}

function ownReadings(
  answers: readonly Answered[],
): Readonly<Record<string, QueryReading>> | undefined {
  const readings = new Map<
    string,
    { canary: QueryReading['canary']; stable?: QueryReading['canary'] }
  >();
  for (const { about, answer } of answers) {
    if (about.kind !== 'own') continue;
    const values = queryValues(answer);
    const known = readings.get(about.name);
    if (about.side === 'canary') readings.set(about.name, { canary: values });
    else if (known !== undefined) readings.set(about.name, { ...known, stable: values });
  }
  return readings.size === 0 ? undefined : Object.fromEntries(readings);
}

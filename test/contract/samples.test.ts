import { describe, expect, test } from 'vitest';
import { backends } from '../../src/backends/registry.ts';
import { labelTest, selectorText, type LabelMatcher } from '../../src/model/promql.ts';
import type { SampleSelectors, TrackSelector } from '../../src/model/sampleSelectors.ts';
import { fixturesOf } from './fixtures.ts';
import { objectsOf } from './violations.ts';

const settings = { reporter: 'destination', applicationMetrics: 'auto' } as const;

describe.each(backends)('$id', (backend) => {
  const rollouts = fixturesOf(backend.id).flatMap((fixture) => {
    const { snapshot } = objectsOf(backend, fixture.objects);
    return backend
      .discover(snapshot)
      .rollouts.map((rollout) => ({ name: `${fixture.title}: ${rollout.id}`, rollout }));
  });

  test.each(rollouts)(
    '$name: counters and charts are of the same tracks and series',
    ({ rollout }) => {
      const queries = backend.queries(rollout, settings);
      const samples = backend.samples(rollout, settings);
      expect(samples.tracks.map(({ trackId }) => trackId)).toEqual(
        queries.map(({ trackId }) => trackId),
      );
      samples.tracks.forEach((track, index) => {
        const chart = queries[index]?.queries.requestsPerSecond;
        expect(chart).toContain(selectorText([...samples.labels, ...track.labels]));
        for (const { counter } of samples.sources) expect(chart).toContain(`${counter}{`);
      });
    },
  );

  test.each(rollouts)('$name: no series is of two tracks (row 54)', ({ rollout }) => {
    const samples = backend.samples(rollout, settings);
    for (const track of samples.tracks) {
      const fitting = samples.tracks.filter((other) => fits(samples, other, seriesOf(track)));
      expect(fitting.map(({ trackId }) => trackId)).toEqual([track.trackId]);
    }
  });

  test.each(rollouts)('$name: pods are looked for where the track has its own', ({ rollout }) => {
    const { tracks } = backend.samples(rollout, settings);
    const places = tracks.flatMap(({ endpoints }) =>
      endpoints ? [JSON.stringify(endpoints)] : [],
    );
    expect(new Set(places).size).toBe(places.length);
  });
});

function fits(
  { labels }: SampleSelectors,
  track: TrackSelector,
  series: Readonly<Record<string, string>>,
): boolean {
  return labelTest([...labels, ...track.labels])(series);
}

/** What a series of this track would have. */
function seriesOf({ labels }: TrackSelector): Readonly<Record<string, string>> {
  const example = ({ op, value }: LabelMatcher): string =>
    op === '=' ? value : value.replace(/\[bc[^\]]*\](\+|\{5\})/g, 'bcdfg').replaceAll('[.]', '.');
  return Object.fromEntries([
    ['reporter', settings.reporter],
    ...labels.map((matcher) => [matcher.label, example(matcher)]),
  ]) as Record<string, string>;
}

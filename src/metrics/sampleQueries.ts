import { literalPattern, selectorText, type LabelMatcher } from '../model/promql.ts';
import type { SampleSelectors, TrackSelector } from '../model/sampleSelectors.ts';

/**
 * One range selector for all tracks whose series are told by the same labels, so usually one: raw values with the times at which they were
 * scraped, which an instant selector would not tell. It may find more than the tracks' series; their own labels decide.
 */
export function rawSelectors(
  names: readonly string[],
  selectors: Pick<SampleSelectors, 'labels' | 'tracks'>,
  windowSeconds: number,
): readonly string[] {
  const byLabels = Map.groupBy(selectors.tracks, ({ labels }) =>
    labels.map(({ label }) => label).join(),
  );
  return [...byLabels.values()].map((tracks) => {
    const matchers = [nameMatcher(names), ...selectors.labels, ...union(tracks)];
    return `{${selectorText(matchers)}}[${String(windowSeconds)}s]`;
  });
}

/** Which of these pods are scraped; undefined when their names are too many for an address. */
export function upSelector(
  pods: {
    readonly namespace: string;
    readonly podLabel: string;
    readonly names: readonly string[];
  },
  windowSeconds: number,
): string | undefined {
  const pattern = pods.names.map(literalPattern).join('|');
  if (pattern === '' || pattern.length > 4_000) return undefined;
  const matchers: readonly LabelMatcher[] = [
    { label: 'namespace', op: '=', value: pods.namespace },
    { label: pods.podLabel, op: '=~', value: pattern },
  ];
  return `up{${selectorText(matchers)}}[${String(windowSeconds)}s]`;
}

function nameMatcher(names: readonly string[]): LabelMatcher {
  const [only = ''] = names;
  if (names.length === 1) return { label: '__name__', op: '=', value: only };
  return { label: '__name__', op: '=~', value: names.join('|') };
}

/** What fits any of the tracks, label by label. */
function union(tracks: readonly TrackSelector[]): readonly LabelMatcher[] {
  const [first] = tracks;
  return (first?.labels ?? []).map(({ label }, index) => {
    const all = tracks.flatMap(({ labels }) => labels[index] ?? []);
    const values = [...new Set(all.map(({ value }) => value))];
    const [only] = all;
    if (only !== undefined && values.length === 1) return only;
    const patterns = all.map(({ op, value }) => (op === '=' ? literalPattern(value) : value));
    return { label, op: '=~', value: [...new Set(patterns)].join('|') };
  });
}

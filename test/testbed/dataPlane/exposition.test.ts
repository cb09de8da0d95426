import { expect, test } from 'vitest';
import { createCounter, createHistogram } from './exposition.ts';

test('a counter counts per set of labels, and escapes their values', () => {
  const counter = createCounter('hits_total', 'Hits.');
  counter.increment({ path: 'a"b\\c\nd' });
  counter.increment({ path: 'a"b\\c\nd' });
  counter.increment({ path: 'e' });
  expect(counter.text()).toBe(
    '# HELP hits_total Hits.\n# TYPE hits_total counter\n' +
      'hits_total{path="a\\"b\\\\c\\nd"} 2\nhits_total{path="e"} 1\n',
  );
});

test('a histogram has cumulative buckets with inclusive bounds, and a sum and a count', () => {
  const histogram = createHistogram('took', 'Took.', [1, 5]);
  for (const value of [0.5, 1, 3, 9]) histogram.observe({ pod: 'a' }, value);
  expect(histogram.text().split('\n').slice(2, -1)).toEqual([
    'took_bucket{pod="a",le="1"} 2',
    'took_bucket{pod="a",le="5"} 3',
    'took_bucket{pod="a",le="+Inf"} 4',
    'took_sum{pod="a"} 13.5',
    'took_count{pod="a"} 4',
  ]);
});

test('series of a pod that is gone are forgotten, and only they', () => {
  const counter = createCounter('hits_total', 'Hits.');
  counter.increment({ pod: 'a' });
  counter.increment({ pod: 'b' });
  counter.forget('pod', 'a');
  expect(counter.text()).not.toContain('pod="a"');
  expect(counter.text()).toContain('hits_total{pod="b"} 1');
});

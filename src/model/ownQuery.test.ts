import { describe, expect, test } from 'vitest';
import { fillOwnQuery, type OwnQueryValues } from './ownQuery.ts';

const values: OwnQueryValues = {
  namespace: 'shop',
  service: 'cart',
  track: 'v2',
  workload: 'cart.v2',
  pods: ['cart.v2-a', 'cart.v2-b'],
  windowSeconds: 60,
};

describe('places in a query of a plan', () => {
  const filled: readonly [query: string, text: string][] = [
    ['sum(x{namespace="${namespace}"})', 'sum(x{namespace="shop"})'],
    ["x{a='${service}-${track}'}", "x{a='cart-v2'}"],
    ['rate(x{w="${workload}"}[${window}])', 'rate(x{w="cart.v2"}[60s])'],
    ['x{w=~"${workload}-.+"}', 'x{w=~"cart\\\\.v2-.+"}'],
    ['x{w!~  `${workload}`}', 'x{w!~  `cart\\.v2`}'],
    ['x{pod=~"${pods}"}', 'x{pod=~"cart\\\\.v2-a|cart\\\\.v2-b"}'],
    [
      'label_replace(x, "a", "$1-${1}", "b", "(.*)")',
      'label_replace(x, "a", "$1-${1}", "b", "(.*)")',
    ],
    [
      'x # ${namespace} "in a comment\n + y{a="${track}"}',
      'x # ${namespace} "in a comment\n + y{a="v2"}',
    ],
    ['x{a="say \\"${track}\\""}', 'x{a="say \\"v2\\""}'],
    ['', ''],
  ];
  test.each(filled)('%s', (query, text) => {
    expect(fillOwnQuery(query, values)).toEqual({ text });
  });

  const refused: readonly [query: string, kind: string, place: string][] = [
    ['x{a="${namspace}"}', 'unknown', '${namspace}'],
    ['x{a="${toString}"}', 'unknown', '${toString}'],
    ['x{a=${namespace}}', 'outside', '${namespace}'],
    ['x{a="${window}"}', 'inside', '${window}'],
    ['x{pod="${pods}"}', 'noPattern', '${pods}'],
  ];
  test.each(refused)('%s is refused: %s', (query, kind, place) => {
    expect(fillOwnQuery(query, values)).toEqual({ problem: { kind, place } });
  });

  test('what the track does not have is not filled with nothing, which would fit everything', () => {
    const { namespace, service, track, windowSeconds } = values;
    const bare = { namespace, service, track, windowSeconds, pods: [] };
    expect(fillOwnQuery('x{w="${workload}"}', bare)).toMatchObject({ problem: { kind: 'absent' } });
    expect(fillOwnQuery('x{p=~"${pods}"}', bare)).toMatchObject({ problem: { kind: 'absent' } });
  });

  test.each([
    ['"} or vector(1) #', '"', '"\\"} or vector(1) #"'],
    ["'} or vector(1) #", "'", "'\\'} or vector(1) #'"],
    ['a\\', '"', '"a\\\\"'],
    ['a\nb', '"', '"a\\nb"'],
    ['`} or vector(1) #', '`', '`} or vector(1) #`'],
  ])('a hostile value %j stays within its quotes (row 68)', (track, quote, text) => {
    expect(fillOwnQuery(`x{a=${quote}\${track}${quote}}`, { ...values, track })).toEqual({
      text: `x{a=${text}}`,
    });
  });

  test('as a pattern a hostile value fits itself and nothing else (row 68)', () => {
    const track = '.*|"} or vector(1) #';
    const query = fillOwnQuery('x{a=~"${track}"}', { ...values, track });
    const literal = 'text' in query ? /^x\{a=~(".*")\}$/s.exec(query.text)?.[1] : undefined;
    const pattern = JSON.parse(literal ?? 'null') as string;
    expect(new RegExp(`^(?:${pattern})$`).test(track)).toBe(true);
    expect(new RegExp(`^(?:${pattern})$`).test('v1')).toBe(false);
  });
});

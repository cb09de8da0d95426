import { expect, test } from 'vitest';
import {
  places,
  problems,
  unsaid,
  head,
  scope,
  small,
  withMetric,
  withSteps,
  type BadPlan,
} from '../../test/support/plans.ts';
import { contradictionWords } from './contradictions.l10n.ts';

const bad: readonly BadPlan[] = [
  [
    'a metric that judges nothing',
    withMetric('kind: errorRatio'),
    '8:11 The metric "errorRatio" has no limit: add "max", "compare", or both.',
  ],
  [
    'two metrics of one name',
    withMetric('kind: errorRatio', 'max: 1%', 'name: a').concat(
      '  - kind: latency\n    name: a\n    max: 1s\n',
    ),
    '12:11 Two metrics are called "a". Give one of them another name.',
  ],
  [
    'two metrics without names',
    withMetric('kind: errorRatio', 'max: 1%').concat('  - kind: errorRatio\n    max: 2%\n'),
    '10:5 Two metrics are called "errorRatio". Give one of them another name.',
  ],
  [
    'no metrics',
    `${head}${scope}steps:\n  - weight: 5%\n`,
    '1:1 Step 1 goes on by itself, but no metric says whether it may. Add "metrics", or "gate: manual" to every step.',
  ],
  [
    'weights that never rise',
    withSteps('weight: 25%', 'weight: 25%'),
    '10:13 Each step gives the canary more than the one before: 25% is not above 25%. To narrow after a failure, use "stepBack".',
  ],
  [
    'weights that fall',
    withSteps('weight: 25%', 'weight: 5'),
    '10:13 Each step gives the canary more than the one before: 5% is not above 25%. To narrow after a failure, use "stepBack".',
  ],
  [
    'pods and weight',
    withSteps('weight: 5%\n    pods: 10%'),
    '10:11 A step has "weight" or "pods", not both.',
  ],
  [
    'neither pods nor weight',
    withSteps('minTime: 5m'),
    '9:5 A step says what it changes: "weight" for a share of the requests, or "pods" for a batch of pods.',
  ],
  [
    'mixed steps',
    withSteps('weight: 5%', 'pods: 10%'),
    '10:11 All steps of a plan use the same unit: weight, pods in percent, or a number of pods.',
  ],
  [
    'no room to replace',
    withSteps('pods: 1\n    maxSurge: 0\n    maxUnavailable: 0%'),
    '10:15 With maxSurge and maxUnavailable both 0 no pod can be replaced. Raise one of them.',
  ],
  [
    'surge without pods',
    withSteps('weight: 5%\n    maxSurge: 1'),
    '10:15 "maxSurge" belongs to a step with "pods"; a step with "weight" starts no pods.',
  ],
  [
    'pods of chosen requests',
    withSteps('pods: 1\n    matches:\n      - device: phone'),
    '10:5 A batch of pods cannot choose its requests; "matches" belongs to a step with "weight".',
  ],
  [
    'all, then some',
    withSteps('weight: 5%', 'weight: 50%\n    matches:\n      - device: phone'),
    '11:5 The step before gave the canary requests of everybody; a step for chosen requests comes before that.',
  ],
  [
    'a match of nothing',
    withSteps('weight: 5%\n    matches:\n      - {}'),
    '11:9 A match without a condition fits every request. Add headers, cookies, users or device, or leave "matches" out.',
  ],
  [
    'a step that is too short',
    withSteps('weight: 5%\n    minTime: 20s'),
    '10:14 A step of 20s is over before the metrics were looked at twice; give it at least 30s.',
  ],
  [
    'longest below shortest',
    withSteps('weight: 5%\n    minTime: 10m\n    maxTime: 5m'),
    '11:14 The longest time of the step, 5m, is below the shortest, 10m.',
  ],
  [
    'a comparison with nobody',
    `${head}${scope}steps:\n  - weight: 100%\nmetrics:\n  - kind: errorRatio\n    compare: stable\n`,
    '9:5 The first step leaves the stable version no request, so there is nothing to compare "errorRatio" with. Begin with a smaller step, or give it a limit instead.',
  ],
  [
    'a deadline before the end',
    `${small}rollback:\n  deadline: 2m\n`,
    '11:13 The whole run may take 2m, but its steps take at least 5m.',
  ],
  [
    'an interval of a day',
    `${small}interval: 24h\n`,
    '9:5 A step of 5m is over before the metrics were looked at twice; give it at least 48h.',
    '10:11 The interval between two looks is 5s to 5m, not 24h.',
  ],
  [
    'stepping back from the first step',
    `${small}stepBack: 1\n`,
    '10:11 A plan with one step has none to step back to.',
  ],
  [
    'one track twice',
    small.replace(scope, `${scope}  tracks: {stable: a, canary: a}\n`),
    '5:31 The stable and the canary track are the same.',
  ],
  [
    'an argument that is missing',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up{job="${job}"}'),
    '11:12 Nothing is given for ${job}. Add it to "args", or use namespace, service, track, workload, pods or window.',
  ],
  [
    'a place without quotation marks',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up{pod=~${pods}}'),
    '11:12 ${pods} stands in quotation marks, like namespace="${pods}".',
  ],
  [
    'a window in quotation marks',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up{pod="${window}"}'),
    '11:12 ${window} stands outside of quotation marks, like rate(x[${window}]).',
  ],
  [
    'pods as one value',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up{pod="${pods}"}'),
    '11:12 ${pods} stands for several pods: write pod=~"${pods}".',
  ],
  [
    'a place without braces',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up{service="$service"}'),
    '11:12 $service needs braces: write a place to fill in as ${name}.',
  ],
  [
    'a place without braces outside of quotation marks',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: rate(up[$step])'),
    '11:12 $step needs braces: write a place to fill in as ${name}.',
  ],
  [
    'an argument that is not used',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up', 'args: {job: shop}'),
    '12:12 The query does not use "job". Use it as ${job}, or remove it here.',
  ],
  [
    'a comparison with itself',
    withMetric('kind: query', 'better: lower', 'compare: {relative: 10%}', 'query: up'),
    '10:5 To compare with the stable version the query must differ for it: use ${track}, ${workload} or ${pods}, or an argument with a value for each.',
  ],
  [
    'a step of a month',
    withSteps('weight: 5%\n    maxTime: 720h'),
    '10:14 A step lasts at most 7 days (168h).',
  ],
];

test.each(bad)('says what a plan says against itself: %s', (_, text, ...expected) => {
  expect(problems(text)).toEqual(expected);
  const chinese = problems(text, 'zh-cn');
  expect(places(chinese)).toEqual(places(expected));
  for (const line of chinese) expect(line).toMatch(/[\u4e00-\u9fff]/);
});

test('each of these sentences is said in one of the cases', () => {
  expect(unsaid(contradictionWords, bad)).toEqual([]);
});

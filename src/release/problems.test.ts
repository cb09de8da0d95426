import { expect, test } from 'vitest';
import {
  places,
  problems,
  unsaid,
  head,
  metrics,
  scope,
  small,
  withMetric,
  withSteps,
  type BadPlan,
} from '../../test/support/plans.ts';
import { planWords } from './plan.l10n.ts';

const bad: readonly BadPlan[] = [
  [
    'nothing',
    '',
    '1:1 This file is empty. A release plan begins with "apiVersion: cablecar/v1alpha1" and "kind: ReleasePlan".',
  ],
  [
    'only a comment',
    '# later\n',
    '1:1 This file is empty. A release plan begins with "apiVersion: cablecar/v1alpha1" and "kind: ReleasePlan".',
  ],
  [
    'a text',
    'hello',
    '1:1 A release plan is a mapping of keys and values, beginning with "apiVersion".',
  ],
  [
    'a list',
    '- 1',
    '1:1 A release plan is a mapping of keys and values, beginning with "apiVersion".',
  ],
  ['nearly nothing', head, '1:1 The key "scope" is missing.', '1:1 The key "steps" is missing.'],
  [
    'another kind',
    small.replace('ReleasePlan', 'Rollout'),
    '2:7 kind is "ReleasePlan", not "Rollout".',
  ],
  [
    'a later version',
    small.replace('v1alpha1', 'v2'),
    '1:13 apiVersion is "cablecar/v1alpha1", not "cablecar/v2".',
  ],
  [
    'a wrong key with a guess',
    `${small}onSucess: hold\n`,
    '10:1 There is no key "onSucess" here; "onSuccess" was probably meant.',
  ],
  [
    'two wrong keys',
    withSteps('wieght: 5%', 'weight: 10%\n    colour: red'),
    '9:5 There is no key "wieght" here; "weight" was probably meant.',
    '11:5 There is no key "colour" here; there are: weight, matches, pods, maxSurge, maxUnavailable, minTime, maxTime, minRequests, gate, guide, owner, onProblem.',
  ],
  [
    'no unit',
    withSteps('weight: 5%\n    minTime: 5'),
    '10:14 steps[0].minTime is a time with its unit, like 90s, 5m or 1h30m, not "5".',
  ],
  [
    'a wrong unit',
    withSteps('weight: 5%\n    minTime: 5min'),
    '10:14 steps[0].minTime is a time with its unit, like 90s, 5m or 1h30m, not "5min".',
  ],
  [
    'half a percent',
    withSteps('weight: 0.5%'),
    '9:13 steps[0].weight is a whole percentage from 1% to 100%, not "0.5%".',
  ],
  [
    'more than all',
    withSteps('weight: 120'),
    '9:13 steps[0].weight is a whole percentage from 1% to 100%, not "120".',
  ],
  [
    'a ratio without its sign',
    withMetric('kind: errorRatio', 'max: 0.01'),
    '9:10 metrics[0].max is a percentage with its sign, like 1% or 0.5%, not "0.01".',
  ],
  [
    'milliseconds without unit',
    withMetric('kind: latency', 'max: 500'),
    '9:10 metrics[0].max is a time with its unit, like 300ms or 1.5s, not "500".',
  ],
  [
    'a metric of no kind',
    withMetric('kind: success'),
    '8:11 metrics[0].kind is one of: errorRatio, latency, query; not "success".',
  ],
  ['a metric without kind', withMetric('max: 1%'), '8:5 The key "kind" is missing in metrics[0].'],
  [
    'a wrong key in a comparison',
    withMetric('kind: errorRatio', 'compare:', '  alhpa: 0.1'),
    '10:7 There is no key "alhpa" here; "alpha" was probably meant.',
  ],
  [
    'no alert',
    `${small}rollback:\n  alerts:\n    - severity~page\n`,
    '12:7 rollback.alerts[0] is matchers of an alert, like alertname="ShopErrors", severity=~"page|critical"; not "severity~page".',
  ],
  [
    'a number for a name',
    small.replace('service: shop', 'service: 5'),
    '4:12 scope.service is a text, not 5. Put it in quotation marks if it looks like a number.',
  ],
  [
    'an empty name',
    small.replace('service: shop', 'service: ""'),
    '4:12 scope.service is empty. Write a value, or remove the key.',
  ],
  [
    'a name without a value',
    small.replace('service: shop', 'service:'),
    '4:3 scope.service has no value. Write one, or remove the key.',
  ],
  [
    'no steps',
    `${head}${scope}${metrics}steps: []\n`,
    '8:1 steps has no entry; it needs at least one.',
  ],
  [
    'steps that are no list',
    `${head}${scope}${metrics}steps: 5\n`,
    '8:8 steps is a list, each entry after "- ", not "5".',
  ],
  [
    'a scope that is no mapping',
    `${head}scope: shop\n${metrics}steps:\n  - weight: 5%\n`,
    '3:8 scope is a mapping of keys and values, not "shop".',
  ],
  [
    'a webhook without scheme',
    `${small}notify:\n  - webhook: example.com\n`,
    '11:14 notify[0].webhook is an address that begins with https:// or http://, not "example.com".',
  ],
  [
    'somebody who runs nothing',
    `${small}runBy: jenkins\n`,
    '10:8 runBy is one of: editor, job, controller; not "jenkins".',
  ],
  [
    'a key twice',
    `${small}kind: ReleasePlan\n`,
    '10:1 This key stands twice in the same mapping. Keep one of them.',
  ],
  ['a tab', `${head}scope:\n\tservice: shop\n`, '4:1 YAML is indented with spaces, not with tabs.'],
  [
    'a bracket left open',
    `${small}name: [
`,
    '11:1 This line is not indented like the lines that it belongs to.',
  ],
  [
    'a quotation mark left open',
    `${small}name: "shop\n`,
    '11:1 Something is missing here, a quotation mark, a bracket or a colon: Missing closing "quote',
  ],
  [
    'a name that is a number',
    withMetric('kind: query', 'better: lower', 'limit: 1', 'query: up', 'args: {1: shop}'),
    '12:15 "1" is no name: it begins with a letter and has letters, digits, "-", "_" and ".".',
  ],
  [
    'a list in place of a mapping',
    `${head}scope: [shop]\n${metrics}steps:\n  - weight: 5%\n`,
    '3:1 scope is a mapping of keys and values, not "["shop"]".',
  ],
  [
    'a list of headers',
    withSteps('weight: 5%\n    matches:\n      - headers: [beta]'),
    '11:9 steps[0].matches[0].headers is a mapping of keys and values, not "["beta"]".',
  ],
  [
    'a header without condition',
    withSteps('weight: 5%\n    matches:\n      - headers: {beta: {}}'),
    '11:19 steps[0].matches[0].headers.beta is the wanted text, or one of prefix, regex and present with a value; not "{}".',
  ],
  [
    'a device of no kind',
    withSteps('weight: 5%\n    matches:\n      - device: watch'),
    '11:17 steps[0].matches[0].device is one of: phone, tablet, desktop; not "watch".',
  ],
  [
    'a wrong path of a route',
    small.replace(scope, `${scope}  route: shop\n`),
    '5:10 scope.route is Kind/name, like VirtualService/shop, not "shop".',
  ],
  [
    'a text that is too long',
    small.replace('service: shop', `service: ${'x'.repeat(2001)}`),
    '4:12 scope.service is longer than 2000 characters.',
  ],
  [
    'too many steps',
    withSteps(...Array.from({ length: 51 }, (_, i) => `weight: ${String(i + 1)}`)),
    '8:1 steps has more than 50 entries.',
  ],
  [
    'no flag',
    `${small}rollback:\n  endpointsGone: perhaps\n`,
    '11:18 rollback.endpointsGone is true or false, not "perhaps".',
  ],
  [
    'no count',
    withSteps('weight: 5%\n    minRequests: many'),
    '10:18 steps[0].minRequests is a whole number, not "many".',
  ],
  [
    'a count with a fraction',
    withSteps('weight: 5%\n    minRequests: 1.5'),
    '10:18 steps[0].minRequests is a whole number, not "1.5".',
  ],
  [
    'a count below its range',
    withSteps('weight: 5%\n    minRequests: -1'),
    '10:18 steps[0].minRequests is at least 0, not -1.',
  ],
  ['a count above its range', `${small}stepBack: 21\n`, '10:11 stepBack is at most 20, not 21.'],
  [
    'no number',
    withMetric('kind: query', 'better: lower', 'query: up', 'limit: high'),
    '11:12 metrics[0].limit is a number, not "high".',
  ],
  [
    'no pods',
    withSteps('pods: some'),
    '9:11 steps[0].pods is a number of pods or a whole percentage of them, like 2 or 10%, not "some".',
  ],
  [
    'no limit of pods',
    withSteps('pods: 1\n    maxSurge: some'),
    '10:15 steps[0].maxSurge is a number of pods or a percentage, like 1 or 25%, not "some".',
  ],
  [
    'no comparison',
    withMetric('kind: errorRatio', 'compare: canary'),
    '9:14 metrics[0].compare is "stable", or its limits as keys, not "canary".',
  ],
  [
    'no argument',
    withMetric(
      'kind: query',
      'better: lower',
      'limit: 1',
      'query: up{job="$job"}',
      'args: {job: 5}',
    ),
    '12:17 metrics[0].args.job is a text, or a text for each of canary and stable, not "5".',
  ],
  [
    'no notification',
    `${small}notify:\n  - mail\n`,
    '11:5 notify[0] has one key, "command" or "webhook", with a text; not "mail".',
  ],
  [
    'two documents',
    `${small}---\n${small}`,
    '10:1 A file holds one release plan. Move what follows "---" to a file of its own.',
  ],
  [
    'a tag',
    `${small}name: !secret x\n`,
    '10:7 Tags (!…) are not read in a release plan. Write the plain value.',
  ],
  [
    'an alias',
    `${small}name: &a x\nrunBy: *a\n`,
    '10:10 Anchors and aliases (& and *) are not read in a release plan. Write the value out.',
    '11:8 Anchors and aliases (& and *) are not read in a release plan. Write the value out.',
  ],
];

test.each(bad)('says what is wrong, and where: %s', (_, text, ...expected) => {
  expect(problems(text)).toEqual(expected);
  const chinese = problems(text, 'zh-cn');
  expect(places(chinese)).toEqual(places(expected));
  for (const line of chinese) expect(line).toMatch(/[\u4e00-\u9fff]/);
});

test('each of these sentences is said in one of the cases', () => {
  // Two are in schema.test.ts; the third is for whatever else YAML may refuse.
  expect(unsaid(planWords, bad)).toEqual(['plan.tooLong', 'plan.tooDeep', 'plan.syntax']);
});

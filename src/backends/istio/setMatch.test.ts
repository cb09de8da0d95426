import { describe, expect, test } from 'vitest';
import { fixturesOf } from '../../../test/contract/fixtures.ts';
import { objectsOf, planFor } from '../../../test/contract/violations.ts';
import { applyPatch } from '../../../test/support/jsonPatch.ts';
import type { ObjectSet } from '../../../test/support/objectSet.ts';
import type { Result } from '../../base/result.ts';
import { renderer, type Locale, type Text } from '../../base/text.ts';
import type { ChangeSet, PatchOperation } from '../../model/change.ts';
import type { Intent } from '../../model/intent.ts';
import type { JsonObject } from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import type { Match, MatchCondition } from '../../model/rollout.ts';
import { ruleWords } from '../rules.l10n.ts';
import { istio } from './index.ts';
import { words } from './words.l10n.ts';

type SetMatch = Omit<Extract<Intent, { kind: 'setMatch' }>, 'kind'>;

/** The world of a fixture, with its VirtualService changed. */
function worldOf(name: string, ...operations: readonly PatchOperation[]): ObjectSet {
  const found = fixturesOf(istio.id).find(({ path }) => path.endsWith(name));
  const objects = (found?.objects ?? []).map((object) =>
    object['kind'] === 'VirtualService' ? (applyPatch(object, operations) as JsonObject) : object,
  );
  return objectsOf(istio, objects);
}

function planned(set: ObjectSet, intent: SetMatch): Result<ChangeSet, PlanError> {
  const [rollout] = istio.discover(set.snapshot).rollouts;
  if (rollout === undefined) throw new Error('no rollout');
  return planFor(istio, set, rollout, { kind: 'setMatch', ...intent });
}

function spoken(text: Text, locale: Locale = 'en'): string {
  return renderer({ ...words, ...ruleWords }, locale)(text);
}

function sentence(set: ObjectSet, intent: SetMatch, locale: Locale = 'en'): string {
  const plan = planned(set, intent);
  return spoken(plan.ok ? plan.value.summary : plan.error.text, locale);
}

const on = (
  kind: MatchCondition['on'],
  op: MatchCondition['op'],
  name: string,
  value: string,
): MatchCondition => ({ on: kind, op, name, value });
const phone: Match = [on('device', 'exact', 'user-agent', 'phone')];
const to = (match: Match, percent = 10): SetMatch => ({ to: { matches: [match], percent } });

const free = worldOf('27-set-match.yaml');
const ours = worldOf('28-our-rules.yaml');
const always = [on('header', 'exact', 'x-canary', 'always')];

describe('the sentence of a consent', () => {
  test('says for whom the rule is, what they get, and in how many places it stands', () => {
    expect(sentence(free, to(phone))).toBe(
      'shop: add the rule Phones → 90 % to v1, 10 % to v2, in shop. It stands in 2 places: before each of the rules that split the requests.',
    );
    expect(sentence(free, to(phone), 'zh-cn')).toBe(
      'shop：添加规则 手机 → v1 90%，v2 10%，位于 shop。该规则位于 2 处：在每条切分请求的规则之前。',
    );
  });

  test('warns where clients can say themselves who they are', () => {
    const source = on('source', 'exact', 'x-real-ip', '192.0.2.7');
    expect(sentence(free, to([source], 100))).toMatch(
      / A client can send `x-real-ip` itself and so choose its version, unless your edge sets or removes it on every request\.$/,
    );
    expect(sentence(free, to(phone))).not.toContain('itself');
  });

  test('says that an earlier rule takes all these requests', () => {
    expect(sentence(free, to([...always, ...phone]))).toMatch(
      / It has no effect now: the rule on-request, which is tried before, takes all these requests\.$/,
    );
  });

  test('says what it was where a rule is changed or goes', () => {
    expect(sentence(ours, { rule: 'cablecar-phone.2', ...to(phone, 50) })).toBe(
      'shop: change the rule Phones → 90 % to v1, 10 % to v2 to Phones → 50 % to v1, 50 % to v2, in shop. It stands in 2 places: before each of the rules that split the requests.',
    );
    expect(sentence(ours, { was: [phone] })).toBe(
      'shop: take away the rule Phones → 90 % to v1, 10 % to v2, in shop. Its requests go where those of everybody go.',
    );
    expect(sentence(free, { rule: 'on-request' })).toBe(
      'shop: take away the rule Header `x-canary: always` → v2, in shop. Its requests go where those of everybody go. The rule primary, which takes them then, has other settings (mirror, mirrorPercentage).',
    );
  });

  test('names the rule and both shares in the table below it', () => {
    const plan = planned(ours, to(phone, 30));
    const fields = plan.ok ? plan.value.changes.map((change) => change.fields) : [];
    expect(fields).toEqual([
      [
        { label: 'device=phone → v1', from: '90 %', to: '70 %' },
        { label: 'device=phone → v2', from: '10 %', to: '30 %' },
      ],
    ]);
  });
});

describe('refused with one sentence:', () => {
  const http = (value: JsonObject[]): PatchOperation => ({ op: 'add', path: '/spec/http', value });
  const split = {
    route: [
      { destination: { host: 'shop', subset: 'v1' }, weight: 90 },
      { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
    ],
  };
  const beta = { match: [{ headers: { 'x-beta': { exact: 'yes' } } }] };

  test('a rule for everybody whose weights are not understood', () => {
    const set = worldOf('27-set-match.yaml', {
      op: 'add',
      path: '/spec/http/3/route/0/weight',
      value: 'most',
    });
    expect(sentence(set, to(phone))).toContain('"most"');
  });

  test('a canary without ready pods, but not a rule that keeps requests from it', () => {
    const found = fixturesOf(istio.id).find(({ path }) => path.endsWith('18-not-ready.yaml'));
    const set = objectsOf(istio, found?.objects ?? []);
    expect(planned(set, to(phone, 100)).ok).toBe(false);
    expect(planned(set, to(phone, 0)).ok).toBe(true);
  });

  test('taking away a rule whose requests nobody else would take', () => {
    const set = worldOf('27-set-match.yaml', http([{ ...beta, name: 'beta', ...split }]));
    expect(sentence(set, { rule: 'beta' })).toBe(
      'Nobody else would take the requests of the rule beta, so they would fail. Change its share instead.',
    );
  });

  test('a condition on a header that the rule for everybody asks for already', () => {
    const set = worldOf('27-set-match.yaml', http([{ ...beta, ...split }]));
    expect(sentence(set, to([on('header', 'exact', 'X-Beta', 'no')]))).toBe(
      'Two conditions would be about the header x-beta, and a route can ask of each header only once.',
    );
  });

  test('a rule of ours whose origin is gone gets no other conditions', () => {
    const rules = [{ ...beta, name: 'cablecar-x-beta', ...split }];
    const set = worldOf('28-our-rules.yaml', http(rules));
    expect(sentence(set, { rule: 'cablecar-x-beta', ...to(phone) })).toBe(
      'The rule that cablecar-x-beta was made for is gone, so its conditions cannot be changed. Take it away and add another.',
    );
  });

  test('a rule that a delegate decides', () => {
    const rules = [
      { ...beta, name: 'beta', delegate: { name: 'other' } },
      { name: 'rest', ...split },
    ];
    const set = worldOf('27-set-match.yaml', http(rules));
    expect(sentence(set, { rule: 'beta', ...to(phone) })).toContain('is not what was shown');
  });
});

test('a new rule does all that the rule for everybody does', () => {
  const plan = planned(free, to(phone));
  if (!plan.ok) throw new Error(spoken(plan.error.text));
  const [change] = plan.value.changes;
  const added = change?.kind === 'patch' ? change.operations.filter(({ op }) => op === 'add') : [];
  const route = free.objects.find(({ kind }) => kind === 'VirtualService');
  const before = (route?.['spec'] as { readonly http: readonly JsonObject[] }).http;
  const settings = (rule: JsonObject | undefined): JsonObject =>
    Object.fromEntries(
      Object.entries(rule ?? {}).filter(([key]) => !['name', 'match', 'route'].includes(key)),
    );
  expect(
    added.map((operation) => ('value' in operation ? settings(operation.value as JsonObject) : {})),
  ).toEqual([before[3], before[2]].map(settings));
});

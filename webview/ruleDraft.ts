import type { ConditionView, PanelSnapshot, RuleEdit, RuleView } from '../src/protocol/messages.ts';

export type ConditionKind = ConditionView['on'];
export type Device = 'phone' | 'tablet' | 'desktop';
export const devices: readonly Device[] = ['phone', 'tablet', 'desktop'];

/** One condition as it is typed. */
export interface ConditionDraft {
  readonly on: ConditionKind;
  readonly op: ConditionView['op'];
  readonly name: string;
  readonly value: string;
}

/** The rule that is edited. Nothing in it is checked here: the host says what is wrong. */
export interface RuleDraft {
  /** Absent for a new rule. */
  readonly rule?: { readonly id: string; readonly key: string };
  /** Absent where only the share can be changed. */
  readonly conditions?: readonly ConditionDraft[];
  /** As typed. */
  readonly percent: string;
  /** The host's answer to the newest state of the draft. */
  readonly preview?: { readonly sentence: string; readonly error: string };
  /** Was sent: it closes when that is done. */
  readonly isSent: boolean;
}

/** What each kind of condition begins with. */
const beginnings: Readonly<Record<ConditionKind, ConditionDraft>> = {
  device: { on: 'device', op: 'exact', name: '', value: 'phone' },
  user: { on: 'user', op: 'oneOf', name: 'x-user-id', value: '' },
  header: { on: 'header', op: 'exact', name: '', value: '' },
  cookie: { on: 'cookie', op: 'exact', name: '', value: '' },
  source: { on: 'source', op: 'oneOf', name: 'x-envoy-external-address', value: '' },
};

export const conditionKinds: readonly ConditionKind[] = [
  'device',
  'user',
  'header',
  'cookie',
  'source',
];

/** Ways to compare that a kind offers; empty where there is nothing to choose. */
export function operatorsOf(on: ConditionKind): readonly ConditionView['op'][] {
  switch (on) {
    case 'device':
      return [];
    case 'user':
      return ['oneOf', 'prefix', 'regex'];
    case 'header':
      return ['exact', 'oneOf', 'prefix', 'regex', 'present'];
    case 'cookie':
      return ['exact', 'present'];
    case 'source':
      return ['oneOf', 'prefix'];
  }
}

/** A condition of the kind, empty. */
export function emptyCondition(on: ConditionKind): ConditionDraft {
  return beginnings[on];
}

export function newRule(): RuleDraft {
  return { conditions: [beginnings.device], percent: '10', isSent: false };
}

export function draftOf({ id, key, match, percent }: RuleView): RuleDraft {
  return {
    rule: { id, key },
    ...(match && { conditions: match.map(shown) }),
    percent: String(percent),
    isSent: false,
  };
}

/** One value is a list of one where the kind offers lists. */
function shown(condition: ConditionDraft): ConditionDraft {
  const isListed = condition.op === 'exact' && !operatorsOf(condition.on).includes('exact');
  return isListed && condition.on !== 'device' ? { ...condition, op: 'oneOf' } : condition;
}

/** What the draft asks for; undefined while its share is no whole percent. */
export function editOf({ rule, conditions, percent }: RuleDraft): RuleEdit | undefined {
  const value = wholePercent(percent);
  if (value === undefined) return undefined;
  return {
    ...(rule && { rule: { ...rule } }),
    to: { percent: value, ...(conditions && { match: conditions.map(asAsked) }) },
  };
}

export function wholePercent(text: string): number | undefined {
  const isWhole = /^\d{1,3}$/.test(text.trim()) && Number(text) <= 100;
  return isWhole ? Number(text) : undefined;
}

/** Spaces around values are not meant; a list of one is that value. */
function asAsked({ on, op, name, value }: ConditionDraft): ConditionView {
  if (op === 'present') return { on, op, name: name.trim(), value: '' };
  if (op === 'regex') return { on, op, name: name.trim(), value };
  if (op !== 'oneOf') return { on, op, name: name.trim(), value: value.trim() };
  const values = value
    .split(/[,，\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return {
    on,
    op: values.length > 1 ? 'oneOf' : 'exact',
    name: name.trim(),
    value: values.join(','),
  };
}

export function withCondition(
  draft: RuleDraft,
  index: number,
  change: Partial<ConditionDraft>,
): RuleDraft {
  const conditions = (draft.conditions ?? []).map((condition, i) =>
    i === index ? { ...condition, ...change } : condition,
  );
  return { ...draft, conditions };
}

export function withoutCondition(draft: RuleDraft, index: number): RuleDraft {
  return { ...draft, conditions: (draft.conditions ?? []).filter((_, i) => i !== index) };
}

/** One more, of the first kind that is not there: a route can ask of each header only once. */
export function withOneMore(draft: RuleDraft): RuleDraft {
  const conditions = draft.conditions ?? [];
  const free = conditionKinds.find((kind) => !conditions.some(({ on }) => on === kind));
  return { ...draft, conditions: [...conditions, beginnings[free ?? 'header']] };
}

/** A device more or less; the last one cannot go. */
export function withDevice(value: string, device: Device, isOn: boolean): string {
  const chosen = value.split(',').filter((one) => one !== '');
  const next = devices.filter((one) => (one === device ? isOn : chosen.includes(one)));
  return next.length === 0 ? value : next.join(',');
}

/** Whether the rule that is edited is still what was shown. */
export function isStillThere({ rule }: RuleDraft, { rules }: PanelSnapshot): boolean {
  return rule === undefined || rules.some(({ id, key }) => id === rule.id && key === rule.key);
}

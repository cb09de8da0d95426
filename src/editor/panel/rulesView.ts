import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import { audienceOf } from '../../backends/matchRules.ts';
import { backendOf } from '../../backends/registry.ts';
import { ruleSentence } from '../../backends/ruleText.ts';
import type { Intent } from '../../model/intent.ts';
import { isForSome, type MatchCondition, type Rollout, type Rule } from '../../model/rollout.ts';
import type { ConditionView, Offer, RuleEdit, RuleView } from '../../protocol/messages.ts';
import { say } from './panel.l10n.ts';

/** The rules of the rollout as the panel shows them; `hindrance` is why none can be written now. */
export function ruleViews(
  rollout: Rollout,
  hindrance: Text | undefined,
  render: (text: Text) => string,
): RuleView[] {
  const offerFor = (rule: Rule, tip: 'panel.editRuleTip' | 'panel.removeRuleTip'): Offer => {
    const reason = rule.readOnly ?? hindrance;
    return {
      shown: canSetMatches(rollout) && isForSome(rule),
      enabled: reason === undefined,
      reason: render(reason ?? say(tip)),
    };
  };
  return rollout.rules.map((rule) => {
    const match = editableMatch(rule);
    return {
      id: rule.id,
      sentence: render(ruleSentence(rollout, rule)),
      readOnly: rule.readOnly ? render(rule.readOnly) : '',
      shares: Object.fromEntries(rule.destinations.map((d) => [d.trackId, d.share])),
      key: keyOf(rule),
      ...(match && { match }),
      percent: Math.round(canaryShare(rollout, rule) * 100),
      edit: offerFor(rule, 'panel.editRuleTip'),
      remove: offerFor(rule, 'panel.removeRuleTip'),
    };
  });
}

/** Whether rules for some of the requests can be written for it at all. */
export function canSetMatches({ backend }: Rollout): boolean {
  return backendOf(backend)?.capabilities.setsMatches === true;
}

function canaryShare({ tracks }: Rollout, { destinations }: Rule): number {
  const canary = tracks.find(({ role }) => role === 'canary')?.id;
  return destinations.find(({ trackId }) => trackId === canary)?.share ?? 0;
}

/** Of a rule of ours: what it asks about the requests, without the path of the rule that it stands before. */
function editableMatch(rule: Rule): ConditionView[] | undefined {
  const [match = [], ...more] = audienceOf(rule);
  if (!rule.isOurs || more.length > 0) return undefined;
  const conditions = match.flatMap(conditionView);
  return conditions.length === 0 ? undefined : conditions;
}

function conditionView({ on, op, name, value }: MatchCondition): ConditionView[] {
  if (on === 'path' || on === 'method' || on === 'query' || on === 'other') return [];
  return op === 'absent' ? [] : [{ on, op, name, value }];
}

function keyOf({ matches }: Rule): string {
  return createHash('sha256').update(JSON.stringify(matches)).digest('base64url').slice(0, 16);
}

/**
 * The intent of an edit in the panel, with the rule's conditions as the host knows them. An error when the rule that was shown is not there
 * any more.
 */
export function ruleIntentOf({ rules, route }: Rollout, edit: RuleEdit): Result<Intent, Text> {
  const { rule: meant, to } = edit;
  const rule = rules.find(({ id }) => id === meant?.id);
  if (meant !== undefined && (rule === undefined || keyOf(rule) !== meant.key))
    return err(
      say('panel.ruleChanged', { rule: meant.id, kind: route.resource.kind, name: route.name }),
    );
  const matches = to?.match === undefined ? (rule?.matches ?? []) : [to.match];
  return ok({
    kind: 'setMatch',
    ...(rule && { rule: rule.id, was: rule.matches }),
    ...(to && { to: { matches, percent: to.percent } }),
  });
}

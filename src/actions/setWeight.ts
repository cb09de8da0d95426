import { err, ok, type Result } from '../base/result.ts';
import type { Intent } from '../model/intent.ts';
import type { PlanError } from '../model/problems.ts';
import type { Rollout } from '../model/rollout.ts';
import { say } from './actions.l10n.ts';

export type SetWeight = Extract<Intent, { kind: 'setWeight' }>;

/** Whether the percentages make sense for this rollout; what they come to in objects is the back end's business. */
export function checkSetWeight(rollout: Rollout, intent: SetWeight): Result<void, PlanError> {
  if (rollout.weights.kind === 'none')
    return err({ kind: 'unsupported', text: rollout.weights.reason });
  const problem = ruleProblem(rollout, intent.rule) ?? percentProblem(rollout, intent.percents);
  return problem === undefined ? ok(undefined) : err(problem);
}

function ruleProblem(rollout: Rollout, ruleId: string | undefined): PlanError | undefined {
  if (ruleId === undefined) return undefined;
  const rule = rollout.rules.find(({ id }) => id === ruleId);
  if (rule === undefined)
    return invalid(say('action.unknownRule', { rollout: rollout.id, rule: ruleId }));
  return rule.readOnly === undefined ? undefined : { kind: 'unsupported', text: rule.readOnly };
}

function percentProblem(
  rollout: Rollout,
  percents: Readonly<Record<string, number>>,
): PlanError | undefined {
  const asked = Object.entries(percents);
  if (asked.length === 0) return invalid(say('action.noPercents', { rollout: rollout.id }));
  const known = rollout.tracks.map((track) => track.id);
  for (const [track, value] of asked) {
    if (!known.includes(track))
      return invalid(
        say('action.unknownTrack', { rollout: rollout.id, track, tracks: known.join(', ') }),
      );
    if (!Number.isInteger(value) || value < 0 || value > 100)
      return invalid(say('action.notAPercent', { track, value: String(value) }));
  }
  const sum = asked.reduce((total, [, value]) => total + value, 0);
  if (sum > 100) return invalid(say('action.tooMuch', { sum }));
  if (sum < 100 && asked.length === known.length) return invalid(say('action.tooLittle', { sum }));
  return undefined;
}

function invalid(text: PlanError['text']): PlanError {
  return { kind: 'invalid', text };
}

import { trackOf } from '../../model/rollout.ts';
import { planSuffix } from '../../release/planName.ts';
import { trafficOf } from '../../release/traffic.ts';
import { planText, type PlanFacts } from '../../release/writer.ts';
import { chooseRollout } from '../commands/choose.ts';
import { say as sayCommand } from '../commands/commands.l10n.ts';
import type { CommandContext, CommandHandler, RolloutRef } from '../commands/ports.ts';
import { plainText } from '../plainText.ts';
import { say } from './planEditor.l10n.ts';

/** Writes a plan for a rollout, from its back end and its present traffic, and opens it unsaved. */
export const newReleasePlan: CommandHandler = async (ctx, target) => {
  const command = say('planEditor.new');
  const at = await chooseRollout(ctx, target, {
    command: sayCommand('command.pickRollout', { command }),
    fits: (rollout) => rollout.weights.kind !== 'none',
    none: sayCommand('command.noRollouts'),
  });
  if (at === undefined) return;
  const rollout = ctx.source.rollout(at.context, at.rolloutId);
  if (rollout === undefined) return void ctx.ui.inform(ctx.render(sayCommand('command.gone')));
  if (rollout.weights.kind === 'none') {
    const { reason } = rollout.weights;
    const refusal = say('planEditor.noWeights', { service: rollout.service, reason });
    return void ctx.ui.fail(plainText(ctx.render(refusal)));
  }
  const facts = await look(ctx, at, { rollout, context: at.context });
  if (facts === undefined) return;
  const text = planText(facts, (words) => plainText(ctx.render(words)));
  await ctx.plans.create({ name: rollout.service, ending: planSuffix, text });
};

/** Adds what the metrics say now; undefined when the person cancelled. */
async function look(
  ctx: CommandContext,
  at: RolloutRef,
  facts: PlanFacts,
): Promise<PlanFacts | undefined> {
  const title = plainText(
    ctx.render(say('planEditor.looking', { service: facts.rollout.service })),
  );
  return ctx.ui.progress({ title, cancellable: true }, async (signal) => {
    const readings = await ctx.prometheus.readings(at, signal);
    if (signal.aborted) return undefined;
    if (!readings.ok || trackOf(facts.rollout, 'stable') === undefined) return facts;
    return { ...facts, traffic: trafficOf(facts.rollout, readings.value) };
  });
}

import type { Text } from '../../base/text.ts';
import { findRollout, fitsContext } from '../../release/scope.ts';
import type { ReleasePlan } from '../../release/plan.ts';
import { readPlan } from '../../release/schema.ts';
import type { Rollout } from '../../model/rollout.ts';
import { plainText } from '../plainText.ts';
import { say } from '../runs/runs.l10n.ts';
import { stepText } from '../runs/runView.ts';
import { ensureConnected, chosenContext } from './choose.ts';
import type { CommandContext, CommandHandler } from './ports.ts';

/** Runs a plan file in this window: the one a lens was on, else the one that is open. Asks once, for all that it will write. */
export const runPlan: CommandHandler = async (ctx, target) => {
  const plan = await readOpen(ctx, target);
  if (plan === undefined) return;
  const context = await chosenContext(ctx, undefined);
  if (context === undefined) return;
  const { scope } = plan;
  if (!fitsContext(scope, context))
    return tell(ctx, say('runs.wrongContext', { pattern: scope.context ?? '', context }));
  await ensureConnected(ctx, context);
  ctx.keepConnected(context);
  const found = findRollout(scope, ctx.source.context(context)?.rollouts ?? []);
  if (!found.ok) return tell(ctx, found.error);
  await begin(ctx, context, { plan, rollout: found.value });
};

/** The plan, or undefined after one sentence that says what is wrong. */
async function readOpen(ctx: CommandContext, target: unknown): Promise<ReleasePlan | undefined> {
  const file = await ctx.plans.read(target);
  const plan = file && readPlan(file.text);
  if (plan?.ok === true) return plan.value;
  const problem = plan?.error[0];
  const text =
    file === undefined || problem === undefined
      ? say('runs.noFile')
      : say('runs.planWrong', { file: file.name, line: problem.at.line, reason: problem.text });
  await tell(ctx, text);
  return undefined;
}

async function begin(
  ctx: CommandContext,
  context: string,
  { plan, rollout }: { readonly plan: ReleasePlan; readonly rollout: Rollout },
): Promise<void> {
  const { service } = rollout;
  const under = ctx.runs.of(context, rollout.id);
  if (under !== undefined && under.state.phase.kind !== 'ended')
    return tell(ctx, say('runs.under', { service, plan: under.state.plan.name }));
  if (!(await consents(ctx, context, { plan, rollout }))) return;
  const begun = await ctx.runs.begin(context, { ...plan, runBy: 'editor' }, rollout);
  if (!begun.ok) return tell(ctx, say('runs.notBegun', { reason: begun.error }));
  ctx.panels.openRollout({ context, rolloutId: rollout.id });
  ctx.ui.flash(plainText(ctx.render(say('runs.began', { plan: plan.name, service }))));
}

async function consents(
  ctx: CommandContext,
  context: string,
  { plan, rollout }: { readonly plan: ReleasePlan; readonly rollout: Rollout },
): Promise<boolean> {
  const { service, namespace } = rollout;
  const steps = plan.steps.map((step) => ctx.render(stepText(step))).join(' → ');
  const success = say(plan.onSuccess === 'promote' ? 'runs.ask.promote' : 'runs.ask.hold');
  const detail = [
    say('runs.ask.cluster', { context, namespace }),
    say('runs.ask.steps', { steps }),
    say('runs.ask.success', { success }),
    say('runs.ask.back'),
    say('runs.ask.window'),
  ];
  const button = ctx.render(say('runs.ask.button'));
  const answer = await ctx.ui.ask({
    message: plainText(ctx.render(say('runs.ask', { plan: plan.name, service }))),
    detail: detail.map((line) => plainText(ctx.render(line))).join('\n'),
    buttons: [button],
  });
  if (answer !== button) return false;
  if (ctx.source.context(context)?.protected !== true) return true;
  const typed = await ctx.ui.input({
    title: button,
    prompt: plainText(ctx.render(say('runs.typeName', { context, service }))),
    validate: (text) => (text === service ? '' : ctx.render(say('runs.wrongName', { service }))),
  });
  return typed === service;
}

async function tell(ctx: CommandContext, text: Text): Promise<void> {
  await ctx.ui.fail(plainText(ctx.render(text)));
}

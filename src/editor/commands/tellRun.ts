import type { Command } from '../../release/run.ts';
import { plainText } from '../plainText.ts';
import { say } from '../runs/runs.l10n.ts';
import type { KnownRun } from '../runs/runs.ts';
import { commandsOf } from '../runs/runView.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { rolloutOf } from './targets.ts';

/** Pause, resume, next step, go on, promote, abort, leave: asks which run and what, whoever drives it. */
export const tellRun: CommandHandler = async (ctx, target) => {
  const run = await chooseRun(ctx, target);
  if (run === undefined) return;
  const command = await ctx.ui.pick<Command>({
    title: plainText(run.state.plan.name),
    placeholder: ctx.render(say('runs.chooseCommand')),
    choices: commandsOf(run.state.phase.kind).map((value) => ({
      label: ctx.render(say(`runs.command.${value}`)),
      value,
    })),
  });
  if (command !== undefined) await sendToRun(ctx, run, command);
};

/** Shows a failure in one sentence; success shows in the run itself. */
export async function sendToRun(
  ctx: Pick<CommandContext, 'runs' | 'ui' | 'render'>,
  run: KnownRun,
  command: Command,
): Promise<void> {
  const sent = await ctx.runs.command(run, command);
  if (sent.ok) return;
  await ctx.ui.fail(plainText(ctx.render(say('runs.commandFailed', { reason: sent.error }))));
}

async function chooseRun(ctx: CommandContext, target: unknown): Promise<KnownRun | undefined> {
  const at = rolloutOf(ctx.source, target) ?? ctx.panels.focused();
  const under = ctx.runs.all().filter(({ state }) => state.phase.kind !== 'ended');
  const here = under.find(
    (run) => run.context === at?.context && run.state.target.rolloutId === at.rolloutId,
  );
  const [only, ...more] = under;
  if (here !== undefined) return here;
  if (only === undefined || at !== undefined) {
    await ctx.ui.inform(ctx.render(say('runs.none')));
    return undefined;
  }
  if (more.length === 0) return only;
  return ctx.ui.pick({
    title: ctx.render(say('runs.chooseRun')),
    placeholder: '',
    choices: under.map((run) => ({
      label: plainText(run.state.plan.name),
      description: plainText(`${run.state.target.namespace} · ${run.context}`),
      value: run,
    })),
  });
}

import { plainText } from '../plainText.ts';
import { chosenContext, ensureConnected } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';

/** Looks for Prometheus as the panel does, and says what was found or what was tried. */
export const testPrometheus: CommandHandler = async (ctx, target) => {
  const context = await chosenContext(ctx, target);
  if (context === undefined) return;
  const wantsToSet = await tellPrometheus(ctx, context);
  if (wantsToSet) await ctx.ui.runCommand('cablecar.setPrometheus', { kind: 'context', context });
};

/** Resolves to true when the person wants to set another one. */
export async function tellPrometheus(ctx: CommandContext, context: string): Promise<boolean> {
  await ensureConnected(ctx, context);
  const title = plainText(ctx.render(say('prometheus.testing', { context })));
  const result = await ctx.ui.progress({ title, cancellable: true }, (signal) =>
    ctx.prometheus.test(context, signal),
  );
  if (result.ok) {
    await ctx.ui.inform(
      plainText(ctx.render(say('prometheus.found', { context, what: result.value }))),
    );
    return false;
  }
  const tried = result.error.map(ctx.render).join(' ');
  const set = ctx.render(say('prometheus.set'));
  const text = plainText(ctx.render(say('prometheus.notFound', { context, tried })));
  return (await ctx.ui.warn(text, set)) === set;
}

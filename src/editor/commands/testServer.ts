import { plainText } from '../plainText.ts';
import type { Server } from '../settings.ts';
import { chosenContext, ensureConnected } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';

/** Names that are the same in every language. */
export const serverNames: Readonly<Record<Server, string>> = {
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
};

export const testPrometheus = testServer('prometheus');
export const testAlertmanager = testServer('alertmanager');

/** Looks for the server as panels and runs do, and says what was found or what was tried. */
function testServer(server: Server): CommandHandler {
  return async (ctx, target) => {
    const context = await chosenContext(ctx, target);
    if (context === undefined) return;
    const wantsToSet = await tellServer(ctx, server, context);
    if (wantsToSet) await ctx.ui.runCommand(setCommands[server], { kind: 'context', context });
  };
}

const setCommands = {
  prometheus: 'cablecar.setPrometheus',
  alertmanager: 'cablecar.setAlertmanager',
} as const;

/** Resolves to true when the person wants to set another one. */
export async function tellServer(
  ctx: CommandContext,
  server: Server,
  context: string,
): Promise<boolean> {
  await ensureConnected(ctx, context);
  const args = { server: serverNames[server], context };
  const title = plainText(ctx.render(say('prometheus.testing', args)));
  const result = await ctx.ui.progress({ title, cancellable: true }, (signal) =>
    ctx[server].test(context, signal),
  );
  if (result.ok) {
    await ctx.ui.inform(
      plainText(ctx.render(say('prometheus.found', { ...args, what: result.value }))),
    );
    return false;
  }
  const tried = result.error.map(ctx.render).join(' ');
  const set = ctx.render(say('prometheus.set', args));
  const text = plainText(ctx.render(say('prometheus.notFound', { ...args, tried })));
  return (await ctx.ui.warn(text, set)) === set;
}

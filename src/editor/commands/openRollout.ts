import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';

export const openRollout: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.openRollout') }),
    fits: () => true,
    none: say('command.noRollouts'),
  });
  if (at === undefined) return;
  const isThere = ctx.source.rollout(at.context, at.rolloutId) !== undefined;
  if (isThere) ctx.panels.openRollout(at);
  else await ctx.ui.inform(ctx.render(say('command.gone')));
};

import { chooseService } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';

export const openMetrics: CommandHandler = async (ctx, target) => {
  const at = await chooseService(ctx, target, {
    command: say('command.pickService', { command: say('command.openMetrics') }),
    fits: (service) => service.rolloutId === undefined,
    none: say('command.noServices'),
  });
  if (at !== undefined) ctx.panels.openMetrics(at);
};

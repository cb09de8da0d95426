import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';
import { runIntent } from './run.ts';

/** Makes the canary the stable version; the consent says which step of it comes now. */
export const promote: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.promote') }),
    fits: (rollout) => rollout.promotion.style !== 'none' && rollout.owner?.kind !== 'controller',
    none: say('command.noRollouts'),
  });
  if (at !== undefined) await runIntent(ctx, at, { kind: 'promote' });
};

import { canRollBack } from '../../model/rollout.ts';
import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';
import { runIntent } from './run.ts';

/** All traffic back to stable. Offered in every state: it rests on a fresh read, not on the view. */
export const rollback: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.rollback') }),
    fits: canRollBack,
    none: say('command.noRollouts'),
  });
  if (at !== undefined) await runIntent(ctx, at, { kind: 'rollback' });
};

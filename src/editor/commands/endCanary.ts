import { backendOf } from '../../backends/registry.ts';
import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';
import { runIntent } from './run.ts';

/** Takes away the canary's own objects. */
export const endCanary: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.endCanary') }),
    fits: (rollout) => backendOf(rollout.backend)?.capabilities.startsCanary === true,
    none: say('command.noRollouts'),
  });
  if (at !== undefined) await runIntent(ctx, at, { kind: 'endCanary' });
};

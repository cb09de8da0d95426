import { trackOf, type BatchUpdate, type Rollout } from '../../model/rollout.ts';
import type { AnyIntent, BatchIntent } from '../../model/intent.ts';
import { plainText } from '../plainText.ts';
import { updateOffers, type UpdateOffers } from '../updateOffers.ts';
import { batchChoices, limitsText } from './batchSizes.ts';
import { chooseRollout } from './choose.ts';
import { say, type CommandWord } from './commands.l10n.ts';
import type { CommandContext, CommandHandler, RolloutRef } from './ports.ts';
import { runIntent } from './run.ts';

type Kind = Extract<keyof UpdateOffers, BatchIntent['kind'] | 'finish'>;

/** Stops an update in batches where it is. */
export const pause = batchCommand('pause', () => Promise.resolve({ kind: 'pause' }));

/** Lets it go on: to its batch, or to the end where there is none. */
export const resume = batchCommand('resume', () => Promise.resolve({ kind: 'resume' }));

/** All pods, by the controller's own rolling update. */
export const finish = batchCommand('finish', () => Promise.resolve({ kind: 'promote' }));

/** Asks for the next batch, pod by pod as far as it may go now. */
export const setBatch = batchCommand('setBatch', async (ctx, rollout, update) => {
  const { weights } = rollout;
  const stops = weights.kind === 'stops' ? weights.stops : [];
  const { batch, wanted, ready } = update;
  const further = stops.filter(({ pods }) => pods > batch);
  const next = say('batch.next', { batch, wanted, ready, limits: limitsText(update) });
  const count = await ctx.ui.pick({
    title: title(ctx, 'command.setBatch', rollout),
    placeholder: ctx.render(next),
    choices: batchChoices(ctx, further, wanted),
  });
  return count === undefined ? undefined : { kind: 'setBatch', size: { count } };
});

/** Asks for both limits, one after the other; the plan says what is wrong with them. */
export const setSurge = batchCommand('setSurge', async (ctx, rollout, update) => {
  const ask = (name: 'maxSurge' | 'maxUnavailable'): Promise<string | undefined> =>
    ctx.ui.input({
      title: title(ctx, 'command.setSurge', rollout),
      prompt: ctx.render(say(`batch.${name}`, { wanted: update.wanted, pods: update[name].pods })),
      value: update[name].value,
      stays: true,
      validate: (text) =>
        /^\s*\d{1,9}%?\s*$/.test(text) ? '' : ctx.render(say('batch.notALimit')),
    });
  const maxSurge = await ask('maxSurge');
  if (maxSurge === undefined) return undefined;
  const maxUnavailable = await ask('maxUnavailable');
  if (maxUnavailable === undefined) return undefined;
  return {
    kind: 'setSurge',
    maxSurge: maxSurge.trim(),
    maxUnavailable: maxUnavailable.trim(),
  };
});

/** Chooses the rollout, says why not where it cannot be done, asks what is to be asked, and sends the intent. */
function batchCommand(
  kind: Kind,
  intentFor: (
    ctx: CommandContext,
    rollout: Rollout,
    update: BatchUpdate,
  ) => Promise<AnyIntent | undefined>,
): CommandHandler {
  return async (ctx, target) => {
    const at = await chooseRollout(ctx, target, {
      command: say('command.pickRollout', { command: say(`command.${kind}`) }),
      fits: (rollout) => updateOffers(rollout)?.[kind] === true,
      none: say('batch.none'),
    });
    const rollout = at && ctx.source.rollout(at.context, at.rolloutId);
    if (at === undefined || rollout === undefined) return;
    if (await isRefused(ctx, at, rollout, kind)) return;
    const intent = rollout.update && (await intentFor(ctx, rollout, rollout.update));
    if (intent !== undefined) await runIntent(ctx, at, intent);
  };
}

/** True after one sentence why it cannot be done: the state of the update, its owner, or a right that this person lacks. */
async function isRefused(
  ctx: CommandContext,
  { context }: RolloutRef,
  rollout: Rollout,
  kind: Kind,
): Promise<boolean> {
  const { owner, service, weights } = rollout;
  const missing = (): Promise<Parameters<CommandContext['render']>[0] | undefined> =>
    ctx.workloads.refusal(context, 'patch', rollout.route);
  const controller = owner?.kind === 'controller' ? owner : undefined;
  const reason = controller
    ? say('weight.owned', { owner: controller.name, service, effect: controller.effect })
    : updateOffers(rollout)?.[kind] === true
      ? await missing()
      : kind === 'setBatch' && weights.kind === 'none'
        ? weights.reason
        : say('batch.notNow', { command: say(`command.${kind}`), service });
  if (reason === undefined) return false;
  await ctx.ui.fail(plainText(ctx.render(reason)));
  return true;
}

function title(ctx: CommandContext, command: CommandWord, rollout: Rollout): string {
  const version = trackOf(rollout, 'canary')?.version;
  const what = version === undefined ? rollout.service : `${rollout.service} ${version}`;
  return plainText(ctx.render(say('command.running', { command: say(command), what })));
}

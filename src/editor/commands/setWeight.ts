import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import { trackOf, type Rollout, type Track } from '../../model/rollout.ts';
import { plainText } from '../plainText.ts';
import { chooseRollout } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { runIntent } from './run.ts';

/** Asks for the canary's percent (or one of the stops that whole pods reach) and sends it to every rule that carries the pair. */
export const setWeight: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, {
    command: say('command.pickRollout', { command: say('command.setWeight') }),
    fits: (rollout) => whyNot(rollout) === undefined,
    none: say('command.noRollouts'),
  });
  const rollout = at && ctx.source.rollout(at.context, at.rolloutId);
  if (at === undefined || rollout === undefined) return;
  const canary = trackOf(rollout, 'canary');
  const reason = whyNot(rollout);
  if (canary === undefined || reason !== undefined) {
    await ctx.ui.fail(
      plainText(ctx.render(reason ?? say('weight.noCanary', { service: rollout.service }))),
    );
    return;
  }
  const percent = await askPercent(ctx, rollout, canary);
  if (percent === undefined) return;
  await runIntent(ctx, at, { kind: 'setWeight', percents: { [canary.id]: percent } });
};

/** Why no weight can be set, in one sentence; undefined when one can. */
function whyNot(rollout: Rollout): Text | undefined {
  const { service, owner, weights } = rollout;
  if (owner?.kind === 'controller') {
    return say('weight.owned', { owner: owner.name, service, effect: owner.effect });
  }
  if (weights.kind === 'none') return weights.reason;
  return trackOf(rollout, 'canary') === undefined ? say('weight.noCanary', { service }) : undefined;
}

async function askPercent(
  ctx: CommandContext,
  rollout: Rollout,
  canary: Track,
): Promise<number | undefined> {
  const title = plainText(
    ctx.render(
      say('command.running', { command: say('command.setWeight'), what: rollout.service }),
    ),
  );
  const now = percentText(rollout.canaryShare);
  if (rollout.weights.kind === 'stops') {
    return ctx.ui.pick({
      title,
      placeholder: ctx.render(say('weight.stops')),
      choices: rollout.weights.stops.map(({ percent, pods }) => ({
        label: ctx.render(say('weight.stop', { percent })),
        description: ctx.render(say('weight.pods', { pods })),
        value: percent,
      })),
    });
  }
  const track = canary.version ?? canary.name;
  const text = await ctx.ui.input({
    title,
    prompt: plainText(ctx.render(say('weight.prompt', { track, now }))),
    value: now,
    validate: (input) => (percentOf(input) === undefined ? ctx.render(say('weight.invalid')) : ''),
  });
  return text === undefined ? undefined : percentOf(text);
}

/** A whole percent 0–100, with or without the sign; undefined for anything else. */
export function percentOf(text: string): number | undefined {
  const digits = /^\s*(\d{1,3})\s*[%％]?\s*$/.exec(text)?.[1];
  const value = digits === undefined ? undefined : Number(digits);
  return value !== undefined && value <= 100 ? value : undefined;
}

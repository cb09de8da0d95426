import { trackOf, type Rollout } from '../../model/rollout.ts';
import { plainText } from '../plainText.ts';
import { chooseRollout, type Purpose } from './choose.ts';
import { say, type CommandWord } from './commands.l10n.ts';
import type { CommandContext, CommandHandler, RolloutRef } from './ports.ts';

const hourMs = 3_600_000;

const any = (command: CommandWord): Purpose<Rollout> => ({
  command: say('command.pickRollout', { command: say(command) }),
  fits: () => true,
  none: say('command.noRollouts'),
});

export const openInPrometheus: CommandHandler = async (ctx, target) => {
  const at = await chooseRollout(ctx, target, any('command.openInPrometheus'));
  if (at === undefined) return;
  const url = await ctx.prometheus.link(at);
  if (url === undefined || !(await ctx.ui.openExternal(url))) {
    await ctx.ui.inform(ctx.render(say('prometheus.noLink')));
  }
};

export const openInGrafana: CommandHandler = async (ctx, target) => {
  const template = ctx.settings.grafanaUrlTemplate;
  if (template === '') {
    await ctx.ui.inform(ctx.render(say('grafana.none')));
    return;
  }
  const at = await chooseRollout(ctx, target, any('command.openInGrafana'));
  if (at === undefined) return;
  const url = grafanaUrl(template, ctx, at);
  if (!(await ctx.ui.openExternal(url))) {
    await ctx.ui.fail(plainText(ctx.render(say('grafana.bad', { url }))));
  }
};

function grafanaUrl(template: string, ctx: CommandContext, at: RolloutRef): string {
  const rollout = ctx.source.rollout(at.context, at.rolloutId);
  const now = ctx.nowMs();
  return fillUrl(template, {
    context: at.context,
    namespace: rollout?.namespace ?? '',
    service: rollout?.service ?? '',
    stable: (rollout && trackOf(rollout, 'stable')?.name) ?? '',
    canary: (rollout && trackOf(rollout, 'canary')?.name) ?? '',
    fromMs: String(now - hourMs),
    toMs: String(now),
  });
}

/** The template with `{name}` filled in, encoded, so that a name from the cluster cannot add to the address. Unknown names stay. */
export function fillUrl(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : whole,
  );
}

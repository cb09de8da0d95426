import { backendOf } from '../../backends/registry.ts';
import { trackOf } from '../../model/rollout.ts';
import {
  alertRules,
  hasLimits,
  ownAlerts,
  type Canary,
  type RuleFormat,
} from '../../release/alertRule.ts';
import { matcherText } from '../../release/alertMatchers.ts';
import type { PlanScope, ReleasePlan } from '../../release/plan.ts';
import { readPlan } from '../../release/schema.ts';
import { fitsScope } from '../../release/scope.ts';
import type { CommandContext, CommandHandler } from '../commands/ports.ts';
import { plainText } from '../plainText.ts';
import { say } from './planEditor.l10n.ts';

/** Makes alerting rules of a plan's limits, opens them unsaved, and tells by which matcher the plan listens to them. */
export const exportAlertRule: CommandHandler = async (ctx, target) => {
  const file = await ctx.plans.read(target);
  if (file === undefined) return void ctx.ui.inform(ctx.render(say('planEditor.noPlan')));
  const plan = readPlan(file.text);
  if (!plan.ok)
    return void ctx.ui.fail(ctx.render(say('planEditor.bad', { n: plan.error.length })));
  if (!hasLimits(plan.value)) return void ctx.ui.inform(ctx.render(say('planEditor.noLimits')));
  const canary = canaryOf(ctx, plan.value.scope);
  if (canary === undefined) {
    const { service, namespace } = plan.value.scope;
    return void ctx.ui.fail(
      plainText(ctx.render(say('planEditor.noQueries', { service, namespace }))),
    );
  }
  const format = await pickFormat(ctx);
  if (format !== undefined) await open(ctx, plan.value, { canary, format });
};

/** The canary of the first rollout that the plan is for and whose canary has metrics of its own. */
function canaryOf(ctx: CommandContext, scope: PlanScope): Canary | undefined {
  const { contexts } = ctx.source.inventory();
  const rollouts = contexts.flatMap(({ name, rollouts: all }) =>
    all.filter((rollout) => fitsScope(scope, name, rollout)),
  );
  return rollouts
    .flatMap((rollout): readonly Canary[] => {
      const track = trackOf(rollout, 'canary');
      const all = backendOf(rollout.backend)?.queries(rollout, ctx.settings.queries) ?? [];
      const queries = all.find(({ trackId }) => trackId === track?.id);
      if (track === undefined || queries === undefined) return [];
      const workload = track.workload?.ref.name;
      return [
        { queries, names: { track: track.name, ...(workload !== undefined && { workload }) } },
      ];
    })
    .at(0);
}

function pickFormat(ctx: CommandContext): Promise<RuleFormat | undefined> {
  return ctx.ui.pick<RuleFormat>({
    title: ctx.render(say('planEditor.export')),
    placeholder: ctx.render(say('planEditor.format')),
    choices: [
      {
        label: 'PrometheusRule',
        detail: ctx.render(say('planEditor.formatObject')),
        value: 'PrometheusRule',
      },
      {
        label: ctx.render(say('planEditor.ruleFile')),
        detail: ctx.render(say('planEditor.formatFile')),
        value: 'file',
      },
    ],
  });
}

async function open(
  ctx: CommandContext,
  plan: ReleasePlan,
  { canary, format }: { readonly canary: Canary; readonly format: RuleFormat },
): Promise<void> {
  const text = alertRules(plan, canary, {
    format,
    render: (words) => plainText(ctx.render(words)),
  });
  await ctx.plans.create({ name: `${plan.scope.service}-alerts`, ending: '.yaml', text });
  const matcher = matcherText(ownAlerts(plan));
  const copy = ctx.render(say('planEditor.copyMatcher'));
  const told = plainText(ctx.render(say('planEditor.listens', { matcher })));
  if ((await ctx.ui.inform(told, copy)) === copy) await ctx.ui.copy(`- ${matcher}`);
}

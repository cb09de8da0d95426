import type { Text } from '../../base/text.ts';
import type { ObjectRef } from '../../model/objects.ts';
import type { Revision } from '../../model/rollout.ts';
import { plainText } from '../plainText.ts';
import { updateOffers } from '../updateOffers.ts';
import { chooseService } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { runAction, type Report } from './run.ts';
import { rolloutOf } from './targets.ts';

/** A Deployment whose pods can get an earlier template, whether it is being updated or not. */
interface Place {
  readonly context: string;
  readonly service: string;
  readonly workload: ObjectRef;
}

/** Lists the revisions of a Deployment, and gives its pods the template of the chosen one. */
export const undoRevision: CommandHandler = async (ctx, target) => {
  const place = updateAt(ctx, target) ?? (await serviceAt(ctx, target));
  if (place !== undefined) await runUndoRevision(ctx, place);
};

export async function runUndoRevision(
  ctx: CommandContext,
  { context, service, workload }: Place,
  report?: Report,
): Promise<void> {
  const command = say('command.undoRevision');
  const title = plainText(ctx.render(say('command.running', { command, what: service })));
  const refusal = await ctx.workloads.refusal(context, 'patch', workload);
  const list = await ctx.ui.progress({ title, cancellable: false }, (signal) =>
    ctx.workloads.revisions(context, workload, signal),
  );
  const earlier = list.ok ? list.value.filter(({ isCurrent }) => !isCurrent) : [];
  const none = say('revision.none', { workload: workload.name });
  const reason = refusal ?? (list.ok ? (earlier.length === 0 ? none : undefined) : list.error);
  if (reason !== undefined) {
    await ctx.ui.fail(plainText(ctx.render(reason)));
    return;
  }
  const revision = await ctx.ui.pick({
    title,
    stays: true,
    placeholder: plainText(ctx.render(say('revision.pick', { workload: workload.name }))),
    choices: earlier.map((one) => ({
      label: ctx.render(say('revision.label', { revision: one.revision })),
      description: plainText(one.image),
      detail: plainText(ctx.render(detailOf(one, ctx.nowMs()))),
      value: one,
    })),
  });
  if (revision === undefined) return;
  const { replicaSet } = revision;
  const undo = { kind: 'undoRevision', workload, revision: revision.revision, replicaSet } as const;
  const work = (signal: AbortSignal): ReturnType<CommandContext['actions']['undoRevision']> =>
    ctx.actions.undoRevision(context, undo, signal);
  await runAction(ctx, { context, command, what: service, work }, report);
}

function detailOf({ createdAt, pods, replicaSet }: Revision, nowMs: number): Text {
  return say('revision.detail', { age: ageOf(createdAt, nowMs), pods, replicaSet });
}

const minuteMs = 60_000;

/** In the largest unit that is full; of a clock that is behind, 0 minutes. */
function ageOf(createdAt: string, nowMs: number): Text {
  const minutes = Math.max(0, Math.floor((nowMs - Date.parse(createdAt)) / minuteMs)) || 0;
  if (minutes < 60) return say('revision.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? say('revision.hours', { n: hours })
    : say('revision.days', { n: Math.floor(hours / 24) });
}

/** Of a row, or the panel that has the focus, that shows an update. */
function updateAt(ctx: CommandContext, target: unknown): Place | undefined {
  const at =
    rolloutOf(ctx.source, target) ?? (target === undefined ? ctx.panels.focused() : undefined);
  const rollout = at && ctx.source.rollout(at.context, at.rolloutId);
  if (at === undefined || rollout === undefined || updateOffers(rollout) === undefined)
    return undefined;
  return { context: at.context, service: rollout.service, workload: rollout.route };
}

async function serviceAt(ctx: CommandContext, target: unknown): Promise<Place | undefined> {
  const at = await chooseService(ctx, target, {
    command: say('command.pickService', { command: say('command.undoRevision') }),
    fits: ({ rolloutId, workloads }) => rolloutId === undefined && workloads.length === 1,
    none: say('revision.noService'),
  });
  const [workload, ...more] =
    (at && ctx.source.service(at.context, at.namespace, at.name)?.workloads) ?? [];
  if (at === undefined) return undefined;
  if (workload === undefined || more.length > 0) {
    await ctx.ui.fail(ctx.render(say('revision.noService')));
    return undefined;
  }
  return { context: at.context, service: at.name, workload: workload.ref };
}

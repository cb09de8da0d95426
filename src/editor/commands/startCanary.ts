import { services } from '../../model/kinds.ts';
import { refText } from '../../model/objects.ts';
import type { FirstBatch } from '../../model/rollout.ts';
import type { WorkloadView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { chooseService } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler, ServiceRef } from './ports.ts';
import { runAction, type Action, type Report } from './run.ts';
import { askFirstBatch, askWay, type StartWay } from './startUpdate.ts';

/**
 * Starts a new version of the one workload of a Service: a canary beside it, or a part of its own pods. Asks which of both, for the image,
 * and how many pods; the consent shows what will be written.
 */
export const startCanary: CommandHandler = async (ctx, target) => {
  const at = await chooseService(ctx, target, {
    command: say('command.pickService', { command: say('command.startCanary') }),
    fits: (service) => service.rolloutId === undefined && service.workloads.length === 1,
    none: say('command.noStartable'),
  });
  if (at !== undefined) await runStart(ctx, at);
};

export async function runStart(
  ctx: CommandContext,
  at: ServiceRef,
  report?: Report,
): Promise<void> {
  const service = ctx.source.service(at.context, at.namespace, at.name);
  const [workload, ...more] = service?.workloads ?? [];
  if (workload === undefined || more.length > 0) {
    await ctx.ui.fail(ctx.render(say('command.noStartable')));
    return;
  }
  const way = await askWay(ctx, at, workload);
  if (way === undefined) return;
  const image = await askImage(ctx, at, { workload, way });
  if (image === undefined) return;
  const start =
    way.kind === 'copy'
      ? copyStart(ctx, at, workload, image)
      : await batchesStart(ctx, at, { workload, image, first: way.first });
  if (start !== undefined) await runAction(ctx, start, report);
}

function copyStart(
  ctx: CommandContext,
  { context, namespace, name }: ServiceRef,
  workload: WorkloadView,
  image: string,
): Action {
  const start = {
    kind: 'startCanary',
    service: { resource: services, namespace, name },
    workload: workload.ref,
    image,
  } as const;
  return {
    context,
    command: say('command.startCanary'),
    what: name,
    work: (signal) => ctx.actions.start(context, start, signal),
  };
}

async function batchesStart(
  ctx: CommandContext,
  { context, name }: ServiceRef,
  wish: { readonly workload: WorkloadView; readonly image: string; readonly first: FirstBatch },
): Promise<Action | undefined> {
  const count = await askFirstBatch(ctx, name, wish.first);
  if (count === undefined) return undefined;
  const { workload, image } = wish;
  const start = { kind: 'startUpdate', workload: workload.ref, image, size: { count } } as const;
  return {
    context,
    command: say('command.startUpdate'),
    what: name,
    work: (signal) => ctx.actions.startUpdate(context, start, signal),
  };
}

async function askImage(
  ctx: CommandContext,
  at: ServiceRef,
  { workload, way }: { readonly workload: WorkloadView; readonly way: StartWay },
): Promise<string | undefined> {
  const { ref, image } = workload;
  const isCopy = way.kind === 'copy';
  const command = say(isCopy ? 'command.startCanary' : 'command.startUpdate');
  const names = { workload: refText(ref), image };
  const answer = await ctx.ui.input({
    title: plainText(ctx.render(say('command.running', { command, what: at.name }))),
    prompt: plainText(ctx.render(say(isCopy ? 'start.prompt' : 'start.promptUpdate', names))),
    value: image,
    stays: true,
    selection: [tagStart(image), image.length],
    validate: (text) => {
      const key = imageFault(text.trim(), image);
      return key === undefined ? '' : ctx.render(say(key));
    },
  });
  return answer?.trim();
}

/** Where the tag or digest begins, for that is what changes; 0 when there is none (a port is no tag). */
export function tagStart(image: string): number {
  return (/[:@][^/]*$/.exec(image)?.index ?? -1) + 1;
}

/** What is wrong with the image of a canary; undefined when nothing is. The server has the last word. */
export function imageFault(
  image: string,
  stableImage: string,
): 'start.noImage' | 'start.spaces' | 'start.same' | undefined {
  if (image === '') return 'start.noImage';
  if (/\s/.test(image)) return 'start.spaces';
  return image === stableImage ? 'start.same' : undefined;
}

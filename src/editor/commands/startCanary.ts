import { services } from '../../model/kinds.ts';
import { refText } from '../../model/objects.ts';
import type { WorkloadView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { chooseService } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler, ServiceRef } from './ports.ts';
import { runAction, type Report } from './run.ts';

/** Asks for the image and starts a canary beside the one workload of a Service; the consent shows the object to be created. */
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
  const image = await askImage(ctx, at, workload);
  if (image === undefined) return;
  const start = {
    kind: 'startCanary',
    service: { resource: services, namespace: at.namespace, name: at.name },
    workload: workload.ref,
    image,
  } as const;
  const action = {
    context: at.context,
    command: say('command.startCanary'),
    what: at.name,
    work: (signal: AbortSignal) => ctx.actions.start(at.context, start, signal),
  };
  await runAction(ctx, action, report);
}

async function askImage(
  ctx: CommandContext,
  at: ServiceRef,
  { ref, image }: WorkloadView,
): Promise<string | undefined> {
  const answer = await ctx.ui.input({
    title: plainText(
      ctx.render(say('command.running', { command: say('command.startCanary'), what: at.name })),
    ),
    prompt: plainText(ctx.render(say('start.prompt', { workload: refText(ref), image }))),
    value: image,
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

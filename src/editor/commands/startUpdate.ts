import type { Text } from '../../base/text.ts';
import type { FirstBatch } from '../../model/rollout.ts';
import type { WorkloadView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import type { Choice } from '../ui.ts';
import { batchChoices, limitsText } from './batchSizes.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, ServiceRef } from './ports.ts';

/** How a new version gets its first requests where nothing splits them yet. */
export type StartWay =
  { readonly kind: 'copy' } | { readonly kind: 'batches'; readonly first: FirstBatch };

type Offer = { readonly way: StartWay } | { readonly refusal: Text };

/** A first batch of this share of the pods is offered first. */
const usualPercent = 10;

/** Which of the two ways; one that cannot be gone is shown with its reason. Undefined when the person left, or it cannot be gone. */
export async function askWay(
  ctx: CommandContext,
  at: ServiceRef,
  { ref }: WorkloadView,
): Promise<StartWay | undefined> {
  const [copy, batches] = await Promise.all([
    copyOffer(ctx, at.context, ref),
    batchesOffer(ctx, at.context, ref),
  ]);
  const offer = await ctx.ui.pick({
    title: plainText(
      ctx.render(say('command.running', { command: say('command.startCanary'), what: at.name })),
    ),
    placeholder: ctx.render(say('start.how')),
    choices: [
      choice(ctx, copy, {
        label: say('start.copy'),
        detail: say('start.copyDetail'),
        icon: 'copy',
      }),
      choice(ctx, batches, {
        label: say('start.batches'),
        detail: say('start.batchesDetail', { workload: ref.name }),
        icon: 'layers',
      }),
    ],
  });
  if (offer === undefined) return undefined;
  if ('way' in offer) return offer.way;
  await ctx.ui.fail(plainText(ctx.render(offer.refusal)));
  return undefined;
}

async function copyOffer(
  ctx: CommandContext,
  context: string,
  ref: WorkloadView['ref'],
): Promise<Offer> {
  const refusal = await ctx.workloads.refusal(context, 'create', { ...ref, name: '' });
  return refusal === undefined ? { way: { kind: 'copy' } } : { refusal };
}

async function batchesOffer(
  ctx: CommandContext,
  context: string,
  ref: WorkloadView['ref'],
): Promise<Offer> {
  const first = ctx.workloads.firstBatch(context, ref);
  if (!first.ok) return { refusal: first.error };
  const refusal = await ctx.workloads.refusal(context, 'patch', ref);
  return refusal === undefined ? { way: { kind: 'batches', first: first.value } } : { refusal };
}

function choice(
  ctx: CommandContext,
  offer: Offer,
  { label, detail, icon }: { readonly label: Text; readonly detail: Text; readonly icon: string },
): Choice<Offer> {
  const isOffered = 'way' in offer;
  return {
    label: ctx.render(label),
    detail: plainText(ctx.render(isOffered ? detail : offer.refusal)),
    icon: isOffered ? icon : 'circle-slash',
    value: offer,
  };
}

/** Pods of the first batch: a tenth of them first, then all that may be asked for. */
export function askFirstBatch(
  ctx: CommandContext,
  service: string,
  first: FirstBatch,
): Promise<number | undefined> {
  const { wanted, stops } = first;
  const usual = Math.max(1, Math.round((wanted * usualPercent) / 100));
  const usualStop = stops.findLast(({ pods }) => pods <= usual) ?? stops[0];
  const others = stops.filter((stop) => stop !== usualStop);
  const ordered = usualStop === undefined ? others : [usualStop, ...others];
  return ctx.ui.pick({
    title: plainText(
      ctx.render(say('command.running', { command: say('command.startUpdate'), what: service })),
    ),
    placeholder: ctx.render(say('batch.first', { wanted, limits: limitsText(first) })),
    choices: batchChoices(ctx, ordered, wanted),
    stays: true,
  });
}

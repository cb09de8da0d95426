import type { Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { ObjectRef } from '../../model/objects.ts';
import { plainText } from '../plainText.ts';
import { objectOf } from '../tree/address.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler, RolloutRef } from './ports.ts';
import { addressOf } from './targets.ts';

/** The object behind a row with its context; undefined when there is none (then a sentence was shown). */
async function objectAt(
  ctx: CommandContext,
  target: unknown,
): Promise<{ readonly context: string; readonly ref: ObjectRef } | undefined> {
  const address = addressOf(target);
  const ref = address && objectOf(ctx.source, address);
  if (address !== undefined && ref !== undefined) return { context: address.context, ref };
  await ctx.ui.inform(ctx.render(say('command.gone')));
  return undefined;
}

/** Opens the YAML of the object behind a row. */
export const openYaml: CommandHandler = async (ctx, target) => {
  const object = await objectAt(ctx, target);
  if (object !== undefined) await showYaml(ctx, object.context, object.ref);
};

/** Opens the YAML of a rollout's route: for the panel. */
export async function openRoute(ctx: CommandContext, at: RolloutRef): Promise<void> {
  const rollout = ctx.source.rollout(at.context, at.rolloutId);
  if (rollout === undefined) await ctx.ui.inform(ctx.render(say('command.gone')));
  else await showYaml(ctx, at.context, rollout.route);
}

async function showYaml(ctx: CommandContext, context: string, ref: ObjectRef): Promise<void> {
  const yaml = await readYaml(ctx, context, ref);
  if (yaml.ok) await ctx.ui.openText(`${ref.resource.kind} ${ref.name}.yaml`, yaml.value);
  else await ctx.ui.fail(plainText(ctx.render(yaml.error)));
}

function readYaml(
  ctx: CommandContext,
  context: string,
  ref: ObjectRef,
): Promise<Result<string, Text>> {
  const title = plainText(ref.name);
  return ctx.ui.progress({ title, cancellable: false }, (signal) =>
    ctx.objects.yaml(context, ref, signal),
  );
}

export const copyYaml: CommandHandler = async (ctx, target) => {
  const object = await objectAt(ctx, target);
  if (object === undefined) return;
  const yaml = await readYaml(ctx, object.context, object.ref);
  if (yaml.ok) await copy(ctx, yaml.value, object.ref.name);
  else await ctx.ui.fail(plainText(ctx.render(yaml.error)));
};

export const copyKubectl: CommandHandler = async (ctx, target) => {
  const object = await objectAt(ctx, target);
  if (object === undefined) return;
  const line = kubectlLine(object.context, object.ref);
  await copy(ctx, line, line);
};

/** Copies the name of the object, or the row's own where there is none. */
export const copyName: CommandHandler = async (ctx, target) => {
  const address = addressOf(target);
  if (address === undefined) return;
  const name = objectOf(ctx.source, address)?.name ?? address.context;
  await copy(ctx, name, name);
};

async function copy(ctx: CommandContext, text: string, what: string): Promise<void> {
  await ctx.ui.copy(text);
  ctx.ui.flash(plainText(ctx.render(say('copy.done', { what }))));
}

/** What a person would type to see the object, for a POSIX shell. */
export function kubectlLine(context: string, { resource, namespace, name }: ObjectRef): string {
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  const scope = namespace === '' ? [] : ['-n', quoted(namespace)];
  return [
    'kubectl',
    '--context',
    quoted(context),
    ...scope,
    'get',
    kind,
    quoted(name),
    '-o',
    'yaml',
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w.@:/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

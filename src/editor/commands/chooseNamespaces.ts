import type { Text } from '../../base/text.ts';
import { plainText } from '../plainText.ts';
import { chosenContext } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';

/** Chooses which namespaces of a context are watched: from a list, or typed where listing namespaces is forbidden. */
export const chooseNamespaces: CommandHandler = async (ctx, target) => {
  const context = await chosenContext(ctx, target);
  if (context === undefined) return;
  const title = plainText(ctx.render(say('command.connecting', { context })));
  const found = await ctx.ui.progress({ title, cancellable: true }, (signal) =>
    ctx.contexts.namespaces(context, signal),
  );
  const chosen = found.ok
    ? await pickNamespaces(ctx, context, found.value)
    : await typeNamespaces(ctx, context, found.error);
  if (chosen !== undefined) await ctx.settings.setNamespaces(context, chosen);
};

async function pickNamespaces(
  ctx: CommandContext,
  context: string,
  names: readonly string[],
): Promise<readonly string[] | undefined> {
  const now = ctx.settings.namespacesOf(context);
  const all = [...new Set([...names, ...now])].sort();
  const chosen = await ctx.ui.pickMany({
    title: ctx.render(say('command.chooseNamespaces')),
    placeholder: plainText(ctx.render(say('namespaces.placeholder', { context }))),
    choices: all.map((name) => ({
      label: plainText(name),
      picked: now.includes(name),
      value: name,
    })),
  });
  return chosen?.length === all.length ? [] : chosen;
}

async function typeNamespaces(
  ctx: CommandContext,
  context: string,
  reason: Text,
): Promise<readonly string[] | undefined> {
  const typed = await ctx.ui.input({
    title: ctx.render(say('command.chooseNamespaces')),
    prompt: plainText(ctx.render(say('namespaces.type', { reason }))),
    value: ctx.settings.namespacesOf(context).join(', '),
    validate: (text) => {
      const name = namesIn(text).find((n) => !isNamespaceName(n));
      return name === undefined ? '' : ctx.render(say('namespaces.invalid', { name }));
    },
  });
  return typed === undefined ? undefined : namesIn(typed);
}

function namesIn(text: string): readonly string[] {
  const names = text.split(/[,，\s]+/).filter((name) => name !== '');
  return [...new Set(names)];
}

/** DNS-1123 label, as the API server wants it. */
function isNamespaceName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

import type { Text } from '../../base/text.ts';
import type { ContextView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { contextOf } from './targets.ts';
import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';

/** Makes another context the current one of this window. The kubeconfig is not written, so kubectl keeps its own. */
export const useContext: CommandHandler = async (ctx, target) => {
  const { contexts } = ctx.source.inventory();
  if (contexts.length === 0) {
    await ctx.ui.fail(ctx.render(say('command.noContexts')));
    return;
  }
  const name =
    contextOf(target) ??
    (await ctx.ui.pick({
      title: ctx.render(say('command.pickContext', { command: say('command.useContext') })),
      placeholder: ctx.render(say('command.typeToFind')),
      choices: contexts.map((context) => ({
        label: plainText(context.name),
        description: marksOf(context).map(ctx.render).join(' · '),
        value: context.name,
      })),
    }));
  if (name !== undefined) await ctx.contexts.use(name);
};

function marksOf(context: ContextView): Text[] {
  return [
    ...(context.current ? [say('context.current')] : []),
    ...(context.protected ? [say('context.protected')] : []),
  ];
}

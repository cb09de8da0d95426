import { plainText } from '../plainText.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, CommandHandler } from './ports.ts';
import { runAction, type Report } from './run.ts';

/** Offers the changes that can be taken back, newest first, and takes back the chosen one. */
export const undo: CommandHandler = async (ctx) => {
  const items = await ctx.actions.undoable();
  if (items.length === 0) {
    await ctx.ui.inform(ctx.render(say('undo.none')));
    return;
  }
  const item = await ctx.ui.pick({
    title: ctx.render(say('undo.pick')),
    placeholder: ctx.render(say('command.typeToFind')),
    choices: items.map((value) => ({
      label: plainText(ctx.render(value.sentence)),
      detail: plainText(
        ctx.render(
          say('undo.what', { who: value.who, when: ctx.time(value.atMs), context: value.context }),
        ),
      ),
      value,
    })),
  });
  if (item === undefined) return;
  await runUndo(ctx, item.context, { id: item.entryId, what: ctx.render(item.sentence) });
};

/** Takes back one recorded action. */
export function runUndo(
  ctx: CommandContext,
  context: string,
  entry: { readonly id: string; readonly what: string },
  report?: Report,
): Promise<void> {
  const action = {
    context,
    command: say('command.undo'),
    what: entry.what,
    work: (signal: AbortSignal) => ctx.actions.undo(context, entry.id, signal),
  };
  return runAction(ctx, action, report);
}

import { say } from './commands.l10n.ts';
import type { CommandHandler } from './ports.ts';

export const filter: CommandHandler = async (ctx) => {
  const text = await ctx.ui.input({
    title: ctx.render(say('filter.title')),
    prompt: ctx.render(say('filter.prompt')),
    value: ctx.filter.text,
  });
  if (text !== undefined) ctx.filter.set(text);
};

export const clearFilter: CommandHandler = (ctx) => {
  ctx.filter.set('');
  return Promise.resolve();
};

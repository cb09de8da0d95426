import { plainText } from '../plainText.ts';
import { chosenContext } from './choose.ts';
import { say } from './commands.l10n.ts';
import type { Server } from '../settings.ts';
import type { CommandContext, CommandHandler, Credential } from './ports.ts';
import { serverNames, tellServer } from './testServer.ts';

export const setPrometheus = setServer('prometheus');
export const setAlertmanager = setServer('alertmanager');

/** Sets where the server of a context is and how it knows us, then tests it. Leaving any step changes nothing. */
function setServer(server: Server): CommandHandler {
  return async (ctx, target) => {
    const context = await chosenContext(ctx, target);
    if (context === undefined) return;
    do {
      const place = await askPlace(ctx, server, context);
      if (place === undefined) return;
      if (place !== '') {
        const origin = new URL(place).origin;
        const credential = await askCredential(ctx, origin);
        if (credential === undefined) return;
        await store(ctx, origin, credential);
      }
      await ctx.settings.setServerUrl(server, context, place);
    } while (await tellServer(ctx, server, context));
  };
}

/** The base URL, or '' to look in the cluster; undefined when left. */
async function askPlace(
  ctx: CommandContext,
  server: Server,
  context: string,
): Promise<string | undefined> {
  const title = plainText(
    ctx.render(say('prometheus.how', { server: serverNames[server], context })),
  );
  const how = await ctx.ui.pick<'find' | 'url'>({
    title,
    placeholder: '',
    choices: [
      {
        label: ctx.render(say('prometheus.find')),
        detail: ctx.render(say('prometheus.findDetail')),
        value: 'find',
      },
      {
        label: ctx.render(say('prometheus.byUrl')),
        detail: ctx.render(
          say(server === 'prometheus' ? 'prometheus.byUrlDetail' : 'alertmanager.byUrlDetail'),
        ),
        value: 'url',
      },
    ],
  });
  if (how !== 'url') return how && '';
  const url = await ctx.ui.input({
    title,
    prompt: ctx.render(say('prometheus.url', { server })),
    value: ctx.settings.serverOf(server, context).url,
    validate: (text) => (isBaseUrl(text.trim()) ? '' : ctx.render(say('prometheus.badUrl'))),
  });
  return url?.trim();
}

/** An http or https address; a password in it would end up in the settings file. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

type Answer = Credential | 'none' | 'keep';

async function askCredential(ctx: CommandContext, origin: string): Promise<Answer | undefined> {
  const title = ctx.render(say('prometheus.auth', { origin }));
  const how = await ctx.ui.pick<Credential['kind'] | 'none' | 'keep'>({
    title,
    placeholder: '',
    choices: [
      { label: ctx.render(say('prometheus.noAuth')), value: 'none' },
      { label: ctx.render(say('prometheus.bearer')), value: 'bearer' },
      { label: ctx.render(say('prometheus.basic')), value: 'basic' },
      { label: ctx.render(say('prometheus.keepAuth')), value: 'keep' },
    ],
  });
  switch (how) {
    case 'bearer': {
      const token = await askSecret(ctx, title, ctx.render(say('prometheus.token', { origin })));
      return token === undefined ? undefined : { kind: 'bearer', token };
    }
    case 'basic': {
      const user = await ctx.ui.input({
        title,
        prompt: ctx.render(say('prometheus.user', { origin })),
      });
      if (!user) return undefined;
      const prompt = ctx.render(say('prometheus.password', { origin }));
      const password = await askSecret(ctx, title, prompt);
      return password === undefined ? undefined : { kind: 'basic', user, password };
    }
    case 'none':
    case 'keep':
    case undefined:
      return how;
  }
}

/** Undefined when left, or left empty. */
async function askSecret(
  ctx: CommandContext,
  title: string,
  prompt: string,
): Promise<string | undefined> {
  return (await ctx.ui.input({ title, prompt, secret: true })) || undefined;
}

async function store(ctx: CommandContext, origin: string, answer: Answer): Promise<void> {
  if (answer === 'keep') return;
  if (answer === 'none') await ctx.credentials.forget(origin);
  else await ctx.credentials.save(origin, answer);
}

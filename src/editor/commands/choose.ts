import type { Text } from '../../base/text.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { ContextView, ServiceView } from '../../state/inventory.ts';
import { plainText } from '../plainText.ts';
import { rolloutFacts, type Fact } from '../tree/facts.ts';
import { currentContext } from '../tree/viewState.ts';
import type { Choice } from '../ui.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, RolloutRef, ServiceRef } from './ports.ts';
import { contextOf, lostRow, rolloutOf, serviceOf } from './targets.ts';

/** What a choice is for: the name of the command, and which items it can act on. */
export interface Purpose<T> {
  readonly command: Text;
  readonly fits: (item: T) => boolean;
  /** What to say when nothing fits. */
  readonly none: Text;
}

/**
 * The rollout to act on: the row, else the panel that has the focus, else the only one that fits, else asked for. Undefined when the
 * person left, or there is none (then a sentence was shown).
 */
export async function chooseRollout(
  ctx: CommandContext,
  target: unknown,
  purpose: Purpose<Rollout>,
): Promise<RolloutRef | undefined> {
  if (target === lostRow) return sayLost(ctx);
  const given = rolloutOf(ctx.source, target) ?? ctx.panels.focused();
  if (given !== undefined) return given;
  const contexts = await connectedContexts(ctx);
  const choices = contexts.flatMap((context) =>
    context.rollouts.filter(purpose.fits).map((rollout) =>
      choice(ctx, context.name, rollout.namespace, {
        name: rollout.service,
        facts: rolloutFacts(rollout),
        value: { context: context.name, rolloutId: rollout.id },
      }),
    ),
  );
  return chooseOne(ctx, choices, purpose, contexts.length > 0);
}

/** The Service to act on, found as in `chooseRollout`. */
export async function chooseService(
  ctx: CommandContext,
  target: unknown,
  purpose: Purpose<ServiceView>,
): Promise<ServiceRef | undefined> {
  if (target === lostRow) return sayLost(ctx);
  const given = serviceOf(target);
  if (given !== undefined) return given;
  const contexts = await connectedContexts(ctx);
  const choices = contexts.flatMap((context) =>
    context.namespaces.flatMap(({ services }) =>
      services.filter(purpose.fits).map(({ namespace, name, workloads }) =>
        choice(ctx, context.name, namespace, {
          name,
          facts: workloads.flatMap((w) => (w.version === undefined ? [] : [w.version])),
          value: { context: context.name, namespace, name },
        }),
      ),
    ),
  );
  return chooseOne(ctx, choices, purpose, contexts.length > 0);
}

/** The context to act on: the row's, else the current one; undefined when there is none (then a sentence was shown). */
export async function chosenContext(
  ctx: CommandContext,
  target: unknown,
): Promise<string | undefined> {
  const name = contextOf(target) ?? currentContext(ctx.source.inventory())?.name;
  if (name === undefined) await ctx.ui.fail(ctx.render(say('command.noContexts')));
  return name;
}

/** Never another row in its place. */
async function sayLost(ctx: CommandContext): Promise<undefined> {
  await ctx.ui.inform(ctx.render(say('command.lostRow')));
  return undefined;
}

function choice<T>(
  ctx: CommandContext,
  context: string,
  namespace: string,
  item: { readonly name: string; readonly facts: readonly Fact[]; readonly value: T },
): Choice<T> {
  const facts = item.facts.map((fact) =>
    plainText(typeof fact === 'string' ? fact : ctx.render(fact)),
  );
  return {
    label: plainText(item.name),
    description: facts.join(' · '),
    detail: plainText(ctx.render(say('command.place', { namespace, context }))),
    value: item.value,
  };
}

async function chooseOne<T, U>(
  ctx: CommandContext,
  choices: readonly Choice<U>[],
  purpose: Purpose<T>,
  isConnected: boolean,
): Promise<U | undefined> {
  const [first, ...more] = choices;
  if (first === undefined) {
    if (isConnected) await ctx.ui.inform(ctx.render(purpose.none));
    return undefined;
  }
  if (more.length === 0) return first.value;
  return ctx.ui.pick({
    title: ctx.render(purpose.command),
    placeholder: ctx.render(say('command.typeToFind')),
    choices,
  });
}

/** Contexts that have rows. When none has, the current one is connected first; empty when that failed (then a sentence was shown). */
async function connectedContexts(ctx: CommandContext): Promise<readonly ContextView[]> {
  const live = rowsHaving(ctx);
  if (live.length > 0) return live;
  const current = currentContext(ctx.source.inventory());
  if (current === undefined) {
    await ctx.ui.fail(ctx.render(say('command.noContexts')));
    return [];
  }
  await ensureConnected(ctx, current.name);
  return rowsHaving(ctx);
}

/** Connects a context that is not yet, and waits until it is live or has failed (then a sentence was shown). */
export async function ensureConnected(ctx: CommandContext, context: string): Promise<void> {
  const kind = ctx.source.context(context)?.connection.kind;
  if (kind !== 'idle' && kind !== 'connecting') return;
  const title = plainText(ctx.render(say('command.connecting', { context })));
  const settled = await ctx.ui.progress({ title, cancellable: true }, (signal) =>
    connect(ctx, context, signal),
  );
  if (settled?.connection.kind !== 'failed') return;
  const reason = settled.connection.text;
  await ctx.ui.fail(plainText(ctx.render(say('command.noConnection', { context, reason }))));
}

function rowsHaving(ctx: CommandContext): readonly ContextView[] {
  const { contexts } = ctx.source.inventory();
  return contexts.filter(({ connection: { kind } }) => kind === 'live' || kind === 'stale');
}

/** Resolves when the context is live or failed, or with undefined when the person cancelled. */
function connect(
  ctx: CommandContext,
  context: string,
  signal: AbortSignal,
): Promise<ContextView | undefined> {
  if (ctx.source.context(context)?.connection.kind === 'idle') ctx.keepConnected(context);
  return new Promise((resolve) => {
    const look = (): void => {
      const view = ctx.source.context(context);
      const kind = view?.connection.kind;
      if (kind === 'idle' || kind === 'connecting') return;
      finish(view);
    };
    const cancel = (): void => {
      finish(undefined);
    };
    const subscription = ctx.source.onDidChange(look);
    const finish = (view: ContextView | undefined): void => {
      subscription.dispose();
      signal.removeEventListener('abort', cancel);
      resolve(view);
    };
    signal.addEventListener('abort', cancel);
    look();
  });
}

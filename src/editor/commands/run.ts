import type { Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { AnyIntent } from '../../model/intent.ts';
import type { Done, OperationError } from '../../operations/execute.ts';
import { plainText } from '../plainText.ts';
import { say } from './commands.l10n.ts';
import type { CommandContext, RolloutRef } from './ports.ts';

/** How an action goes, for whoever started it (the live region of a panel); `busy` when it is tried again. */
export type Report = (text: string, state: 'busy' | 'done' | 'failed' | 'cancelled') => void;

export interface Action {
  readonly context: string;
  /** Name of the command, for progress and failures. */
  readonly command: Text;
  readonly what: string;
  readonly work: (signal: AbortSignal) => Promise<Result<Done, OperationError>>;
}

/** Performs one intent on one rollout and says how it ended. The consent is asked inside. */
export function runIntent(
  ctx: CommandContext,
  at: RolloutRef,
  intent: AnyIntent,
  report?: Report,
): Promise<void> {
  const rollout = ctx.source.rollout(at.context, at.rolloutId);
  const isFinish = intent.kind === 'promote' && rollout?.update !== undefined;
  const action: Action = {
    context: at.context,
    command: say(isFinish ? 'command.finish' : `command.${intent.kind}`),
    what: rollout?.service ?? at.rolloutId,
    work: (signal) => ctx.actions.perform(at, intent, signal),
  };
  return runAction(ctx, action, report);
}

/**
 * Runs an action with progress in the status bar, and says the outcome in one sentence: a failure with the buttons that help, a success in
 * passing, for it shows in the views. A write under way cannot be cancelled; leaving the consent is the way back.
 */
export async function runAction(
  ctx: CommandContext,
  action: Action,
  report?: Report,
): Promise<void> {
  for (;;) {
    const title = ctx.render(
      say('command.running', { command: action.command, what: action.what }),
    );
    const result = await ctx.ui.progress(
      { title: plainText(title), cancellable: false },
      action.work,
    );
    if (result.ok) {
      const { changeSet, outcome } = result.value;
      const key = outcome === 'written' ? 'command.done' : 'command.nothingToDo';
      const text = plainText(ctx.render(say(key, { what: changeSet.summary })));
      report?.(text, 'done');
      ctx.ui.flash(text);
      return;
    }
    const { error } = result;
    if (error.kind === 'cancelled') {
      report?.(ctx.render(say('command.cancelled')), 'cancelled');
      return;
    }
    const text = plainText(ctx.render(error.text));
    report?.(text, 'failed');
    if ((await showFailure(ctx, action, error, text)) !== 'again') return;
    report?.('', 'busy');
  }
}

async function showFailure(
  ctx: CommandContext,
  action: Action,
  error: OperationError,
  text: string,
): Promise<'again' | 'seen'> {
  const [showChange, tryAgain, showLog] = [
    ctx.render(say('command.showChange')),
    ctx.render(say('command.tryAgain')),
    ctx.render(say('command.showLog')),
  ];
  const pressed = await ctx.ui.fail(text, ...buttonsOf(error, { showChange, tryAgain, showLog }));
  if (pressed === showChange) await ctx.actions.showConflict(action.context, error);
  if (pressed === showLog) ctx.showLog();
  return pressed === tryAgain ? 'again' : 'seen';
}

function buttonsOf(
  { kind }: OperationError,
  labels: { readonly showChange: string; readonly tryAgain: string; readonly showLog: string },
): string[] {
  switch (kind) {
    case 'conflict':
      return [labels.showChange, labels.tryAgain];
    case 'failed':
      return [labels.tryAgain, labels.showLog];
    case 'unknown':
      return [labels.showChange, labels.showLog];
    case 'refused':
    case 'fenced':
    case 'cancelled':
      return [];
  }
}

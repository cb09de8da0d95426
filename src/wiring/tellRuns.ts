import type { Text } from '../base/text.ts';
import type { CommandContext } from '../editor/commands/ports.ts';
import { sendToRun } from '../editor/commands/tellRun.ts';
import { plainText } from '../editor/plainText.ts';
import { say } from '../editor/runs/runs.l10n.ts';
import type { KnownRun, RunsHost } from '../editor/runs/runs.ts';
import type { Ui } from '../editor/ui.ts';
import { percentText } from '../base/share.ts';

export interface RunTeller {
  readonly ui: Ui;
  readonly render: (text: Text) => string;
  readonly commands: () => CommandContext;
  readonly shareOf: (run: KnownRun) => number;
  readonly logError: (message: string, error: unknown) => void;
}

/** What runs say to people: a notification only where a person must decide or should know at once; else a line that goes by. */
export function tellRuns(teller: RunTeller): Pick<RunsHost, 'notify' | 'askOrphan'> {
  const { ui, render, logError } = teller;
  const failed = (error: unknown): void => {
    logError('Telling of a run failed', error);
  };
  return {
    notify(run, { severity, text }) {
      const { service } = run.state.plan.scope;
      const line = plainText(render(say('runs.note', { service, text })));
      if (severity === 'info') {
        ui.flash(line);
        return;
      }
      const open = render(say('runs.open'));
      const told = severity === 'urgent' ? ui.fail(line, open) : ui.warn(line, open);
      told.then((pressed) => {
        if (pressed === open) openRun(teller, run);
      }, failed);
    },
    askOrphan(run) {
      askOrphan(teller, run).catch(failed);
    },
  };
}

function openRun({ commands }: RunTeller, { context, state }: KnownRun): void {
  commands().panels.openRollout({ context, rolloutId: state.target.rolloutId });
}

async function askOrphan(teller: RunTeller, run: KnownRun): Promise<void> {
  const { ui, render, commands, shareOf } = teller;
  const { plan } = run.state;
  const answers = {
    resume: 'runs.orphan.resume',
    abort: 'runs.orphan.rollback',
    leave: 'runs.orphan.leave',
  } as const;
  const labels = Object.entries(answers).map(
    ([command, key]) => [command, render(say(key))] as const,
  );
  const text = say('runs.orphan', {
    plan: plan.name,
    service: plan.scope.service,
    percent: percentText(shareOf(run)),
  });
  const pressed = await ui.warn(plainText(render(text)), ...labels.map(([, label]) => label));
  const chosen = labels.find(([, label]) => label === pressed)?.[0];
  if (chosen === undefined) return;
  openRun(teller, run);
  if (chosen === 'resume') await resume(teller, run);
  else await sendToRun(commands(), run, chosen as 'abort' | 'leave');
}

/** Going on is what taking up does by itself; a run that was paused waits on. */
async function resume({ commands, ui, render }: RunTeller, run: KnownRun): Promise<void> {
  const taken = await commands().runs.takeUp(run);
  if (taken.ok) return;
  await ui.fail(plainText(render(say('runs.commandFailed', { reason: taken.error }))));
}

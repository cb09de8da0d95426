import type { Text } from '../base/text.ts';
import type { CommandContext } from '../editor/commands/ports.ts';
import { runIntent } from '../editor/commands/run.ts';
import type { RolloutPanels } from '../editor/panel/rolloutPanels.ts';
import { plainText } from '../editor/plainText.ts';
import type { EditorSettings } from '../editor/settings.ts';
import type { Ui } from '../editor/ui.ts';
import type { WorseningHost } from '../editor/worsening.ts';

/** The notification on a canary that gets worse: its buttons do what the commands do. */
export function tellWorsening(parts: {
  readonly settings: EditorSettings;
  readonly panels: RolloutPanels;
  readonly commands: CommandContext;
  readonly ui: Ui;
  readonly render: (text: Text) => string;
  readonly logError: (message: string, error: unknown) => void;
}): WorseningHost {
  const { settings, panels, commands, ui, render, logError } = parts;
  return {
    settings,
    isPanelOpen: (at) => panels.isOpen(at),
    async warn(text, open, rollback) {
      const [openLabel, rollbackLabel] = [render(open), render(rollback)];
      const answer = await ui.warn(plainText(render(text)), openLabel, rollbackLabel);
      if (answer === openLabel) return 'open';
      return answer === rollbackLabel ? 'rollback' : undefined;
    },
    open: (at) => {
      panels.openRollout(at);
    },
    rollback: (at) => runIntent(commands, at, { kind: 'rollback' }),
    logError,
  };
}

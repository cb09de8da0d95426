import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/emitter.ts';
import { equalJson } from '../base/json.ts';
import type { Text } from '../base/text.ts';
import type { CommandId } from './contributions.ts';
import { statusText, type StatusText } from './statusText.ts';
import type { InventorySource } from './tree/model.ts';
import { throttled } from './tree/throttle.ts';

const openRollout: CommandId = 'cablecar.openRollout';

/** Keeps the one item of the status bar true; it is hidden when there is nothing to say. */
export function createStatusBar(options: {
  readonly source: InventorySource;
  readonly render: (text: Text) => string;
  readonly clock: Clock;
}): Disposable {
  const { source, render, clock } = options;
  const item = vscode.window.createStatusBarItem('cablecar.status', vscode.StatusBarAlignment.Left);
  item.name = 'Cablecar';
  let shown: StatusText | undefined;
  const show = (): void => {
    const status = statusText(source.inventory(), render);
    // Each new command takes the earlier one away, and with it a click that is on its way.
    if (equalJson(status, shown)) return;
    shown = status;
    if (status === undefined) {
      item.hide();
      return;
    }
    item.text = status.text;
    item.tooltip = status.tooltip;
    item.command = status.opens && { command: openRollout, title: '', arguments: [status.opens] };
    item.show();
  };
  const subscription = throttled(source.onDidChange, clock, show);
  show();
  return {
    dispose: () => {
      subscription.dispose();
      item.dispose();
    },
  };
}

import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/emitter.ts';
import type { Text } from '../base/text.ts';
import type { CommandId } from './contributions.ts';
import { statusText } from './statusText.ts';
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
  const show = (): void => {
    const status = statusText(source.inventory(), render);
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

import * as vscode from 'vscode';
import { disposeAll, type Disposable } from '../../base/emitter.ts';
import type { CommandId } from '../contributions.ts';
import type { RowTools } from './draw.ts';
import { idOf, type Address, type Row } from './model.ts';
import { rowOf } from './rows.ts';

const openers: Readonly<Record<NonNullable<Row['opens']>, CommandId>> = {
  rollout: 'cablecar.openRollout',
  metrics: 'cablecar.openMetrics',
};

/**
 * What a click on a row runs: a command of the row's own, without arguments. With arguments it would be lost now and then: those VS Code
 * keeps in the extension host, only until the row is drawn again there, and a click that comes from a window which does not have the new
 * row yet is answered with "Actual command not found". Commands stay when their row goes, for a click may be on its way.
 */
export class RowCommands implements Disposable {
  readonly #tools: () => RowTools;
  readonly #registered = new Map<string, Disposable>();

  constructor(tools: () => RowTools) {
    this.#tools = tools;
  }

  of(address: Address): vscode.Command {
    // The underscore keeps it out of the list of keyboard shortcuts.
    const command = `_cablecar.open/${this.#tools().view}/${idOf(address)}`;
    if (!this.#registered.has(command))
      this.#registered.set(
        command,
        vscode.commands.registerCommand(command, () => this.#open(address)),
      );
    return { command, title: '' };
  }

  dispose(): void {
    disposeAll([...this.#registered.values()]);
  }

  #open(address: Address): Thenable<unknown> {
    const opens = rowOf(this.#tools(), address)?.opens;
    const opener = openers[opens ?? (address.kind === 'rollout' ? 'rollout' : 'metrics')];
    return vscode.commands.executeCommand(opener, address);
  }
}

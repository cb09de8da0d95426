import * as vscode from 'vscode';
import { planSuffix } from '../../release/planName.ts';

/** The document that a lens or a menu was on, else the one in the active editor, if it is a plan. */
export async function planDocument(target: unknown): Promise<vscode.TextDocument | undefined> {
  const document =
    target instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(target)
      : vscode.window.activeTextEditor?.document;
  return document !== undefined && isPlan(document) ? document : undefined;
}

export function isPlan(document: vscode.TextDocument): boolean {
  return document.uri.path.endsWith(planSuffix);
}

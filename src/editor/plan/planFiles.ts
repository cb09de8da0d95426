import * as vscode from 'vscode';
import type { PlanFiles } from '../commands/ports.ts';
import { planDocument } from './planDocument.ts';

/** Plan files in the windows of VS Code. */
export const planFiles: PlanFiles = {
  async read(target) {
    const document = await planDocument(target);
    if (document === undefined) return undefined;
    return { name: document.uri.path.split('/').at(-1) ?? '', text: document.getText() };
  },
  async create({ name, ending, text }) {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (folder === undefined) {
      const loose = vscode.Uri.from({ scheme: 'untitled', path: `${name}${ending}` });
      await show(loose, text);
      return;
    }
    const free = await freeName(folder, name, ending);
    await show(vscode.Uri.joinPath(folder, free).with({ scheme: 'untitled' }), text);
  },
};

/** Neither a file nor an unsaved document has it: nothing is overwritten, now or when it is saved. */
async function freeName(folder: vscode.Uri, name: string, ending: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const candidate = `${name}${n === 1 ? '' : `-${String(n)}`}${ending}`;
    const uri = vscode.Uri.joinPath(folder, candidate);
    const isOpen = vscode.workspace.textDocuments.some(
      (document) => document.uri.path === uri.path,
    );
    if (!isOpen && !(await exists(uri))) return candidate;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

async function show(uri: vscode.Uri, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => {
    edit.insert(new vscode.Position(0, 0), text);
  });
}

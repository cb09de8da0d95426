import * as vscode from 'vscode';
import {
  isOpenable,
  type Choice,
  type InputBox,
  type PickList,
  type Question,
  type Ui,
} from './ui.ts';

const flashMs = 6000;

/** The real windows of VS Code. `openText` is the virtual documents' (`documents.ts`). */
export function vscodeUi(openText: Ui['openText']): Ui {
  return {
    inform: (message, ...buttons) =>
      settled(vscode.window.showInformationMessage(message, ...buttons)),
    warn: (message, ...buttons) => settled(vscode.window.showWarningMessage(message, ...buttons)),
    fail: (message, ...buttons) => settled(vscode.window.showErrorMessage(message, ...buttons)),
    flash: (message) => void vscode.window.setStatusBarMessage(message, flashMs),
    ask,
    pick,
    pickMany,
    input,
    progress,
    copy: (text) => settled(vscode.env.clipboard.writeText(text)),
    openText,
    openExternal,
    async runCommand(id, ...args) {
      await vscode.commands.executeCommand(id, ...args);
    },
  };
}

function settled<T>(thenable: Thenable<T>): Promise<T> {
  return Promise.resolve(thenable);
}

function ask({ message, detail, buttons }: Question): Promise<string | undefined> {
  return settled(vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons));
}

interface Item<T> extends vscode.QuickPickItem {
  readonly choice: Choice<T>;
}

function itemsOf<T>(choices: readonly Choice<T>[]): Item<T>[] {
  return choices.map((choice) => ({
    label: choice.label,
    ...(choice.description !== undefined && { description: choice.description }),
    ...(choice.detail !== undefined && { detail: choice.detail }),
    ...(choice.icon !== undefined && { iconPath: new vscode.ThemeIcon(choice.icon) }),
    ...(choice.picked !== undefined && { picked: choice.picked }),
    choice,
  }));
}

async function pick<T>(list: PickList<T>): Promise<T | undefined> {
  const { title, placeholder, choices, stays = false } = list;
  const options = {
    title,
    placeHolder: placeholder,
    matchOnDescription: true,
    ignoreFocusOut: stays,
  };
  const item = await vscode.window.showQuickPick(itemsOf(choices), options);
  return item?.choice.value;
}

async function pickMany<T>(list: PickList<T>): Promise<readonly T[] | undefined> {
  const { title, placeholder, choices } = list;
  const items = await vscode.window.showQuickPick(itemsOf(choices), {
    title,
    placeHolder: placeholder,
    canPickMany: true,
  });
  return items?.map((item) => item.choice.value);
}

function input({
  selection,
  title,
  prompt,
  value,
  placeholder,
  secret,
  stays,
  validate,
}: InputBox): Promise<string | undefined> {
  return settled(
    vscode.window.showInputBox({
      title,
      prompt,
      ignoreFocusOut: secret === true || stays === true,
      password: secret === true,
      ...(value !== undefined && { value }),
      ...(selection && { valueSelection: [...selection] }),
      ...(placeholder !== undefined && { placeHolder: placeholder }),
      ...(validate && { validateInput: (text) => validate(text) || undefined }),
    }),
  );
}

function progress<T>(
  { title, cancellable }: { readonly title: string; readonly cancellable: boolean },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const location = cancellable
    ? vscode.ProgressLocation.Notification
    : vscode.ProgressLocation.Window;
  return settled(
    vscode.window.withProgress({ location, title, cancellable }, async (_progress, token) => {
      const controller = new AbortController();
      const listener = token.onCancellationRequested(() => {
        controller.abort();
      });
      try {
        return await work(controller.signal);
      } finally {
        listener.dispose();
      }
    }),
  );
}

async function openExternal(url: string): Promise<boolean> {
  return isOpenable(url) && (await vscode.env.openExternal(vscode.Uri.parse(url, true)));
}

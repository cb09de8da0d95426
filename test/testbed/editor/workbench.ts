import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { messageOf, waitFor, type Seen } from '../processes.ts';

const STEP_MS = 30_000;
const LOAD_MS = 90_000;
/** One attempt of a step that is tried again. */
const ATTEMPT_MS = 3_000;
/** A list that stays the same this long is complete. */
const SETTLED_MS = 250;

/** A modal dialog as it stands on the screen. */
export interface Modal {
  readonly text: string;
  /** In the order of the screen, such as `['Cancel', 'Send 25 %']`. */
  readonly buttons: readonly string[];
  readonly press: (button: string) => Promise<void>;
}

/** A list to pick from, or an input box, at the top of the window. */
export interface QuickPick {
  readonly title: string;
  /** The rows shown, as a screen reader reads them. */
  readonly rows: () => Promise<readonly string[]>;
  /** Picks the row whose label is, or contains, this. */
  readonly pick: (row: string) => Promise<void>;
  /** Types and accepts. */
  readonly enter: (text: string) => Promise<void>;
  readonly dismiss: () => Promise<void>;
}

export interface Notification {
  readonly text: string;
  readonly buttons: readonly string[];
}

/** What a person sees and does in one window of the editor. Every wait has a deadline; none is a fixed sleep. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(STEP_MS);
  }

  /** Waits until the window is drawn. Extensions show up later: wait for what they show. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .activitybar').waitFor({ timeout: LOAD_MS });
    await this.page
      .locator('.monaco-workbench .statusbar .right-items')
      .waitFor({ timeout: LOAD_MS });
  }

  /** Reloads the window as the browser does: the extension host is a new one; what was opened just now may be forgotten. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Reloads the window by VS Code's command, which saves first what is open. The extension host is a new one. */
  async saveAndReload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: LOAD_MS });
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  /**
   * Runs a command by the palette, by its whole title, such as `Cablecar: Refresh`. Tries again while the command is not there
   * yet, or while something that opens takes the focus away from the palette.
   */
  runCommand(title: string): Promise<void> {
    return this.waitFor(`the command "${title}"`, async () => {
      await this.searchPalette(title);
      await this.paletteLabels()
        .getByText(title, { exact: true })
        .first()
        .click({ timeout: ATTEMPT_MS });
      return { done: undefined };
    });
  }

  /** Titles in the palette that contain these words; empty when no such command is offered now. */
  async findCommands(words: string): Promise<readonly string[]> {
    let before = '';
    const what = `the palette's answer to "${words}" to settle`;
    const titles = await waitFor({ what, timeoutMs: STEP_MS, intervalMs: SETTLED_MS }, async () => {
      if (before === '') await this.searchPalette(words);
      const labels = await this.paletteLabels().allInnerTexts();
      const settled = labels.length > 0 && labels.join('\n') === before;
      before = labels.join('\n');
      return settled ? { done: labels } : { seen: before };
    });
    await this.page.keyboard.press('Escape');
    return titles.filter((title) => title.includes(words));
  }

  private async searchPalette(words: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(`>${words}`, { timeout: ATTEMPT_MS });
  }

  private paletteLabels(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row .label-name');
  }

  /**
   * Shows a view container by its icon in the activity bar; does nothing when it is shown already. The icon of what is shown hides it, so
   * it is pressed only when the side bar has another title, and again when the press came at the wrong moment.
   */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    const shown = this.page.locator('.sidebar .composite.title:visible', { hasText: title });
    await this.waitFor(`the view ${title}`, async () => {
      if ((await shown.count()) > 0) return { done: undefined };
      await tab.click({ timeout: ATTEMPT_MS });
      try {
        await shown.first().waitFor({ timeout: ATTEMPT_MS });
        return { done: undefined };
      } catch (error) {
        return { seen: messageOf(error) };
      }
    });
  }

  /** The rows of trees whose accessible name contains this text or matches this pattern. */
  row(name: string | RegExp): Locator {
    return this.page.locator('.sidebar').getByRole('treeitem', { name });
  }

  /** Accessible names of all rows of the side bar, top to bottom. */
  async rows(): Promise<readonly string[]> {
    const items = await this.page.locator('.sidebar').getByRole('treeitem').all();
    return Promise.all(items.map(async (item) => (await item.getAttribute('aria-label')) ?? ''));
  }

  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses an inline button of a row, which shows on hover. */
  async clickTreeAction(row: Locator, title: string | RegExp): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: title }).click();
  }

  /** Chooses from a row's context menu, which ignores a press that comes right after it has opened. */
  async chooseFromMenu(row: Locator, title: string): Promise<void> {
    await row.click({ button: 'right' });
    const item = this.page.getByRole('menuitem', { name: title });
    await item.waitFor();
    await this.waitFor(`"${title}" to be chosen`, async () => {
      if ((await item.count()) === 0) return { done: undefined };
      await item.click({ timeout: ATTEMPT_MS });
      return { seen: 'the menu' };
    });
  }

  /** The document inside the visible webview panel. */
  panelFrame(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** Waits for a modal dialog. */
  async modal(): Promise<Modal> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const buttons = dialog.locator('.dialog-buttons .monaco-button');
    return {
      text: await dialog.locator('.dialog-message-container').innerText(),
      buttons: await buttons.allInnerTexts(),
      press: async (name) => {
        await dialog.getByRole('button', { name, exact: true }).click();
        await dialog.waitFor({ state: 'detached' });
      },
    };
  }

  async hasModal(): Promise<boolean> {
    return (await this.page.locator('.monaco-dialog-box').count()) > 0;
  }

  /** Waits for a quick pick or an input box; `title` tells it from the one before. */
  async quickPick(title?: string): Promise<QuickPick> {
    const widget = this.page.locator('.quick-input-widget:visible');
    const heading = widget.locator('.quick-input-title');
    await (title === undefined ? widget : heading.filter({ hasText: title })).waitFor();
    const rows = widget.locator('.monaco-list-row');
    return {
      title: await heading.innerText(),
      rows: async () =>
        Promise.all(
          (await rows.all()).map(async (row) => (await row.getAttribute('aria-label')) ?? ''),
        ),
      pick: (row) => rows.filter({ hasText: row }).first().click(),
      enter: async (text) => {
        await widget.locator('input.input').fill(text);
        await this.page.keyboard.press('Enter');
      },
      dismiss: () => this.page.keyboard.press('Escape'),
    };
  }

  /** Waits for the input box that follows a quick pick of the same title. */
  async inputBox(prompt: string | RegExp): Promise<QuickPick> {
    const message = this.page.locator('.quick-input-widget:visible .quick-input-message');
    await message.filter({ hasText: prompt }).waitFor();
    return this.quickPick();
  }

  /** Notifications on the screen, newest first. */
  async notifications(): Promise<readonly Notification[]> {
    const toasts = await this.page.locator('.notifications-toasts .notification-list-item').all();
    return Promise.all(
      toasts.map(async (toast) => ({
        text: await toast.locator('.notification-list-item-message').innerText(),
        buttons: await toast
          .locator('.notification-list-item-buttons-container .monaco-button')
          .allInnerTexts(),
      })),
    );
  }

  /** Waits for a notification that contains this text, and returns it whole. */
  async notification(text: string | RegExp): Promise<Notification> {
    const holds = (found: string): boolean =>
      typeof text === 'string' ? found.includes(text) : text.test(found);
    return this.waitFor(`a notification with "${String(text)}"`, async () => {
      const all = await this.notifications();
      const one = all.find((notification) => holds(notification.text));
      return one === undefined ? { seen: JSON.stringify(all) } : { done: one };
    });
  }

  /** Presses a button of the notification that contains this text. */
  async pressInNotification(text: string | RegExp, button: string): Promise<void> {
    const toast = this.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: text });
    await toast.getByRole('button', { name: button, exact: true }).click();
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
  }

  /** Texts of the status bar, left to right. */
  async statusBar(): Promise<readonly string[]> {
    const items = await this.page.locator('.statusbar .statusbar-item:visible').allInnerTexts();
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }

  /** The item of the status bar with this text, to be clicked. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar .statusbar-item').filter({ hasText: text });
  }

  /** All the text of a view: its message, its welcome content with the buttons, its rows. */
  viewText(viewTitle: string): Promise<string> {
    const header = this.page.locator(`.pane-header[aria-label^="${viewTitle}"]`);
    return this.page.locator('.sidebar .pane').filter({ has: header }).first().innerText();
  }

  /** Trusts the folder, as the "Restricted Mode" item of the status bar and its Trust button do. */
  async trustFolder(): Promise<void> {
    await this.statusBarItem('Restricted Mode').click();
    await this.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: 'Trust', exact: true })
      .click();
    await this.statusBarItem('Restricted Mode').waitFor({ state: 'detached' });
  }

  /** Waits until the condition is done. @throws with what was last seen. */
  waitFor<T>(what: string, condition: () => Promise<Seen<T>>, timeoutMs = STEP_MS): Promise<T> {
    return waitFor({ what, timeoutMs }, condition);
  }

  /** Saves a picture of the window; makes the folder. */
  async screenshot(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /** Closes the window and forgets its profile. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Runs a step; when it fails, saves a picture beside the error, so that the failure can be looked at. */
export async function withPicture<T>(
  workbench: Workbench,
  file: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    await workbench.screenshot(file);
    throw new Error(`${messageOf(cause)}\nSee ${file}`, { cause });
  }
}

import type { FrameLocator, Locator } from 'playwright-core';
import type { Modal, Workbench } from './workbench.ts';

/** The buttons of a rollout panel, by what they do. */
export type PanelAction =
  | 'send'
  | 'preview'
  | 'promote'
  | 'rollback'
  | 'startCanary'
  | 'endCanary'
  | 'undo'
  | 'addRule'
  | 'setRule'
  | 'removeRule'
  | 'pause'
  | 'resume'
  | 'setSurge'
  | 'undoRevision';

/** What a person sees and does in the visible rollout panel. */
export class RolloutPage {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get frame(): FrameLocator {
    return this.#workbench.panelFrame();
  }

  get slider(): Locator {
    return this.frame.getByRole('slider').first();
  }

  /** Clicks the service's row in the Rollouts view, which it opens, and waits for its panel. */
  async open(service: string): Promise<void> {
    await this.#workbench.openView('Cablecar');
    await this.#workbench
      .row(new RegExp(`^Rollout ${service},`))
      .first()
      .click();
    await this.shows(service);
  }

  /** Waits until the visible panel is this service's. */
  async shows(service: string): Promise<void> {
    await this.frame.getByRole('heading', { level: 1, name: service, exact: true }).waitFor();
  }

  /** Moves the slider by the keys that a person has, from where it stands. @throws when its stops do not allow the value. */
  async moveSliderTo(percent: number): Promise<void> {
    const { slider } = this;
    for (let presses = 0; presses < 100; presses += 1) {
      const distance = percent - Number(await slider.inputValue());
      if (distance === 0) return;
      const arrow = distance > 0 ? 'ArrowRight' : 'ArrowLeft';
      await slider.press(Math.abs(distance) >= 10 ? `Shift+${arrow}` : arrow);
    }
    throw new Error(`The slider stands at ${await slider.inputValue()}, not ${String(percent)}.`);
  }

  button(action: PanelAction): Locator {
    return this.frame.locator(`[data-action=${action}]`).first();
  }

  /** Why a button is off, or what it will do: its tooltip. */
  async tooltip(action: PanelAction): Promise<string> {
    return (await this.button(action).getAttribute('title')) ?? '';
  }

  async isEnabled(action: PanelAction): Promise<boolean> {
    return (await this.button(action).getAttribute('disabled')) === null;
  }

  /** Presses a button as soon as it can be pressed, and waits for the dialog that asks for consent. */
  async ask(action: PanelAction): Promise<Modal> {
    await this.frame.locator(`[data-action=${action}]:not([disabled])`).first().click();
    await this.#workbench.waitFor(`the dialog of ${action}`, async () =>
      (await this.#workbench.hasModal())
        ? { done: undefined }
        : { seen: (await this.frame.locator('.notice').allInnerTexts()).join() },
    );
    return this.#workbench.modal();
  }

  /** Waits until a part of the panel has this text. @returns all its text. */
  waitForText(selector: string, text: string | RegExp): Promise<string> {
    return this.#workbench.waitFor(`"${String(text)}" in ${selector}`, async () => {
      const found = await this.frame.locator(selector).allInnerTexts();
      const all = found.join('\n').replaceAll(/\s+/g, ' ').trim();
      const isThere = typeof text === 'string' ? all.includes(text) : text.test(all);
      return isThere ? { done: all } : { seen: all };
    });
  }

  /** Waits until the canary's share, as the cluster has it, is shown as this. */
  async waitForShare(percent: string): Promise<void> {
    await this.waitForText('.end.track-canary .percent', new RegExp(`^${percent} %$`));
  }
}

import { html, render } from 'lit/html.js';
import { protocolVersion, type ToHost } from '../src/protocol/messages.ts';
import { ChartBoard } from './charts/board.ts';
import { onThemeChange } from './charts/palette.ts';
import type { Host } from './host.ts';
import { draftMessage, offerOf } from './offers.ts';
import { editOf } from './ruleDraft.ts';
import { initialState, reduce, viewStateOf, type PanelEvent, type PanelState } from './state.ts';
import type { View } from './view.ts';
import { app } from './views/app.ts';
import { tooltip } from './views/chartTable.ts';
import { sayIn, type Say } from './words.l10n.ts';

/** Rest after the last edit before the host is asked what the draft would do. */
const draftRestMs = 120;
const tickMs = 1000;

/** Ties state, host and document together. Lives as long as the page. */
export class Panel {
  readonly #host: Host;
  readonly #root: HTMLElement;
  readonly #board = new ChartBoard();
  #state: PanelState = initialState(Date.now());
  #say: Say = sayIn('en');
  #isRenderQueued = false;
  #keptText = '';
  #draftTimer: number | undefined;
  #ruleTimer: number | undefined;

  constructor(host: Host, root: HTMLElement) {
    this.#host = host;
    this.#root = root;
  }

  start(): void {
    this.#host.onMessage((message) => {
      this.dispatch({ type: 'message', message, nowMs: Date.now() });
    });
    const viewState = this.#host.restoredState();
    if (viewState !== undefined) this.dispatch({ type: 'restored', viewState });
    onThemeChange(() => {
      this.#board.restyle();
    });
    window.setInterval(() => {
      this.dispatch({ type: 'tick', nowMs: Date.now() });
    }, tickMs);
    this.#ready();
    this.#render();
  }

  dispatch(event: PanelEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state === before) return;
    this.#afterChange(before);
    this.#queueRender();
  }

  #afterChange(before: PanelState): void {
    const state = this.#state;
    if (state.snapshot?.locale !== before.snapshot?.locale) this.#changeLocale(state);
    if (state.request !== before.request) this.#askForPreview();
    if (state.ruleRequest !== before.ruleRequest) this.#askForRulePreview();
    if (state.missedSequence !== undefined && state.missedSequence !== before.missedSequence)
      this.#ready();
    this.#keepState();
  }

  #keepState(): void {
    // Before the first snapshot the key is not known; keeping '' would make the host lose the rollout.
    if (this.#state.snapshot === undefined) return;
    const viewState = viewStateOf(this.#state);
    const text = JSON.stringify(viewState);
    if (text === this.#keptText) return;
    this.#keptText = text;
    this.#host.keepState(viewState);
  }

  #changeLocale(state: PanelState): void {
    const locale = state.snapshot?.locale ?? 'en';
    this.#say = sayIn(locale);
    document.documentElement.lang = locale === 'zh-cn' ? 'zh-CN' : 'en';
  }

  #ready(): void {
    this.#host.post({ type: 'ready', version: protocolVersion });
    const { minutes } = this.#state;
    if (minutes !== initialState(0).minutes) this.#host.post({ type: 'setRange', minutes });
  }

  #askForPreview(): void {
    window.clearTimeout(this.#draftTimer);
    this.#draftTimer = window.setTimeout(() => {
      const draft = draftMessage(this.#state);
      if (draft === undefined) return;
      this.#host.post({ type: 'draft', request: this.#state.request, draft });
    }, draftRestMs);
  }

  #askForRulePreview(): void {
    window.clearTimeout(this.#ruleTimer);
    this.#ruleTimer = window.setTimeout(() => {
      const { ruleDraft, ruleRequest } = this.#state;
      const edit = ruleDraft && editOf(ruleDraft);
      if (edit !== undefined) this.#host.post({ type: 'ruleDraft', request: ruleRequest, edit });
    }, draftRestMs);
  }

  #send(): void {
    const draft = draftMessage(this.#state);
    if (draft !== undefined && offerOf(this.#state, 'send').enabled)
      this.#host.post({ type: 'send', draft });
  }

  #queueRender(): void {
    if (this.#isRenderQueued) return;
    this.#isRenderQueued = true;
    queueMicrotask(() => {
      this.#isRenderQueued = false;
      this.#render();
    });
  }

  #render(): void {
    const { snapshot, metrics } = this.#state;
    if (snapshot === undefined) {
      render(html`<p class="loading">${this.#say('panel.loading')}</p>`, this.#root);
      return;
    }
    const view: View = {
      state: this.#state,
      snapshot,
      say: this.#say,
      board: this.#board,
      dispatch: this.dispatch.bind(this),
      post: (message: ToHost) => {
        this.#host.post(message);
      },
      send: () => {
        this.#send();
      },
    };
    render(app(view), this.#root);
    if (metrics === undefined) return;
    const { locale } = snapshot;
    this.#board.update({ metrics, locale, tooltip: (hover) => tooltip(view, hover) });
  }
}

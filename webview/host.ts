import * as v from 'valibot';
import { toWebview, viewState } from '../src/protocol/messages.ts';
import type { ToHost, ToWebview, ViewState } from '../src/protocol/messages.ts';

/** What VS Code gives a webview; callable once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The panel's side of the door to the extension host. */
export interface Host {
  post(message: ToHost): void;
  /** Messages that parse; others are dropped, for a newer snapshot follows. */
  onMessage(listener: (message: ToWebview) => void): void;
  /** `undefined` when there is none, or one of another version. */
  restoredState(): ViewState | undefined;
  keepState(state: ViewState): void;
}

export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => {
      api.postMessage(message);
    },
    onMessage: (listener) => {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const parsed = v.safeParse(toWebview, event.data);
        if (parsed.success) listener(parsed.output);
      });
    },
    restoredState: () => {
      const parsed = v.safeParse(viewState, api.getState());
      return parsed.success ? parsed.output : undefined;
    },
    keepState: (state) => {
      api.setState(state);
    },
  };
}

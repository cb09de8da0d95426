/** The few things that commands ask of a person, so that they can be tested without an editor. All texts are rendered. */
export interface Ui {
  /** One sentence; resolves to the label of the button that was pressed, or undefined. */
  inform(message: string, ...buttons: string[]): Promise<string | undefined>;
  warn(message: string, ...buttons: string[]): Promise<string | undefined>;
  fail(message: string, ...buttons: string[]): Promise<string | undefined>;
  /** A short message in the status bar that goes away by itself: for what also shows elsewhere. */
  flash(message: string): void;
  /** A modal; Escape and Cancel resolve to undefined. */
  ask(question: Question): Promise<string | undefined>;
  /** One of the choices, or undefined when left. */
  pick<T>(list: PickList<T>): Promise<T | undefined>;
  /** Several of the choices; an empty list is an answer, undefined means left. */
  pickMany<T>(list: PickList<T>): Promise<readonly T[] | undefined>;
  input(box: InputBox): Promise<string | undefined>;
  /** Progress in the view first, in a notification with Cancel when `cancellable`. */
  progress<T>(
    options: { readonly title: string; readonly cancellable: boolean },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  copy(text: string): Promise<void>;
  /** Opens read-only text in an editor tab. */
  openText(name: string, text: string): Promise<void>;
  /** Opens https, or http on this computer, in the browser; anything else is refused and resolves to false. */
  openExternal(url: string): Promise<boolean>;
  /** Runs a command of VS Code itself. */
  runCommand(id: string, ...args: readonly unknown[]): Promise<void>;
}

export interface Question {
  readonly message: string;
  /** Lines below the message: cluster, namespace, object, numbers. */
  readonly detail: string;
  /** Verbs: "Send 25 %". The first is the primary one. */
  readonly buttons: readonly string[];
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly picked?: boolean;
  readonly value: T;
}

export interface PickList<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** It stays when the focus goes elsewhere, as to the panel that the step before was opened from. */
  readonly stays?: boolean;
}

export interface InputBox {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** Part of `value` that is selected at first; all of it when left out. */
  readonly selection?: readonly [from: number, to: number];
  readonly placeholder?: string;
  readonly secret?: boolean;
  /** It stays when the focus goes elsewhere: to look up what is to be typed, or to the panel that the step before was opened from. */
  readonly stays?: boolean;
  /** One sentence why the text is not good; '' when it is. */
  readonly validate?: (text: string) => string;
}

/** Addresses that may be opened: https, or http on this computer. Cluster text may hold any other scheme (handbook/security.md 1.3). */
export function isOpenable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

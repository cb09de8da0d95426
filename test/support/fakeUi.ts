import type { InputBox, PickList, Question, Ui } from '../../src/editor/ui.ts';

/**
 * A person who answers from a script. Every answer is used up by the question it fits; a question without an answer left is one that the
 * test did not expect, and throws.
 */
export class FakeUi implements Ui {
  /** What was shown, in order, with its buttons: "fail: The text [Try Again]". */
  readonly shown: string[] = [];
  readonly copied: string[] = [];
  readonly opened: string[] = [];
  readonly commands: (readonly unknown[])[] = [];
  readonly asked: (PickList<unknown> | InputBox | Question)[] = [];
  readonly #answers: unknown[];

  /** A text answers an input or presses the button of that label; for a pick it is the label of the choice; undefined leaves. */
  constructor(...answers: unknown[]) {
    this.#answers = answers;
  }

  get answersLeft(): number {
    return this.#answers.length;
  }

  #next(question: string): unknown {
    if (this.#answers.length === 0) throw new Error(`Not expected: ${question}`);
    return this.#answers.shift();
  }

  #message(kind: string, message: string, buttons: readonly string[]): Promise<string | undefined> {
    this.shown.push(`${kind}: ${[message, ...buttons.map((label) => `[${label}]`)].join(' ')}`);
    if (buttons.length === 0) return Promise.resolve(undefined);
    const answer = this.#next(message) as string | undefined;
    if (answer !== undefined && !buttons.includes(answer)) {
      throw new Error(`"${message}" has no button "${answer}": ${buttons.join(', ')}`);
    }
    return Promise.resolve(answer);
  }

  inform(message: string, ...buttons: string[]): Promise<string | undefined> {
    return this.#message('inform', message, buttons);
  }

  warn(message: string, ...buttons: string[]): Promise<string | undefined> {
    return this.#message('warn', message, buttons);
  }

  fail(message: string, ...buttons: string[]): Promise<string | undefined> {
    return this.#message('fail', message, buttons);
  }

  flash(message: string): void {
    this.shown.push(`flash: ${message}`);
  }

  ask(question: Question): Promise<string | undefined> {
    this.asked.push(question);
    return Promise.resolve(this.#next(question.message) as string | undefined);
  }

  pick<T>(list: PickList<T>): Promise<T | undefined> {
    this.asked.push(list);
    const answer = this.#next(list.title);
    if (answer === undefined) return Promise.resolve(undefined);
    return Promise.resolve(this.#choice(list, answer as string));
  }

  pickMany<T>(list: PickList<T>): Promise<readonly T[] | undefined> {
    this.asked.push(list);
    const answer = this.#next(list.title) as readonly string[] | undefined;
    return Promise.resolve(answer?.map((label) => this.#choice(list, label)));
  }

  #choice<T>(list: PickList<T>, label: string): T {
    const choice = list.choices.find((c) => c.label === label);
    if (choice === undefined) {
      throw new Error(
        `"${list.title}" has no "${label}": ${list.choices.map((c) => c.label).join(', ')}`,
      );
    }
    return choice.value;
  }

  /** Like the real box, a text that is not good cannot be entered: the fault is shown and the next answer is taken. */
  input(box: InputBox): Promise<string | undefined> {
    this.asked.push(box);
    for (;;) {
      const answer = this.#next(box.prompt) as string | undefined;
      const fault = answer === undefined ? '' : (box.validate?.(answer) ?? '');
      if (fault === '') return Promise.resolve(answer);
      this.shown.push(`fault: ${fault}`);
    }
  }

  progress<T>(_options: unknown, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return work(new AbortController().signal);
  }

  copy(text: string): Promise<void> {
    this.copied.push(text);
    return Promise.resolve();
  }

  openText(name: string, text: string): Promise<void> {
    this.opened.push(`${name}\n${text}`);
    return Promise.resolve();
  }

  openExternal(url: string): Promise<boolean> {
    this.opened.push(url);
    return Promise.resolve(url.startsWith('https:'));
  }

  runCommand(id: string, ...args: readonly unknown[]): Promise<void> {
    this.commands.push([id, ...args]);
    return Promise.resolve();
  }
}

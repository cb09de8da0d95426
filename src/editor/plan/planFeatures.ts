import * as vscode from 'vscode';
import type { Disposable } from '../../base/emitter.ts';
import type { Text } from '../../base/text.ts';
import { completionsAt, hoverAt, type Completion } from '../../release/assist.ts';
import type { Field } from '../../release/fields.ts';
import { planSuffix } from '../../release/planName.ts';
import { readPlan } from '../../release/schema.ts';
import { durationText } from '../../release/units.ts';
import { plainText } from '../plainText.ts';
import { isPlan, planDocument } from './planDocument.ts';
import { say } from './planEditor.l10n.ts';

/** Long enough for a word, short enough to be seen while the thought is there. */
const debounceMs = 250;
const yamlExtension = 'redhat.vscode-yaml';
const selector: vscode.DocumentSelector = { pattern: `**/*${planSuffix}` };

type Render = (text: Text) => string;

/**
 * What the editor does for plan files: squiggles, completion, hover, and the lenses above the first line. It reads text and nothing else, so
 * it works in an untrusted workspace too. With the YAML extension, which reads our schema, completion and hover are left to that.
 */
export class PlanFeatures implements Disposable {
  readonly #render: Render;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('cablecar');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: readonly Disposable[];

  constructor(render: Render) {
    this.#render = render;
    this.#subscriptions = [
      this.#diagnostics,
      // Soon: a new file is opened empty and filled in at once.
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#checkSoon(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#checkSoon(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#forget(document);
      }),
      vscode.languages.registerHoverProvider(selector, {
        provideHover: (document, position) => this.#hover(document, position),
      }),
      vscode.languages.registerCompletionItemProvider(selector, {
        provideCompletionItems: (document, position) => this.#completions(document, position),
      }),
      vscode.languages.registerCodeLensProvider(selector, {
        provideCodeLenses: (document) => this.#lenses(document),
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  /** Says that a plan is good, or shows its problems. */
  async validate(target: unknown): Promise<void> {
    const document = await planDocument(target);
    if (document === undefined) {
      await vscode.window.showInformationMessage(this.#render(say('planEditor.noPlan')));
      return;
    }
    this.#check(document);
    const read = readPlan(document.getText());
    if (!read.ok) {
      const count = say('planEditor.bad', { n: read.error.length });
      void vscode.window.showWarningMessage(this.#render(count));
      await vscode.commands.executeCommand('workbench.actions.view.problems');
      return;
    }
    const { steps } = read.value;
    const sum = (of: 'minSeconds' | 'maxSeconds'): string =>
      durationText(steps.reduce((seconds, step) => seconds + step[of], 0));
    const times = { steps: steps.length, least: sum('minSeconds'), most: sum('maxSeconds') };
    await vscode.window.showInformationMessage(this.#render(say('planEditor.good', times)));
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #checkSoon(document: vscode.TextDocument): void {
    if (!isPlan(document)) return;
    const id = document.uri.toString();
    clearTimeout(this.#timers.get(id));
    const check = (): void => {
      this.#timers.delete(id);
      if (!document.isClosed) this.#check(document);
    };
    this.#timers.set(id, setTimeout(check, debounceMs));
  }

  #check(document: vscode.TextDocument): void {
    if (!isPlan(document)) return;
    const read = readPlan(document.getText());
    const problems = read.ok ? [] : read.error;
    this.#diagnostics.set(
      document.uri,
      problems.map(({ text, at }) => {
        const range = rangeOf(document, at.from, at.to);
        const diagnostic = new vscode.Diagnostic(range, plainText(this.#render(text)));
        diagnostic.source = 'Cablecar';
        return diagnostic;
      }),
    );
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document.uri.toString()));
    this.#timers.delete(document.uri.toString());
    this.#diagnostics.delete(document.uri);
  }

  #hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (isLeftToYaml()) return undefined;
    const found = hoverAt(document.getText(), document.offsetAt(position));
    if (found === undefined) return undefined;
    const words = new vscode.MarkdownString(`**${found.field.key}**\n\n`);
    words.appendText(this.#explain(found.field));
    return new vscode.Hover(words, rangeOf(document, found.from, found.to));
  }

  #explain(field: Field): string {
    const { description, isRequired, values } = field;
    const parts = [
      fieldText(description),
      ...(values.length > 1 ? [say('planEditor.values', { values: values.join(', ') })] : []),
      ...(isRequired ? [say('planEditor.required')] : []),
      ...(field.default === undefined ? [] : [say('planEditor.default', { value: field.default })]),
    ];
    return parts.map(this.#render).join('\n\n');
  }

  #completions(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    if (isLeftToYaml()) return [];
    return completionsAt(document.getText(), document.offsetAt(position)).map((completion, index) =>
      this.#item(document, completion, index),
    );
  }

  #item(document: vscode.TextDocument, found: Completion, index: number): vscode.CompletionItem {
    const kinds = {
      key: vscode.CompletionItemKind.Property,
      value: vscode.CompletionItemKind.EnumMember,
    };
    const item = new vscode.CompletionItem(found.label, kinds[found.kind]);
    item.range = rangeOf(document, found.from, found.to);
    item.insertText = found.insert;
    item.keepWhitespace = true;
    // The schema's order: what is needed first stands first.
    item.sortText = String(index).padStart(3, '0');
    if (found.isRequired) item.detail = this.#render(say('planEditor.required'));
    if (found.description !== '') item.documentation = this.#render(fieldText(found.description));
    return item;
  }

  #lenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: Text, command: string): vscode.CodeLens =>
      new vscode.CodeLens(top, { title: this.#render(title), command, arguments: [uri] });
    return [
      lens(say('planEditor.validate'), 'cablecar.validatePlan'),
      ...(vscode.workspace.isTrusted
        ? [
            lens(say('planEditor.run'), 'cablecar.runPlan'),
            lens(say('planEditor.export'), 'cablecar.exportAlertRule'),
          ]
        : []),
    ];
  }
}

function isLeftToYaml(): boolean {
  return vscode.extensions.getExtension(yamlExtension) !== undefined;
}

function fieldText(description: string): Text {
  return { key: description, args: {} };
}

/** At least one character, so that there is something to underline. */
function rangeOf(document: vscode.TextDocument, from: number, to: number): vscode.Range {
  const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
  return range.isEmpty ? (document.getWordRangeAtPosition(range.start) ?? range) : range;
}

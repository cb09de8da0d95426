import * as vscode from 'vscode';
import type { Json, JsonObject } from '../model/objects.ts';
import type { Preview } from '../operations/ports.ts';
import { objectYaml } from './objectYaml.ts';

const scheme = 'cablecar';
const keptDocuments = 40;

/** Read-only documents: objects of the cluster as YAML, and both sides of a change for the diff editor. */
export class ClusterDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #contents = new Map<string, string>();
  readonly #registration: vscode.Disposable;
  #next = 0;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#contents.get(uri.toString()) ?? '';
  }

  async open(name: string, content: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#keep(name, content));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** One diff per object of the change: what the server holds against what its dry run answered. */
  async openDiff(preview: Preview, title: string): Promise<void> {
    for (const { ref, before, after } of preview.objects) {
      const name = `${ref.resource.kind}-${ref.name}.yaml`;
      await this.#diff(title, this.#keep(name, textOf(before)), this.#keep(name, textOf(after)));
    }
  }

  async openComparison(title: string, before: JsonObject, after: JsonObject): Promise<void> {
    await this.#diff(
      title,
      this.#keep('before.yaml', textOf(before)),
      this.#keep('now.yaml', textOf(after)),
    );
  }

  dispose(): void {
    this.#registration.dispose();
    this.#contents.clear();
  }

  async #diff(title: string, before: vscode.Uri, after: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
  }

  #keep(name: string, content: string): vscode.Uri {
    this.#next += 1;
    const uri = vscode.Uri.from({ scheme, path: `/${String(this.#next)}/${name}` });
    this.#contents.set(uri.toString(), content);
    const [oldest] = this.#contents.keys();
    if (this.#contents.size > keptDocuments && oldest !== undefined) this.#contents.delete(oldest);
    return uri;
  }
}

/** Only what a person may have changed differs between the two sides: versions and times of the server are left out. */
function textOf(raw: JsonObject | undefined): string {
  if (raw === undefined) return '';
  const metadata = Object.entries(raw['metadata'] ?? {});
  const meta = metadata.filter(([key]) => key !== 'resourceVersion' && key !== 'generation');
  return objectYaml({ ...raw, metadata: Object.fromEntries<Json>(meta) });
}

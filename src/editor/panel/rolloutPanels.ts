import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/emitter.ts';
import { viewState } from '../../protocol/messages.ts';
import { panelType } from '../contributions.ts';
import type { Panels, RolloutRef, ServiceRef } from '../commands/ports.ts';
import { plainText } from '../plainText.ts';
import type { PanelDependencies } from './dependencies.ts';
import { panelHtml } from './html.ts';
import { say } from './panel.l10n.ts';
import { panelKeyOf, targetOf, type PanelTarget } from './panelKey.ts';
import { RolloutPanel } from './rolloutPanel.ts';

/** All open panels: one per rollout or service, restored after a reload. */
export class RolloutPanels implements Panels, Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #deps: () => PanelDependencies;
  readonly #open = new Map<
    string,
    { readonly panel: vscode.WebviewPanel; readonly view: RolloutPanel }
  >();

  /** `deps` is asked for when a panel opens: panels and commands need each other. */
  constructor(extensionUri: vscode.Uri, deps: () => PanelDependencies) {
    this.#extensionUri = extensionUri;
    this.#deps = deps;
  }

  openRollout(at: RolloutRef): void {
    const rollout = this.#deps().clusters.rollout(at.context, at.rolloutId);
    if (rollout === undefined) return;
    const { namespace, service } = rollout;
    this.#show({ context: at.context, namespace, service, rolloutId: at.rolloutId });
  }

  openMetrics(at: ServiceRef): void {
    this.#show({ context: at.context, namespace: at.namespace, service: at.name });
  }

  focused(): RolloutRef | undefined {
    const active = [...this.#open.values()].find(({ panel }) => panel.active)?.view.target;
    if (active?.rolloutId === undefined) return undefined;
    return { context: active.context, rolloutId: active.rolloutId };
  }

  isOpen(at: RolloutRef): boolean {
    return [...this.#open.values()].some(
      ({ view }) => view.target.context === at.context && view.target.rolloutId === at.rolloutId,
    );
  }

  /** Fills a panel that VS Code brought back; one whose state is not understood is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const parsed = v.safeParse(viewState, state);
    const target = parsed.success ? targetOf(parsed.output.panelKey) : undefined;
    if (target === undefined || this.#open.has(panelKeyOf(target))) panel.dispose();
    else this.#fill(panel, target);
  }

  dispose(): void {
    for (const { view } of this.#open.values()) view.dispose();
    this.#open.clear();
  }

  #show(target: PanelTarget): void {
    const open = this.#open.get(panelKeyOf(target));
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const { render } = this.#deps();
    const key = target.rolloutId === undefined ? 'panel.metricsTitle' : 'panel.title';
    const title = plainText(render(say(key, { service: target.service })));
    const panel = vscode.window.createWebviewPanel(panelType, title, vscode.ViewColumn.Active);
    this.#fill(panel, target);
  }

  #fill(panel: vscode.WebviewPanel, target: PanelTarget): void {
    const folder = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [folder],
    };
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    const deps = this.#deps();
    const view = new RolloutPanel(panel, target, deps);
    const key = panelKeyOf(target);
    this.#open.set(key, { panel, view });
    panel.onDidDispose(() => {
      this.#open.delete(key);
      view.dispose();
    });
    const uriOf = (name: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    panel.webview.html = panelHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      scriptUri: uriOf('main.js'),
      styleUri: uriOf('panel.css'),
      language: deps.locale,
    });
  }
}

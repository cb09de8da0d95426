import * as vscode from 'vscode';
import type { Disposable } from '../base/emitter.ts';
import type { Address } from './tree/model.ts';

/** What the small entry asks of the core, once it is loaded. */
export interface Core {
  readonly rollouts: vscode.TreeDataProvider<Address>;
  readonly services: vscode.TreeDataProvider<Address>;
  /** `args` are those of VS Code. */
  run(commandId: string, args: readonly unknown[]): Promise<void>;
  restorePanel(panel: vscode.WebviewPanel, state: unknown): void;
}

export interface Views {
  readonly rollouts: vscode.TreeView<Address>;
  readonly services: vscode.TreeView<Address>;
}

/** What is there for plan files, also in an untrusted workspace: it reads text and connects to nothing. */
export interface Plans extends Disposable {
  validate(target: unknown): Promise<void>;
}

/** The two things that are loaded when they are first needed. */
export interface Loader {
  core(views: Views): Core;
  plans(): Plans;
}

/** Ids as contributions.ts has them; spelled here because its words are no part of the small entry. A test holds that they are equal. */
export const entryIds = {
  rollouts: 'cablecar.rollouts',
  services: 'cablecar.services',
  panel: 'cablecar.rollout',
  validatePlan: 'cablecar.validatePlan',
  planSuffix: '.cablecar.yaml',
} as const;

/**
 * Registers views, commands and the panel's serializer. The core is loaded when the first of them is used in a trusted workspace: until
 * then nothing is read, spawned or connected. What is for plan files is loaded when the first of them is open.
 */
export function register(context: vscode.ExtensionContext, load: Loader): void {
  let core: Core | undefined;
  const rollouts = new LazyTree(() => loaded().rollouts);
  const services = new LazyTree(() => loaded().services);
  const views: Views = {
    rollouts: vscode.window.createTreeView(entryIds.rollouts, {
      treeDataProvider: rollouts,
      showCollapseAll: true,
    }),
    services: vscode.window.createTreeView(entryIds.services, {
      treeDataProvider: services,
      showCollapseAll: true,
    }),
  };
  const loaded = (): Core => {
    core ??= load.core(views);
    return core;
  };
  let openPlans: Plans | undefined;
  const plans = (): Plans => {
    if (openPlans === undefined) context.subscriptions.push((openPlans = load.plans()));
    return openPlans;
  };
  const look = ({ uri }: vscode.TextDocument): void => {
    if (uri.path.endsWith(entryIds.planSuffix)) plans();
  };
  vscode.workspace.textDocuments.forEach(look);
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(look),
    views.rollouts,
    views.services,
    ...commandIds(context).map((id) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) =>
        id === entryIds.validatePlan ? plans().validate(args[0]) : loaded().run(id, args),
      ),
    ),
    vscode.window.registerWebviewPanelSerializer(entryIds.panel, {
      deserializeWebviewPanel(panel, state: unknown) {
        loaded().restorePanel(panel, state);
        return Promise.resolve();
      },
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      rollouts.refresh();
      services.refresh();
    }),
  );
}

function commandIds(context: vscode.ExtensionContext): string[] {
  const manifest = context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map((entry) => entry.command);
}

/** A tree that is empty in an untrusted workspace (the view says why) and asks the core otherwise. */
class LazyTree implements vscode.TreeDataProvider<Address> {
  readonly #provider: () => vscode.TreeDataProvider<Address>;
  readonly #changed = new vscode.EventEmitter<Address | Address[] | undefined>();
  #isConnected = false;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(provider: () => vscode.TreeDataProvider<Address>) {
    this.#provider = provider;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getTreeItem(element: Address): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#connected().getTreeItem(element);
  }

  getChildren(element?: Address): vscode.ProviderResult<Address[]> {
    if (!vscode.workspace.isTrusted) return [];
    return this.#connected().getChildren(element);
  }

  getParent(element: Address): vscode.ProviderResult<Address> {
    return this.#connected().getParent?.(element);
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    element: Address,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.#connected().resolveTreeItem?.(item, element, token);
  }

  #connected(): vscode.TreeDataProvider<Address> {
    const provider = this.#provider();
    if (!this.#isConnected) {
      this.#isConnected = true;
      provider.onDidChangeTreeData?.((element) => {
        this.#changed.fire(element ?? undefined);
      });
    }
    return provider;
  }
}

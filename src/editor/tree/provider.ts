import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { disposeAll, type Disposable } from '../../base/emitter.ts';
import type { RowTools } from './draw.ts';
import { DrawnRows } from './drawnRows.ts';
import { idOf, type Address, type Row, type ViewName } from './model.ts';
import { RefreshQueue, rowsOfChange } from './refresh.ts';
import { RowCommands } from './rowCommands.ts';
import { tooltipOf } from './tooltip.ts';
import type { Watching } from './watching.ts';

export interface ProviderOptions {
  readonly view: ViewName;
  /** Rows' tools as they are now: the filter may change. */
  readonly tools: () => RowTools;
  readonly watching: Watching;
  readonly clock: Clock;
}

/** One view: each row is drawn from the inventory when VS Code asks for it, and again only when it looks different. */
export class TreeProvider implements vscode.TreeDataProvider<Address>, Disposable {
  readonly #options: ProviderOptions;
  readonly #rows: DrawnRows;
  readonly #commands: RowCommands;
  readonly #changed = new vscode.EventEmitter<Address | Address[] | undefined>();
  readonly #queue: RefreshQueue;
  readonly #subscription: Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#rows = new DrawnRows(options.tools);
    this.#commands = new RowCommands(options.tools);
    this.#queue = new RefreshQueue(options.clock, (ids) => {
      this.#fire(ids);
    });
    const { source } = options.tools();
    this.#subscription = source.onDidChange((change) => {
      for (const address of rowsOfChange(options.view, source, change)) this.#queue.add(address);
    });
  }

  /** Draws again what looks different now: the filter changed. */
  refresh(): void {
    this.#queue.add(undefined);
  }

  getChildren(element?: Address): Address[] {
    const { view, watching } = this.#options;
    if (element?.kind === 'context') watching.expand(view, element.context);
    else if (element === undefined) watching.showCurrent();
    return this.#rows.childrenOf(element);
  }

  getParent(element: Address): Address | undefined {
    return this.#rows.parentOf(element);
  }

  getTreeItem(element: Address): vscode.TreeItem {
    const row = this.#rows.draw(element);
    // A row that is gone is still asked for until its parent is drawn again.
    if (row === undefined) return new vscode.TreeItem('');
    const item = itemOf(element, row);
    if (row.opens !== undefined) item.command = this.#commands.of(element);
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, element: Address): vscode.TreeItem {
    const tooltip = new vscode.MarkdownString('', false);
    for (const { label, value } of tooltipOf(this.#options.tools(), element)) {
      tooltip.appendMarkdown('**').appendText(label).appendMarkdown('**: ').appendText(value);
      tooltip.appendMarkdown('  \n');
    }
    item.tooltip = tooltip;
    return item;
  }

  dispose(): void {
    disposeAll([this.#subscription, this.#queue, this.#changed, this.#commands]);
  }

  #fire(ids: ReadonlySet<string> | 'root'): void {
    const changed = this.#rows.changedIn(ids);
    if (changed === 'root') this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire([...changed]);
  }
}

const states = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

function itemOf(address: Address, row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, states[row.collapsible]);
  const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
  item.id = idOf(address);
  item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(row.icon.id, color);
  item.contextValue = `;${row.flags.join(';')};`;
  item.accessibilityInformation = { label: row.spoken };
  return item;
}

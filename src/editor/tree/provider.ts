import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/emitter.ts';
import type { CommandId } from '../contributions.ts';
import { childrenOf, rootsOf } from './address.ts';
import { idOf, type Address, type Row, type ViewName } from './model.ts';
import { RefreshQueue, rowsOfChange } from './refresh.ts';
import type { RowTools } from './draw.ts';
import { rowOf } from './rows.ts';
import { tooltipOf } from './tooltip.ts';
import type { Watching } from './watching.ts';

export interface ProviderOptions {
  readonly view: ViewName;
  /** Rows' tools as they are now: the filter may change. */
  readonly tools: () => RowTools;
  readonly watching: Watching;
  readonly clock: Clock;
}

interface Known {
  readonly address: Address;
  readonly parent: Address | undefined;
  children: readonly string[];
}

/**
 * One view. Rows are addresses; the same row is always the same object, so that VS Code finds the one that changed. It holds no facts: each
 * row is drawn from the inventory when VS Code asks for it.
 */
export class TreeProvider implements vscode.TreeDataProvider<Address>, Disposable {
  readonly #options: ProviderOptions;
  readonly #known = new Map<string, Known>();
  #roots: readonly string[] = [];
  readonly #changed = new vscode.EventEmitter<Address | Address[] | undefined>();
  readonly #queue: RefreshQueue;
  readonly #subscription: Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#queue = new RefreshQueue(options.clock, (ids) => {
      this.#fire(ids);
    });
    const { source } = options.tools();
    this.#subscription = source.onDidChange((change) => {
      for (const address of rowsOfChange(options.view, source, change)) this.#queue.add(address);
    });
  }

  /** Draws everything again: the filter changed, or somebody asked. */
  refresh(): void {
    this.#queue.add(undefined);
  }

  getChildren(element?: Address): Address[] {
    const { view, tools, watching } = this.#options;
    const { source, filter } = tools();
    if (element?.kind === 'context') watching.expand(view, element.context);
    else if (element === undefined) watching.showCurrent();
    const addresses =
      element === undefined
        ? rootsOf(view, source.inventory(), filter)
        : childrenOf(view, source, element, filter);
    return this.#remember(addresses, element);
  }

  getParent(element: Address): Address | undefined {
    return this.#known.get(idOf(element))?.parent;
  }

  getTreeItem(element: Address): vscode.TreeItem {
    const row = rowOf(this.#options.tools(), element);
    // A row that is gone is still asked for until its parent is drawn again.
    return row === undefined ? new vscode.TreeItem('') : itemOf(element, row);
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
    this.#subscription.dispose();
    this.#queue.dispose();
    this.#changed.dispose();
  }

  #fire(ids: ReadonlySet<string> | 'root'): void {
    if (ids === 'root') {
      this.#changed.fire(undefined);
      return;
    }
    const shown = [...ids].flatMap((id) => this.#known.get(id)?.address ?? []);
    if (shown.length > 0) this.#changed.fire(shown);
  }

  /** The same objects as before for the rows that stay; rows that are gone are forgotten with all below them. */
  #remember(addresses: readonly Address[], parent: Address | undefined): Address[] {
    const ids = addresses.map(idOf);
    const kept = new Set(ids);
    const owner = parent && this.#known.get(idOf(parent));
    for (const id of owner ? owner.children : this.#roots) if (!kept.has(id)) this.#forget(id);
    const rows = addresses.map((address, index) => {
      const id = ids[index] ?? idOf(address);
      const known = this.#known.get(id) ?? { address, parent, children: [] };
      this.#known.set(id, known);
      return known.address;
    });
    if (owner) owner.children = ids;
    else this.#roots = ids;
    return rows;
  }

  #forget(id: string): void {
    for (const child of this.#known.get(id)?.children ?? []) this.#forget(child);
    this.#known.delete(id);
  }
}

const states = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

const openers: Readonly<Record<NonNullable<Row['opens']>, CommandId>> = {
  rollout: 'cablecar.openRollout',
  metrics: 'cablecar.openMetrics',
};

function itemOf(address: Address, row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, states[row.collapsible]);
  const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
  item.id = idOf(address);
  item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(row.icon.id, color);
  item.contextValue = `;${row.flags.join(';')};`;
  item.accessibilityInformation = { label: row.spoken };
  if (row.opens !== undefined) {
    item.command = { command: openers[row.opens], title: '', arguments: [address] };
  }
  return item;
}

import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { disposeAll, type Disposable } from '../../base/emitter.ts';
import type { Text } from '../../base/text.ts';
import type { ContextKeys } from '../contributions.ts';
import { plainText } from '../plainText.ts';
import type { Filter } from './filter.ts';
import type { Address, InventorySource, ViewName } from './model.ts';
import { TreeProvider } from './provider.ts';
import type { RowTools } from './draw.ts';
import { throttled } from './throttle.ts';
import { activeRollouts, badgeOf, messageOf, stateOf } from './viewState.ts';
import { Watching } from './watching.ts';

export interface TreeOptions {
  readonly source: InventorySource;
  readonly views: Readonly<Record<ViewName, vscode.TreeView<Address>>>;
  readonly render: (text: Text) => string;
  /** A wall-clock moment for people ("12:04:31"). */
  readonly time: (atMs: number) => string;
  readonly clock: Clock;
}

export interface Trees extends Disposable {
  readonly rollouts: vscode.TreeDataProvider<Address>;
  readonly services: vscode.TreeDataProvider<Address>;
  readonly filter: Filter;
}

/** Fills both views and keeps their message, badge and context keys true. Nothing connects before one of them is looked at. */
export function createTrees(options: TreeOptions): Trees {
  const { source, views, render, time, clock } = options;
  const watching = new Watching(source);
  let filterText = '';
  const tools = (view: ViewName) => (): RowTools => ({
    source,
    render,
    time,
    view,
    filter: filterText,
  });
  const rollouts = new TreeProvider({
    view: 'rollouts',
    tools: tools('rollouts'),
    watching,
    clock,
  });
  const services = new TreeProvider({
    view: 'services',
    tools: tools('services'),
    watching,
    clock,
  });
  const showState = (): void => {
    const inventory = source.inventory();
    if (watching.isStarted) watching.showCurrent();
    showMessages(
      views,
      messageOf(inventory, filterText, time).map(render).map(plainText).join(' '),
    );
    const badge = badgeOf(inventory);
    views.rollouts.badge = badge && { value: badge.value, tooltip: render(badge.tooltip) };
    setKey('cablecar.state', stateOf(inventory));
    setKey('cablecar.active', activeRollouts(inventory).length > 0);
    setKey('cablecar.filtered', filterText !== '');
  };
  const filter: Filter = {
    get text() {
      return filterText;
    },
    set(text) {
      filterText = text.trim();
      rollouts.refresh();
      services.refresh();
      showState();
    },
  };
  showState();
  const parts: Disposable[] = [
    watching,
    rollouts,
    services,
    throttled(source.onDidChange, clock, showState),
    collapsing('rollouts', views.rollouts, watching),
    collapsing('services', views.services, watching),
  ];
  return {
    rollouts,
    services,
    filter,
    dispose: () => {
      disposeAll(parts);
    },
  };
}

function showMessages(views: TreeOptions['views'], message: string): void {
  const text = message === '' ? undefined : message;
  // Setting it draws the view's head again, so only when it differs.
  for (const view of [views.rollouts, views.services])
    if (view.message !== text) setMessage(view, text);
}

function setMessage(view: vscode.TreeView<Address>, text: string | undefined): void {
  // The type of `message` leaves out undefined under exactOptionalPropertyTypes; the API documents it as "no message".
  (view as { message: string | undefined }).message = text;
}

const shownKeys = new Map<string, unknown>();

function setKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (shownKeys.get(key) === value) return;
  shownKeys.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

function collapsing(
  view: ViewName,
  tree: vscode.TreeView<Address>,
  watching: Watching,
): Disposable {
  const parts = [
    tree.onDidCollapseElement(({ element }) => {
      if (element.kind === 'context') watching.collapse(view, element.context);
    }),
    tree.onDidChangeVisibility(({ visible }) => {
      if (visible) watching.showCurrent();
    }),
  ];
  return {
    dispose: () => {
      disposeAll(parts);
    },
  };
}

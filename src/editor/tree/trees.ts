import * as vscode from 'vscode';
import type { Clock } from '../../base/clock.ts';
import { disposeAll, type Disposable } from '../../base/emitter.ts';
import type { Text } from '../../base/text.ts';
import type { ContextKeys } from '../contributions.ts';
import { plainText } from '../plainText.ts';
import type { RunFacts } from './draw.ts';
import type { Filter } from './filter.ts';
import type { Address, InventorySource, ViewName } from './model.ts';
import { TreeProvider } from './provider.ts';
import { throttled } from './throttle.ts';
import { activeRollouts, badgeOf, messageOf, stateOf } from './viewState.ts';
import { Watching } from './watching.ts';

export interface TreeOptions {
  readonly source: InventorySource;
  readonly runs: RunFacts;
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
  const { source, runs, views, render, time, clock } = options;
  const watching = new Watching(source);
  let text = '';
  const provider = (view: ViewName): TreeProvider =>
    new TreeProvider({
      view,
      tools: () => ({ source, runs, render, time, view, filter: text }),
      watching,
      clock,
    });
  const [rollouts, services] = [provider('rollouts'), provider('services')];
  const show = (): void => {
    showState(options, text);
  };
  const filter: Filter = {
    get text() {
      return text;
    },
    set(wanted) {
      text = wanted.trim();
      rollouts.refresh();
      services.refresh();
      show();
    },
  };
  show();
  const parts: Disposable[] = [
    watching,
    rollouts,
    services,
    throttled(source.onDidChange, clock, show),
    runs.onDidChange(() => {
      rollouts.refresh();
    }),
    following('rollouts', views.rollouts, watching),
    following('services', views.services, watching),
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

function showState({ source, views, render, time }: TreeOptions, filter: string): void {
  const inventory = source.inventory();
  const sentences = messageOf(inventory, filter, time).map(render).map(plainText);
  const state = stateOf(inventory);
  const message = sentences.join(' ');
  showMessage(views.services, message);
  // A message would take the place of the welcome text with its buttons; then only the Services view says it.
  showMessage(views.rollouts, state === 'ready' || state === 'connecting' ? message : '');
  const badge = badgeOf(inventory);
  views.rollouts.badge = badge && { value: badge.value, tooltip: render(badge.tooltip) };
  setKey('cablecar.state', state);
  setKey('cablecar.active', activeRollouts(inventory).length > 0);
  setKey('cablecar.filtered', filter !== '');
}

function showMessage(view: vscode.TreeView<Address>, message: string): void {
  const text = message === '' ? undefined : message;
  // Setting it draws the view's head again, so only when it differs.
  if (view.message === text) return;
  // The type of `message` leaves out undefined under exactOptionalPropertyTypes; the API documents it as "no message".
  (view as { message: string | undefined }).message = text;
}

const shownKeys = new Map<string, unknown>();

function setKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (shownKeys.get(key) === value) return;
  shownKeys.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

/** A collapsed context is left, and a view that comes to the front connects the current one. */
function following(view: ViewName, tree: vscode.TreeView<Address>, watching: Watching): Disposable {
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

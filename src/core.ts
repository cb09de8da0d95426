import { homedir, userInfo } from 'node:os';
import * as vscode from 'vscode';
import { systemClock } from './base/clock.ts';
import { renderer, type Locale } from './base/text.ts';
import { EditorActions } from './editor/actions.ts';
import { askConsent } from './editor/askConsent.ts';
import { Clusters } from './editor/clusters.ts';
import { isCommandId, runCommand } from './editor/commands/handlers.ts';
import { ClusterDocuments } from './editor/documents.ts';
import type { Core, Views } from './editor/entry.ts';
import { createLog } from './editor/log.ts';
import { RolloutPanels } from './editor/panel/rolloutPanels.ts';
import { pluginApproval } from './editor/pluginApproval.ts';
import { createStatusBar } from './editor/statusBar.ts';
import { createTrees } from './editor/tree/trees.ts';
import { vscodeUi } from './editor/vscodeUi.ts';
import { VscodeSettings } from './editor/vscodeSettings.ts';
import { Worsening } from './editor/worsening.ts';
import { MetricsService } from './metrics/service.ts';
import { allWatches } from './state/watches.ts';
import { hostWords } from './words.ts';
import { commandContext } from './wiring/commandContext.ts';
import { MachineKubeconfigs } from './wiring/kubeconfigs.ts';
import { panelDependencies } from './wiring/panelDependencies.ts';
import { PrometheusSecrets } from './wiring/prometheusSecrets.ts';
import { showConflict } from './wiring/showConflict.ts';
import { tellWorsening } from './wiring/tellWorsening.ts';

/**
 * The composition root behind the small entry: builds everything, top to bottom, with plain constructors. Loaded when a view opens or a
 * command runs in a trusted workspace.
 */
export function start(context: vscode.ExtensionContext, views: Views): Core {
  const locale: Locale = /^zh(-cn|-hans)?$/i.test(vscode.env.language) ? 'zh-cn' : 'en';
  const render = renderer(hostWords, locale);
  const time = (atMs: number): string => new Date(atMs).toLocaleTimeString(locale);
  const log = createLog();
  const logError = (message: string, error: unknown): void => {
    log.error(message, error);
  };
  const settings = new VscodeSettings();
  const documents = new ClusterDocuments();
  const ui = vscodeUi((name, text) => documents.open(name, text));
  const secrets = new PrometheusSecrets(context.secrets);

  const kubeconfigs = new MachineKubeconfigs(
    () => ({ setting: settings.kubeconfig, env: process.env, home: homedir() }),
    () => ({
      watched: allWatches(),
      proxy: proxySettings(),
      approvePlugin: pluginApproval(ui, approvals(context), render),
      env: process.env,
      home: homedir(),
      userAgent: `cablecar/${(context.extension.packageJSON as { version: string }).version}`,
      log: (line) => {
        log.info(line);
      },
    }),
  );
  const clusters = new Clusters(kubeconfigs, settings);
  const metrics = new MetricsService(
    { direct: (name) => secrets.directOptions(settings, name) },
    systemClock,
  );
  const actions = new EditorActions(clusters, {
    storageFolder: context.globalStorageUri.fsPath,
    who: () => userInfo().username,
    isReadOnly: () => settings.readOnly,
    ask: askConsent(ui, render),
    showConflict: (name, error) => showConflict({ clusters, documents, render }, name, error),
    logError,
  });
  const trees = createTrees({ source: clusters, views, render, time, clock: systemClock });
  const panels = new RolloutPanels(context.extensionUri, () => panelDeps);
  const commands = commandContext({
    clusters, actions, metrics, settings, secrets, panels, ui, render, time, log, kubeconfigs,
    filter: trees.filter,
    extension: context.extension,
    remoteName: vscode.env.remoteName,
  });
  const panelDeps = panelDependencies({ clusters, actions, settings, metrics, documents, commands, render, locale, logError });
  const worsening = new Worsening(clusters, metrics, tellWorsening({ settings, panels, commands, ui, render, logError }));

  context.subscriptions.push(
    log, settings, documents, kubeconfigs, clusters, actions, trees, panels, worsening,
    createStatusBar({ source: clusters, render, clock: systemClock }),
    settings.onDidChange((ids) => {
      metrics.forget();
      clusters.settingsChanged();
      if (ids.includes('cablecar.kubeconfig')) void kubeconfigs.sourceChanged();
    }),
    context.secrets.onDidChange(() => {
      metrics.forget();
    }),
  );
  void kubeconfigs.load().catch((error: unknown) => {
    logError('Reading the kubeconfig failed', error);
  });
  return {
    rollouts: trees.rollouts,
    services: trees.services,
    run: async (id, target) => {
      if (isCommandId(id)) await runCommand(commands, id, target);
    },
    restorePanel: (panel, state) => {
      panels.restore(panel, state);
    },
  };
}

function proxySettings(): { readonly setting: string; readonly noProxy: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const http = vscode.workspace.getConfiguration('http');
  const setting = http.get<string>('proxy', '');
  return { setting, noProxy: http.get<string[]>('noProxy', []), env: process.env };
}

function approvals(context: vscode.ExtensionContext): Parameters<typeof pluginApproval>[1] {
  return {
    get: (key) => context.globalState.get<readonly string[]>(key, []),
    update: (key, value) => context.globalState.update(key, value),
  };
}

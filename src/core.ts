import { randomUUID } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import * as vscode from 'vscode';
import { systemClock } from './base/clock.ts';
import type { Disposable } from './base/emitter.ts';
import { renderer, type Locale, type Text } from './base/text.ts';
import { EditorActions } from './editor/actions.ts';
import { askConsent } from './editor/askConsent.ts';
import { Clusters } from './editor/clusters.ts';
import type { CommandContext } from './editor/commands/ports.ts';
import { isCommandId, runCommand } from './editor/commands/handlers.ts';
import { targetOf } from './editor/commands/targets.ts';
import { ClusterDocuments } from './editor/documents.ts';
import type { Core, Plans, Views } from './editor/entry.ts';
import { createLog, type Log } from './editor/log.ts';
import { RolloutPanels } from './editor/panel/rolloutPanels.ts';
import { PlanFeatures } from './editor/plan/planFeatures.ts';
import { pluginApproval } from './editor/pluginApproval.ts';
import { Runs } from './editor/runs/runs.ts';
import { runFact } from './editor/runs/runView.ts';
import { createStatusBar } from './editor/statusBar.ts';
import { createTrees } from './editor/tree/trees.ts';
import type { Ui } from './editor/ui.ts';
import { vscodeUi } from './editor/vscodeUi.ts';
import { VscodeSettings } from './editor/vscodeSettings.ts';
import { Worsening } from './editor/worsening.ts';
import { AlertService } from './metrics/alertService.ts';
import { MetricsService } from './metrics/service.ts';
import { allWatches } from './state/watches.ts';
import { hostWords } from './words.ts';
import { commandContext } from './wiring/commandContext.ts';
import { MachineKubeconfigs } from './wiring/kubeconfigs.ts';
import { panelDependencies } from './wiring/panelDependencies.ts';
import { ServerSecrets } from './wiring/serverSecrets.ts';
import { showConflict } from './wiring/showConflict.ts';
import { runMetrics } from './wiring/runMetrics.ts';
import { supportReport } from './wiring/supportReport.ts';
import { tellRuns } from './wiring/tellRuns.ts';
import { tellWorsening } from './wiring/tellWorsening.ts';

/** What talks to people, and to nobody else. */
interface Ground {
  readonly locale: Locale;
  readonly render: (text: Text) => string;
  readonly time: (atMs: number) => string;
  readonly version: string;
  readonly log: Log;
  readonly logError: (message: string, error: unknown) => void;
  readonly settings: VscodeSettings;
  readonly documents: ClusterDocuments;
  readonly ui: Ui;
  readonly secrets: ServerSecrets;
}

/** What reaches clusters, and what is done to them. */
interface Reach {
  readonly kubeconfigs: MachineKubeconfigs;
  readonly clusters: Clusters;
  readonly metrics: MetricsService;
  readonly alerts: AlertService;
  readonly actions: EditorActions;
}

/**
 * The composition root behind the small entry: builds everything, top to bottom, with plain constructors. Loaded when a view opens or a
 * command runs in a trusted workspace.
 */
export function start(context: vscode.ExtensionContext, views: Views): Core {
  const ground = groundOf(context);
  const reach = reachOf(context, ground);
  context.subscriptions.push(...reactions(context, ground, reach));
  const core = surfaceOf(context, views, { ground, reach });
  const loaded = reach.kubeconfigs.load().catch((error: unknown) => {
    ground.logError('Reading the kubeconfig failed', error);
  });
  // A command may be what loaded us: without the kubeconfig it would find no context.
  return { ...core, run: (...command) => loaded.then(() => core.run(...command)) };
}

/** What is for plan files alone: reads no kubeconfig and connects to nothing, so it is there without trust too. */
export function startPlans(): Plans {
  return new PlanFeatures(renderer(hostWords, editorLocale()));
}

function editorLocale(): Locale {
  return /^zh(-cn|-hans)?$/i.test(vscode.env.language) ? 'zh-cn' : 'en';
}

function groundOf(context: vscode.ExtensionContext): Ground {
  const locale = editorLocale();
  const log = createLog();
  const settings = new VscodeSettings();
  const documents = new ClusterDocuments();
  context.subscriptions.push(log, settings, documents);
  return {
    locale,
    render: renderer(hostWords, locale),
    time: (atMs) => new Date(atMs).toLocaleTimeString(locale),
    version: (context.extension.packageJSON as { readonly version: string }).version,
    log,
    logError: (message, error) => {
      log.error(message, error);
    },
    settings,
    documents,
    ui: vscodeUi((name, text) => documents.open(name, text)),
    secrets: new ServerSecrets(context.secrets),
  };
}

function reachOf(context: vscode.ExtensionContext, ground: Ground): Reach {
  const { settings, ui, render, log, logError, secrets, documents } = ground;
  const kubeconfigs = new MachineKubeconfigs(
    () => ({ setting: settings.kubeconfig, env: process.env, home: homedir() }),
    () => ({
      watched: allWatches(),
      proxy: proxySettings(),
      approvePlugin: pluginApproval(ui, approvals(context), render),
      env: process.env,
      home: homedir(),
      userAgent: `cablecar/${ground.version}`,
      log: (line) => {
        log.info(line);
      },
    }),
  );
  const clusters = new Clusters(kubeconfigs, {
    machine: vscode.env.remoteName ?? '',
    isProtected: (name) => settings.isProtected(name),
    namespacesOf: (name) => settings.namespacesOf(name),
  });
  const metrics = new MetricsService(
    { direct: (name) => secrets.directOptions(settings, 'prometheus', name) },
    systemClock,
  );
  const alerts = new AlertService(
    (name) => secrets.directOptions(settings, 'alertmanager', name),
    systemClock,
  );
  const actions = new EditorActions(clusters, {
    storageFolder: context.globalStorageUri.fsPath,
    who: () => userInfo().username,
    isReadOnly: () => settings.readOnly,
    ask: askConsent(ui, render),
    showConflict: (name, error) => showConflict({ clusters, documents }, name, error),
    logError,
  });
  context.subscriptions.push(kubeconfigs, clusters, actions);
  return { kubeconfigs, clusters, metrics, alerts, actions };
}

/** What follows the settings and the secrets. */
function reactions(
  context: vscode.ExtensionContext,
  { settings, log, render }: Ground,
  { metrics, alerts, clusters, kubeconfigs }: Reach,
): readonly Disposable[] {
  return [
    settings.onDidChange((ids) => {
      metrics.forget();
      alerts.forget();
      clusters.settingsChanged();
      if (ids.includes('cablecar.kubeconfig')) void kubeconfigs.sourceChanged();
    }),
    context.secrets.onDidChange(() => {
      metrics.forget();
      alerts.forget();
    }),
    clusters.onDidOpen(({ context: name, session }) => {
      log.info(`${name}: opened`);
      let last = '';
      session.onDidChangeConnection((connection) => {
        const why = 'text' in connection ? `: ${render(connection.text)}` : '';
        const line = `${name}: ${connection.kind}${why}`;
        if (line !== last) log.info(line);
        last = line;
      });
    }),
  ];
}

function surfaceOf(
  context: vscode.ExtensionContext,
  views: Views,
  { ground, reach }: { readonly ground: Ground; readonly reach: Reach },
): Core {
  const { render, time, version } = ground;
  const { clusters, metrics } = reach;
  const runs = runsOf(ground, reach, () => commands);
  const trees = createTrees({
    source: clusters,
    runs: {
      onDidChange: runs.onDidChange,
      of: (name, rolloutId) => {
        const run = runs.of(name, rolloutId);
        const fact = run && runFact(run);
        return fact && { fact, isDriven: run.isDriven };
      },
    },
    views,
    render,
    time,
    clock: systemClock,
  });
  const panels = new RolloutPanels(context.extensionUri, () => panelParts);
  const commands = commandContext({
    ...ground,
    ...reach,
    panels,
    runs,
    filter: trees.filter,
    extension: context.extension,
    supportReport: () =>
      supportReport({ ...ground, ...reach, version, remoteName: vscode.env.remoteName }),
  });
  const panelParts = panelDependencies({ ...ground, ...reach, runs, commands });
  const host = tellWorsening({ ...ground, panels, commands });
  context.subscriptions.push(
    runs,
    trees,
    panels,
    new Worsening(clusters, metrics, host),
    createStatusBar({ source: clusters, render, clock: systemClock }),
  );
  return {
    rollouts: trees.rollouts,
    services: trees.services,
    run: async (id, args) => {
      if (isCommandId(id)) await runCommand(commands, id, targetOf(args));
    },
    restorePanel: (panel, state) => {
      panels.restore(panel, state);
    },
  };
}

/** Runs of release plans: those of this window and those of others. */
function runsOf(
  { render, ui, logError, settings }: Ground,
  { clusters, metrics, alerts }: Reach,
  commands: () => CommandContext,
): Runs {
  return new Runs(clusters, {
    ports: (context, session, notify) => ({
      cluster: session,
      clock: systemClock,
      isLive: () => session.connection.kind === 'live',
      onDidChange: session.onDidChangeObjects,
      newId: randomUUID,
      notify,
      ...runMetrics({ context, session, metrics, alerts, queries: () => settings.queries }),
    }),
    who: (name) => clusters.kubeContext(name)?.user ?? userInfo().username,
    clock: systemClock,
    newId: randomUUID,
    logError,
    ...tellRuns({
      ui,
      render,
      commands,
      shareOf: ({ context, state }) =>
        clusters.rollout(context, state.target.rolloutId)?.canaryShare ?? 0,
      logError,
    }),
  });
}

function proxySettings(): {
  readonly setting: string;
  readonly noProxy: readonly string[];
  readonly env: NodeJS.ProcessEnv;
} {
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

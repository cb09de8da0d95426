import type { Locale, Text } from '../base/text.ts';
import type { EditorActions } from '../editor/actions.ts';
import type { Clusters } from '../editor/clusters.ts';
import type { MetricsPort } from '../editor/clusterPorts.ts';
import { openInGrafana, openInPrometheus } from '../editor/commands/openElsewhere.ts';
import type { CommandContext } from '../editor/commands/ports.ts';
import { openRoute } from '../editor/commands/rowObject.ts';
import { runIntent } from '../editor/commands/run.ts';
import { setPrometheus } from '../editor/commands/setServer.ts';
import { runStart } from '../editor/commands/startCanary.ts';
import { sendToRun } from '../editor/commands/tellRun.ts';
import { runUndo } from '../editor/commands/undo.ts';
import { runUndoRevision } from '../editor/commands/undoRevision.ts';
import type { ClusterDocuments } from '../editor/documents.ts';
import { historyMarkdown } from '../editor/historyMarkdown.ts';
import type { PanelDependencies, PanelRuns } from '../editor/panel/dependencies.ts';
import type { PanelTarget } from '../editor/panel/panelKey.ts';
import { plainText } from '../editor/plainText.ts';
import type { Runs } from '../editor/runs/runs.ts';
import type { EditorSettings } from '../editor/settings.ts';

export interface PanelParts {
  readonly clusters: Clusters;
  readonly actions: EditorActions;
  readonly settings: EditorSettings;
  readonly metrics: MetricsPort;
  readonly runs: Runs;
  readonly documents: ClusterDocuments;
  readonly commands: CommandContext;
  readonly render: (text: Text) => string;
  readonly locale: Locale;
  readonly logError: (message: string, error: unknown) => void;
}

/** What panels work with: the same runs as the commands, so that both ask, write and report alike. */
export function panelDependencies(parts: PanelParts): PanelDependencies {
  const {
    clusters,
    actions,
    settings,
    metrics,
    runs,
    documents,
    commands,
    render,
    locale,
    logError,
  } = parts;
  return {
    clusters,
    actions,
    settings,
    metrics,
    runs,
    render,
    locale,
    logError,
    run: panelRuns(parts),
    async openDiff(target, intent, signal) {
      const preview = await actions.preview(rolloutRef(target), intent, signal);
      if (preview.ok)
        await documents.openDiff(preview.value, plainText(render(preview.value.changes.summary)));
      else await commands.ui.fail(plainText(render(preview.error.text)));
    },
  };
}

function panelRuns({ actions, runs, commands, render }: PanelParts): PanelRuns {
  return {
    perform: (target, intent, report) => runIntent(commands, rolloutRef(target), intent, report),
    undo: (target, entryId, report) =>
      runUndo(commands, target.context, { id: entryId, what: target.service }, report),
    start: (target, report) =>
      runStart(
        commands,
        { context: target.context, namespace: target.namespace, name: target.service },
        report,
      ),
    undoRevision: async (target, report) => {
      const at = rolloutRef(target);
      const rollout = commands.source.rollout(at.context, at.rolloutId);
      if (rollout === undefined) return;
      const { service, route } = rollout;
      const place = { context: at.context, service, workload: route };
      await runUndoRevision(commands, place, report);
    },
    async tellRun(target, id, command) {
      const run = runs
        .all()
        .find(({ context, state }) => context === target.context && state.id === id);
      if (run !== undefined) await sendToRun(commands, run, command);
    },
    async command(target, name) {
      const address = { kind: 'rollout', ...rolloutRef(target) } as const;
      switch (name) {
        case 'setPrometheus':
          return setPrometheus(commands, { kind: 'context', context: target.context });
        case 'openInPrometheus':
          return openInPrometheus(commands, address);
        case 'openInGrafana':
          return openInGrafana(commands, address);
        case 'openRoute':
          return openRoute(commands, rolloutRef(target));
        case 'copyHistory':
          return commands.ui.copy(historyMarkdown(actions.historyOf(rolloutRef(target)), render));
        case 'showLog':
          commands.showLog();
      }
    },
  };
}

/** A service without a canary records its start under its own name. */
function rolloutRef(target: PanelTarget): { readonly context: string; readonly rolloutId: string } {
  return {
    context: target.context,
    rolloutId: target.rolloutId ?? `${target.namespace}/${target.service}`,
  };
}

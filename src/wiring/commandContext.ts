import { backendOf } from '../backends/registry.ts';
import { ok, err } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { EditorActions } from '../editor/actions.ts';
import type { Clusters } from '../editor/clusters.ts';
import type { MetricsPort } from '../editor/clusterPorts.ts';
import type { CommandContext, Credentials } from '../editor/commands/ports.ts';
import type { Log } from '../editor/log.ts';
import { objectYaml } from '../editor/objectYaml.ts';
import { planFiles } from '../editor/plan/planFiles.ts';
import type { RolloutPanels } from '../editor/panel/rolloutPanels.ts';
import type { Runs } from '../editor/runs/runs.ts';
import type { EditorSettings } from '../editor/settings.ts';
import type { Ui } from '../editor/ui.ts';
import { say as sayActions } from '../editor/actions.l10n.ts';
import { workloadQuestions } from './workloadQuestions.ts';

export interface CommandParts {
  readonly clusters: Clusters;
  readonly actions: EditorActions;
  readonly metrics: MetricsPort;
  readonly alerts: Pick<MetricsPort, 'test'>;
  readonly settings: EditorSettings;
  readonly secrets: Credentials;
  readonly panels: RolloutPanels;
  readonly runs: Runs;
  readonly ui: Ui;
  readonly render: (text: Text) => string;
  readonly time: (atMs: number) => string;
  readonly log: Log;
  readonly filter: CommandContext['filter'];
  readonly extension: { readonly id: string; readonly packageJSON: unknown };
  readonly supportReport: () => string;
}

/** As far back as the panel looks at first. */
const readingMinutes = 15;

/** What the commands work with, from the parts that the root has made. */
export function commandContext(parts: CommandParts): CommandContext {
  const { clusters, actions, metrics, settings, panels, ui, render, time, log } = parts;
  return {
    source: clusters,
    contexts: clusters,
    actions,
    settings,
    credentials: parts.secrets,
    plans: planFiles,
    panels,
    runs: parts.runs,
    ui,
    render,
    time,
    filter: parts.filter,
    workloads: workloadQuestions(clusters),
    objects: {
      async yaml(context, ref, signal) {
        const session = clusters.session(context);
        if (session === undefined) return err(sayActions('actions.notConnected', { context }));
        const read = await session.fetch(ref, signal);
        return read.ok ? ok(objectYaml(read.value.raw)) : err(read.error.text);
      },
    },
    prometheus: {
      ...testable(clusters, metrics),
      async readings({ context, rolloutId }, signal) {
        const session = clusters.session(context);
        const rollout = clusters.rollout(context, rolloutId);
        if (session === undefined || rollout === undefined)
          return err([sayActions('actions.notConnected', { context })]);
        const tracks = backendOf(rollout.backend)?.queries(rollout, settings.queries) ?? [];
        const request = { context, session, tracks, minutes: readingMinutes };
        const measured = await metrics.measure(request, signal);
        return measured.ok ? ok(measured.value.series) : measured;
      },
      link: ({ context }) => Promise.resolve(metrics.publicUrl(context)),
    },
    alertmanager: testable(clusters, parts.alerts),
    keepConnected: (context) => {
      clusters.watch(context);
    },
    nowMs: () => Date.now(),
    extensionId: parts.extension.id,
    supportReport: parts.supportReport,
    showLog: () => {
      log.show();
    },
    logError: (message, error) => {
      log.error(message, error);
    },
  };
}

function testable(
  clusters: Pick<Clusters, 'session'>,
  server: Pick<MetricsPort, 'test'>,
): CommandContext['alertmanager'] {
  return {
    async test(context, signal) {
      const session = clusters.session(context);
      if (session === undefined) return err([sayActions('actions.notConnected', { context })]);
      return server.test(context, session, signal);
    },
  };
}

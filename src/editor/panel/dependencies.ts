import type { Locale, Text } from '../../base/text.ts';
import type { AnyIntent } from '../../model/intent.ts';
import type { Command } from '../../release/run.ts';
import type { EditorActions } from '../actions.ts';
import type { Clusters } from '../clusters.ts';
import type { MetricsPort } from '../clusterPorts.ts';
import type { EditorSettings } from '../settings.ts';
import type { Runs } from '../runs/runs.ts';
import type { PanelTarget } from './panelKey.ts';

/** How an action goes, for the live region of the panel. */
export type Report = (text: string, state: 'busy' | 'done' | 'failed' | 'cancelled') => void;

/** What a panel can start; the same code as the commands, so that both ask, write and report alike. */
export interface PanelRuns {
  perform(target: PanelTarget, intent: AnyIntent, report: Report): Promise<void>;
  undo(target: PanelTarget, entryId: string, report: Report): Promise<void>;
  start(target: PanelTarget, report: Report): Promise<void>;
  /** Asks for the revision of the workload that is updated in batches. */
  undoRevision(target: PanelTarget, report: Report): Promise<void>;
  /** A wish to the run with this id. */
  tellRun(target: PanelTarget, id: string, command: Command): Promise<void>;
  command(
    target: PanelTarget,
    name:
      | 'setPrometheus'
      | 'openInPrometheus'
      | 'openInGrafana'
      | 'openRoute'
      | 'copyHistory'
      | 'showLog',
  ): Promise<void>;
}

export interface PanelDependencies {
  readonly clusters: Clusters;
  readonly actions: EditorActions;
  readonly settings: EditorSettings;
  readonly metrics: MetricsPort;
  readonly runs: Runs;
  readonly render: (text: Text) => string;
  readonly locale: Locale;
  readonly run: PanelRuns;
  readonly openDiff: (target: PanelTarget, intent: AnyIntent, signal: AbortSignal) => Promise<void>;
  readonly logError: (message: string, error: unknown) => void;
}

/**
 * The words of the whole product, merged from the catalogues of the folders that speak: for the composition roots and the generator. The
 * generator fails when one is forgotten.
 */
import { actionWords } from './actions/actions.l10n.ts';
import { ownerWords } from './backends/owners.l10n.ts';
import { backends } from './backends/registry.ts';
import type { Catalogue } from './base/text.ts';
import { clusterWords } from './cluster/cluster.l10n.ts';
import { actionsWords } from './editor/actions.l10n.ts';
import { commandWords } from './editor/commands/commands.l10n.ts';
import { consentWords } from './editor/consent.l10n.ts';
import { panelWords } from './editor/panel/panel.l10n.ts';
import { planEditorWords } from './editor/plan/planEditor.l10n.ts';
import { pluginWords } from './editor/pluginApproval.l10n.ts';
import { statusWords } from './editor/statusBar.l10n.ts';
import { treeWords } from './editor/tree/tree.l10n.ts';
import { worseningWords } from './editor/worsening.l10n.ts';
import { metricsWords } from './metrics/metrics.l10n.ts';
import { operationsWords } from './operations/operations.l10n.ts';
import { alertRuleWords } from './release/alertRule.l10n.ts';
import { analysisWords } from './release/analysis/analysis.l10n.ts';
import { contradictionWords } from './release/contradictions.l10n.ts';
import { fieldWords } from './release/fields.l10n.ts';
import { planWords } from './release/plan.l10n.ts';
import { writerWords } from './release/writer.l10n.ts';
import { stateWords } from './state/state.l10n.ts';

/** What the core says, without the editor: for the Job. */
export const coreWords: Catalogue = {
  ...actionWords,
  ...analysisWords,
  ...ownerWords,
  ...clusterWords,
  ...metricsWords,
  ...operationsWords,
  ...planWords,
  ...contradictionWords,
  ...stateWords,
  ...(Object.assign({}, ...backends.map((backend) => backend.words)) as Catalogue),
};

/** What the extension host says; the panel's webview has its own. */
export const hostWords: Catalogue = {
  ...coreWords,
  ...actionsWords,
  ...commandWords,
  ...alertRuleWords,
  ...fieldWords,
  ...writerWords,
  ...consentWords,
  ...panelWords,
  ...planEditorWords,
  ...pluginWords,
  ...statusWords,
  ...treeWords,
  ...worseningWords,
};

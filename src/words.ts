/**
 * The words of the extension host, merged from the catalogues of the folders that speak: for the composition root and the generator. The
 * generator fails when one is forgotten.
 */
import type { Catalogue } from './base/text.ts';
import { coreWords } from './coreWords.ts';
import { actionsWords } from './editor/actions.l10n.ts';
import { commandWords } from './editor/commands/commands.l10n.ts';
import { consentWords } from './editor/consent.l10n.ts';
import { panelWords } from './editor/panel/panel.l10n.ts';
import { planEditorWords } from './editor/plan/planEditor.l10n.ts';
import { pluginWords } from './editor/pluginApproval.l10n.ts';
import { runsWords } from './editor/runs/runs.l10n.ts';
import { statusWords } from './editor/statusBar.l10n.ts';
import { treeWords } from './editor/tree/tree.l10n.ts';
import { worseningWords } from './editor/worsening.l10n.ts';
import { alertRuleWords } from './release/alertRule.l10n.ts';
import { fieldWords } from './release/fields.l10n.ts';
import { writerWords } from './release/writer.l10n.ts';

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
  ...runsWords,
  ...statusWords,
  ...treeWords,
  ...worseningWords,
};

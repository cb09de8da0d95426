/** The words of what runs without an editor, merged from the catalogues of the folders that speak: for the Job, whose bundle has no others. */
import { actionWords } from './actions/actions.l10n.ts';
import { ownerWords } from './backends/owners.l10n.ts';
import { backends } from './backends/registry.ts';
import { ruleWords } from './backends/rules.l10n.ts';
import type { Catalogue } from './base/text.ts';
import { clusterWords } from './cluster/cluster.l10n.ts';
import { metricsWords } from './metrics/metrics.l10n.ts';
import { operationsWords } from './operations/operations.l10n.ts';
import { analysisWords } from './release/analysis/analysis.l10n.ts';
import { contradictionWords } from './release/contradictions.l10n.ts';
import { planWords } from './release/plan.l10n.ts';
import { releaseWords } from './release/release.l10n.ts';
import { stateWords } from './state/state.l10n.ts';

export const coreWords: Catalogue = {
  ...actionWords,
  ...analysisWords,
  ...ownerWords,
  ...ruleWords,
  ...clusterWords,
  ...metricsWords,
  ...operationsWords,
  ...releaseWords,
  ...planWords,
  ...contradictionWords,
  ...stateWords,
  ...(Object.assign({}, ...backends.map((backend) => backend.words)) as Catalogue),
};

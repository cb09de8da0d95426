import type { JudgeReport, MetricReport, Verdict } from '../../model/verdict.ts';

const order: readonly Verdict['kind'][] = ['fail', 'error', 'inconclusive', 'pass'];

/**
 * The worst of all, and the first of those. One metric that fails is enough; they all have to pass. Without any metric there is nothing to
 * say against the canary: such a step has a person at its gate.
 */
export function combined(metrics: readonly MetricReport[]): JudgeReport['verdict'] {
  const verdicts = metrics.map(({ verdict }) => verdict);
  for (const kind of order) {
    const found = verdicts.find((verdict) => verdict.kind === kind);
    if (found !== undefined) return found;
  }
  return { kind: 'pass' };
}

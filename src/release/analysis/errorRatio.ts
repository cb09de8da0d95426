import { percentText } from '../../base/share.ts';
import type { Text } from '../../base/text.ts';
import type { MetricNumbers, Verdict } from '../../model/verdict.ts';
import type { PlanMetric } from '../plan.ts';
import { say } from './analysis.l10n.ts';
import type { Limit, Logs, Tests } from './badShare.ts';
import { findings, matters, type Finding } from './findings.ts';
import { badRatio, dispersion, type Tally } from './tally.ts';

export type ErrorMetric = Extract<PlanMetric, { kind: 'errorRatio' }>;

/** The error ratio of the canary after the looks that `tally` and `logs` have. */
export function judgeErrors(
  metric: ErrorMetric,
  tests: Tests,
  { tally, logs }: { readonly tally: Tally; readonly logs: Logs },
): { readonly verdict: Verdict; readonly numbers: MetricNumbers } {
  const isMaterial = tests.compare !== undefined && matters(tally, tests.compare.maxRatio);
  const { finding, ...evidence } = findings(logs, tests, { tally, isMaterial });
  const clustering = dispersion(tally);
  const counted = tally.canary.requests > 0;
  const numbers: MetricNumbers = {
    unit: 'ratio',
    ...(counted && { canary: badRatio(tally.canary) }),
    ...(tally.stable.requests > 0 && { stable: badRatio(tally.stable) }),
    ...(metric.max !== undefined && { limit: metric.max }),
    canaryCount: tally.canary,
    stableCount: tally.stable,
    ...evidence,
    ...(clustering > 1 && { dispersion: clustering }),
    ...(finding.kind === 'open' &&
      finding.secondsToGo !== undefined && { secondsToGo: finding.secondsToGo }),
  };
  return { verdict: verdictOf(finding, tests, tally), numbers };
}

function verdictOf(finding: Finding, tests: Tests, tally: Tally): Verdict {
  const canary = percentText(badRatio(tally.canary));
  const stable = percentText(badRatio(tally.stable));
  switch (finding.kind) {
    case 'good':
      return { kind: 'pass' };
    case 'worse': {
      const certainty = percentText(1 - (tests.compare?.alpha ?? 0));
      return { kind: 'fail', reason: say('analysis.moreErrors', { canary, stable, certainty }) };
    }
    case 'over':
      return finding.stableToo
        ? { kind: 'inconclusive', reason: say('analysis.bothOver', { canary, stable }) }
        : { kind: 'fail', reason: overReason(finding.limit, canary, stable) };
    case 'open':
      return { kind: 'inconclusive', reason: openReason(finding.secondsToGo) };
  }
}

function overReason(limit: Limit, canary: string, stable: string): Text {
  const share = percentText(limit.share);
  return limit.kind === 'plan'
    ? say('analysis.errorsOverLimit', {
        canary,
        limit: share,
        certainty: percentText(1 - limit.alpha),
      })
    : say('analysis.moreErrorsThanBefore', { canary, stable, limit: share });
}

export function openReason(secondsToGo: number | undefined): Text {
  return say('analysis.open', { more: more(secondsToGo) });
}

/** How much longer, where that can be said: in whole seconds up to a minute, else in steps of 10. */
export function more(secondsToGo: number | undefined): Text | string {
  if (secondsToGo === undefined) return '';
  const step = secondsToGo > 60 ? 10 : 1;
  return say('analysis.more', { seconds: Math.ceil(secondsToGo / step) * step });
}

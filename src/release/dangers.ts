import type { Text } from '../base/text.ts';
import { say } from './release.l10n.ts';
import type { RunState, SeenTarget } from './run.ts';

/** Why the canary must be taken back. */
export interface Danger {
  /** `verdict`: the judge says so, and narrowing may do; the others take all back. */
  readonly kind: 'verdict' | 'endpoints' | 'restarts' | 'alert' | 'deadline';
  readonly text: Text;
}

/** The first of the plan's rollback conditions that holds now; the surest first. */
export function dangerOf(state: RunState, seen: SeenTarget): Danger | undefined {
  const conditions = [endpointsGone, crashLoop, alert, deadline, verdict];
  for (const condition of conditions) {
    const danger = condition(state, seen);
    if (danger !== undefined) return danger;
  }
  return undefined;
}

type Condition = (state: RunState, seen: SeenTarget) => Danger | undefined;

const endpointsGone: Condition = ({ plan }, seen) => {
  const isGone = seen.takesRequests && seen.canaryReady === 0;
  if (!plan.rollback.endpointsGone || !isGone) return undefined;
  return { kind: 'endpoints', text: say('release.danger.endpoints') };
};

const crashLoop: Condition = ({ plan, target }, seen) => {
  const most = plan.rollback.crashRestarts;
  const n = (seen.restarts ?? target.restarts) - target.restarts;
  if (most === 0 || n < most) return undefined;
  return { kind: 'restarts', text: say('release.danger.restarts', { n }) };
};

const alert: Condition = (_state, { alerts }) => {
  if (alerts?.kind !== 'firing') return undefined;
  const [first] = alerts.alerts;
  return { kind: 'alert', text: say('release.danger.alert', { alert: first?.name ?? '' }) };
};

const deadline: Condition = ({ plan, phase, runMs }) => {
  const { deadlineSeconds } = plan.rollback;
  if (phase.kind === 'promoting' || runMs <= deadlineSeconds * 1000) return undefined;
  const minutes = Math.round(deadlineSeconds / 60);
  return { kind: 'deadline', text: say('release.danger.deadline', { minutes }) };
};

/** Of a look of this moment, and not while both versions become the same. */
const verdict: Condition = ({ phase, report }, { look }) => {
  if (phase.kind === 'promoting' || look === undefined || report?.verdict.kind !== 'fail')
    return undefined;
  return { kind: 'verdict', text: report.verdict.reason };
};

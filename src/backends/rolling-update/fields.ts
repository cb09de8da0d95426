import { at } from '../guards.ts';
import type { KubeObject } from '../../model/objects.ts';
import type { Batch } from './batch.ts';
import { recordPath, type Edit } from './edit.ts';
import { holdSeconds, noDeadline, recordText, type HoldRecord } from './record.ts';
import { hashOf, rollingUpdateOf, type Update } from './state.ts';
import { countOf } from '../guards.ts';

const paths = {
  paused: '/spec/paused',
  maxSurge: '/spec/strategy/rollingUpdate/maxSurge',
  maxUnavailable: '/spec/strategy/rollingUpdate/maxUnavailable',
  minReadySeconds: '/spec/minReadySeconds',
  progressDeadlineSeconds: '/spec/progressDeadlineSeconds',
} as const;

type Held = Pick<Update, 'deployment' | 'stable' | 'hold'>;

/** Makes the controller stop at the batch and no sooner, whether it was paused or not. */
export function holdEdits(update: Held, batch: Batch): readonly Edit[] {
  return [pausedEdit(false), ...batchEdits(update, batch)];
}

/** The same without going on: for a Deployment that is, or is to be, paused. */
export function batchEdits(update: Held, { surge, unavailable }: Batch): readonly Edit[] {
  return [
    { path: paths.maxSurge, to: surge, label: 'maxSurge' },
    { path: paths.maxUnavailable, to: unavailable, label: 'maxUnavailable' },
    { path: paths.minReadySeconds, to: holdSeconds, label: 'minReadySeconds' },
    { path: paths.progressDeadlineSeconds, to: noDeadline },
    { path: recordPath, to: recordText(update.hold ?? recordOf(update)) },
  ];
}

/** Other limits for later, kept in the record of the hold. */
export function keptLimitsEdit(
  hold: HoldRecord,
  limits: Pick<HoldRecord, 'maxSurge' | 'maxUnavailable'>,
): Edit {
  const shown = [hold, limits].map(
    ({ maxSurge, maxUnavailable }) => `${String(maxSurge)}, ${String(maxUnavailable)}`,
  ) as [string, string];
  const label = 'maxSurge, maxUnavailable';
  return { path: recordPath, to: recordText({ ...hold, ...limits }), label, shown };
}

export function pausedEdit(paused: boolean): Edit {
  return { path: paths.paused, to: paused ? true : undefined, label: 'paused' };
}

/** As it was before the hold, and not paused. */
export function letGoEdits({ hold }: Pick<Update, 'hold'>): readonly Edit[] {
  if (hold === undefined) return [pausedEdit(false)];
  return [
    pausedEdit(false),
    ...limitEdits(hold),
    { path: paths.minReadySeconds, to: hold.minReadySeconds, label: 'minReadySeconds' },
    { path: paths.progressDeadlineSeconds, to: hold.progressDeadlineSeconds },
    { path: recordPath, to: undefined },
  ];
}

/** The person's own limits, in a Deployment that is not held. */
export function limitEdits(limits: Pick<HoldRecord, 'maxSurge' | 'maxUnavailable'>): Edit[] {
  return [
    { path: paths.maxSurge, to: limits.maxSurge, label: 'maxSurge' },
    { path: paths.maxUnavailable, to: limits.maxUnavailable, label: 'maxUnavailable' },
  ];
}

function recordOf({ deployment, stable }: Held): HoldRecord {
  const { maxSurge = 1, maxUnavailable = 0 } = rollingUpdateOf(deployment) ?? {};
  return {
    stable: hashOf(stable),
    maxSurge,
    maxUnavailable,
    ...fieldOf(deployment, 'minReadySeconds'),
    ...fieldOf(deployment, 'progressDeadlineSeconds'),
  };
}

function fieldOf(
  deployment: KubeObject,
  name: 'minReadySeconds' | 'progressDeadlineSeconds',
): Partial<HoldRecord> {
  const value = countOf(at(deployment.body, 'spec', name));
  return value === undefined ? {} : { [name]: value };
}

import type { Json, JsonObject, KubeObject } from '../../model/objects.ts';
import { at, countOf, isJsonObject, textOf } from '../guards.ts';
import { limitIn, type LimitValue } from './limits.ts';
import { recordAnnotation } from './types.ts';

/**
 * What a Deployment was before we held it, kept in an annotation of it, so that anybody can let it go as it was. Absent members were absent.
 */
export interface HoldRecord {
  /** Template hash of the pods that go on being stable. */
  readonly stable: string;
  readonly maxSurge: LimitValue;
  readonly maxUnavailable: LimitValue;
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
}

const version = 1;

/**
 * New pods count as available only after this time, a year: as long as they do not, the controller takes no more old ones away than
 * `maxUnavailable`, and so makes no more new ones than `maxSurge + maxUnavailable`. Measured on the real one: `test/cluster/rollingUpdate.test.ts`.
 */
export const holdSeconds = 31_536_000;
/** "No deadline" (kubernetes `HasProgressDeadline`); it must be longer than `minReadySeconds`. */
export const noDeadline = 2_147_483_647;

/** The record of a Deployment that is held; absent when it is not, or when what it says makes no sense. */
export function holdOf(deployment: KubeObject): HoldRecord | undefined {
  const ready = countOf(at(deployment.body, 'spec', 'minReadySeconds')) ?? 0;
  return ready >= holdSeconds ? recordIn(deployment.meta.annotations[recordAnnotation]) : undefined;
}

export function recordText(record: HoldRecord): string {
  return JSON.stringify({ v: version, ...record });
}

function recordIn(text: string | undefined): HoldRecord | undefined {
  const parsed = parse(text ?? '');
  if (parsed?.['v'] !== version) return undefined;
  const maxSurge = limitIn(parsed['maxSurge']);
  const maxUnavailable = limitIn(parsed['maxUnavailable']);
  const stable = textOf(parsed['stable']);
  if (maxSurge === undefined || maxUnavailable === undefined || stable === '') return undefined;
  const minReadySeconds = countOf(parsed['minReadySeconds']);
  const progressDeadlineSeconds = countOf(parsed['progressDeadlineSeconds']);
  return {
    stable,
    maxSurge,
    maxUnavailable,
    ...(minReadySeconds !== undefined && { minReadySeconds }),
    ...(progressDeadlineSeconds !== undefined && { progressDeadlineSeconds }),
  };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

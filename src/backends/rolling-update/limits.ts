import type { Json } from '../../model/objects.ts';
import type { PodLimit } from '../../model/rollout.ts';

export interface Limits {
  readonly maxSurge: PodLimit;
  readonly maxUnavailable: PodLimit;
}

/** A limit as the API takes it: a count or a percentage. */
export type LimitValue = number | string;

/** Kubernetes' own where a Deployment does not say. */
export const defaultLimit: LimitValue = '25%';

const mostPods = 2_147_483_647;

/**
 * What the limits come to: percentages of the wanted pods, surge rounded up, unavailable rounded down, and one unavailable where both come
 * to none (`ResolveFenceposts`, kubernetes `pkg/controller/deployment/util/deployment_util.go`).
 */
export function limitsOf(
  wanted: number,
  values: { readonly maxSurge: LimitValue; readonly maxUnavailable: LimitValue },
): Limits {
  const surge = podsOf(values.maxSurge, wanted, Math.ceil);
  const unavailable = Math.min(wanted, podsOf(values.maxUnavailable, wanted, Math.floor));
  const fenced = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return {
    maxSurge: { value: String(values.maxSurge), pods: surge },
    maxUnavailable: { value: String(values.maxUnavailable), pods: fenced },
  };
}

/** The value where it is one that the API server takes. */
export function limitIn(value: Json | undefined): LimitValue | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= mostPods ? value : undefined;
  return typeof value === 'string' && /^\d{1,9}%$/.test(value) ? value : undefined;
}

/** As people write it: "3" or "25%". */
export function limitFrom(text: string): LimitValue | undefined {
  const trimmed = text.trim();
  return /^\d+$/.test(trimmed) ? limitIn(Number(trimmed)) : limitIn(trimmed);
}

function podsOf(value: LimitValue, wanted: number, round: (x: number) => number): number {
  if (typeof value === 'number') return value;
  return round((Number.parseInt(value, 10) * wanted) / 100);
}

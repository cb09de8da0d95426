import { keyOf, namespaceOf, type ObjectMeta, type Pod, type View } from './objects.ts';
import { workloadOf } from './workload.ts';

/** Set on a pod template; or on a Deployment itself, where it wins and starts no roll-out. */
const ERROR_RATIO_ANNOTATION = 'demo.cablecar/error-ratio';
const LATENCY_ANNOTATION = 'demo.cablecar/latency-ms';

/** How an app behaves. */
export interface Behaviour {
  /** 0–1: the part of requests answered with 500. */
  readonly errorRatio: number;
  /** The median time to answer. */
  readonly latencyMs: number;
}

const DEFAULT_LATENCY_MS = 20;

export function behaviourOf(view: View, pod: Pod): Behaviour {
  const deployment = view.deployments.get(`${namespaceOf(pod)}/${workloadOf(pod)}`);
  const current = view.pods.get(keyOf(pod)) ?? pod;
  const read = (name: string): number | undefined =>
    numberIn(deployment?.metadata, name) ?? numberIn(current.metadata, name);
  return {
    errorRatio: read(ERROR_RATIO_ANNOTATION) ?? 0,
    latencyMs: read(LATENCY_ANNOTATION) ?? DEFAULT_LATENCY_MS,
  };
}

function numberIn(metadata: ObjectMeta | undefined, name: string): number | undefined {
  const value = Number(metadata?.annotations?.[name] ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

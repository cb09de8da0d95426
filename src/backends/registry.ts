import type { BackendId } from '../model/rollout.ts';
import type { TrafficBackend } from './backend.ts';
import { gatewayApi } from './gateway-api/index.ts';
import { istio } from './istio/index.ts';
import { replicaSplit } from './replica-split/index.ts';
import { rollingUpdate } from './rolling-update/index.ts';

/** Every back end; adding one is its folder and one line here. */
export const backends: readonly TrafficBackend[] = [istio, gatewayApi, replicaSplit, rollingUpdate];

/** The back end of this id; absent for a rollout that another version of the product recorded. */
export function backendOf(id: BackendId): TrafficBackend | undefined {
  return backends.find((backend) => backend.id === id);
}

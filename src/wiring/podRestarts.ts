import type { ApiServerGet } from '../metrics/access.ts';
import { trackOf, type Rollout } from '../model/rollout.ts';

interface PodList {
  readonly items?: readonly {
    readonly status?: {
      readonly containerStatuses?: readonly { readonly restartCount?: number }[];
    };
  }[];
}

/** Container restarts of all pods of the canary; undefined when they cannot be listed. */
export async function readRestarts(
  get: ApiServerGet,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<number | undefined> {
  const labels = Object.entries(trackOf(rollout, 'canary')?.podLabels ?? {});
  if (labels.length === 0) return undefined;
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const path = `/api/v1/namespaces/${encodeURIComponent(rollout.namespace)}/pods`;
  const answer = await get(path, { labelSelector }, signal);
  if (!answer.ok || answer.value.status !== 200) return undefined;
  try {
    const { items = [] } = JSON.parse(answer.value.body) as PodList;
    const counts = items.flatMap(({ status }) =>
      (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  } catch {
    return undefined;
  }
}

import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { TrackEndpoints } from '../model/sampleSelectors.ts';
import type { ApiServerGet } from './access.ts';
import { parseJson } from './json.ts';
import { say } from './metrics.l10n.ts';

const sliceList = v.object({
  items: v.array(
    v.object({
      endpoints: v.nullish(
        v.array(
          v.object({
            conditions: v.optional(v.object({ ready: v.nullish(v.boolean()) }), {}),
            targetRef: v.optional(v.object({ kind: v.optional(v.string()), name: v.string() })),
          }),
        ),
      ),
    }),
  ),
});

/** Names of the pods behind a Service that take requests now, each once. */
export async function readPods(
  get: ApiServerGet,
  { namespace, service, podNames }: TrackEndpoints,
  signal: AbortSignal,
): Promise<Result<readonly string[], Text>> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const query = { labelSelector: `kubernetes.io/service-name=${service}` };
  const answer = await get(path, query, signal);
  if (!answer.ok) return err(say('samples.noPods', { service, reason: answer.error }));
  const { status, body } = answer.value;
  const parsed = v.safeParse(sliceList, status === 200 ? parseJson(body) : undefined);
  if (!parsed.success) {
    const reason = say('samples.badSlices', { status });
    return err(say('samples.noPods', { service, reason }));
  }
  const pattern = podNames === undefined ? undefined : new RegExp(`^(?:${podNames})$`);
  const names = parsed.output.items
    .flatMap(({ endpoints }) => endpoints ?? [])
    // As kube-proxy has it: what does not say that it is not ready is.
    .filter(({ conditions }) => conditions.ready !== false)
    .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' ? [targetRef.name] : []))
    .filter((name) => pattern?.test(name) ?? true);
  return ok([...new Set(names)].sort());
}

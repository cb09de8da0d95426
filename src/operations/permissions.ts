import type { Text } from '../base/text.ts';
import { objectsForAction } from '../actions/planAction.ts';
import { backendOf } from '../backends/registry.ts';
import type { Verb } from '../model/cluster.ts';
import type { AnyIntent } from '../model/intent.ts';
import { resourceId, type ObjectRef } from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import { say } from './operations.l10n.ts';
import type { ClusterPort } from './ports.ts';

/**
 * First verb that the person lacks for an intent, as a sentence; undefined when all are allowed or the server cannot say (then the write
 * itself will). Asked by SelfSubjectAccessReview on the objects that the intent writes.
 */
export async function missingPermission(
  cluster: ClusterPort,
  rollout: Rollout,
  intent: AnyIntent,
  signal: AbortSignal,
): Promise<Text | undefined> {
  const verb: Verb = intent.kind === 'endCanary' ? 'delete' : 'patch';
  const writable = backendOf(rollout.backend)?.watches.filter((w) => w.writes.includes(verb)) ?? [];
  const kinds = new Set(writable.map((w) => resourceId(w.resource)));
  for (const ref of objectsForAction(rollout, intent)) {
    if (!kinds.has(resourceId(ref.resource))) continue;
    const missing = await missingVerb(cluster, verb, ref, signal);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

export async function missingVerb(
  cluster: ClusterPort,
  verb: Verb,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<Text | undefined> {
  const answer = await cluster.allows(verb, ref, signal);
  if (!answer.ok || answer.value) return undefined;
  return say('operations.missingVerb', {
    verb,
    resource: `${ref.resource.plural}${ref.resource.group === '' ? '' : `.${ref.resource.group}`}`,
    namespace: ref.namespace,
  });
}

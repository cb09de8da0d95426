import { err, type Result } from '../base/result.ts';
import { planStartCanary } from '../actions/startCanary.ts';
import type { StartCanary } from '../model/intent.ts';
import { refText } from '../model/objects.ts';
import { execute, type Done, type OperationError, type Tools } from './execute.ts';
import { say } from './operations.l10n.ts';
import { overlay } from './overlay.ts';
import type { Actor } from './perform.ts';

/** Creates a canary beside a workload that has none: fresh GET, plan, dry run, preview, consent, create, record. */
export async function performStart(
  tools: Tools,
  start: StartCanary,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<Done, OperationError>> {
  const workload = await tools.cluster.fetch(start.workload, signal);
  if (!workload.ok) {
    const text = say('operations.refused', {
      object: refText(start.workload),
      reason: workload.error.text,
    });
    return err({ kind: 'failed', text });
  }
  const entry = { ref: start.workload, object: workload.value.object };
  const plan = planStartCanary(overlay(tools.cluster.snapshot(), [entry]), start);
  if (!plan.ok) return err({ kind: 'refused', text: plan.error.text });
  return execute(
    tools,
    plan.value,
    {
      rolloutId: `${start.service.namespace}/${start.service.name}`,
      context: actor.context,
      who: actor.who,
      intent: start.kind,
      warnings: [],
      shortest: false,
      before: {},
    },
    signal,
  );
}

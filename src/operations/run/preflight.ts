import type { Text } from '../../base/text.ts';
import { trackOf, type Rollout } from '../../model/rollout.ts';
import type { ReleasePlan } from '../../release/plan.ts';
import type { Wish } from '../../release/run.ts';
import { say } from '../operations.l10n.ts';
import { previewIntent, type Actor } from '../perform.ts';
import type { RunPorts } from './ports.ts';
import { intentsOf } from './wishes.ts';

/**
 * Everything that a run will write, tried before it writes anything: each step, the promotion and the way back, planned on fresh objects and
 * dry-run by the server, with its rights and its webhooks (hazards row 74). One sentence for each thing that would fail.
 */
export async function preflight(
  ports: Pick<RunPorts, 'cluster' | 'clock'>,
  run: { readonly plan: ReleasePlan; readonly rollout: Rollout; readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly Text[]> {
  const { plan, rollout, actor } = run;
  const unfit = unfitStep(plan, rollout);
  if (unfit !== undefined) return [unfit];
  const problems: Text[] = [];
  for (const [name, wish] of wishesOf(plan)) {
    for (const intent of intentsOf(rollout, wish) ?? []) {
      const tried = await previewIntent(ports, rollout, { intent, actor }, signal);
      if (!tried.ok)
        problems.push(say('operations.run.wouldFail', { name, reason: tried.error.text }));
    }
  }
  if (problems.length > 0) return problems;
  const missing =
    plan.onSuccess === 'promote' ? await missingForCopy(ports, rollout, signal) : undefined;
  return missing === undefined ? [] : [missing];
}

/** Steps that this rollout cannot take at all. */
function unfitStep(plan: ReleasePlan, rollout: Rollout): Text | undefined {
  if (trackOf(rollout, 'canary') === undefined || trackOf(rollout, 'stable') === undefined)
    return say('operations.run.noCanary', { service: rollout.service });
  const unbuilt = unbuiltPart(plan, rollout);
  if (unbuilt !== undefined) return unbuilt;
  const inBatches = rollout.update !== undefined;
  const index = plan.steps.findIndex(({ to }) => (to.kind === 'batch') !== inBatches);
  if (index < 0) return undefined;
  const key = inBatches ? 'operations.run.wantsBatches' : 'operations.run.wantsWeights';
  return say(key, { step: index + 1, service: rollout.service });
}

/** Parts of a plan that are understood but cannot be kept: better not begun than silently left out. */
function unbuiltPart(plan: ReleasePlan, rollout: Rollout): Text | undefined {
  if (plan.notify.length > 0) return say('operations.run.unbuilt', { part: 'notify' });
  const { tracks } = plan.scope;
  const named = [trackOf(rollout, 'stable'), trackOf(rollout, 'canary')];
  const isOther = (wanted: string | undefined, index: number): boolean =>
    wanted !== undefined && wanted !== named[index]?.id && wanted !== named[index]?.name;
  const differs = isOther(tracks?.stable, 0) || isOther(tracks?.canary, 1);
  return differs ? say('operations.run.unbuilt', { part: 'scope.tracks' }) : undefined;
}

/** What a run of the plan will write, by name. */
export function wishesOf(plan: ReleasePlan): readonly (readonly [Text, Wish])[] {
  const steps = plan.steps.map(({ to }, index): readonly [Text, Wish] => [
    say('operations.run.step', { step: index + 1 }),
    { kind: 'step', target: to },
  ]);
  const promotion: readonly [Text, Wish] = [say('operations.run.promotion'), { kind: 'promote' }];
  const back: readonly [Text, Wish] = [say('operations.run.rollback'), { kind: 'rollback' }];
  return [...steps, ...(plan.onSuccess === 'promote' ? [promotion] : []), back];
}

/** A promotion by copy writes the workloads only in its later stages, which cannot be dry-run yet. */
async function missingForCopy(
  { cluster }: Pick<RunPorts, 'cluster'>,
  { promotion, tracks }: Rollout,
  signal: AbortSignal,
): Promise<Text | undefined> {
  if (promotion.style !== 'copy') return undefined;
  for (const { workload } of tracks) {
    if (workload === undefined) continue;
    const allowed = await cluster.allows('patch', workload.ref, signal);
    if (allowed.ok && !allowed.value) {
      const { namespace, resource } = workload.ref;
      return say('operations.missingVerb', { verb: 'patch', resource: resource.plural, namespace });
    }
  }
  return undefined;
}

import { resourceId, type JsonObject } from '../../src/model/objects.ts';
import type { RunWorld } from './runWorld.ts';

/**
 * Watches the invariants of handbook/hazards.md over a whole story: what it returns fills with sentences when one is broken. I1 weights sum
 * to the total, and nobody without a ready pod gets requests; I2 nothing else is written; I4 nothing widens without a pass or a person;
 * I6 who was followed by another driver writes no more.
 */
export function watchInvariants(world: RunWorld): readonly string[] {
  const broken: string[] = [];
  const writers: string[] = [];
  const stored = world.cluster.onStored;
  const known = new Set(['/configmaps', 'coordination.k8s.io/leases', 'apps/deployments']);
  world.cluster.onStored = (call, before, after) => {
    const { client, target } = call;
    const id = resourceId(target.resource);
    if (id === 'gateway.networking.k8s.io/httproutes') {
      const [was, is] = [percentOf(before), percentOf(after)];
      if (is.total !== 100) broken.push(`I1: the weights sum to ${String(is.total)}`);
      if (is.canary > was.canary && !mayWiden(world, client))
        broken.push(
          `I4: ${client} widened ${String(was.canary)} to ${String(is.canary)} without a pass`,
        );
      if (writers.at(-1) !== client) {
        if (writers.includes(client)) broken.push(`I6: ${client} wrote after another driver`);
        writers.push(client);
      }
    } else if (!known.has(id)) broken.push(`I2: ${client} wrote ${id} ${target.name}`);
    stored(call, before, after);
  };
  return broken;
}

function mayWiden(world: RunWorld, client: string): boolean {
  const state = world.workers.find(({ name }) => name === client)?.driver?.state;
  if (state === undefined || state.step < 0) return true;
  // Without metrics it is a person at the gate who says so.
  return state.plan.metrics.length === 0 || state.report?.verdict.kind === 'pass';
}

function percentOf(route: JsonObject | undefined): { canary: number; total: number } {
  const { spec } = route as unknown as {
    spec: { rules: { backendRefs: { name: string; weight: number }[] }[] };
  };
  const refs = spec.rules[0]?.backendRefs ?? [];
  return {
    canary: refs.find(({ name }) => name === 'shop-canary')?.weight ?? NaN,
    total: refs.reduce((sum, { weight }) => sum + weight, 0),
  };
}

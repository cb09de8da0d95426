import { equalJson } from '../base/json.ts';
import type { Change } from '../model/change.ts';
import type { CopyStage, Track } from '../model/rollout.ts';
import type { Json, KubeObject } from '../model/objects.ts';
import { at, countAt } from './guards.ts';
import { deploymentRef, imageOf } from './workloads.ts';

/**
 * Where a copy promotion stands, from the cluster alone: which template stable has, whether it is on all its pods, who has the traffic. So
 * anybody can take it up again after a crash, and nobody needs a record of it. `hasRules`: rules with conditions send to the canary,
 * whatever its share is.
 */
export function copyStage(
  stable: Track,
  canary: Track,
  canaryShare: number,
  hasRules = false,
): CopyStage {
  const [to, from] = [stable.workload, canary.workload];
  if (!equalJson(to?.template, from?.template)) return canaryShare >= 1 ? 'copyTemplate' : 'idle';
  if (to?.settled !== true) return 'waitReady';
  if (canaryShare > 0 || hasRules) return 'shiftBack';
  return from !== undefined && from.replicas > 0 ? 'scaleDown' : 'done';
}

/**
 * The canary's pod spec for the stable Deployment, guarded by the one it replaces. Labels and annotations of stable's pods stay: its
 * selector, and others, go by them. Undefined when one of them has no pod spec.
 */
export function copyTemplateChanges(
  stable: KubeObject,
  canary: KubeObject,
): { readonly change: Change; readonly inverse: Change } | undefined {
  const from = at(stable.body, 'spec', 'template', 'spec');
  const to = at(canary.body, 'spec', 'template', 'spec');
  if (from === undefined || to === undefined) return undefined;
  const path = '/spec/template/spec';
  const [was, is] = [imageOf(stable), imageOf(canary)];
  return {
    change: replaced(stable, path, { value: from, shown: was }, { value: to, shown: is }),
    inverse: replaced(stable, path, { value: to, shown: is }, { value: from, shown: was }),
  };
}

interface Shown {
  readonly value: Json;
  /** How people read it. */
  readonly shown: string;
}

/** One value of a Deployment in the place of another, which guards it. */
function replaced(deployment: KubeObject, path: string, was: Shown, is: Shown): Change {
  return {
    kind: 'patch',
    target: deploymentRef(deployment),
    operations: [
      { op: 'test', path: '/metadata/uid', value: deployment.meta.uid },
      { op: 'test', path, value: was.value },
      { op: 'add', path, value: is.value },
    ],
    fields: [{ label: deployment.meta.name, from: was.shown, to: is.shown }],
  };
}

/** Sets the number of pods of a Deployment, guarded by the present one, with its way back. Undefined when it is already that. */
export function scaleChanges(
  deployment: KubeObject,
  to: number,
): { readonly change: Change; readonly inverse: Change } | undefined {
  const from = countAt(deployment, 'spec', 'replicas');
  if (from === undefined || from === to) return undefined;
  const path = '/spec/replicas';
  const [was, is] = [from, to].map((value): Shown => ({ value, shown: String(value) })) as [
    Shown,
    Shown,
  ];
  return {
    change: replaced(deployment, path, was, is),
    inverse: replaced(deployment, path, is, was),
  };
}

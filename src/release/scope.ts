import type { Rollout } from '../model/rollout.ts';
import type { PlanScope } from './plan.ts';

/** Whether a plan is for this rollout of this context. */
export function fitsScope(scope: PlanScope, context: string, rollout: Rollout): boolean {
  const { resource, name } = rollout.route;
  return (
    rollout.service === scope.service &&
    rollout.namespace === scope.namespace &&
    (scope.context === undefined || fitsGlob(scope.context, context)) &&
    (scope.route === undefined || scope.route === `${resource.kind}/${name}`)
  );
}

/** `*` stands for any text, `?` for one character, everything else for itself; the whole name must fit. */
function fitsGlob(glob: string, name: string): boolean {
  const pattern = glob
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'su').test(name);
}

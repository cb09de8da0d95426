import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Rollout } from '../model/rollout.ts';
import type { PlanScope } from './plan.ts';
import { say } from './release.l10n.ts';

/** Whether a plan is for this rollout of this context. */
export function fitsScope(scope: PlanScope, context: string, rollout: Rollout): boolean {
  const { resource, name } = rollout.route;
  return (
    rollout.service === scope.service &&
    rollout.namespace === scope.namespace &&
    fitsContext(scope, context) &&
    (scope.route === undefined || scope.route === `${resource.kind}/${name}`)
  );
}

/** The rollout that a plan is about, of those in its namespace; one sentence when there is none, or more than one. */
export function findRollout(scope: PlanScope, rollouts: readonly Rollout[]): Result<Rollout, Text> {
  const { service, namespace } = scope;
  const ofService = rollouts.filter(
    (rollout) => rollout.service === service && rollout.namespace === namespace,
  );
  const found = ofService.filter(
    ({ route }) =>
      scope.route === undefined || `${route.resource.kind}/${route.name}` === scope.route,
  );
  const [first, ...more] = found;
  const routes = (of: readonly Rollout[]): string =>
    of.map(({ route }) => `${route.resource.kind}/${route.name}`).join(', ') || '–';
  if (first === undefined && ofService.length > 0)
    return err(
      say('release.scope.noRoute', {
        service,
        route: scope.route ?? '',
        routes: routes(ofService),
      }),
    );
  if (first === undefined) return err(say('release.scope.none', { service, namespace }));
  if (more.length > 0) return err(say('release.scope.several', { service, routes: routes(found) }));
  return ok(first);
}

/** Whether a plan may run in this context. */
export function fitsContext(scope: PlanScope, context: string): boolean {
  return scope.context === undefined || fitsGlob(scope.context, context);
}

/** `*` stands for any text, `?` for one character, everything else for itself; the whole name must fit. */
function fitsGlob(glob: string, name: string): boolean {
  const pattern = glob
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'su').test(name);
}

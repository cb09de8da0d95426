import { equalJson, valueAt } from '../../base/json.ts';
import type { Change, FieldChange, PatchOperation } from '../../model/change.ts';
import type { Json, KubeObject } from '../../model/objects.ts';
import { deploymentRef } from '../workloads.ts';
import { recordAnnotation } from './types.ts';

/** A field of a Deployment as it is to be; `undefined` takes it away. */
export interface Edit {
  readonly path: string;
  readonly to: Json | undefined;
  /** For people; without one the field is not shown in the consent: it is ours. */
  readonly label?: string;
  /** How people read both values, where they are not short. */
  readonly shown?: readonly [from: string, to: string];
}

export interface Edited {
  readonly change: Change;
  readonly inverse: Change;
}

export const recordPath = `/metadata/annotations/${recordAnnotation.replaceAll('/', '~1')}`;

/** The pod template that a plan was made for: somebody else's newer one must not be widened in its place (hazards row 30). */
export const templatePath = '/spec/template';

/**
 * One patch guarded by every old value, with its way back; absent when all is so already. `guards` are paths of further values on which
 * the plan rests.
 */
export function edited(
  deployment: KubeObject,
  edits: readonly Edit[],
  guards: readonly string[] = [],
): Edited | undefined {
  const steps = edits
    .map((edit) => ({ ...edit, from: presentAt(deployment, edit.path) }))
    .filter(({ from, to }) => !equalJson(from, to));
  if (steps.length === 0) return undefined;
  const back = steps.map(({ from, to, shown, ...rest }) => ({
    ...rest,
    from: to,
    to: from,
    ...(shown && { shown: [shown[1], shown[0]] as const }),
  }));
  const same = guards.flatMap((path): PatchOperation[] => {
    const value = presentAt(deployment, path);
    return value === undefined ? [] : [{ op: 'test', path, value }];
  });
  return { change: changeOf(deployment, steps, same), inverse: changeOf(deployment, back, same) };
}

type Step = Edit & { readonly from: Json | undefined };

function changeOf(
  deployment: KubeObject,
  steps: readonly Step[],
  same: readonly PatchOperation[],
): Change {
  const tests = steps.flatMap(({ path, from }): PatchOperation[] =>
    from === undefined ? [] : [{ op: 'test', path, value: from }],
  );
  const writes = steps.map(({ path, to }): PatchOperation =>
    to === undefined ? { op: 'remove', path } : { op: 'add', path, value: to },
  );
  return {
    kind: 'patch',
    target: deploymentRef(deployment),
    operations: [
      { op: 'test', path: '/metadata/uid', value: deployment.meta.uid },
      ...same,
      ...tests,
      ...writes,
    ],
    fields: steps.flatMap(fieldOf),
  };
}

function fieldOf({ label, from, to, shown }: Step): readonly FieldChange[] {
  if (label === undefined) return [];
  const [was, is] = shown ?? [textOf(from), textOf(to)];
  return [{ label, from: was, to: is }];
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function presentAt({ meta, body }: KubeObject, path: string): Json | undefined {
  if (path === recordPath) return meta.annotations[recordAnnotation];
  return valueAt(body, path) as Json | undefined;
}

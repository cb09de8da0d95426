import { equalJson } from '../../base/json.ts';
import type { Json, JsonObject, KubeObject } from '../../model/objects.ts';
import { at, entriesOf, isJsonObject, listOf, textOf } from '../guards.ts';
import { templatePath, type Edit } from './edit.ts';
import { hashLabel } from './types.ts';

/**
 * The pod template of a ReplicaSet as the Deployment had it: without the label that the controller puts in (kubectl
 * `polymorphichelpers/rollback.go`). Absent when the object is only the cut of the cache, which has no labels.
 */
export function wholeTemplateOf(set: KubeObject): JsonObject | undefined {
  const template = at(set.body, 'spec', 'template');
  const labels = at(template, 'metadata', 'labels');
  if (!isJsonObject(template) || !isJsonObject(labels)) return undefined;
  const metadata = template['metadata'] as JsonObject;
  const own = entriesOf(labels).filter(([key]) => key !== hashLabel);
  return { ...template, metadata: { ...metadata, labels: Object.fromEntries(own) } };
}

/** Nothing when the Deployment has this template already. */
export function templateEdits(deployment: KubeObject, template: JsonObject): readonly Edit[] {
  const now = at(deployment.body, 'spec', 'template');
  if (equalJson(now, template)) return [];
  const shown = [imagesText(now), imagesText(template)] as const;
  return [{ path: templatePath, to: template, label: 'template', shown }];
}

function imagesText(template: Json | undefined): string {
  const containers = at(template, 'spec', 'containers');
  return listOf(containers)
    .map((container) => textOf(at(container, 'image')))
    .join(', ');
}

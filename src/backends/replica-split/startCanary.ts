import { err, ok, type Result } from '../../base/result.ts';
import type { Change, ChangeSet } from '../../model/change.ts';
import type { StartCanary } from '../../model/intent.ts';
import { deployments, services } from '../../model/kinds.ts';
import { labelPrefix, managedByLabel } from '../../model/names.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type JsonObject,
  type KubeObject,
  type ObjectRef,
} from '../../model/objects.ts';
import type { PlanError } from '../../model/problems.ts';
import { at, isJsonObject, textsAt } from '../guards.ts';
import { deploymentRef, podLabelsOf, replicasOf } from '../workloads.ts';
import { membersOf } from './group.ts';
import { autoscalerOf } from './read.ts';
import { shareOf } from './stops.ts';
import { say } from './words.l10n.ts';

type Words = Parameters<typeof say>;

/** A label value, and the name that pods take part of, may be this long. */
const longest = 63;
const ownTrack: Readonly<Record<string, string>> = { [`${labelPrefix}track`]: 'canary' };

/**
 * Plans `<name>-canary` with one pod of the new image: the stable's pod template with labels that the Service selects and, where it can
 * be, the stable's selector does not. Where the stable selects by nothing but the Service's labels, its selector matches the canary's pods
 * too: the controllers keep them apart by owner references and pod-template-hash (tried on the real ones), but an autoscaler of the stable
 * would count them, so with one it is refused.
 */
export function startCanary(
  snapshot: ClusterSnapshot,
  { service: serviceRef, workload, image }: StartCanary,
): Result<ChangeSet, PlanError> {
  const service = found(snapshot, { ...serviceRef, resource: services });
  const stable = found(snapshot, { ...workload, resource: deployments });
  if (resourceId(workload.resource) !== resourceId(deployments))
    return refuse('unsupported', 'replicaSplit.notADeployment', { object: refText(workload) });
  if (service === undefined)
    return refuse('notFound', 'replicaSplit.gone', { object: refText(serviceRef) });
  if (stable === undefined)
    return refuse('notFound', 'replicaSplit.gone', { object: refText(workload) });
  const canary = `${stable.meta.name.replace(/-stable$/, '')}-canary`;
  const problem = startProblem(snapshot, { service, stable, canary });
  if (problem !== undefined) return err(problem);
  const labels = distinctLabels(service, stable) ?? ownLabels(stable);
  const autoscaler = autoscalerOf(snapshot, stable);
  if (autoscaler !== undefined && !isDistinct(service, stable))
    return refuse('unsupported', 'replicaSplit.overlap', { ...names(service, stable), autoscaler });
  const object = canaryObject(stable, { canary, image, labels });
  if (object === undefined)
    return refuse('invalid', 'replicaSplit.noContainers', names(service, stable));
  return ok(changesOf(stable, { canary, image, object }));
}

interface Place {
  readonly service: KubeObject;
  readonly stable: KubeObject;
  readonly canary: string;
}

function startProblem(
  snapshot: ClusterSnapshot,
  { service, stable, canary }: Place,
): PlanError | undefined {
  const members = membersOf(snapshot, service);
  const known = { ...names(service, stable), canary };
  const problem = (key: Words[0], args: Words[1]): PlanError => ({
    kind: 'invalid',
    text: say(key, args),
  });
  if (!members.some(({ meta }) => meta.name === stable.meta.name))
    return problem('replicaSplit.notSelected', known);
  if (members.length > 1)
    return problem('replicaSplit.hasCanary', {
      ...known,
      names: members.map(({ meta }) => meta.name).join(', '),
    });
  if (snapshot.get(resourceId(deployments), stable.meta.namespace, canary) !== undefined)
    return problem('replicaSplit.nameTaken', known);
  return canary.length > longest ? problem('replicaSplit.nameTooLong', known) : undefined;
}

interface Labels {
  readonly pods: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
}

function isDistinct(service: KubeObject, stable: KubeObject): boolean {
  return distinctLabels(service, stable) !== undefined;
}

/** Everything that the stable's pods carry, and our own mark. */
function ownLabels(stable: KubeObject): Labels {
  const selector = textsAt(stable, 'spec', 'selector', 'matchLabels');
  return { pods: { ...podLabelsOf(stable), ...ownTrack }, selector: { ...selector, ...ownTrack } };
}

/** Another value for one label that the stable's selector needs and the Service does not; none when there is no such label. */
function distinctLabels(service: KubeObject, stable: KubeObject): Labels | undefined {
  const selector = textsAt(stable, 'spec', 'selector', 'matchLabels');
  const needed = textsAt(service, 'spec', 'selector');
  const free = Object.keys(selector).filter((key) => !Object.hasOwn(needed, key));
  const key = free.find((name) => /(^|\/)track$/.test(name)) ?? free.sort()[0];
  if (key === undefined) return undefined;
  const isTrack = /(^|\/)track$/.test(key);
  const value = isTrack && selector[key] !== 'canary' ? 'canary' : canaryValue(selector[key] ?? '');
  const own = { [key]: value, ...(key in ownTrack ? {} : ownTrack) };
  return { pods: { ...podLabelsOf(stable), ...own }, selector: { ...selector, ...own } };
}

/** Still a label value: at most 63 characters, and it does not begin with a dash. */
function canaryValue(value: string): string {
  const ending = '-canary';
  return value === '' ? 'canary' : value.slice(0, longest - ending.length) + ending;
}

/** No annotations and no labels of the stable's own: a GitOps tool would take the copy for an object of its own. */
function canaryObject(
  stable: KubeObject,
  { canary, image, labels }: { canary: string; image: string; labels: Labels },
): JsonObject | undefined {
  const spec = at(stable.body, 'spec');
  const podSpec = at(spec, 'template', 'spec');
  const containers = at(podSpec, 'containers');
  const first = at(containers, 0);
  if (
    !isJsonObject(spec) ||
    !isJsonObject(podSpec) ||
    !Array.isArray(containers) ||
    !isJsonObject(first)
  )
    return undefined;
  const metadata = at(spec, 'template', 'metadata');
  const annotations = at(metadata, 'annotations');
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: canary,
      namespace: stable.meta.namespace,
      labels: { ...managedByLabel, ...ownTrack },
    },
    spec: {
      ...spec,
      paused: false,
      replicas: 1,
      selector: { matchLabels: labels.selector },
      template: {
        metadata: { labels: labels.pods, ...(isJsonObject(annotations) ? { annotations } : {}) },
        spec: {
          ...podSpec,
          containers: [{ ...first, image }, ...(containers as readonly JsonObject[]).slice(1)],
        },
      },
    },
  };
}

function changesOf(
  stable: KubeObject,
  { canary, image, object }: { canary: string; image: string; object: JsonObject },
): ChangeSet {
  const target = { ...deploymentRef(stable), name: canary };
  const others = replicasOf(stable);
  const achieved = shareOf(1, others);
  const args = { canary, image, stable: stable.meta.name, others };
  const create: Change = {
    kind: 'create',
    target,
    object,
    fields: [{ label: canary, from: '', to: image }],
  };
  const remove: Change = {
    kind: 'delete',
    target,
    uid: '', // Filled in from the server's answer.
    fields: [{ label: canary, from: image, to: '' }],
  };
  return {
    summary: say('replicaSplit.start', { ...args, percent: Math.round(achieved * 100) }),
    changes: [create],
    inverse: { summary: say('replicaSplit.undoStart', args), changes: [remove] },
    achieved,
  };
}

function names(service: KubeObject, stable: KubeObject): Record<'service' | 'stable', string> {
  return { service: service.meta.name, stable: stable.meta.name };
}

function found(snapshot: ClusterSnapshot, ref: ObjectRef): KubeObject | undefined {
  return snapshot.get(resourceId(ref.resource), ref.namespace, ref.name);
}

function refuse(
  kind: PlanError['kind'],
  ...text: Words
): { readonly ok: false; readonly error: PlanError } {
  return err({ kind, text: say(...text) });
}

import { deployments, services } from '../../model/kinds.ts';
import { resourceId, type ClusterSnapshot, type KubeObject } from '../../model/objects.ts';
import { labelPrefix } from '../../model/names.ts';
import type { Problem, TrackRole } from '../../model/rollout.ts';
import { textAt, textsAt } from '../guards.ts';
import { deploymentsWith, podLabelsOf } from '../workloads.ts';
import { say } from './words.l10n.ts';

/** Deployments behind one Service, with the part that each plays. */
export interface Group {
  readonly service: KubeObject;
  readonly stable: KubeObject;
  readonly canary: KubeObject;
  /** By name. */
  readonly others: readonly KubeObject[];
}

export interface Groups {
  readonly groups: readonly Group[];
  readonly problems: readonly Problem[];
}

const suffix = '-canary';
const ownLabel = `${labelPrefix}track`;
/** Labels by which people mark tracks, most telling first; our own comes last, for it is only asked for where these are silent. */
const roleLabels = ['track', 'version', 'app.kubernetes.io/version', ownLabel];

/** Services with a stable and a canary Deployment behind them. Services with the same Deployments give one group. */
export function groupsIn(snapshot: ClusterSnapshot, namespace?: string): Groups {
  const groups: Group[] = [];
  const problems: Problem[] = [];
  if (snapshot.list(resourceId(deployments), namespace).length < 2) return { groups, problems };
  const seen = new Set<string>();
  for (const service of clientServices(snapshot, namespace)) {
    const members = membersOf(snapshot, service);
    const key = [service.meta.namespace, ...members.map(({ meta }) => meta.name)].join('/');
    if (members.length < 2 || seen.has(key)) continue;
    seen.add(key);
    const group = groupOf(service, members);
    if (group === undefined) continue;
    if ('text' in group) problems.push(group);
    else groups.push(group);
  }
  return { groups, problems };
}

/** Deployments of the Service's namespace whose pods it selects, by name. */
export function membersOf(snapshot: ClusterSnapshot, service: KubeObject): readonly KubeObject[] {
  if (textAt(service, 'spec', 'type') === 'ExternalName') return [];
  return deploymentsWith(snapshot, service.meta.namespace, textsAt(service, 'spec', 'selector'));
}

/** Those with an address of their own first: of two Services with the same pods, clients call that one. */
function clientServices(snapshot: ClusterSnapshot, namespace?: string): readonly KubeObject[] {
  const isHeadless = (service: KubeObject): boolean =>
    textAt(service, 'spec', 'clusterIP') === 'None';
  return snapshot
    .list(resourceId(services), namespace)
    .toSorted((a, b) => Number(isHeadless(a)) - Number(isHeadless(b)) || byName(a, b));
}

/** Nothing when nobody marked a canary: several Deployments behind a Service need not be a release. */
function groupOf(service: KubeObject, members: readonly KubeObject[]): Group | Problem | undefined {
  const canaries = members.filter((member) => roleOf(member) === 'canary');
  const [canary] = canaries;
  if (canary === undefined) return undefined;
  if (canaries.length > 1) return problem('replicaSplit.severalCanaries', service, canaries);
  const rest = members.filter((member) => member !== canary);
  const stable = stableAmong(rest, canary);
  if (stable === undefined) return problem('replicaSplit.unclearRoles', service, rest);
  return { service, stable, canary, others: rest.filter((member) => member !== stable) };
}

function stableAmong(rest: readonly KubeObject[], canary: KubeObject): KubeObject | undefined {
  if (rest.length === 1) return rest[0];
  const marked = rest.filter((member) => roleOf(member) === 'stable');
  if (marked.length === 1) return marked[0];
  const base = canary.meta.name.slice(0, -suffix.length);
  return canary.meta.name.endsWith(suffix)
    ? rest.find(({ meta }) => meta.name === base || meta.name === `${base}-stable`)
    : undefined;
}

function roleOf(deployment: KubeObject): TrackRole {
  if (deployment.meta.name.endsWith(suffix)) return 'canary';
  if (deployment.meta.name.endsWith('-stable')) return 'stable';
  const labels = { ...deployment.meta.labels, ...podLabelsOf(deployment) };
  for (const label of roleLabels) {
    const value = labels[label];
    if (value === 'canary' || value === 'stable') return value;
  }
  return 'other';
}

function problem(
  key: Parameters<typeof say>[0],
  service: KubeObject,
  members: readonly KubeObject[],
): Problem {
  const names = members.map(({ meta }) => meta.name).join(', ');
  const { namespace, name } = service.meta;
  return {
    severity: 'warning',
    text: say(key, { service: name, names }),
    object: { resource: services, namespace, name },
  };
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.meta.name < b.meta.name ? -1 : Number(a.meta.name > b.meta.name);
}

import { services } from '../model/kinds.ts';
import {
  refText,
  resourceId,
  type ClusterSnapshot,
  type KubeObject,
  type ObjectRef,
} from '../model/objects.ts';
import { trackOf, type Owner, type Rollout } from '../model/rollout.ts';
import { claimKey, claimsOf, type Claims } from './ownerClaims.ts';
import { remembering } from './remember.ts';
import { unreadKinds, withUnread } from './unread.ts';

export { ownerWatches } from './ownerClaims.ts';
import { say } from './owners.l10n.ts';

/**
 * Annotation keys, on any kind, by which an owner is found. Whoever cuts objects keeps these beside what the back ends read.
 */
export const ownerAnnotations: readonly string[] = [
  'argocd.argoproj.io/tracking-id',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
];

/** Who decides about one object; absent when nobody but people does. The object itself need not be in the snapshot. */
export function ownerOf(snapshot: ClusterSnapshot, ref: ObjectRef): Owner | undefined {
  const find: Find = (asked) => found(snapshot, asked);
  return controllerOf(claimsOf(snapshot), find, ref) ?? gitOpsOf(find, ref);
}

/** The rollout with its owner: a controller of any of its objects, else the GitOps tool that keeps its route; and what was not read of that. */
export function withOwner(snapshot: ClusterSnapshot, rollout: Rollout): Rollout {
  return withUnread(owned(snapshot, rollout), unreadKinds(snapshot)(rollout));
}

/** As `withOwner` for many. */
export function withOwners(
  snapshot: ClusterSnapshot,
  rollouts: readonly Rollout[],
): readonly Rollout[] {
  const unread = unreadKinds(snapshot);
  return rollouts.map((rollout) => withUnread(owned(snapshot, rollout), unread(rollout)));
}

const owned = remembering((snapshot, rollout: Rollout, origin): Rollout => {
  const find: Find = (ref) => found(ref === rollout.route ? origin : snapshot, ref);
  const owner = rolloutOwner(claimsOf(snapshot), find, rollout);
  return owner === undefined ? rollout : { ...rollout, owner };
});

type Find = (ref: ObjectRef) => KubeObject | undefined;

function rolloutOwner(claims: Claims, find: Find, rollout: Rollout): Owner | undefined {
  for (const ref of objectsOf(rollout)) {
    const owner = controllerOf(claims, find, ref);
    if (owner !== undefined) return owner;
  }
  const stable = trackOf(rollout, 'stable')?.workload?.ref;
  // A copy promotion writes the stable workload too.
  const written = rollout.promotion.style === 'copy' && stable !== undefined ? [stable] : [];
  for (const ref of [rollout.route, ...written]) {
    const owner = gitOpsOf(find, ref);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Everything that a controller of this rollout would name. */
function objectsOf({ namespace, route, service, tracks }: Rollout): readonly ObjectRef[] {
  const names = new Set([service, ...tracks.flatMap((track) => track.service ?? [])]);
  return [
    route,
    ...tracks.flatMap((track) => track.workload?.ref ?? []),
    ...[...names].map((name) => ({ resource: services, namespace, name })),
  ];
}

function controllerOf(claims: Claims, find: Find, ref: ObjectRef): Owner | undefined {
  const claimed = claims(claimKey(ref.resource.kind, ref.namespace, ref.name));
  if (claimed !== undefined) return claimed;
  const object = find(ref);
  return object === undefined ? undefined : (knativeOf(object) ?? flaggerOf(object));
}

function knativeOf({ meta }: KubeObject): Owner | undefined {
  const byReference = meta.ownerReferences.some(({ apiVersion }) =>
    /^(serving|networking\.internal)\.knative\.dev\//.test(apiVersion),
  );
  const service = meta.labels['serving.knative.dev/service'];
  if (!byReference && service === undefined) return undefined;
  const namespace = meta.labels['serving.knative.dev/serviceNamespace'] ?? meta.namespace;
  const object = service === undefined ? '' : `Service ${namespace}/${service}`;
  const effect = say('owner.knative', { object: object === '' ? 'Service' : object });
  return { kind: 'controller', name: 'Knative', object, effect };
}

/** For a Canary that is not watched, or not yet listed. */
function flaggerOf({ meta }: KubeObject): Owner | undefined {
  const reference = meta.ownerReferences.find(
    ({ apiVersion, kind }) => kind === 'Canary' && apiVersion.startsWith('flagger.app/'),
  );
  if (reference === undefined) return undefined;
  const object = `Canary ${meta.namespace}/${reference.name}`;
  return { kind: 'controller', name: 'Flagger', object, effect: say('owner.flagger', { object }) };
}

function gitOpsOf(find: Find, ref: ObjectRef): Owner | undefined {
  const object = find(ref);
  if (object === undefined) return undefined;
  return argoCdOf(object, ref) ?? fluxOf(object, ref) ?? helmOf(object, ref);
}

/** The annotation counts only when it names the object itself: copies of an object carry it too. */
function argoCdOf({ meta }: KubeObject, ref: ObjectRef): Owner | undefined {
  const [application = '', kind, name] = (
    meta.annotations['argocd.argoproj.io/tracking-id'] ?? ''
  ).split(':');
  const { group } = ref.resource;
  const isItself =
    kind === `${group}/${ref.resource.kind}` && name === `${ref.namespace}/${ref.name}`;
  if (!isItself) return undefined;
  const effect = say('owner.argoCd', { object: refText(ref), application });
  return {
    kind: 'gitops',
    name: 'Argo CD',
    object: `Application ${application.replace('_', '/')}`,
    effect,
  };
}

function fluxOf({ meta }: KubeObject, ref: ObjectRef): Owner | undefined {
  for (const [prefix, kind] of [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ] as const) {
    const name = meta.labels[`${prefix}/name`];
    if (name === undefined) continue;
    const source = `${kind} ${meta.labels[`${prefix}/namespace`] ?? meta.namespace}/${name}`;
    const effect = say('owner.flux', { object: refText(ref), source });
    return { kind: 'gitops', name: 'Flux', object: source, effect };
  }
  return undefined;
}

/** The label alone proves nothing: charts set it in objects that Argo CD renders. */
function helmOf({ meta }: KubeObject, ref: ObjectRef): Owner | undefined {
  const name = meta.annotations['meta.helm.sh/release-name'];
  if (name === undefined || meta.labels['app.kubernetes.io/managed-by'] !== 'Helm')
    return undefined;
  const namespace = meta.annotations['meta.helm.sh/release-namespace'] ?? meta.namespace;
  const release = `${namespace}/${name}`;
  const effect = say('owner.helm', { object: refText(ref), release });
  return { kind: 'gitops', name: 'Helm', object: `release ${release}`, effect };
}

function found(snapshot: ClusterSnapshot, ref: ObjectRef): KubeObject | undefined {
  return snapshot.get(resourceId(ref.resource), ref.namespace, ref.name);
}

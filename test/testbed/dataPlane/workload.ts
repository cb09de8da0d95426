/** What a mesh says of a pod: its workload and version. */
import { namespaceOf, type Pod } from './objects.ts';

/** The Deployment's name: that of the ReplicaSet without the template's hash; else the direct owner's, else the pod's. */
export function workloadOf(pod: Pod): string {
  const owner = pod.metadata.ownerReferences?.[0];
  if (owner === undefined) return pod.metadata.name;
  const labels = pod.metadata.labels ?? {};
  // Istio takes both hashes off: backends.md 5.9.
  const hash = labels['rollouts-pod-template-hash'] ?? labels['pod-template-hash'];
  return hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name;
}

/** Labels that Istio's proxies write of the destination. */
export interface Identity {
  readonly app: string;
  readonly version: string;
  readonly canonicalService: string;
  readonly canonicalRevision: string;
  readonly workload: string;
  readonly namespace: string;
}

export function identityOf(pod: Pod): Identity {
  const labels = pod.metadata.labels ?? {};
  const workload = workloadOf(pod);
  const service = labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'];
  const revision =
    labels['service.istio.io/canonical-revision'] ?? labels['app.kubernetes.io/version'];
  return {
    app: labels['app'] ?? 'unknown',
    version: labels['version'] ?? 'unknown',
    canonicalService: service ?? labels['app'] ?? workload,
    canonicalRevision: revision ?? labels['version'] ?? 'latest',
    workload,
    namespace: namespaceOf(pod),
  };
}

/** The version for people: the label, else the image's tag. */
export function versionOf(pod: Pod): string {
  const image = pod.spec?.containers?.[0]?.image ?? '';
  return (
    pod.metadata.labels?.['version'] ??
    pod.metadata.labels?.['app.kubernetes.io/version'] ??
    /:([^/:@]+)(?:@|$)/.exec(image)?.[1] ??
    'unknown'
  );
}

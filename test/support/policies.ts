import { onTestFinished } from 'vitest';
import type { Cluster } from '../testbed/cluster.ts';
import type { KubeResponse } from '../testbed/kubeApi.ts';
import { waitUntil } from '../testbed/processes.ts';
import { pathOf, type CanaryKind } from './canaries.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

/** Refuses every update of the route's kind in the namespace, and waits until the server does so. */
export async function forbidByPolicy(
  cluster: Cluster,
  kind: CanaryKind,
  namespace: string,
  words: string,
): Promise<void> {
  const { group, plural } = kind.resource;
  await createPolicy(cluster, 'validating', namespace, {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [group], apiVersions: ['*'], operations: ['UPDATE'], resources: [plural] },
      ],
    },
    validations: [{ expression: 'false', message: words }],
  });
  const path = pathOf(kind.route.collection, namespace, kind.route.name);
  await waitUntil(
    { what: 'the policy', timeoutMs: 30_000 },
    async () => (await tryUpdate(cluster, path)).status === 422,
  );
}

/** Gives every Deployment that is updated in the namespace so many replicas. */
export async function mutateByPolicy(
  cluster: Cluster,
  namespace: string,
  replicas: number,
): Promise<void> {
  await createPolicy(cluster, 'mutating', namespace, {
    reinvocationPolicy: 'Never',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ['apps'],
          apiVersions: ['v1'],
          operations: ['UPDATE'],
          resources: ['deployments'],
        },
      ],
    },
    mutations: [
      {
        patchType: 'ApplyConfiguration',
        applyConfiguration: {
          expression: `Object{spec: Object.spec{replicas: ${String(replicas)}}}`,
        },
      },
    ],
  });
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/shop-canary`;
  await waitUntil({ what: 'the policy', timeoutMs: 30_000 }, async () => {
    const response = await tryUpdate(cluster, path);
    return (response.json as { spec?: { replicas?: number } }).spec?.replicas === replicas;
  });
}

function tryUpdate(cluster: Cluster, path: string): Promise<KubeResponse> {
  const labels = { tried: 'now' };
  return cluster.api.request('PATCH', `${path}?dryRun=All`, { metadata: { labels } });
}

/** With its binding to one namespace; gone with the test. */
async function createPolicy(
  cluster: Cluster,
  kind: 'validating' | 'mutating',
  namespace: string,
  spec: object,
): Promise<void> {
  const policies = `${ADMISSION}/${kind}admissionpolicies`;
  await cluster.api.ok('POST', policies, {
    metadata: { name: namespace },
    spec: { failurePolicy: 'Fail', ...spec },
  });
  await cluster.api.ok('POST', `${ADMISSION}/${kind}admissionpolicybindings`, {
    metadata: { name: namespace },
    spec: {
      policyName: namespace,
      ...(kind === 'validating' && { validationActions: ['Deny'] }),
      matchResources: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
    },
  });
  onTestFinished(async () => {
    await cluster.api.ok('DELETE', `${ADMISSION}/${kind}admissionpolicybindings/${namespace}`);
    await cluster.api.ok('DELETE', `${policies}/${namespace}`);
  });
}

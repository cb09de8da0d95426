import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openAuditLog, type AuditLog } from './auditLog.ts';
import { createKubeApi, type Identity, type KubeApi } from './kubeApi.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import { waitFor } from './processes.ts';

/** What any process needs to use a running control plane: plain data, so that vitest can hand it to its workers. */
export interface ClusterFacts {
  readonly admin: Identity & { readonly name: string; readonly kubeconfigPath: string };
  readonly auditLogPath: string;
  readonly kubectlProgram: string;
}

/** A running control plane, used as its admin. */
export interface Cluster {
  readonly facts: ClusterFacts;
  readonly api: KubeApi;
  readonly kubectl: Kubectl;
  readonly auditLog: AuditLog;
  /** Makes a namespace with a name of its own, starting with `prefix`. */
  readonly createNamespace: (prefix: string) => Promise<string>;
  /** Waits until all replicas of a Deployment, as last specified, are ready. */
  readonly waitForDeployment: (namespace: string, name: string) => Promise<void>;
  /**
   * A user with no rights but those of discovery: a ServiceAccount with a token for an hour. Grant rights with RoleBindings to
   * `system:serviceaccount:<namespace>:<name>`, which is also its name in the audit log.
   */
  readonly createTokenUser: (namespace: string, name: string) => Promise<TokenUser>;
  readonly close: () => void;
}

/** A user that the API server knows by a token. */
export interface TokenUser {
  readonly user: string;
  readonly token: string;
  /** A kubeconfig with this user as its only one and the namespace as its default. */
  readonly kubeconfigPath: string;
}

/** Uses a running control plane, from whichever process. */
export function connectCluster(facts: ClusterFacts): Cluster {
  const api = createKubeApi(facts.admin);
  return {
    facts,
    api,
    kubectl: createKubectl(facts.kubectlProgram, facts.admin.kubeconfigPath),
    auditLog: openAuditLog(facts.auditLogPath, api),
    createNamespace: async (prefix) => {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await api.ok('POST', '/api/v1/namespaces', { metadata: { name } });
      return name;
    },
    waitForDeployment: (namespace, name) => waitForDeployment(api, namespace, name),
    createTokenUser: (namespace, name) => createTokenUser(facts, api, { namespace, name }),
    close: api.close,
  };
}

async function waitForDeployment(api: KubeApi, namespace: string, name: string): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  await waitFor(
    { what: `Deployment ${namespace}/${name} to be ready`, timeoutMs: 60_000 },
    async () => {
      const { metadata, spec, status } = (await api.ok('GET', path)).json as {
        metadata: { generation: number };
        spec: { replicas: number };
        status: Partial<
          Record<'observedGeneration' | 'replicas' | 'updatedReplicas' | 'readyReplicas', number>
        >;
      };
      const counts = [status.replicas, status.updatedReplicas, status.readyReplicas];
      return status.observedGeneration === metadata.generation &&
        counts.every((count) => (count ?? 0) === spec.replicas)
        ? { done: undefined }
        : { seen: JSON.stringify(status) };
    },
  );
}

async function createTokenUser(
  facts: ClusterFacts,
  api: KubeApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<TokenUser> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await api.ensure(accounts, { metadata: { name } });
  const response = await api.ok('POST', `${accounts}/${name}/token`, {
    spec: { expirationSeconds: 3600 },
  });
  const { token } = (response.json as { status: { token: string } }).status;
  const { server, caPem } = api.identity;
  const cluster = { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') };
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'testbed', cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'testbed', context: { cluster: 'testbed', user: name, namespace } }],
    'current-context': 'testbed',
  });
  const kubeconfigPath = join(
    dirname(facts.admin.kubeconfigPath),
    `${namespace}.${name}.kubeconfig`,
  );
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  return { user: `system:serviceaccount:${namespace}:${name}`, token, kubeconfigPath };
}

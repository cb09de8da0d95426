import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './cluster.l10n.ts';
import type { ClusterTarget } from './kubeconfig.ts';

/** Where Kubernetes mounts the token, the authority and the namespace of a pod's ServiceAccount. */
const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that a pod runs in, as its ServiceAccount. The token is read again as it is rotated. */
export async function inClusterTarget(
  env: Readonly<Record<string, string | undefined>>,
  folder = MOUNT,
): Promise<Result<ClusterTarget, Text>> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (host === undefined) return err(say('cluster.notInCluster'));
  const address = host.includes(':') ? `[${host}]` : host;
  const server = `https://${address}:${port}`;
  const caFile = join(folder, 'ca.crt');
  try {
    const namespace = (await readFile(join(folder, 'namespace'), 'utf8')).trim();
    return ok({
      context: 'in-cluster',
      server: new URL(server),
      namespace,
      cluster: { name: 'in-cluster', server, caFile, skipTLSVerify: false },
      user: { name: 'in-cluster', impersonateGroups: [], tokenFile: join(folder, 'token') },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err(say('cluster.noServiceAccount', { folder, reason }));
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';

/** The parts of a Job that say what its pod runs. */
interface JobSpec {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly volumeMounts: readonly { readonly mountPath: string }[];
        }[];
        readonly volumes: readonly { readonly configMap: { readonly name: string } }[];
      };
    };
  };
}

/** The process of a pod. */
export interface PodProcess {
  readonly output: () => string;
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => void;
}

/**
 * Runs the container of a Job as a kubelet would, without a container: its command, with the ConfigMap's content where it is mounted, the
 * address of the API server, and the token of its ServiceAccount from the real TokenRequest API, so that the rights are the real ones.
 */
export async function runPodOf(
  cluster: Cluster,
  namespace: string,
  jobName: string,
): Promise<PodProcess> {
  const read = async <T>(path: string): Promise<T> => (await cluster.api.ok('GET', path)).json as T;
  const job = await read<JobSpec>(`/apis/batch/v1/namespaces/${namespace}/jobs/${jobName}`);
  const pod = job.spec.template.spec;
  const [container] = pod.containers;
  const [mount] = container?.volumeMounts ?? [];
  const [volume] = pod.volumes;
  if (container === undefined || mount === undefined || volume === undefined)
    throw new Error(`The Job ${jobName} has no container with a volume.`);
  const folder = mkdtempSync(join(tmpdir(), 'cablecar-pod-'));
  const account = join(folder, 'account');
  mkdirSync(account);
  const { data } = await read<{ readonly data: Readonly<Record<string, string>> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${volume.configMap.name}`,
  );
  for (const [name, content] of Object.entries(data)) writeFileSync(join(folder, name), content);
  const token = await tokenOf(cluster, namespace, pod.serviceAccountName);
  const { server, caPem } = cluster.api.identity;
  writeFileSync(join(account, 'token'), token, { mode: 0o600 });
  writeFileSync(join(account, 'ca.crt'), caPem);
  writeFileSync(join(account, 'namespace'), namespace);
  const { hostname, port } = new URL(server);
  const [program = '', ...args] = container.command.map((word) =>
    word.replace(mount.mountPath, folder),
  );
  const child = spawn(
    program === 'node' ? process.execPath : program,
    [...args, '--service-account', account],
    {
      env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return follow(child, folder);
}

function follow(child: ChildProcess, folder: string): PodProcess {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve(code);
    });
  });
  return {
    output: () => text,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

async function tokenOf(cluster: Cluster, namespace: string, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const answer = await cluster.api.ok('POST', path, { spec: { expirationSeconds: 3600 } });
  return (answer.json as { readonly status: { readonly token: string } }).status.token;
}

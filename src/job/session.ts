import { homedir } from 'node:os';
import { systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/emitter.ts';
import { inClusterTarget } from '../cluster/inCluster.ts';
import {
  kubeconfigFiles,
  loadKubeconfig,
  targetOf,
  type ClusterTarget,
} from '../cluster/kubeconfig.ts';
import { ClusterSession } from '../cluster/session.ts';
import { err, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { allWatches } from '../state/watches.ts';
import { render } from './words.ts';

const CONNECT_TIMEOUT_MS = 30_000;

/** Which cluster: a kubeconfig where one is named or there, else that of the pod. */
export interface Where {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Folder of the ServiceAccount's token, where it is not the usual one. */
  readonly serviceAccount?: string | undefined;
}

export async function targetAt(where: Where): Promise<Result<ClusterTarget, Text>> {
  const { kubeconfig, context, serviceAccount } = where;
  const isPod = process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
  if (isPod && kubeconfig === undefined && context === undefined)
    return inClusterTarget(process.env, serviceAccount);
  const setting = kubeconfig === undefined ? {} : { setting: kubeconfig };
  const files = kubeconfigFiles({ ...setting, env: process.env, home: homedir() });
  const config = await loadKubeconfig(files);
  return config.ok ? targetOf(config.value, context) : err(config.error);
}

/** A session that has listed everything once in the one namespace. Dispose the result. */
export async function liveSession(
  target: ClusterTarget,
  namespace: string,
): Promise<{ readonly session: ClusterSession } & Disposable> {
  const session = new ClusterSession({
    target,
    watched: allWatches(),
    namespaces: [namespace],
    proxy: { env: process.env },
    // Nobody is there to be asked: an exec plugin belongs to a person's kubeconfig.
    approvePlugin: () => Promise.resolve(false),
    env: process.env,
    home: homedir(),
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
  const following = session.follow();
  const dispose = (): void => {
    following.dispose();
    session.dispose();
  };
  try {
    await live(session);
    return { session, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function live(session: ClusterSession): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.after(CONNECT_TIMEOUT_MS, () => {
      end(new Error(`The cluster was not read in ${String(CONNECT_TIMEOUT_MS / 1000)} s.`));
    });
    const listener = session.onDidChangeStatus(() => {
      look();
    });
    const end = (error?: Error): void => {
      timer.dispose();
      listener.dispose();
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = (): void => {
      const { status } = session;
      if (status.kind === 'live') end();
      if (status.kind === 'failed') end(new Error(render(status.text)));
    };
    look();
  });
}

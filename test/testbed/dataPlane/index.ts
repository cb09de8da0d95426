import type { Progress } from '../cache.ts';
import { createKubeApi, type Identity } from '../kubeApi.ts';
import type { Player } from '../podNetwork.ts';
import { type Seen, waitFor } from '../processes.ts';
import type { ScrapeTargets } from '../prometheus.ts';
import { startApps } from './apps.ts';
import { followCluster } from './clusterView.ts';
import type { View } from './objects.ts';
import { METRICS_PATHS, startProxy } from './proxy.ts';
import { seededRandom } from './random.ts';
import { reportRouteStatus } from './routeStatus.ts';
import { route, sharesBy } from './routing.ts';
import { startTraffic, type Traffic, type TrafficService } from './traffic.ts';
import { versionOf, workloadOf } from './workload.ts';

/** How to start it. */
export interface DataPlaneOptions {
  /** Who it is to the API server; `controlPlane.facts.admin` will do. */
  readonly identity: Identity;
  /** Default 1. */
  readonly seed?: number;
  /** Requests per second over all services. Default 0: only samples. */
  readonly rate?: number;
  readonly services?: readonly TrafficService[];
  /** Whether it says in the status of HTTPRoutes and GRPCRoutes that it follows them, as implementations do. Default `report`. */
  readonly routeStatus?: 'report' | 'leave';
  readonly onProgress?: Progress;
}

/** Which requests a question is about: those of the weights alone, unless headers or a path are given. */
export interface SplitQuestion {
  readonly service: string;
  readonly namespace: string;
  readonly by: 'workload' | 'version';
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** The running data plane: apps for all pods, a proxy that routes as the cluster says, and traffic through it. */
export interface DataPlane extends Pick<Traffic, 'sample' | 'setRate' | 'setServices'> {
  /** Ask it with the Host `<service>.<namespace>` or a route's public name. */
  readonly proxyUrl: string;
  /** For Prometheus: the mesh's metrics and the applications'. */
  readonly metricsTargets: readonly ScrapeTargets[];
  /** For `podNetwork.play`: every port of a pod is its app. */
  readonly player: Player;
  readonly view: View;
  /** Shares (0–1) by the routes as the data plane knows them now; statuses that it answers itself stand beside the names. */
  readonly splitOf: (question: SplitQuestion) => Readonly<Record<string, number>>;
  /** Waits until `splitOf` gives this name this share, ± 0.0005. Call it between a write and a sample. */
  readonly waitForShare: (question: SplitQuestion, name: string, share: number) => Promise<void>;
  readonly stop: () => void;
}

/** Starts all parts on loopback, in this process. Resolves when the cluster is known and the present pods answer. */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  options.onProgress?.('Starting the data plane');
  const seed = options.seed ?? 1;
  const api = createKubeApi(options.identity);
  const cluster = await followCluster(api);
  if (options.routeStatus !== 'leave') reportRouteStatus(api, cluster);
  const apps = await startApps(cluster, seededRandom(seed + 1_000_001));
  const proxy = await startProxy(cluster.view, apps, seededRandom(seed + 2_000_003));
  const traffic = startTraffic({
    port: proxy.port,
    seed,
    rate: options.rate ?? 0,
    services: options.services ?? [],
  });
  const splitOf = (question: SplitQuestion): Readonly<Record<string, number>> =>
    currentSplit(cluster.view, question);
  return {
    proxyUrl: proxy.url,
    metricsTargets: targetsAt(proxy.port),
    player: (pod) => apps.portOf(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`),
    view: cluster.view,
    splitOf,
    waitForShare: (question, name, share) =>
      waitForShare(() => splitOf(question), question, name, share),
    sample: traffic.sample,
    setRate: traffic.setRate,
    setServices: traffic.setServices,
    stop: () => {
      traffic.stop();
      proxy.stop();
      cluster.stop();
      apps.stop();
      api.close();
    },
  };
}

function targetsAt(port: number): readonly ScrapeTargets[] {
  const targets = [`127.0.0.1:${String(port)}`];
  return [
    { targets, labels: { job: 'istio-proxies', __metrics_path__: METRICS_PATHS.mesh } },
    { targets, labels: { job: 'applications', __metrics_path__: METRICS_PATHS.apps } },
  ];
}

function currentSplit(view: View, question: SplitQuestion): Readonly<Record<string, number>> {
  const routed = route(view, {
    host: `${question.service}.${question.namespace}`,
    method: 'GET',
    path: question.path ?? '/',
    headers: question.headers ?? {},
    source: { namespace: 'default', labels: { app: 'load-generator' } },
  });
  return Object.fromEntries(sharesBy(routed, question.by === 'version' ? versionOf : workloadOf));
}

async function waitForShare(
  splitOf: () => Readonly<Record<string, number>>,
  question: SplitQuestion,
  name: string,
  share: number,
): Promise<void> {
  const what = `${question.namespace}/${question.service} to send ${String(share)} to ${name}`;
  await waitFor({ what, timeoutMs: 30_000 }, (): Seen<undefined> => {
    const split = splitOf();
    return Math.abs((split[name] ?? 0) - share) < 0.000_5
      ? { done: undefined }
      : { seen: JSON.stringify(split) };
  });
}

import type { Disposable, Event } from '../base/emitter.ts';
import type { UrlQuery } from '../base/query.ts';
import type { Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Connection } from '../model/cluster.ts';
import type { TrackSeries } from '../model/metrics.ts';
import type { TrackQueries } from '../model/metrics.ts';
import type { ClusterPort, ObjectLister } from '../operations/ports.ts';
import type { ClusterFeed } from '../state/store.ts';

/** One connected cluster, as the editor needs it. The composition root makes it from src/cluster. */
export interface Session extends ClusterPort, ObjectLister, ClusterFeed, Disposable {
  readonly connection: Connection;
  readonly onDidChangeConnection: Event<Connection>;
  /** Namespaces that are watched; empty means all. */
  readonly scope: readonly string[];
  /** Why it is fewer than asked for; absent when it is not. */
  readonly partial?: Text | undefined;
  /** Server, CA and kube-system uid: names the cluster whatever the context is called. */
  identity(signal: AbortSignal): Promise<string>;
  /** GET on a path of the API server, above all its service proxy. Any status is an answer. */
  proxyGet(
    path: string,
    query: UrlQuery,
    signal: AbortSignal,
  ): Promise<
    Result<
      {
        readonly status: number;
        readonly headers: Readonly<Record<string, string | undefined>>;
        readonly body: string;
      },
      Text
    >
  >;
  /** Names of all namespaces; of those that are known where the list is refused. */
  namespaces(signal: AbortSignal): Promise<Result<readonly string[], Text>>;
  /** Lists everything again. */
  refresh(): void;
}

export interface KubeContext {
  readonly name: string;
  readonly namespace: string;
  /** User of the context, for the record of an action. */
  readonly user: string;
  /** URL of the API server, for tooltips. */
  readonly server: string;
}

/** The kubeconfig as it is now; the last good one while a file is half written. */
export interface KubeconfigState {
  readonly contexts: readonly KubeContext[];
  /** '' when the kubeconfig names none. */
  readonly currentContext: string;
  /** Why there are no contexts, or why an older state is shown. */
  readonly problem?: Text;
  /** Files that count, in order, for tooltips and the support report. */
  readonly files: readonly string[];
}

export interface Kubeconfigs {
  readonly state: KubeconfigState;
  readonly onDidChange: Event<KubeconfigState>;
  load(): Promise<void>;
  /** Makes a session that connects when `start` of its store is called; nothing is sent by making it. */
  open(context: string, namespaces: readonly string[]): Session;
}

/** Metrics of one rollout or service, whatever Prometheus it comes from. */
export interface MetricsPort {
  measure(
    request: {
      readonly context: string;
      readonly session: Session;
      readonly tracks: readonly TrackQueries[];
      readonly minutes: number;
    },
    signal: AbortSignal,
  ): Promise<Result<Measurement, readonly Text[]>>;
  /** Looks again, and says what was found. */
  test(
    context: string,
    session: Session,
    signal: AbortSignal,
  ): Promise<Result<Text, readonly Text[]>>;
  /** Base URL that a person can open; undefined without one. */
  publicUrl(context: string): string | undefined;
  /** Forgets what was found, after a setting or a secret changed. */
  forget(): void;
}

export interface Measurement {
  readonly series: readonly TrackSeries[];
  readonly shares: Readonly<Record<string, TrackSeries['series']>>;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly source: Text;
  readonly publicUrl?: string;
}

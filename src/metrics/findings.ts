import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { services } from '../model/kinds.ts';
import { resourceId, type ClusterSnapshot } from '../model/objects.ts';
import type { ApiServerGet, HttpAccess } from './access.ts';
import { accessThroughApiServer, type Candidate } from './candidates.ts';
import { directAccess, type DirectOptions } from './directAccess.ts';
import { firstThatAnswers } from './discovery.ts';

/** The cluster as metrics see it. */
export interface MetricsCluster {
  snapshot(): ClusterSnapshot;
  readonly proxyGet: ApiServerGet;
}

/** What is looked for, and how it is known. */
export interface Search<T> {
  /** Set by the person for this context; wins over what is found. */
  readonly direct: (context: string) => Promise<DirectOptions | undefined>;
  readonly candidates: (services: ReturnType<ClusterSnapshot['list']>) => readonly Candidate[];
  readonly test: (access: HttpAccess, signal: AbortSignal) => Promise<Result<T, Text>>;
  /** Said when no Service looks like it. */
  readonly none: Text;
}

const retryAfterMs = 30_000;

/** Looks for the Prometheus, or the Alertmanager, of each context once; after a failure again, 30 s later. */
export class Findings<T> {
  readonly #search: Search<T>;
  readonly #clock: Clock;
  readonly #known = new Map<string, T>();
  readonly #failed = new Map<string, { readonly atMs: number; readonly tried: readonly Text[] }>();

  constructor(search: Search<T>, clock: Clock) {
    this.#search = search;
    this.#clock = clock;
  }

  known(context: string): T | undefined {
    return this.#known.get(context);
  }

  /** Has the next `find` look again at once. */
  drop(context: string): void {
    this.#known.delete(context);
    this.#failed.delete(context);
  }

  /** After a setting or a secret changed. */
  forget(): void {
    this.#known.clear();
    this.#failed.clear();
  }

  async find(
    context: string,
    cluster: MetricsCluster,
    signal: AbortSignal,
  ): Promise<Result<T, readonly Text[]>> {
    const known = this.#known.get(context);
    if (known !== undefined) return ok(known);
    const failed = this.#failed.get(context);
    if (failed !== undefined && this.#clock.monotonicMs() - failed.atMs < retryAfterMs) {
      return err(failed.tried);
    }
    const found = await this.#look(context, cluster, signal);
    signal.throwIfAborted();
    if (found.ok) this.#known.set(context, found.value);
    else this.#failed.set(context, { atMs: this.#clock.monotonicMs(), tried: found.error });
    return found;
  }

  async #look(
    context: string,
    cluster: MetricsCluster,
    signal: AbortSignal,
  ): Promise<Result<T, readonly Text[]>> {
    const { direct, candidates, test, none } = this.#search;
    const options = await direct(context);
    if (options === undefined) {
      const found = candidates(cluster.snapshot().list(resourceId(services)));
      const accesses = found.map((c) => accessThroughApiServer(c, cluster.proxyGet));
      return firstThatAnswers(accesses, (access) => test(access, signal), none);
    }
    const access = directAccess(options);
    if (!access.ok) return err([access.error]);
    const tested = await test(access.value, signal);
    return tested.ok ? tested : err([tested.error]);
  }
}

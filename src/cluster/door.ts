import type { Clock } from '../base/clock.ts';
import type { UrlQuery } from '../base/query.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import type { Change } from '../model/change.ts';
import type { ClusterFailure, FreshObject, Verb, Watched } from '../model/cluster.ts';
import {
  refText,
  resourceId,
  type JsonObject,
  type KubeObject,
  type ObjectRef,
  type Resource,
} from '../model/objects.ts';
import { say } from './cluster.l10n.ts';
import { cutObject } from './cut.ts';
import type { Discovery } from './discovery.ts';
import { failureOfAnswer, notKubernetes, type RetryableFailure } from './failures.ts';
import { apiVersionOf, collectionPath, objectPath } from './paths.ts';
import type { ClusterRequest, Transport } from './transport.ts';
import { accessReviewOf, requestOf } from './writes.ts';

/** What a service behind the API server's proxy answered. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const ACCESS_LIFETIME_MS = 60_000;
const PROXY_MAX_BYTES = 16 << 20;

/** Single requests: reads of one object, writes, questions about rights. Each is sent once; what it means is decided elsewhere. */
export class ClusterDoor {
  readonly #transport: Transport;
  readonly #discovery: Discovery;
  readonly #watched: readonly Watched[];
  readonly #clock: Clock;
  readonly #access = new Map<string, { readonly isAllowed: boolean; readonly untilMs: number }>();

  constructor(parts: {
    readonly transport: Transport;
    readonly discovery: Discovery;
    readonly watched: readonly Watched[];
    readonly clock: Clock;
  }) {
    this.#transport = parts.transport;
    this.#discovery = parts.discovery;
    this.#watched = parts.watched;
    this.#clock = parts.clock;
  }

  async fetch(ref: ObjectRef, signal: AbortSignal): Promise<Result<FreshObject, ClusterFailure>> {
    const version = await this.#versionOf(ref.resource, signal);
    if (!version.ok) return version;
    return this.read(ref, version.value, signal);
  }

  /** Reads one object at a version that needs no discovery. */
  read(
    ref: ObjectRef,
    version: string,
    signal: AbortSignal,
  ): Promise<Result<FreshObject, ClusterFailure>> {
    return this.#exchange({ method: 'GET', path: objectPath(ref, version), signal }, ref, version);
  }

  /** Objects of a namespace that carry the labels, cut as the cache's are. */
  async list(
    resource: Resource,
    { namespace, labelSelector }: { readonly namespace: string; readonly labelSelector: string },
    signal: AbortSignal,
  ): Promise<Result<readonly KubeObject[], ClusterFailure>> {
    const version = await this.#versionOf(resource, signal);
    if (!version.ok) return version;
    const path = collectionPath(resource, version.value, namespace);
    const answer = await this.#json({ method: 'GET', path, query: { labelSelector }, signal });
    if (!answer.ok) return answer;
    const { items } = answer.value;
    if (!Array.isArray(items)) return err(notKubernetes(this.#transport.target, 200));
    const watched = this.#watchedOf(resource);
    const apiVersion = apiVersionOf(resource, version.value);
    return ok(items.flatMap((item) => cutObject(item, watched, apiVersion) ?? []));
  }

  async send(
    change: Change,
    options: { readonly dryRun: boolean },
    signal: AbortSignal,
  ): Promise<Result<FreshObject, ClusterFailure>> {
    const { target } = change;
    const version = await this.#versionOf(target.resource, signal);
    if (!version.ok) return version;
    const request = requestOf(change, version.value, options);
    return this.#exchange({ ...request, signal }, target, version.value);
  }

  async allows(
    verb: Verb,
    ref: ObjectRef,
    signal: AbortSignal,
  ): Promise<Result<boolean, ClusterFailure>> {
    const key = `${verb} ${resourceId(ref.resource)} ${ref.namespace}/${ref.name}`;
    const now = this.#clock.monotonicMs();
    const known = this.#access.get(key);
    if (known !== undefined && now < known.untilMs) return ok(known.isAllowed);
    const answer = await this.#json({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: JSON.stringify(accessReviewOf(verb, ref)),
      signal,
    });
    if (!answer.ok) return answer;
    const isAllowed = (answer.value['status'] as JsonObject | undefined)?.['allowed'] === true;
    this.#access.set(key, { isAllowed, untilMs: now + ACCESS_LIFETIME_MS });
    return ok(isAllowed);
  }

  /** GET on a path of the API server, above all its service proxy. Any status is an answer. */
  async proxyGet(
    path: string,
    query: UrlQuery,
    signal: AbortSignal,
  ): Promise<Result<ProxyAnswer, Text>> {
    const request = { method: 'GET', path, query, signal, maxBytes: PROXY_MAX_BYTES } as const;
    const answer = await this.#transport.request(request);
    if (!answer.ok) return err(answer.error.text);
    const { status, body } = answer.value;
    const headers = Object.entries(answer.value.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]);
    return ok({ status, body, headers: Object.fromEntries(headers) as ProxyAnswer['headers'] });
  }

  async #versionOf(
    resource: Resource,
    signal: AbortSignal,
  ): Promise<Result<string, ClusterFailure>> {
    if (!this.#discovery.isKnown) {
      const refreshed = await this.#discovery.refresh(signal);
      if (!refreshed.ok) return refreshed;
    }
    const version = this.#discovery.version(resource);
    if (version !== undefined) return ok(version);
    const { kind, group } = resource;
    return err({ kind: 'notFound', text: say('cluster.notServed', { kind, group }) });
  }

  async #exchange(
    request: ClusterRequest,
    ref: ObjectRef,
    version: string,
  ): Promise<Result<FreshObject, ClusterFailure>> {
    const answer = await this.#json(request);
    if (!answer.ok) {
      const isPlain = answer.error.kind === 'notFound';
      return isPlain
        ? err({ ...answer.error, text: say('cluster.notFound', { what: refText(ref) }) })
        : answer;
    }
    const watched = this.#watchedOf(ref.resource);
    const apiVersion = apiVersionOf(ref.resource, version);
    const object = cutObject(answer.value, watched, apiVersion);
    if (object !== undefined) return ok({ raw: answer.value, object });
    // A deletion may be answered by a Status, which has no object.
    if (request.method !== 'DELETE') return err(notKubernetes(this.#transport.target, 200));
    const named = { metadata: { name: ref.name, namespace: ref.namespace } };
    const gone = cutObject(named, whole(ref.resource), apiVersion);
    return gone === undefined
      ? err(notKubernetes(this.#transport.target, 200))
      : ok({ raw: answer.value, object: gone });
  }

  #watchedOf(resource: Resource): Watched {
    const id = resourceId(resource);
    return this.#watched.find((entry) => resourceId(entry.resource) === id) ?? whole(resource);
  }

  /** A JSON object with a good status, or why not. */
  async #json(request: ClusterRequest): Promise<Result<JsonObject, RetryableFailure>> {
    const answer = await this.#transport.request(request);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status < 200 || status > 299)
      return err(failureOfAnswer(answer.value, this.#transport.target));
    try {
      const value: unknown = JSON.parse(body);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return ok(value as JsonObject);
    } catch {
      // Said below.
    }
    return err(notKubernetes(this.#transport.target, status));
  }
}

/** Everything but what `KubeObject` has beside its body. */
function whole(resource: Resource): Watched {
  const outside = ['apiVersion', 'kind', 'metadata'];
  return {
    resource,
    writes: [],
    pick: (raw) =>
      Object.fromEntries(Object.entries(raw).filter(([name]) => !outside.includes(name))),
  };
}

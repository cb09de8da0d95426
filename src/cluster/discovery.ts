import type { Disposable, Event } from '../base/emitter.ts';
import { Emitter } from '../base/emitter.ts';
import { err, ok, type Result } from '../base/result.ts';
import { resourceId, type Resource, type ResourceId } from '../model/objects.ts';
import { failureOfAnswer, notKubernetes, type RetryableFailure } from './failures.ts';
import type { ClusterAnswer, Transport } from './transport.ts';

/** Whole discovery in one answer, from Kubernetes 1.26 on; older servers ignore it and send the group list. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

type Versions = ReadonlyMap<ResourceId, readonly string[]>;

/** Which resources the server has, at which versions. Asked again at need, so that a CRD that appears later is found. */
export class Discovery implements Disposable {
  readonly #transport: Pick<Transport, 'request' | 'target'>;
  /** Groups and versions that older servers are asked for, one by one. */
  readonly #wanted: readonly Resource[];
  readonly #changed = new Emitter<void>();
  #core: Versions | undefined;
  #groups: Versions | undefined;
  #etag = '';

  /** Fires when a resource, or a version of one, came or went. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(transport: Pick<Transport, 'request' | 'target'>, wanted: readonly Resource[]) {
    this.#transport = transport;
    this.#wanted = wanted;
  }

  /** Whether the server has been asked. */
  get isKnown(): boolean {
    return this.#groups !== undefined;
  }

  /** The best version that both sides know; `undefined` when there is none, or nothing is known yet. */
  version(resource: Resource): string | undefined {
    const served = (resource.group === '' ? this.#core : this.#groups)?.get(resourceId(resource));
    return resource.versions.find((version) => served?.includes(version) === true);
  }

  /** Asks the server. When nothing changed there it costs one answer without a body. */
  async refresh(signal: AbortSignal): Promise<Result<void, RetryableFailure>> {
    if (this.#core === undefined) {
      const core = await this.#read('/api', '', signal);
      if (!core.ok) return core;
      this.#core = core.value.versions;
    }
    const groups = await this.#read('/apis', this.#etag, signal);
    if (!groups.ok) return groups;
    if (groups.value.versions === undefined) return ok(undefined);
    const isNew = !sameVersions(this.#groups, groups.value.versions);
    this.#groups = groups.value.versions;
    this.#etag = groups.value.etag;
    if (isNew) this.#changed.fire();
    return ok(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** `versions` is `undefined` when the answer is that nothing changed. */
  async #read(
    path: '/api' | '/apis',
    etag: string,
    signal: AbortSignal,
  ): Promise<Result<{ versions: Versions | undefined; etag: string }, RetryableFailure>> {
    const { target } = this.#transport;
    const headers = {
      Accept: `${AGGREGATED},application/json`,
      ...(etag !== '' && { 'If-None-Match': etag }),
    };
    const answer = await this.#transport.request({ method: 'GET', path, headers, signal });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === 304) return ok({ versions: undefined, etag });
    if (status !== 200) return err(failureOfAnswer(answer.value, target));
    const content = record(parsed(answer.value));
    switch (content['kind']) {
      case 'APIGroupDiscoveryList':
        return ok({ versions: aggregated(content), etag: answer.value.headers.etag ?? '' });
      case 'APIVersions':
        return this.#readEach(['v1'], '', signal);
      case 'APIGroupList':
        return this.#readEach(servedGroupVersions(content), undefined, signal);
      default:
        return err(notKubernetes(target, status));
    }
  }

  /** The old way: one request for each group and version that we understand. */
  async #readEach(
    served: readonly string[],
    group: string | undefined,
    signal: AbortSignal,
  ): Promise<Result<{ versions: Versions; etag: string }, RetryableFailure>> {
    const versions = new Map<ResourceId, string[]>();
    const wanted = this.#wanted.filter((r) => (group === '' ? r.group === '' : r.group !== ''));
    const paths = new Set(
      wanted.flatMap((r) => r.versions.map((v) => (r.group === '' ? v : `${r.group}/${v}`))),
    );
    for (const groupVersion of served.filter((name) => paths.has(name))) {
      const path = group === '' ? `/api/${groupVersion}` : `/apis/${groupVersion}`;
      const answer = await this.#transport.request({ method: 'GET', path, signal });
      if (!answer.ok) return answer;
      // A group whose own server is down is a group that is not there now.
      if (answer.value.status !== 200) continue;
      const [version = '', name = ''] = groupVersion.split('/').reverse();
      for (const resource of list(record(parsed(answer.value))['resources']))
        note(versions, `${name}/${text(resource['name'])}`, version);
    }
    return ok({ versions, etag: '' });
  }
}

function aggregated(content: Fields): Versions {
  const versions = new Map<ResourceId, string[]>();
  for (const group of list(content['items'])) {
    const name = text(record(group['metadata'])['name']);
    for (const version of list(group['versions']))
      for (const resource of list(version['resources']))
        note(versions, `${name}/${text(resource['resource'])}`, text(version['version']));
  }
  return versions;
}

function servedGroupVersions(content: Fields): readonly string[] {
  return list(content['groups']).flatMap((group) =>
    list(group['versions']).map((version) => text(version['groupVersion'])),
  );
}

function note(versions: Map<ResourceId, string[]>, id: ResourceId, version: string): void {
  const known = versions.get(id);
  if (known === undefined) versions.set(id, [version]);
  else known.push(version);
}

function sameVersions(a: Versions | undefined, b: Versions): boolean {
  if (a?.size !== b.size) return false;
  return [...b].every(([id, versions]) => a.get(id)?.join() === versions.join());
}

type Fields = Readonly<Record<string, unknown>>;

function parsed({ body }: ClusterAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

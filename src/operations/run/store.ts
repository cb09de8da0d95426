import { err, ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { ClusterFailure, FreshObject } from '../../model/cluster.ts';
import type { Change, PatchOperation } from '../../model/change.ts';
import { configMaps } from '../../model/kinds.ts';
import { labelPrefix, managedByLabel } from '../../model/names.ts';
import { refText, type JsonObject, type ObjectRef } from '../../model/objects.ts';
import {
  decodeCommand,
  decodeRun,
  encodeRun,
  type RecordLine,
  type RunData,
  type StoredCommand,
  type StoredRun,
} from '../../release/record.ts';
import type { RunState } from '../../release/run.ts';
import { say } from '../operations.l10n.ts';
import type { ClusterPort } from '../ports.ts';

/** Marks the ConfigMaps that hold a run, so that they can be listed. */
const recordLabel = { [`${labelPrefix}record`]: 'run' } as const;

export interface StoreFailure {
  /** `none`: there is no such run. `lost`: somebody else saved meanwhile, so somebody else drives. `failed`: worth another attempt. */
  readonly kind: 'none' | 'lost' | 'failed';
  readonly text: Text;
}

/** The object that a run and its Lease belong to: they go when it goes. */
export type RunOwner = Readonly<Record<'apiVersion' | 'kind' | 'name' | 'uid', string>>;

/** The ConfigMap of a run. */
export function runRef(namespace: string, id: string): ObjectRef {
  return { resource: configMaps, namespace, name: `cablecar-run-${id}` };
}

/**
 * A run in its ConfigMap. Each save is one request that tests the count of the save before: of two drivers one fails, and stops. A save without
 * an answer is read back.
 */
export class RunStore {
  readonly #cluster: ClusterPort;
  readonly #ref: ObjectRef;
  #seq = 0;
  #lines: readonly RecordLine[] = [];

  constructor(cluster: ClusterPort, namespace: string, id: string) {
    this.#cluster = cluster;
    this.#ref = runRef(namespace, id);
  }

  get lines(): readonly RecordLine[] {
    return this.#lines;
  }

  async load(signal: AbortSignal): Promise<Result<StoredRun, StoreFailure>> {
    const read = await this.#cluster.fetch(this.#ref, signal);
    if (!read.ok) {
      const kind = read.error.kind === 'notFound' ? 'none' : 'failed';
      return err({ kind, text: read.error.text });
    }
    const run = decodeRun(dataOf(read.value));
    if (!run.ok) return err({ kind: 'failed', text: run.error });
    this.#seq = run.value.seq;
    this.#lines = run.value.lines;
    return run;
  }

  /** The first save, which makes the ConfigMap. */
  async create(
    state: RunState,
    owner: RunOwner | undefined,
    signal: AbortSignal,
  ): Promise<Result<void, StoreFailure>> {
    const { name, namespace } = this.#ref;
    const object: JsonObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace,
        labels: { ...managedByLabel, ...recordLabel },
        ...(owner && { ownerReferences: [{ ...owner }] }),
      },
      data: encodeRun({ state, seq: 0, lines: [] }),
    };
    const change: Change = { kind: 'create', target: this.#ref, fields: [], object };
    const sent = await this.#cluster.send(change, { dryRun: false }, signal);
    if (sent.ok) return ok(undefined);
    return err({ kind: 'failed', text: this.#notSaved(sent.error) });
  }

  async save(
    state: RunState,
    lines: readonly RecordLine[],
    signal: AbortSignal,
  ): Promise<Result<void, StoreFailure>> {
    const run = { state, seq: this.#seq + 1, lines: [...this.#lines, ...lines] };
    const data = encodeRun(run);
    const operations: PatchOperation[] = [
      { op: 'test', path: '/data/seq', value: String(this.#seq) },
      ...Object.entries(data).map(([key, value]) => {
        return { op: 'add', path: `/data/${key}`, value } as const;
      }),
    ];
    const change: Change = { kind: 'patch', target: this.#ref, fields: [], operations };
    const sent = await this.#cluster.send(change, { dryRun: false }, signal);
    if (sent.ok || (await this.#arrived(sent.error, data, signal))) {
      this.#seq = run.seq;
      this.#lines = run.lines;
      return ok(undefined);
    }
    const { kind } = sent.error;
    const isLost = kind === 'conflict' || kind === 'notFound';
    return err({ kind: isLost ? 'lost' : 'failed', text: this.#notSaved(sent.error) });
  }

  /** What somebody else asks of the run, if it is another than `done`. */
  async command(done: string | undefined, signal: AbortSignal): Promise<StoredCommand | undefined> {
    const read = await this.#cluster.fetch(this.#ref, signal);
    if (!read.ok) return undefined;
    const command = decodeCommand(dataOf(read.value));
    return command?.id === done ? undefined : command;
  }

  /** An answer that was lost after the server had saved. */
  async #arrived(
    failure: ClusterFailure,
    { seq, state }: RunData,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (failure.kind !== 'unreachable' && failure.kind !== 'notKubernetes') return false;
    const read = await this.#cluster.fetch(this.#ref, signal);
    if (!read.ok) return false;
    const there = dataOf(read.value);
    return there['seq'] === seq && there['state'] === state;
  }

  #notSaved(failure: ClusterFailure): Text {
    return say('operations.runNotSaved', { object: refText(this.#ref), reason: failure.text });
  }
}

/** A cluster that can be asked for a list; any status is an answer. */
export interface ListingPort {
  proxyGet(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Result<{ readonly status: number; readonly body: string }, Text>>;
}

/**
 * Every run whose record can be read in these namespaces; in all, when none is named. Records that make no sense are left out. Undefined when a
 * list could not be had: that is not the same as no run.
 */
export async function runsIn(
  cluster: ListingPort,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly StoredRun[] | undefined> {
  const paths =
    namespaces.length === 0
      ? ['/api/v1/configmaps']
      : namespaces.map((name) => `/api/v1/namespaces/${encodeURIComponent(name)}/configmaps`);
  const [label] = Object.entries(recordLabel);
  const query = { labelSelector: label?.join('=') ?? '' };
  const answers = await Promise.all(paths.map((path) => cluster.proxyGet(path, query, signal)));
  // Where nothing may be listed there is nothing to show.
  if (answers.some((answer) => !answer.ok || ![200, 403].includes(answer.value.status)))
    return undefined;
  return answers.flatMap((answer) =>
    answer.ok && answer.value.status === 200 ? runsOf(answer.value.body) : [],
  );
}

function runsOf(body: string): readonly StoredRun[] {
  let list: { readonly items?: readonly { readonly data?: RunData }[] };
  try {
    list = JSON.parse(body) as typeof list;
  } catch {
    return [];
  }
  return (list.items ?? []).flatMap(({ data = {} }) => {
    const run = decodeRun(data);
    return run.ok ? [run.value] : [];
  });
}

/** Leaves a wish for whoever drives the run. */
export async function sendCommand(
  cluster: ClusterPort,
  run: { readonly namespace: string; readonly id: string },
  command: StoredCommand,
  signal: AbortSignal,
): Promise<Result<void, ClusterFailure>> {
  const change: Change = {
    kind: 'patch',
    target: runRef(run.namespace, run.id),
    fields: [],
    operations: [
      { op: 'test', path: '/data/format', value: '1' },
      { op: 'add', path: '/data/command', value: JSON.stringify(command) },
    ],
  };
  const sent = await cluster.send(change, { dryRun: false }, signal);
  return sent.ok ? ok(undefined) : sent;
}

function dataOf({ raw }: FreshObject): RunData {
  const data = raw['data'];
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as unknown as RunData)
    : {};
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/emitter.ts';
import type { Watched } from '../model/cluster.ts';
import type { JsonObject, KubeObject } from '../model/objects.ts';
import { closed, isAborted, sleepUnlessWoken } from './abort.ts';
import { cutObject } from './cut.ts';
import {
  failureOfAnswer,
  failureOfError,
  notKubernetes,
  statusOf,
  type RetryableFailure,
} from './failures.ts';
import { ListParser } from './listParser.ts';
import { apiVersionOf, collectionPath } from './paths.ts';
import {
  isVersionUnavailable,
  nextStep,
  start,
  type Outcome,
  type Position,
} from './reflectorSteps.ts';
import type { ClusterAnswer, ClusterStream, Transport } from './transport.ts';

/** Receives what a reflector sees. Calls never overlap. */
export interface ReflectorSink {
  /** Objects of the first list, as they come. */
  add(objects: readonly KubeObject[]): void;
  /** All objects there are: what is not among them is gone. */
  replace(objects: readonly KubeObject[]): void;
  set(object: KubeObject): void;
  delete(namespace: string, name: string): void;
  /** After every change of `state`. */
  stateChanged(): void;
}

/** How fresh it is. */
export type ReflectorState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** What it told is what was true at `sinceMs` (wall clock). It goes on trying. */
  | {
      readonly kind: 'stale';
      readonly sinceMs: number;
      readonly failure: RetryableFailure | undefined;
    }
  /** It never had a list. It goes on trying. */
  | { readonly kind: 'failed'; readonly failure: RetryableFailure };

export interface ReflectorOptions {
  readonly transport: Pick<Transport, 'stream' | 'target'>;
  readonly watched: Watched;
  /** Version in the path. */
  readonly version: string;
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly sink: ReflectorSink;
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** Told of what nobody foresaw (a bug); the reflector goes on all the same. */
  readonly onUnexpected: (error: unknown) => void;
}

/** A bookmark comes every minute: without any byte for this long, the connection is dead (hazards row 3). */
const SILENCE_MS = 75_000;
const LIST_IDLE_MS = 30_000;
/** A connection that is back within this time was never away, for people. */
const GRACE_MS = 1500;
/** Parsing hands the thread back after this long. */
const SLICE_MS = 4;
const BUG_WAIT_MS = 5000;

/**
 * Keeps the sink as the server is: list, watch, resume, and list again only when the server has forgotten our version. It ends with
 * `dispose`, never by a fault. What is pure of it is in `reflectorSteps.ts`.
 */
export class Reflector implements Disposable {
  readonly #options: ReflectorOptions;
  readonly #stopping = new AbortController();
  #state: ReflectorState = { kind: 'connecting' };
  #hasList = false;
  #isStarted = false;
  #grace: Disposable | undefined;
  #wake = new AbortController();
  /** Wall clock of the last byte. */
  #seenAtMs = 0;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Begins, once. */
  start(): void {
    if (this.#isStarted || this.#stopping.signal.aborted) return;
    this.#isStarted = true;
    void this.#run(this.#stopping.signal);
  }

  /** Ends a wait: somebody asked to try again. */
  retry(): void {
    this.#wake.abort();
  }

  dispose(): void {
    this.#grace?.dispose();
    this.#stopping.abort(closed());
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { onUnexpected } = this.#options;
    let position: Position = start;
    while (!isAborted(signal)) {
      try {
        position = await this.#step(position, signal);
      } catch (error) {
        if (isAborted(signal)) return;
        onUnexpected(error);
        await this.#wait(BUG_WAIT_MS, signal).catch(() => undefined);
      }
    }
  }

  async #step(position: Position, signal: AbortSignal): Promise<Position> {
    const outcome =
      position.watchFrom === undefined
        ? await this.#list(position.listFrom, signal)
        : await this.#watch(position.watchFrom, signal);
    const next = nextStep(position, outcome, this.#options.random());
    this.#report(outcome);
    if (next.waitMs > 0) await this.#wait(next.waitMs, signal);
    return next.position;
  }

  async #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    await sleepUnlessWoken(this.#options.clock, delayMs, { signal, wake: this.#wake.signal });
  }

  async #list(from: string, signal: AbortSignal): Promise<Outcome> {
    const query = from === '' ? {} : { resourceVersion: from };
    const answer = await this.#get(query, signal);
    if ('kind' in answer) return { kind: 'listFailed', failure: answer };
    try {
      return await this.#readList(answer);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'listFailed', failure: this.#failureOf(error) };
    }
  }

  async #readList(answer: ClusterStream): Promise<Outcome> {
    const { sink, transport } = this.#options;
    const objects: KubeObject[] = [];
    let told = 0;
    const parser = new ListParser((item) => {
      const object = this.#cut(item);
      if (object !== undefined && this.#isKept(item)) objects.push(object);
    });
    let sliceAt = performance.now();
    for await (const chunk of answer.chunks(LIST_IDLE_MS)) {
      parser.write(chunk);
      if (performance.now() - sliceAt < SLICE_MS) continue;
      if (!this.#hasList) sink.add(objects.slice(told));
      told = objects.length;
      await nextTurn();
      sliceAt = performance.now();
    }
    const resourceVersion = resourceVersionOf(parser.end());
    if (resourceVersion === undefined)
      return { kind: 'listFailed', failure: notKubernetes(transport.target, answer.status) };
    sink.replace(objects);
    this.#hasList = true;
    this.#seenAtMs = this.#options.clock.nowMs();
    return { kind: 'listed', resourceVersion };
  }

  async #watch(from: string, signal: AbortSignal): Promise<Outcome> {
    const { clock, random } = this.#options;
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      // All clients at once would be a storm: each ends when it likes, as with client-go.
      timeoutSeconds: String(Math.round(300 + 300 * random())),
    };
    const startedMs = clock.monotonicMs();
    const seen: Seen = { resumeFrom: from, events: 0 };
    const ended = (isOpened: boolean, why: Stopped): Outcome => ({
      kind: 'ended',
      ...seen,
      lastedMs: clock.monotonicMs() - startedMs,
      isOpened,
      ...why,
    });
    const answer = await this.#get(query, signal);
    if ('kind' in answer) return ended(false, { failure: answer });
    this.#setLive();
    try {
      return ended(true, await this.#readEvents(answer, seen));
    } catch (error) {
      signal.throwIfAborted();
      return ended(true, { failure: this.#failureOf(error) });
    }
  }

  /** Until the server ends it; what is returned says why we end it first. */
  async #readEvents(answer: ClusterStream, seen: Seen): Promise<Stopped> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of answer.chunks(SILENCE_MS)) {
      this.#seenAtMs = this.#options.clock.nowMs();
      let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      // Bytes are split at line ends before they are text: a chunk may end inside a character.
      for (let end = buffer.indexOf(0x0a); end >= 0; end = buffer.indexOf(0x0a)) {
        const line = buffer.toString('utf8', 0, end);
        buffer = buffer.subarray(end + 1);
        if (line.trim() === '') continue;
        const stop = this.#apply(JSON.parse(line), seen);
        if (stop !== undefined) return stop;
      }
      rest = buffer;
    }
    // An event cut in two, with an end as if all were well: nothing of it counts.
    if (rest.length > 0) throw new SyntaxError('a watch event was cut short');
    return {};
  }

  #apply(event: unknown, seen: Seen): Stopped | undefined {
    const { type, object: raw } = event as { type?: unknown; object?: unknown };
    if (type === 'ERROR') return { failure: this.#failureOfEvent(raw) };
    if (type === 'BOOKMARK') {
      seen.events += 1;
      seen.resumeFrom = resourceVersionOf(raw) ?? seen.resumeFrom;
      return undefined;
    }
    const object = this.#cut(raw);
    if (object === undefined) return { isCorrupt: true };
    const { sink } = this.#options;
    if (type === 'DELETED' || !this.#isKept(raw))
      sink.delete(object.meta.namespace, object.meta.name);
    else sink.set(object);
    seen.events += 1;
    seen.resumeFrom = object.meta.resourceVersion;
    return undefined;
  }

  /** The answer, or why there is none that can be read. */
  async #get(
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ClusterStream | RetryableFailure> {
    const { transport, watched, version, namespace } = this.#options;
    const path = collectionPath(watched.resource, version, namespace);
    const answer = await transport.stream({ method: 'GET', path, query, signal });
    if (!answer.ok) return answer.error;
    const { status, headers } = answer.value;
    const isJson = /^application\/json/.test(headers['content-type'] ?? '');
    if (status === 200 && isJson) return answer.value;
    try {
      const body = await answer.value.text(1 << 20);
      const refused: ClusterAnswer = { status, headers, body };
      return status === 200
        ? notKubernetes(transport.target, status)
        : failureOfAnswer(refused, transport.target);
    } catch (error) {
      signal.throwIfAborted();
      return this.#failureOf(error);
    }
  }

  /** `undefined` when it is no stored object: each has a version. */
  #cut(raw: unknown): KubeObject | undefined {
    const { watched, version } = this.#options;
    const object = cutObject(raw, watched, apiVersionOf(watched.resource, version));
    return object?.meta.resourceVersion === '' ? undefined : object;
  }

  #isKept(raw: unknown): boolean {
    return this.#options.watched.keep?.(raw as JsonObject) ?? true;
  }

  #failureOf(error: unknown): RetryableFailure {
    return failureOfError(error, this.#options.transport.target);
  }

  #failureOfEvent(raw: unknown): RetryableFailure {
    const { target } = this.#options.transport;
    const status = statusOf(raw)?.code ?? 500;
    return failureOfAnswer({ status, headers: {}, body: JSON.stringify(raw) }, target);
  }

  #report(outcome: Outcome): void {
    if (outcome.kind === 'listed') return;
    if (outcome.kind === 'listFailed') {
      this.#setLost(outcome.failure);
      return;
    }
    const { failure, isOpened } = outcome;
    if (isOpened || failure === undefined || isVersionUnavailable(failure)) this.#loseSoon(failure);
    else this.#setLost(failure);
  }

  #setLive(): void {
    this.#grace?.dispose();
    this.#grace = undefined;
    this.#seenAtMs = this.#options.clock.nowMs();
    this.#setState({ kind: 'live' });
  }

  /** Stale unless it is back in a moment. */
  #loseSoon(failure: RetryableFailure | undefined): void {
    if (this.#state.kind !== 'live') return;
    this.#grace ??= this.#options.clock.after(GRACE_MS, () => {
      this.#setLost(failure);
    });
  }

  #setLost(failure: RetryableFailure | undefined): void {
    this.#grace?.dispose();
    this.#grace = undefined;
    if (this.#hasList) {
      const sinceMs = this.#state.kind === 'stale' ? this.#state.sinceMs : this.#seenAtMs;
      this.#setState({ kind: 'stale', sinceMs, failure });
    } else if (failure !== undefined) {
      this.#setState({ kind: 'failed', failure });
    }
  }

  #setState(state: ReflectorState): void {
    if (this.#stopping.signal.aborted || (state.kind === 'live' && this.#state.kind === 'live'))
      return;
    this.#state = state;
    this.#options.sink.stateChanged();
  }
}

/** What a watch has seen, as it goes. */
interface Seen {
  resumeFrom: string;
  events: number;
}

/** Why we end a watch before the server does. */
interface Stopped {
  readonly failure?: RetryableFailure;
  readonly isCorrupt?: boolean;
}

function resourceVersionOf(value: unknown): string | undefined {
  const { metadata } = (value ?? {}) as { metadata?: { resourceVersion?: unknown } | null };
  const version = metadata?.resourceVersion;
  return typeof version === 'string' && version !== '' ? version : undefined;
}

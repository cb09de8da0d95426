import { randomUUID } from 'node:crypto';
import { sleep, systemClock } from '../base/clock.ts';
import { err, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './actions.l10n.ts';
import { updateIdOf } from '../actions/batches.ts';
import type { AnyIntent, StartCanary, StartUpdate, UndoRevision } from '../model/intent.ts';
import type { ObjectRef } from '../model/objects.ts';
import type { Rollout } from '../model/rollout.ts';
import { type Done, type OperationError, type Tools } from '../operations/execute.ts';
import { perform, previewIntent, undo } from '../operations/perform.ts';
import { performStart, performStartUpdate, performUndoRevision } from '../operations/start.ts';
import type { JournalPort, Preview } from '../operations/ports.ts';
import type { Clusters } from './clusters.ts';
import type { Session } from './clusterPorts.ts';
import type { Actions, RolloutRef, UndoItem } from './commands/ports.ts';
import type { ConsentFacts } from './consent.ts';
import { History, inverseOf, undoableOf, type HistoryEntry } from './history.ts';
import { settleHistory } from './settle.ts';
import type { Disposable } from '../base/emitter.ts';
import { Emitter } from '../base/emitter.ts';

/** One action with its tools; the intent names the button of its dialog. */
type Run = (tools: (intent: string) => Tools) => Promise<Result<Done, OperationError>>;

/** While the cluster cannot be reached, but has not been missed for long enough to be called offline. */
const settleAgainMs = 2000;

/** What the facade needs of the editor: the modal, and where files may be kept. */
export interface ActionsHost {
  readonly storageFolder: string;
  readonly who: () => string;
  readonly isReadOnly: () => boolean;
  /** The host's modal, and for a protected context the name to type (a rollback never asks for it). */
  readonly ask: (
    preview: Preview,
    facts: ConsentFacts & { readonly service: string },
  ) => Promise<boolean>;
  readonly showConflict: (context: string, error: OperationError) => Promise<void>;
  readonly logError: (message: string, error: unknown) => void;
}

/** All writes that a person starts, with their history. One action at a time per rollout: a second click is refused, not queued. */
export class EditorActions implements Actions, Disposable {
  readonly #clusters: Clusters;
  readonly #host: ActionsHost;
  /** By identity of the cluster: one file has one writer here, by whatever contexts it is reached. */
  readonly #histories = new Map<string, History>();
  readonly #historyOf = new WeakMap<Session, Promise<History>>();
  /** By context, for the views: that of its newest session. */
  readonly #shown = new Map<string, History>();
  readonly #busy = new Set<string>();
  readonly #changed = new Emitter<undefined>();
  readonly onDidChangeHistory = this.#changed.event;
  readonly #subscription: Disposable;
  readonly #settling = new AbortController();

  constructor(clusters: Clusters, host: ActionsHost) {
    this.#clusters = clusters;
    this.#host = host;
    this.#subscription = clusters.onDidOpen(({ context, session }) => {
      this.#settleWhenLive(context, session);
    });
  }

  async perform(
    at: RolloutRef,
    intent: AnyIntent,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>> {
    const rollout = this.#clusters.rollout(at.context, at.rolloutId);
    if (rollout === undefined) return failed(say('actions.gone'));
    return this.#alone(at, rollout.service, async (tools) =>
      perform(
        tools(verbOf(rollout, intent)),
        rollout,
        { intent, actor: this.#actor(at.context) },
        signal,
      ),
    );
  }

  /** Plan and dry run without asking or writing, for the diff. */
  async preview(
    at: RolloutRef,
    intent: AnyIntent,
    signal: AbortSignal,
  ): Promise<Result<Preview, OperationError>> {
    const rollout = this.#clusters.rollout(at.context, at.rolloutId);
    const session = this.#clusters.session(at.context);
    if (session === undefined) return failed(say('actions.notConnected', { context: at.context }));
    if (rollout === undefined) return failed(say('actions.gone'));
    const request = { intent, actor: this.#actor(at.context) };
    return previewIntent({ cluster: session, clock: systemClock }, rollout, request, signal);
  }

  start(
    context: string,
    start: StartCanary,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>> {
    const key = { context, rolloutId: `${start.service.namespace}/${start.service.name}` };
    return this.#alone(key, start.service.name, (tools) =>
      performStart(tools(start.kind), start, this.#actor(context), signal),
    );
  }

  startUpdate(
    context: string,
    start: StartUpdate,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>> {
    return this.#onWorkload(context, start.workload, (tools) =>
      performStartUpdate(tools(start.kind), start, this.#actor(context), signal),
    );
  }

  undoRevision(
    context: string,
    undoing: UndoRevision,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>> {
    return this.#onWorkload(context, undoing.workload, (tools) =>
      performUndoRevision(tools(undoing.kind), undoing, this.#actor(context), signal),
    );
  }

  /** Under the id that the workload's update has, or will have. */
  #onWorkload(
    context: string,
    workload: ObjectRef,
    run: Run,
  ): Promise<Result<Done, OperationError>> {
    const at = { context, rolloutId: updateIdOf(workload) };
    return this.#alone(at, this.#serviceOf(at), run);
  }

  async undo(
    context: string,
    entryId: string,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>> {
    const entry = (await this.#entries(context)).find((e) => e.id === entryId);
    const inverse = entry && inverseOf(entry);
    if (entry === undefined || inverse === undefined) return failed(say('actions.gone'));
    const at = { context, rolloutId: entry.rolloutId };
    return this.#alone(at, this.#serviceOf(at), (tools) =>
      undo(
        tools('undo'),
        { ...entry, changes: { ...entry.changes, inverse } },
        this.#actor(context),
        signal,
      ),
    );
  }

  async undoable(): Promise<readonly UndoItem[]> {
    const items: UndoItem[] = [];
    for (const { name } of this.#clusters.inventory().contexts) {
      if (this.#clusters.session(name) === undefined) continue;
      const byRollout = Map.groupBy(await this.#entriesOrNone(name), ({ rolloutId }) => rolloutId);
      for (const entries of byRollout.values()) {
        const entry = undoableOf(entries);
        if (entry === undefined) continue;
        const { id, sentence, who, atMs } = entry;
        items.push({ context: name, entryId: id, sentence, who, atMs });
      }
    }
    return items.sort((a, b) => b.atMs - a.atMs);
  }

  showConflict(context: string, error: OperationError): Promise<void> {
    return this.#host.showConflict(context, error);
  }

  /** History of one rollout, newest first; empty until the cluster was reached. */
  historyOf(at: RolloutRef): readonly HistoryEntry[] {
    const history = this.#shown.get(at.context);
    return (history?.entries ?? []).filter((entry) => entry.rolloutId === at.rolloutId);
  }

  dispose(): void {
    this.#settling.abort();
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** The name that a protected context asks to type; of a rollout that is gone, as its id has it (`namespace/service@…`). */
  #serviceOf({ context, rolloutId }: RolloutRef): string {
    const known = this.#clusters.rollout(context, rolloutId)?.service;
    return known ?? /\/([^@]+)/.exec(rolloutId)?.[1] ?? rolloutId;
  }

  #actor(context: string): { readonly who: string; readonly context: string } {
    const user = this.#clusters.kubeContext(context)?.user ?? '';
    return { who: user === '' ? this.#host.who() : user, context };
  }

  /** Runs one action with its tools pinned to the session of this moment. */
  async #alone(at: RolloutRef, service: string, run: Run): Promise<Result<Done, OperationError>> {
    if (this.#host.isReadOnly()) return failed(say('actions.readOnly'));
    const key = `${at.context} ${at.rolloutId}`;
    if (this.#busy.has(key)) return failed(say('actions.busy', { service }));
    this.#busy.add(key);
    const handle = this.#clusters.watch(at.context);
    const isProtected = this.#clusters.context(at.context)?.protected ?? true;
    try {
      const cluster = this.#clusters.session(at.context);
      if (cluster === undefined)
        return failed(say('actions.notConnected', { context: at.context }));
      const journal = await this.#journal(at.context, cluster);
      const result = await run((intent) => ({
        cluster,
        journal,
        clock: systemClock,
        newId: randomUUID,
        consent: (preview) =>
          this.#host.ask(preview, { context: at.context, protected: isProtected, intent, service }),
      }));
      this.#busy.delete(key);
      if (!result.ok && result.error.kind === 'unknown') void this.#settle(at.context, cluster);
      return result;
    } finally {
      handle.dispose();
      this.#busy.delete(key);
    }
  }

  /** Where there can be no history, it says so at the first record; what needs none goes on. */
  async #journal(context: string, session: Session): Promise<JournalPort> {
    const lost = (error: unknown): Promise<never> => {
      this.#host.logError('The history cannot be kept', error);
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    };
    try {
      const history = await this.#history(context, session);
      return {
        begin: (entry) => history.begin(entry).catch(lost),
        finish: (...end) => history.finish(...end).catch(lost),
      };
    } catch (error) {
      return { begin: () => lost(error), finish: () => lost(error) };
    }
  }

  /** A cluster that cannot be reached keeps nobody from undoing in another. */
  #entriesOrNone(context: string): Promise<readonly HistoryEntry[]> {
    return this.#entries(context).catch((error: unknown) => {
      this.#host.logError(`The history of ${context} cannot be read`, error);
      return [];
    });
  }

  async #entries(context: string): Promise<readonly HistoryEntry[]> {
    const session = this.#clusters.session(context);
    return session === undefined ? [] : (await this.#history(context, session)).entries;
  }

  /** Read once per session; a failure is not remembered. */
  #history(context: string, session: Session): Promise<History> {
    const known = this.#historyOf.get(session);
    if (known !== undefined) return known;
    const reading = this.#readHistory(context, session);
    this.#historyOf.set(session, reading);
    reading.catch(() => this.#historyOf.delete(session));
    return reading;
  }

  async #readHistory(context: string, session: Session): Promise<History> {
    const identity = await session.identity(this.#settling.signal);
    const history = this.#histories.get(identity) ?? this.#newHistory(identity);
    await history.load();
    this.#shown.set(context, history);
    this.#changed.fire(undefined);
    return history;
  }

  #newHistory(identity: string): History {
    const history = new History(this.#host.storageFolder, identity);
    history.onDidChange(() => {
      this.#changed.fire(undefined);
    });
    this.#histories.set(identity, history);
    return history;
  }

  /** Each time the cluster becomes live, actions whose end is not known are settled. */
  #settleWhenLive(context: string, session: Session): void {
    let wasLive = false;
    const look = (): void => {
      const isLive = session.connection.kind === 'live';
      if (isLive && !wasLive) void this.#settle(context, session);
      wasLive = isLive;
    };
    session.onDidChangeConnection(look);
    look();
  }

  async #settle(context: string, session: Session): Promise<void> {
    const { signal } = this.#settling;
    try {
      const history = await this.#history(context, session);
      // The cluster may be reached by several contexts, with one history.
      const isUnderWay = (entry: HistoryEntry): boolean =>
        this.#busy.has(`${entry.context} ${entry.rolloutId}`);
      while (this.#clusters.session(context) === session) {
        if (await settleHistory(history, session, isUnderWay, signal)) return;
        await sleep(systemClock, settleAgainMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#host.logError('Settling the history failed', error);
    }
  }
}

/** What the button of the dialog says: an update in batches is not promoted, but finished. */
function verbOf({ update }: Rollout, { kind }: AnyIntent): string {
  return kind === 'promote' && update !== undefined ? 'finish' : kind;
}

function failed(text: Text): { readonly ok: false; readonly error: OperationError } {
  return err({ kind: 'refused', text });
}

import type { Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import type { TrackSeries } from '../../model/metrics.ts';
import type { Verb } from '../../model/cluster.ts';
import type { AnyIntent, StartCanary, StartUpdate, UndoRevision } from '../../model/intent.ts';
import type { ObjectRef } from '../../model/objects.ts';
import type { FirstBatch, Revision } from '../../model/rollout.ts';
import type { Done, OperationError } from '../../operations/execute.ts';
import type { Runs } from '../runs/runs.ts';
import type { EditorSettings } from '../settings.ts';
import type { InventorySource } from '../tree/model.ts';
import type { Filter } from '../tree/filter.ts';
import type { Ui } from '../ui.ts';

/** Names one rollout of one context. */
export interface RolloutRef {
  readonly context: string;
  readonly rolloutId: string;
}

/** Names one Service of one context. */
export interface ServiceRef {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** A recorded action that can be taken back. */
export interface UndoItem {
  readonly context: string;
  readonly entryId: string;
  readonly sentence: Text;
  readonly who: string;
  readonly atMs: number;
}

/** Writes to a cluster, all through src/operations; consent is asked inside, by the host's modal. */
export interface Actions {
  perform(
    at: RolloutRef,
    intent: AnyIntent,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>>;
  start(
    context: string,
    start: StartCanary,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>>;
  startUpdate(
    context: string,
    start: StartUpdate,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>>;
  undoRevision(
    context: string,
    undo: UndoRevision,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>>;
  undo(
    context: string,
    entryId: string,
    signal: AbortSignal,
  ): Promise<Result<Done, OperationError>>;
  /** Newest first; only what was written and has an inverse. */
  undoable(): Promise<readonly UndoItem[]>;
  /** Opens the exact change of an operation that failed with a conflict; resolves when the editor is open. */
  showConflict(context: string, error: OperationError): Promise<void>;
}

/** What is asked about a workload before something is written of it. */
export interface Workloads {
  /** What its first batch can be, from what is known; an error says why it cannot be updated in batches. */
  firstBatch(context: string, workload: ObjectRef): Result<FirstBatch, Text>;
  /** One LIST: newest first, with the present one. */
  revisions(
    context: string,
    workload: ObjectRef,
    signal: AbortSignal,
  ): Promise<Result<readonly Revision[], Text>>;
  /** Which right this person lacks, in one sentence (SelfSubjectAccessReview); undefined when none, or the server cannot say. */
  refusal(context: string, verb: Verb, ref: ObjectRef): Promise<Text | undefined>;
}

/** Reads of whole objects, for people. */
export interface Objects {
  /** The object as YAML without `managedFields` and `last-applied-configuration`. */
  yaml(context: string, ref: ObjectRef, signal: AbortSignal): Promise<Result<string, Text>>;
}

export interface Contexts {
  /** Makes it the current context of this window; the kubeconfig is not written. */
  use(context: string): Promise<void>;
  /** Names of the namespaces that can be listed; an error says why none can. */
  namespaces(context: string, signal: AbortSignal): Promise<Result<readonly string[], Text>>;
  /** Reads the kubeconfig again and lists again. */
  refresh(): Promise<void>;
}

/** Prometheus or Alertmanager. */
export interface TestableServer {
  /** Looks for it as panels and runs do and says what was found, or what was tried. */
  test(context: string, signal: AbortSignal): Promise<Result<Text, readonly Text[]>>;
}

export interface Prometheus extends TestableServer {
  /** The newest values of all tracks of a rollout, or what was tried to find a Prometheus. */
  readings(
    at: RolloutRef,
    signal: AbortSignal,
  ): Promise<Result<readonly TrackSeries[], readonly Text[]>>;
  /** Where to look at it with one's own eyes; undefined when there is none or its address is not reachable from here. */
  link(at: RolloutRef | ServiceRef): Promise<string | undefined>;
}

/** Secrets for a Prometheus or an Alertmanager, bound to the origin (scheme, host, port) that they may be sent to. */
export interface Credentials {
  save(origin: string, credential: Credential): Promise<void>;
  forget(origin: string): Promise<void>;
}

export type Credential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

export interface Panels {
  openRollout(at: RolloutRef): void;
  openMetrics(at: ServiceRef): void;
  /** The rollout of the panel that has the focus, so that a command from the palette means it; undefined otherwise. */
  focused(): RolloutRef | undefined;
}

/** Files with release plans. */
export interface PlanFiles {
  /** The plan that a lens was on, else the one in the active editor; undefined when that is none. */
  read(target: unknown): Promise<{ readonly name: string; readonly text: string } | undefined>;
  /** Opens the text as a new file that is not saved yet, in the folder of the workspace under the first name that is free. */
  create(file: {
    readonly name: string;
    readonly ending: string;
    readonly text: string;
  }): Promise<void>;
}

/** What the commands work with. The composition root makes it; tests make their own. */
export interface CommandContext {
  readonly source: InventorySource;
  readonly ui: Ui;
  readonly settings: EditorSettings;
  readonly render: (text: Text) => string;
  readonly actions: Actions;
  readonly workloads: Workloads;
  readonly objects: Objects;
  readonly contexts: Contexts;
  readonly prometheus: Prometheus;
  readonly alertmanager: TestableServer;
  readonly credentials: Credentials;
  readonly plans: PlanFiles;
  readonly panels: Panels;
  readonly runs: Pick<Runs, 'all' | 'of' | 'begin' | 'command' | 'takeUp'>;
  readonly filter: Filter;
  /** Connects a context for as long as this window uses it, for a command before any view was opened. */
  readonly keepConnected: (context: string) => void;
  readonly nowMs: () => number;
  /** A wall-clock moment for people. */
  readonly time: (atMs: number) => string;
  /** `publisher.name`. */
  readonly extensionId: string;
  readonly supportReport: () => string;
  readonly showLog: () => void;
  readonly logError: (message: string, error: unknown) => void;
}

/** One command: `target` is the row that a menu was opened on, absent from the palette. */
export type CommandHandler = (ctx: CommandContext, target: unknown) => Promise<void>;

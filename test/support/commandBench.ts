import { err, ok, type Result } from '../../src/base/result.ts';
import { renderer, type Text } from '../../src/base/text.ts';
import type { CommandContext, Credential } from '../../src/editor/commands/ports.ts';
import type { AnyIntent, StartCanary, StartUpdate, UndoRevision } from '../../src/model/intent.ts';
import type { FirstBatch } from '../../src/model/rollout.ts';
import type { Done, OperationError } from '../../src/operations/execute.ts';
import type { ContextView } from '../../src/state/inventory.ts';
import { hostWords } from '../../src/words.ts';
import { FakeUi } from './fakeUi.ts';
import { aContext, FakeSource } from './inventory.ts';

export type Outcome = Result<Done, OperationError>;
/** Any sentence: "no canary". */
export const sentence: Text = { key: 'tree.noCanary', args: {} };
export const written: Outcome = ok({
  changeSet: { summary: sentence, changes: [] },
  outcome: 'written',
});
export const failing = (kind: OperationError['kind']): Outcome => err({ kind, text: sentence });

type Sent = AnyIntent | StartCanary | StartUpdate | UndoRevision | string;

export interface Scene {
  readonly contexts?: readonly ContextView[];
  readonly answers?: readonly unknown[];
  /** Answers of the operations, one per call; the last one repeats. */
  readonly outcomes?: readonly Outcome[];
  readonly readings?: Awaited<ReturnType<CommandContext['prometheus']['readings']>>;
  readonly plan?: string;
  /** What is known of the workload: ten pods that may get four of a new version, and no earlier revision, unless said otherwise. */
  readonly workloads?: Partial<CommandContext['workloads']>;
  readonly focused?: ReturnType<CommandContext['panels']['focused']>;
}

const aFirstBatch: FirstBatch = {
  wanted: 10,
  stops: [1, 2, 3, 4].map((pods) => ({ pods, percent: Math.round((pods / (10 + pods)) * 100) })),
  maxSurge: { value: '3', pods: 3 },
  maxUnavailable: { value: '10%', pods: 1 },
};

/** Everything that a command did, and the context to run it in. */
export class CommandBench {
  readonly source: FakeSource;
  readonly ui: FakeUi;
  readonly sent: Sent[] = [];
  readonly saved: string[] = [];
  readonly opened: string[] = [];
  /** Name and text of each new file. */
  readonly created: string[] = [];
  readonly logged: string[] = [];
  readonly ctx: CommandContext;
  readonly #outcomes: Outcome[];

  constructor({
    contexts = [aContext()],
    answers = [],
    outcomes = [written],
    readings = err([sentence]),
    plan,
    workloads,
    focused,
  }: Scene = {}) {
    this.source = new FakeSource(...contexts);
    this.ui = new FakeUi(...answers);
    this.#outcomes = [...outcomes];
    const answer = (intent: Sent): Promise<Outcome> => {
      this.sent.push(intent);
      const [first = written, ...rest] = this.#outcomes;
      if (rest.length > 0) this.#outcomes.shift();
      return Promise.resolve(first);
    };
    const note = (text: string): Promise<void> => {
      this.saved.push(text);
      return Promise.resolve();
    };
    this.ctx = {
      source: this.source,
      ui: this.ui,
      render: renderer(hostWords, 'en'),
      settings: {
        kubeconfig: '',
        readOnly: false,
        notifyWhenWorse: true,
        pollSeconds: 10,
        grafanaUrlTemplate: 'https://g.example/d?s={service}&c={canary}&from={fromMs}',
        queries: { reporter: 'destination', applicationMetrics: 'auto' },
        namespacesOf: () => [],
        isProtected: () => false,
        serverOf: () => ({ url: '', tenant: '', caFile: '', certificateFile: '', keyFile: '' }),
        onDidChange: () => ({ dispose: () => undefined }),
        setNamespaces: (context, names) => note(`namespaces ${context}: ${names.join('+')}`),
        setServerUrl: (server, context, url) => note(`${server} url ${context}: ${url}`),
      },
      actions: {
        perform: (_at, intent) => answer(intent),
        start: (_context, start) => answer(start),
        startUpdate: (_context, start) => answer(start),
        undoRevision: (_context, undo) => answer(undo),
        undo: (_context, entryId) => answer(`undo ${entryId}`),
        undoable: () =>
          Promise.resolve([
            { context: 'kind-dev', entryId: 'e2', sentence, who: 'alice', atMs: 2 },
            { context: 'kind-dev', entryId: 'e1', sentence, who: 'bob', atMs: 1 },
          ]),
        showConflict: () => note('conflict shown'),
      },
      workloads: {
        firstBatch: () => ok(aFirstBatch),
        revisions: () => Promise.resolve(ok([])),
        refusal: () => Promise.resolve(undefined),
        ...workloads,
      },
      objects: { yaml: () => Promise.resolve(ok('kind: Deployment\n')) },
      contexts: {
        use: (context) => note(`use ${context}`),
        namespaces: () => Promise.resolve(ok(['default', 'shop'])),
        refresh: () => note('refresh'),
      },
      prometheus: {
        test: () => Promise.resolve(ok(sentence)),
        readings: () => Promise.resolve(readings),
        link: () => Promise.resolve('https://prom.example'),
      },
      alertmanager: { test: () => Promise.resolve(ok(sentence)) },
      credentials: {
        save: (origin: string, credential: Credential) =>
          note(`save ${origin}: ${credential.kind}`),
        forget: (origin: string) => note(`forget ${origin}`),
      },
      plans: {
        read: () =>
          Promise.resolve(plan === undefined ? undefined : { name: 'a.cablecar.yaml', text: plan }),
        create: ({ name, ending, text }) => {
          this.created.push(`${name}${ending}`, text);
          return Promise.resolve();
        },
      },
      panels: {
        openRollout: ({ rolloutId }) => this.opened.push(rolloutId),
        openMetrics: ({ name }) => this.opened.push(name),
        focused: () => focused,
      },
      runs: {
        all: () => [],
        of: () => undefined,
        begin: (_context, plan) => note(`run ${plan.name}`).then(() => ok(undefined)),
        command: (_run, command) => note(`tell ${command}`).then(() => ok(undefined)),
        takeUp: () => note('take up').then(() => ok(undefined)),
      },
      filter: { text: '', set: (text) => this.saved.push(`filter ${text}`) },
      keepConnected: (context) => this.source.watch(context),
      nowMs: () => 3_600_000,
      time: () => '12:04',
      extensionId: 'cablecar.cablecar',
      supportReport: () => 'report',
      showLog: () => this.saved.push('log'),
      logError: (message) => this.logged.push(message),
    };
  }
}

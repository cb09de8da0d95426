import * as v from 'valibot';
import type * as vscode from 'vscode';
import { disposeAll, type Disposable } from '../../base/emitter.ts';
import { equalJson } from '../../base/json.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Text } from '../../base/text.ts';
import { isUpdateId } from '../../actions/batches.ts';
import { planAction } from '../../actions/planAction.ts';
import {
  maxMessageLength,
  toHost,
  type Draft,
  type MetricsView,
  type PanelSnapshot,
  type RuleEdit,
  type ToHost,
  type ToWebview,
} from '../../protocol/messages.ts';
import type { PanelDependencies, Report } from './dependencies.ts';
import { fetchRefusals, intentOf } from './panelState.ts';
import { panelKeyOf, type PanelTarget } from './panelKey.ts';
import { panelSnapshot, type Refusals } from './snapshot.ts';
import { PanelMetrics } from './panelMetrics.ts';
import type { AnyIntent } from '../../model/intent.ts';
import type { Rollout } from '../../model/rollout.ts';
import { ruleIntentOf } from './rulesView.ts';
import type { ServiceView } from '../../state/inventory.ts';

const actionTypes = [
  'send',
  'setRule',
  'promote',
  'rollback',
  'endCanary',
  'undo',
  'startCanary',
  'pause',
  'resume',
  'setSurge',
  'undoRevision',
] as const;
type Action = Extract<ToHost, { type: (typeof actionTypes)[number] }>;

const commandTypes = [
  'setPrometheus',
  'openInPrometheus',
  'openInGrafana',
  'openRoute',
  'copyHistory',
  'showLog',
] as const;
type Command = Extract<ToHost, { type: (typeof commandTypes)[number] }>;

function isCommand(message: ToHost): message is Command {
  return commandTypes.some((type) => type === message.type);
}

function isAction(message: ToHost): message is Action {
  return actionTypes.some((type) => type === message.type);
}

const heartbeatMs = 4000;
const coalesceMs = 50;

/**
 * One panel: sends complete snapshots while it is visible, answers its messages, and holds nothing of its own but what is under way.
 * A message is never consent: every write goes through the commands' actions, which ask in the host's modal.
 */
export class RolloutPanel implements Disposable {
  readonly target: PanelTarget;
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: PanelDependencies;
  readonly #metrics: PanelMetrics;
  readonly #parts: Disposable[];
  readonly #life = new AbortController();
  #sequence = 0;
  #last: PanelSnapshot | undefined;
  #refusals: Refusals = {};
  #refusalsFor = '';
  #pending: NodeJS.Timeout | undefined;
  #isReady = false;

  constructor(panel: vscode.WebviewPanel, target: PanelTarget, deps: PanelDependencies) {
    this.#panel = panel;
    this.target = target;
    this.#deps = deps;
    this.#metrics = new PanelMetrics(target, deps, (metrics) => {
      this.#postMetrics(metrics);
    });
    const heartbeat = setInterval(() => {
      this.#beat();
    }, heartbeatMs);
    this.#parts = [
      deps.clusters.watch(target.context),
      {
        dispose: () => {
          clearInterval(heartbeat);
        },
      },
      deps.clusters.onDidChange((change) => {
        if (change.context === undefined || change.context === target.context) this.#schedule();
      }),
      deps.actions.onDidChangeHistory(() => {
        this.#schedule();
      }),
      deps.settings.onDidChange(() => {
        this.#schedule();
      }),
      deps.runs.onDidChange(() => {
        this.#schedule();
      }),
      panel.webview.onDidReceiveMessage((message) => void this.#receive(message)),
      panel.onDidChangeViewState(() => {
        this.#visibilityChanged();
      }),
      this.#metrics,
    ];
  }

  dispose(): void {
    this.#life.abort();
    clearTimeout(this.#pending);
    disposeAll(this.#parts);
  }

  get #rollout(): Rollout | undefined {
    const { context, rolloutId } = this.target;
    return rolloutId === undefined ? undefined : this.#deps.clusters.rollout(context, rolloutId);
  }

  #visibilityChanged(): void {
    this.#metrics.setVisible(this.#panel.visible && this.#isReady);
    if (this.#panel.visible) this.#schedule();
  }

  #schedule(): void {
    if (!this.#isReady || !this.#panel.visible) return;
    this.#pending ??= setTimeout(() => {
      this.#pending = undefined;
      this.#postSnapshot();
    }, coalesceMs);
  }

  /** At once, not with what else may change soon. */
  #postSnapshotNow(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    if (this.#isReady && this.#panel.visible) this.#postSnapshot();
  }

  #postSnapshot(): void {
    const { target } = this;
    const context = this.#deps.clusters.context(target.context);
    if (context === undefined) return;
    const rollout = this.#rollout;
    const serviceView = this.#deps.clusters.service(
      target.context,
      target.namespace,
      target.service,
    );
    void this.#checkPermissions(rollout);
    const run = rollout && this.#deps.runs.of(target.context, rollout.id);
    const next = panelSnapshot(
      {
        panelKey: panelKeyOf(target),
        sequence: this.#sequence,
        context,
        namespace: target.namespace,
        service: target.service,
        ...(rollout && { rollout }),
        ...(serviceView && { serviceView }),
        expectsRollout: this.#expectsRollout(rollout, serviceView),
        history: this.#history(),
        refusals: this.#refusals,
        readOnly: this.#deps.settings.readOnly,
        ...(run && { run }),
      },
      this.#deps.render,
      this.#deps.locale,
    );
    if (
      this.#last !== undefined &&
      equalJson({ ...this.#last, sequence: 0 }, { ...next, sequence: 0 })
    )
      return;
    this.#sequence += 1;
    this.#last = { ...next, sequence: this.#sequence };
    this.#post({ type: 'snapshot', snapshot: this.#last });
  }

  /** An update that has ended is no more; its service is what is left to be shown, with a way to begin again. */
  #expectsRollout(rollout: Rollout | undefined, service: ServiceView | undefined): boolean {
    const { rolloutId } = this.target;
    if (rollout !== undefined || rolloutId === undefined) return rolloutId !== undefined;
    return !isUpdateId(rolloutId) || service === undefined;
  }

  #history(): ReturnType<PanelDependencies['actions']['historyOf']> {
    const { context, rolloutId, namespace, service } = this.target;
    return this.#deps.actions.historyOf({
      context,
      rolloutId: rolloutId ?? `${namespace}/${service}`,
    });
  }

  /** Once per rollout's shape: the answer depends on which objects it has, not on its weights. */
  async #checkPermissions(rollout: Rollout | undefined): Promise<void> {
    const session = this.#deps.clusters.session(this.target.context);
    if (session?.connection.kind !== 'live') return;
    const shape = JSON.stringify([
      rollout?.id,
      rollout?.tracks.map((t) => t.id),
      rollout?.promotion,
    ]);
    if (shape === this.#refusalsFor) return;
    this.#refusalsFor = shape;
    try {
      this.#refusals = await fetchRefusals(session, this.target, rollout, this.#life.signal);
      this.#schedule();
    } catch (error) {
      if (!this.#life.signal.aborted) this.#deps.logError('Checking permissions failed', error);
    }
  }

  #postMetrics(metrics: MetricsView): void {
    this.#post({ type: 'metrics', metrics });
  }

  #beat(): void {
    if (!this.#isReady || !this.#panel.visible) return;
    this.#post({ type: 'heartbeat', sequence: this.#sequence });
  }

  #post(message: ToWebview): void {
    void this.#panel.webview.postMessage(message);
  }

  async #receive(raw: unknown): Promise<void> {
    try {
      if (JSON.stringify(raw).length > maxMessageLength) return;
      const parsed = v.safeParse(toHost, raw);
      if (parsed.success) await this.#handle(parsed.output);
      else
        this.#deps.logError(
          'A message of the panel was not understood',
          v.summarize(parsed.issues),
        );
    } catch (error) {
      if (!this.#life.signal.aborted) this.#deps.logError('A message of the panel failed', error);
    }
  }

  async #handle(message: ToHost): Promise<void> {
    if (isAction(message)) return this.#act(message);
    if (isCommand(message)) return this.#deps.run.command(this.target, message.type);
    if (message.type === 'run')
      return this.#deps.run.tellRun(this.target, message.id, message.command);
    switch (message.type) {
      case 'ready':
        this.#start();
        break;
      case 'draft':
        this.#answerDraft(message.request, message.draft);
        break;
      case 'ruleDraft':
        this.#answerRuleDraft(message.request, message.edit);
        break;
      case 'openRuleDiff':
        await this.#openRuleDiff(message.edit);
        break;
      case 'setRange':
        this.#metrics.setMinutes(message.minutes);
        break;
      case 'openDiff':
        await this.#deps.openDiff(this.target, intentOf(message.draft), this.#life.signal);
    }
  }

  async #openRuleDiff(edit: RuleEdit): Promise<void> {
    const intent = this.#rollout && ruleIntentOf(this.#rollout, edit);
    if (intent?.ok) await this.#deps.openDiff(this.target, intent.value, this.#life.signal);
  }

  #start(): void {
    this.#isReady = true;
    this.#last = undefined;
    this.#schedule();
    this.#metrics.setVisible(this.#panel.visible);
  }

  /** The plan on what is known, without asking the server: the sentence that sending would be asked with. */
  #answerDraft(request: number, draft: Draft): void {
    const said = this.#foretell(ok(intentOf(draft)));
    if (said !== undefined) this.#post({ type: 'preview', request, ...said });
  }

  #answerRuleDraft(request: number, edit: RuleEdit): void {
    const said = this.#rollout && this.#foretell(ruleIntentOf(this.#rollout, edit));
    if (said !== undefined) this.#post({ type: 'rulePreview', request, ...said });
  }

  #foretell(
    intent: Result<AnyIntent, Text>,
  ): { readonly sentence: string; readonly error: string } | undefined {
    const rollout = this.#rollout;
    const session = this.#deps.clusters.session(this.target.context);
    if (rollout === undefined || session === undefined) return undefined;
    const { render } = this.#deps;
    if (!intent.ok) return { sentence: '', error: render(intent.error) };
    const plan = planAction(session.snapshot(), rollout, intent.value);
    return plan.ok
      ? { sentence: render(plan.value.summary), error: '' }
      : { sentence: '', error: render(plan.error.text) };
  }

  /**
   * Runs an action as its command would, and tells the webview that it began and how it ended. The end is told at once: a failure also
   * stands in a notification, which may stay unanswered for hours. What is so now comes before it, for the end gives the buttons back, and
   * Undo must not stand on an earlier action any more.
   */
  async #act(message: Action): Promise<void> {
    const end = { isTold: false };
    const report: Report = (text, state) => {
      end.isTold = state !== 'busy';
      if (end.isTold) this.#postSnapshotNow();
      this.#post({ type: 'action', state, text });
    };
    report('', 'busy');
    try {
      await this.#run(message, report);
    } finally {
      if (!end.isTold) report('', 'cancelled');
      this.#schedule();
    }
  }

  /** What was shown may have changed while the message was on its way. */
  async #setRule(edit: RuleEdit, report: Report): Promise<void> {
    const intent = this.#rollout && ruleIntentOf(this.#rollout, edit);
    if (intent === undefined) return;
    if (intent.ok) await this.#deps.run.perform(this.target, intent.value, report);
    else report(this.#deps.render(intent.error), 'failed');
  }

  #run(message: Action, report: Report): Promise<void> {
    const { target } = this;
    const { run } = this.#deps;
    switch (message.type) {
      case 'send':
        return run.perform(target, intentOf(message.draft), report);
      case 'setRule':
        return this.#setRule(message.edit, report);
      case 'promote':
      case 'rollback':
      case 'endCanary':
      case 'pause':
      case 'resume':
        return run.perform(target, { kind: message.type }, report);
      case 'setSurge': {
        const { maxSurge, maxUnavailable } = message;
        return run.perform(target, { kind: 'setSurge', maxSurge, maxUnavailable }, report);
      }
      case 'undo':
        return run.undo(target, message.entry, report);
      case 'startCanary':
        return run.start(target, report);
      case 'undoRevision':
        return run.undoRevision(target, report);
    }
  }
}

import { percentText } from '../../base/share.ts';
import type { Locale, Text } from '../../base/text.ts';
import { backendOf } from '../../backends/registry.ts';
import { canRollBack, type Rollout, type Track } from '../../model/rollout.ts';
import {
  protocolVersion,
  type Offer,
  type PanelSnapshot,
  type TrackView,
} from '../../protocol/messages.ts';
import type { Connection } from '../../model/cluster.ts';
import type { ContextView, ServiceView } from '../../state/inventory.ts';
import { undoableOf, type HistoryEntry } from '../history.ts';
import { say } from './panel.l10n.ts';
import { canSetMatches, ruleViews } from './rulesView.ts';
import type { KnownRun } from '../runs/runs.ts';
import { runView } from '../runs/runView.ts';
import { updateView } from './updateView.ts';

/** What a person may not do, by action; absent when allowed. Sentences from SelfSubjectAccessReviews. */
export interface Refusals {
  readonly send?: Text;
  readonly promote?: Text;
  readonly rollback?: Text;
  readonly start?: Text;
  readonly end?: Text;
}

/** Everything that a panel shows, before it is rendered. */
export interface PanelInput {
  readonly panelKey: string;
  readonly sequence: number;
  readonly context: ContextView;
  readonly namespace: string;
  readonly service: string;
  /** Absent in a panel for a service without a canary, or when the rollout is gone. */
  readonly rollout?: Rollout;
  readonly serviceView?: ServiceView;
  readonly expectsRollout: boolean;
  readonly history: readonly HistoryEntry[];
  readonly refusals: Refusals;
  readonly readOnly: boolean;
  readonly run?: KnownRun;
}

/** Turns the state into the complete snapshot that the webview draws. Pure. */
export function panelSnapshot(
  input: PanelInput,
  render: (text: Text) => string,
  locale: Locale,
): PanelSnapshot {
  const { rollout, context } = input;
  const rule = rollout && sliderRuleOf(rollout);
  return {
    version: protocolVersion,
    sequence: input.sequence,
    panelKey: input.panelKey,
    locale,
    title: {
      service: input.service,
      namespace: input.namespace,
      context: context.name,
      route: rollout ? render(routeText(rollout)) : '',
      owner: rollout?.owner ? render(ownerText(rollout.owner)) : '',
    },
    protected: context.protected,
    freshness: freshnessOf(input, render),
    mode: input.expectsRollout ? 'rollout' : 'service',
    tracks: rollout ? rollout.tracks.map((track) => trackView(track, rule, render)) : [],
    weights: weightsOf(rollout, render),
    sliderRule: '',
    rules: rollout ? ruleViews(rollout, ruleReason(input), render) : [],
    ...updateOf(input, render),
    ...(input.run && { run: runView(input.run, render) }),
    problems: problemsOf(rollout, render),
    actions: offers(input, render),
    promotion: rollout ? promotionText(rollout, render) : '',
    promoteLabel: render(promoteLabel(rollout)),
    history: historyRows(input.history, render),
  };
}

/** Why no rule can be written now; undefined when they can. */
function ruleReason({ rollout, readOnly, refusals, context }: PanelInput): Text | undefined {
  const reasons = [
    readOnly ? say('panel.readOnlyMode') : undefined,
    rollout?.owner?.kind === 'controller' ? drivenBy(rollout.owner) : undefined,
    freshReason(context.connection),
    refusals.send,
  ];
  return reasons.find((reason) => reason !== undefined);
}

function updateOf(
  { rollout, readOnly, refusals, context }: PanelInput,
  render: (text: Text) => string,
): Pick<PanelSnapshot, 'update'> {
  const write = readOnly ? say('panel.readOnlyMode') : refusals.send;
  const view = freshReason(context.connection);
  const update = rollout && updateView(rollout, { write, view }, render);
  return update === undefined ? {} : { update };
}

type RuleOf = Rollout['rules'][number];

/** The rule whose shares the slider shows: the first one that holds both tracks and can be written; none of ours for some of the requests. */
function sliderRuleOf(rollout: Rollout): RuleOf | undefined {
  const writable = rollout.rules.filter((rule) => rule.readOnly === undefined && !rule.isOurs);
  return (
    writable.find((rule) => rule.destinations.length > 1 && rule.matches.length === 0) ??
    writable.find((rule) => rule.destinations.length > 1) ??
    writable[0] ??
    rollout.rules[0]
  );
}

function routeText(rollout: Rollout): Text {
  const { route, backend } = rollout;
  return say('panel.route', {
    backend: backendOf(backend)?.title ?? backend,
    kind: route.resource.kind,
    name: route.name,
  });
}

function ownerText(owner: NonNullable<Rollout['owner']>): Text {
  const key = owner.kind === 'controller' ? 'panel.owner' : 'panel.ownerGitops';
  return say(key, { owner: owner.name });
}

function freshnessOf(
  input: PanelInput,
  render: (text: Text) => string,
): PanelSnapshot['freshness'] {
  const { connection } = input.context;
  if (connection.kind === 'stale') {
    return { kind: 'stale', sinceMs: connection.sinceMs, reason: render(connection.text) };
  }
  if (connection.kind === 'failed') return { kind: 'gone', reason: render(connection.text) };
  if (connection.kind !== 'live') {
    return { kind: 'gone', reason: render(say('panel.connecting')) };
  }
  const isGone = input.expectsRollout
    ? input.rollout === undefined
    : input.serviceView === undefined;
  return isGone ? { kind: 'gone', reason: render(say('panel.gone')) } : { kind: 'live' };
}

function trackView(
  track: Track,
  rule: RuleOf | undefined,
  render: (text: Text) => string,
): TrackView {
  const share = rule?.destinations.find((d) => d.trackId === track.id)?.share ?? 0;
  const { workload } = track;
  return {
    id: track.id,
    role: track.role,
    name: track.name,
    version: track.version ?? '',
    ready: workload
      ? render(say('panel.ready', { ready: workload.ready, replicas: workload.replicas }))
      : '',
    share,
    percentText: percentText(share),
  };
}

function weightsOf(
  rollout: Rollout | undefined,
  render: (text: Text) => string,
): PanelSnapshot['weights'] {
  if (rollout === undefined) return { kind: 'none', reason: '' };
  if (rollout.owner?.kind === 'controller') {
    return { kind: 'none', reason: render(drivenBy(rollout.owner)) };
  }
  const { weights } = rollout;
  switch (weights.kind) {
    case 'any':
      return { kind: 'any' };
    case 'stops':
      return { kind: 'stops', stops: weights.stops.map((stop) => ({ ...stop })) };
    case 'none':
      return { kind: 'none', reason: render(weights.reason) };
  }
}

function drivenBy(owner: NonNullable<Rollout['owner']>): Text {
  return say('panel.drivenBy', { owner: owner.name, effect: owner.effect });
}

function problemsOf(
  rollout: Rollout | undefined,
  render: (text: Text) => string,
): PanelSnapshot['problems'] {
  if (rollout === undefined) return [];
  const own = rollout.problems.map((p) => ({ severity: p.severity, text: render(p.text) }));
  if (rollout.owner?.kind !== 'gitops') return own;
  return [{ severity: 'warning', text: render(rollout.owner.effect) }, ...own];
}

/** First reason that stands against an action wins; without one it is enabled and `tip` says what it does. */
function offerOf(
  shown: boolean,
  reasons: readonly (Text | undefined)[],
  tip: Text,
  render: (text: Text) => string,
): Offer {
  const reason = reasons.find((r) => r !== undefined);
  return { shown, enabled: reason === undefined, reason: render(reason ?? tip) };
}

function offers(input: PanelInput, render: (text: Text) => string): PanelSnapshot['actions'] {
  const { rollout, refusals } = input;
  const everywhere = input.readOnly ? say('panel.readOnlyMode') : undefined;
  const fresh = freshReason(input.context.connection);
  const owner = rollout?.owner?.kind === 'controller' ? drivenBy(rollout.owner) : undefined;
  const weights = rollout?.weights.kind === 'none' ? rollout.weights.reason : undefined;
  const canStart =
    rollout !== undefined && backendOf(rollout.backend)?.capabilities.startsCanary === true;
  const isRollout = rollout !== undefined;
  return {
    send: offerOf(
      isRollout,
      [everywhere, owner, fresh, refusals.send, weights],
      say('panel.sendTip'),
      render,
    ),
    promote: offerOf(
      isRollout,
      [everywhere, owner, fresh, promoteReason(rollout), refusals.promote],
      promoteTip(rollout),
      render,
    ),
    rollback: offerOf(
      isRollout,
      [everywhere, owner, rollbackReason(rollout), refusals.rollback],
      rollbackTip(rollout),
      render,
    ),
    startCanary: offerOf(
      !input.expectsRollout,
      [everywhere, fresh, startReason(input.serviceView), refusals.start],
      say('panel.startTip', { workload: input.serviceView?.workloads[0]?.ref.name ?? '' }),
      render,
    ),
    addRule: offerOf(takesRules(rollout), [ruleReason(input)], say('panel.addRuleTip'), render),
    endCanary: offerOf(
      canStart,
      [everywhere, owner, fresh, refusals.end],
      say('panel.endTip'),
      render,
    ),
  };
}

function takesRules(rollout: Rollout | undefined): boolean {
  return rollout !== undefined && canSetMatches(rollout);
}

function freshReason(connection: Connection): Text | undefined {
  if (connection.kind === 'live') return undefined;
  if (connection.kind === 'stale' || connection.kind === 'failed') {
    return say('panel.stale', { reason: connection.text });
  }
  return say('panel.connecting');
}

function promoteReason(rollout: Rollout | undefined): Text | undefined {
  if (rollout === undefined) return undefined;
  const { promotion, update } = rollout;
  if (update?.state === 'running') return say('panel.runsByItself');
  switch (promotion.style) {
    case 'none':
      return promotion.reason;
    case 'swap':
      return rollout.canaryShare >= 1 ? say('panel.promoted') : undefined;
    case 'copy':
      if (promotion.stage === 'done') return say('panel.promoted');
      return promotion.stage === 'waitReady' ? promotionSentence(rollout) : undefined;
  }
}

/** Rolling back is pointless only where nothing sends to the canary, or it goes back already. */
function rollbackReason(rollout: Rollout | undefined): Text | undefined {
  if (rollout === undefined || canRollBack(rollout)) return undefined;
  return say(rollout.update === undefined ? 'panel.atStable' : 'panel.goesBack');
}

function rollbackTip(rollout: Rollout | undefined): Text {
  return say(rollout?.update === undefined ? 'panel.rollbackTip' : 'panel.rollbackUpdateTip');
}

function startReason(service: ServiceView | undefined): Text | undefined {
  if (service?.rolloutId !== undefined) return say('panel.hasCanary');
  const workloads = service?.workloads ?? [];
  if (workloads.length === 0) return say('panel.noWorkload');
  return workloads.length > 1 ? say('panel.severalWorkloads') : undefined;
}

function promoteTip(rollout: Rollout | undefined): Text {
  if (rollout?.update !== undefined) return say('panel.finishTip');
  return say(rollout?.promotion.style === 'copy' ? 'panel.promoteCopyTip' : 'panel.promoteSwapTip');
}

function promoteLabel(rollout: Rollout | undefined): Text {
  if (rollout?.update !== undefined) return say('panel.finish');
  return rollout?.promotion.style === 'copy'
    ? say(`panel.stage.${rollout.promotion.stage}`)
    : say('panel.promote');
}

function promotionText(rollout: Rollout, render: (text: Text) => string): string {
  const text = promotionSentence(rollout);
  return text ? render(text) : '';
}

function promotionSentence(rollout: Rollout): Text | undefined {
  if (rollout.promotion.style !== 'copy') return undefined;
  const { stage } = rollout.promotion;
  if (stage === 'idle' || stage === 'done') return undefined;
  const stable = rollout.tracks.find((t) => t.role === 'stable')?.workload;
  return say(`panel.promotion.${stage}`, {
    ready: stable?.ready ?? 0,
    replicas: stable?.replicas ?? 0,
  });
}

function historyRows(
  history: readonly HistoryEntry[],
  render: (text: Text) => string,
): PanelSnapshot['history'] {
  const undoable = undoableOf(history);
  return history.slice(0, 50).map((entry) => ({
    id: entry.id,
    atMs: entry.atMs,
    who: entry.who,
    sentence: render(entry.sentence),
    outcome: entry.outcome,
    canUndo: entry === undoable,
  }));
}

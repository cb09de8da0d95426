/**
 * What the panel shows, as a pure function of what arrived and what was typed. Nothing here is optimistic: live values come from
 * snapshots alone, and a draft is only a draft until a snapshot says the same.
 */
import type {
  MetricsView,
  PanelSnapshot,
  ToWebview,
  ViewState,
  rangeMinutes,
} from '../src/protocol/messages.ts';
import {
  destinationsOf,
  isLive,
  livePercents,
  snapped,
  wholePercents,
  withPercent,
  type Percents,
} from './draft.ts';

import type { RuleDraft } from './ruleDraft.ts';

export type RangeMinutes = (typeof rangeMinutes)[number];

/** A write is not offered when the host has not confirmed the snapshot for this long (handbook/security.md 1.2). */
export const confirmationLimitMs = 10_000;

export interface DraftState {
  /** Whole percents that sum to 100. */
  readonly percents: Percents;
  /** Live percents when the draft began: shown when they move under it. */
  readonly basis: Percents;
}

export interface Notice {
  readonly state: 'busy' | 'done' | 'failed' | 'draftLost';
  /** The host's words; '' for `draftLost`, which has its own. */
  readonly text: string;
}

export interface PanelState {
  readonly snapshot: PanelSnapshot | undefined;
  readonly metrics: MetricsView | undefined;
  readonly draft: DraftState | undefined;
  readonly locked: readonly string[];
  /** What stands in a number box when it is not a whole percent. */
  readonly typed: { readonly trackId: string; readonly text: string } | undefined;
  /** Number of the newest draft; an answer to an older one is dropped. */
  readonly request: number;
  readonly preview: { readonly sentence: string; readonly error: string } | undefined;
  /** The rule for some of the requests that is edited. */
  readonly ruleDraft: RuleDraft | undefined;
  /** Number of its newest state; an answer to an older one is dropped. */
  readonly ruleRequest: number;
  readonly notice: Notice | undefined;
  readonly confirmedAtMs: number;
  readonly nowMs: number;
  /** Sequence the host speaks of although we have another: a snapshot was lost. */
  readonly missedSequence: number | undefined;
  readonly minutes: RangeMinutes;
  readonly asTable: boolean;
}

export type PanelEvent =
  | { readonly type: 'message'; readonly message: ToWebview; readonly nowMs: number }
  | { readonly type: 'restored'; readonly viewState: ViewState }
  | { readonly type: 'edit'; readonly trackId: string; readonly percent: number }
  | { readonly type: 'typed'; readonly trackId: string; readonly text: string }
  | { readonly type: 'lock'; readonly trackId: string }
  | { readonly type: 'discard' }
  /** Opens the editor of a rule, or changes what is typed in it; without a draft it closes. */
  | { readonly type: 'rule'; readonly draft: RuleDraft | undefined }
  | { readonly type: 'range'; readonly minutes: RangeMinutes }
  | { readonly type: 'table'; readonly on: boolean }
  | { readonly type: 'tick'; readonly nowMs: number };

export function initialState(nowMs: number): PanelState {
  return {
    snapshot: undefined,
    metrics: undefined,
    draft: undefined,
    locked: [],
    typed: undefined,
    request: 0,
    preview: undefined,
    ruleDraft: undefined,
    ruleRequest: 0,
    notice: undefined,
    confirmedAtMs: nowMs,
    nowMs,
    missedSequence: undefined,
    minutes: 15,
    asTable: false,
  };
}

export function reduce(state: PanelState, event: PanelEvent): PanelState {
  switch (event.type) {
    case 'message':
      return received({ ...state, nowMs: event.nowMs }, event.message);
    case 'restored':
      return restored(state, event.viewState);
    case 'edit':
      return edited(state, event.trackId, event.percent);
    case 'typed':
      return typed(state, event.trackId, event.text);
    case 'lock':
      return { ...state, locked: toggled(state.locked, event.trackId) };
    case 'discard':
      return withoutDraft(state);
    case 'rule':
      return { ...state, ruleDraft: event.draft, ruleRequest: state.ruleRequest + 1 };
    case 'range':
      return { ...state, minutes: event.minutes };
    case 'table':
      return { ...state, asTable: event.on };
    case 'tick':
      return { ...state, nowMs: event.nowMs };
  }
}

/** View state to keep over a reload. */
export function viewStateOf(state: PanelState): ViewState {
  const { draft, locked } = state;
  return {
    version: 1,
    panelKey: state.snapshot?.panelKey ?? '',
    minutes: state.minutes,
    asTable: state.asTable,
    ...(draft && { draft: { ...draft, locked: [...locked] } }),
  };
}

function received(state: PanelState, message: ToWebview): PanelState {
  switch (message.type) {
    case 'snapshot':
      return withSnapshot(state, message.snapshot);
    case 'metrics':
      return { ...state, metrics: message.metrics };
    case 'preview':
      if (message.request !== state.request) return state;
      return { ...state, preview: { sentence: message.sentence, error: message.error } };
    case 'rulePreview':
      return withRulePreview(state, message);
    case 'heartbeat':
      if (message.sequence !== state.snapshot?.sequence)
        return { ...state, missedSequence: message.sequence };
      return { ...state, confirmedAtMs: state.nowMs, missedSequence: undefined };
    case 'action':
      return {
        ...state,
        notice: noticeOf(message.state, message.text),
        ruleDraft: afterAction(state.ruleDraft, message.state),
      };
  }
}

function withRulePreview(
  state: PanelState,
  { request, sentence, error }: Extract<ToWebview, { type: 'rulePreview' }>,
): PanelState {
  const { ruleDraft } = state;
  if (request !== state.ruleRequest || ruleDraft === undefined) return state;
  return { ...state, ruleDraft: { ...ruleDraft, preview: { sentence, error } } };
}

/** A rule that was sent is done with when it was written; else the draft stays, to be corrected. */
function afterAction(
  draft: RuleDraft | undefined,
  state: 'busy' | 'done' | 'failed' | 'cancelled',
): RuleDraft | undefined {
  if (draft === undefined || !draft.isSent || state === 'busy') return draft;
  return state === 'done' ? undefined : { ...draft, isSent: false };
}

function noticeOf(
  state: 'busy' | 'done' | 'failed' | 'cancelled',
  text: string,
): Notice | undefined {
  if (state !== 'cancelled') return { state, text };
  return text === '' ? undefined : { state: 'done', text };
}

function withSnapshot(state: PanelState, snapshot: PanelSnapshot): PanelState {
  const next = {
    ...state,
    snapshot,
    confirmedAtMs: state.nowMs,
    missedSequence: undefined,
    // What the rule comes to may be something else by now.
    ruleRequest: state.ruleDraft === undefined ? state.ruleRequest : state.ruleRequest + 1,
  };
  const { draft } = state;
  if (draft === undefined) return next;
  const live = livePercents(snapshot);
  if (isLive(snapshot, draft.percents)) return withoutDraft(next);
  if (!sameKeys(draft.percents, live))
    return { ...withoutDraft(next), notice: { state: 'draftLost', text: '' } };
  return { ...next, request: state.request + 1 };
}

function sameKeys(a: Percents, b: Percents): boolean {
  return Object.keys(a).sort().join('\n') === Object.keys(b).sort().join('\n');
}

function restored(state: PanelState, view: ViewState): PanelState {
  const { minutes, asTable, draft } = view;
  const base = { ...state, minutes, asTable };
  if (draft === undefined) return base;
  const { percents, basis, locked } = draft;
  return { ...base, locked, draft: { percents, basis }, request: state.request + 1 };
}

function edited(state: PanelState, trackId: string, percent: number): PanelState {
  const { snapshot } = state;
  if (snapshot === undefined || snapshot.weights.kind === 'none') return state;
  const from = state.draft?.percents ?? wholePercents(snapshot);
  const locks = destinationsOf(snapshot).length > 2 ? state.locked : [];
  const percents = withPercent(from, trackId, snapped(snapshot.weights, percent), locks);
  const live = livePercents(snapshot);
  if (isLive(snapshot, percents)) return withoutDraft(state);
  return {
    ...state,
    draft: { percents, basis: state.draft?.basis ?? live },
    typed: undefined,
    request: state.request + 1,
    preview: undefined,
    notice: state.notice?.state === 'busy' ? state.notice : undefined,
  };
}

function typed(state: PanelState, trackId: string, text: string): PanelState {
  const isWhole = /^\d{1,3}$/.test(text) && Number(text) <= 100;
  return isWhole ? edited(state, trackId, Number(text)) : { ...state, typed: { trackId, text } };
}

function withoutDraft(state: PanelState): PanelState {
  return { ...state, draft: undefined, typed: undefined, preview: undefined };
}

function toggled(list: readonly string[], id: string): readonly string[] {
  return list.includes(id) ? list.filter((other) => other !== id) : [...list, id];
}

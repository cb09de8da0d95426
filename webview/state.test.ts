import { describe, expect, test } from 'vitest';
import type { PanelSnapshot, ToWebview } from '../src/protocol/messages.ts';
import { good, owned, threeDestinations } from '../test/webview/samples.ts';
import {
  draftMessage,
  hasMovedUnderDraft,
  isBusy,
  isDraftPending,
  offerOf,
  writeHindrance,
} from './offers.ts';
import { initialState, reduce, viewStateOf, type PanelEvent, type PanelState } from './state.ts';

const start = 1_000_000;

function after(events: readonly PanelEvent[], from: PanelState = initialState(start)): PanelState {
  return events.reduce(reduce, from);
}

const message = (one: ToWebview, nowMs = start): PanelEvent => ({
  type: 'message',
  message: one,
  nowMs,
});
const shown = (change: Partial<PanelSnapshot> = {}, nowMs = start): PanelEvent =>
  message({ type: 'snapshot', snapshot: { ...good.snapshot, ...change } }, nowMs);
const live = (canary: number, sequence: number): PanelEvent =>
  shown({
    sequence,
    tracks: good.snapshot.tracks.map((track) => ({
      ...track,
      share: (track.role === 'canary' ? canary : 100 - canary) / 100,
    })),
  });
const edit = (percent: number): PanelEvent => ({ type: 'edit', trackId: 'v2', percent });
const heartbeat = (sequence: number, nowMs: number): PanelEvent =>
  message({ type: 'heartbeat', sequence }, nowMs);

describe('a draft', () => {
  test('survives a live update, and both values are known', () => {
    const state = after([shown(), edit(25), live(15, 2)]);
    expect(state.draft?.percents).toEqual({ v1: 75, v2: 25 });
    expect(state.draft?.basis['v2']).toBeCloseTo(10);
    expect(hasMovedUnderDraft(state)).toBe(true);
    expect(isDraftPending(state)).toBe(true);
  });

  test('asks for a new preview when the live values change under it', () => {
    const before = after([shown(), edit(25)]);
    expect(after([live(15, 2)], before).request).toBe(before.request + 1);
  });

  test('ends when the snapshot says the same, or when it is moved back', () => {
    expect(after([shown(), edit(25), live(25, 2)]).draft).toBeUndefined();
    expect(after([shown(), edit(25), edit(10)]).draft).toBeUndefined();
  });

  test('is dropped, and that is said, when the destinations change', () => {
    const { tracks, rules } = threeDestinations.snapshot;
    const state = after([shown(), edit(25), shown({ tracks, rules, sequence: 2 })]);
    expect(state.draft).toBeUndefined();
    expect(state.notice?.state).toBe('draftLost');
  });

  test('never changes what is live', () => {
    const state = after([shown(), edit(25), message({ type: 'action', state: 'done', text: '' })]);
    expect(state.snapshot).toEqual(good.snapshot);
  });

  test('cannot be made where no weight can be set', () => {
    const { weights } = owned.snapshot;
    expect(after([shown({ weights }), edit(25)]).draft).toBeUndefined();
  });

  test('carries the rule that the slider writes', () => {
    const percents = { v1: 75, v2: 25 };
    expect(draftMessage(after([shown(), edit(25)]))).toEqual({ percents, rule: 'primary' });
    expect(draftMessage(after([shown({ sliderRule: '' }), edit(25)]))).toEqual({ percents });
  });

  test('comes back after a reload', () => {
    const kept = viewStateOf(after([shown(), edit(25), { type: 'range', minutes: 60 }]));
    const state = after([{ type: 'restored', viewState: kept }, live(15, 1)]);
    expect(state.minutes).toBe(60);
    expect(draftMessage(state)?.percents).toEqual({ v1: 75, v2: 25 });
    expect(hasMovedUnderDraft(state)).toBe(true);
    expect(kept.panelKey).toBe(good.snapshot.panelKey);
  });
});

describe('a number box', () => {
  const typed = (text: string): PanelEvent => ({ type: 'typed', trackId: 'v2', text });

  test('makes a draft of a whole percent', () => {
    expect(after([shown(), typed('25')]).draft?.percents).toEqual({ v1: 75, v2: 25 });
  });

  test.each(['', '101', '2.5', '-1', '1e1', 'x'])(
    'keeps "%s" as typed and sends nothing',
    (text) => {
      const state = after([shown(), edit(25), typed(text)]);
      expect(state.typed?.text).toBe(text);
      expect(offerOf(state, 'send')).toMatchObject({ enabled: false, hindrance: 'notWhole' });
    },
  );
});

describe('a preview', () => {
  const preview = (request: number, error = ''): PanelEvent =>
    message({ type: 'preview', request, sentence: 'It would.', error });

  test('is shown for the newest draft only', () => {
    const drafted = after([shown(), edit(25), edit(26)]);
    expect(after([preview(drafted.request - 1)], drafted).preview).toBeUndefined();
    expect(after([preview(drafted.request)], drafted).preview?.sentence).toBe('It would.');
  });

  test('that refuses holds Send, until the draft changes', () => {
    const drafted = after([shown(), edit(25)]);
    const refused = after([preview(drafted.request, 'No.')], drafted);
    expect(offerOf(refused, 'send')).toMatchObject({ enabled: false, hindrance: 'refused' });
    expect(offerOf(after([edit(26)], refused), 'send').enabled).toBe(true);
  });
});

describe('writes', () => {
  const drafted = after([shown(), edit(25)]);

  test('are offered while the host confirms the snapshot', () => {
    const state = after(
      [heartbeat(1, start + 8000), { type: 'tick', nowMs: start + 17_000 }],
      drafted,
    );
    expect(offerOf(state, 'send').enabled).toBe(true);
  });

  test('stop after 10 s without, while Roll back stays', () => {
    const state = after([{ type: 'tick', nowMs: start + 10_000 }], drafted);
    expect(offerOf(state, 'send')).toMatchObject({ enabled: false, hindrance: 'unconfirmed' });
    expect(offerOf(state, 'promote').enabled).toBe(false);
    expect(offerOf(state, 'rollback').enabled).toBe(true);
    expect(writeHindrance(state)).toBe('unconfirmed');
  });

  test('are not confirmed by a heartbeat of a snapshot that never came', () => {
    const state = after(
      [heartbeat(2, start + 9000), { type: 'tick', nowMs: start + 11_000 }],
      drafted,
    );
    expect(state.missedSequence).toBe(2);
    expect(offerOf(state, 'send').enabled).toBe(false);
  });

  test('wait while an action runs, but a rollback does not', () => {
    const busy = after([message({ type: 'action', state: 'busy', text: 'Sending…' })], drafted);
    expect(isBusy(busy)).toBe(true);
    expect(offerOf(busy, 'send').enabled).toBe(false);
    expect(offerOf(busy, 'rollback').enabled).toBe(true);
    const done = after([message({ type: 'action', state: 'cancelled', text: '' })], busy);
    expect(offerOf(done, 'send').enabled).toBe(true);
    expect(done.notice).toBeUndefined();
  });

  test('are as the host says when it refuses', () => {
    const send = { shown: true, enabled: false, reason: 'You may not patch.' };
    const state = after([shown({ actions: { ...good.snapshot.actions, send } })]);
    expect(offerOf(state, 'send')).toEqual(send);
  });
});

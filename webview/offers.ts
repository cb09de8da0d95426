import type { Draft, Offer } from '../src/protocol/messages.ts';
import { isLive, livePercents, samePercents } from './draft.ts';
import { confirmationLimitMs, type PanelState } from './state.ts';

/** Why a button that the host offers is not offered now; the panel has words for each. */
export type Hindrance = 'unconfirmed' | 'busy' | 'noDraft' | 'notWhole' | 'refused';

export interface OfferNow {
  readonly shown: boolean;
  readonly enabled: boolean;
  /** The host's sentence: why not, or what it will do. */
  readonly reason: string;
  /** Present when the panel itself holds it back. */
  readonly hindrance?: Hindrance;
}

type ActionName = 'send' | 'promote' | 'rollback' | 'startCanary' | 'endCanary';

const none: Offer = { shown: false, enabled: false, reason: '' };

/** What an action's button shows now. Roll back is never held back by the panel: the host fetches afresh. */
export function offerOf(state: PanelState, action: ActionName): OfferNow {
  const offer = state.snapshot?.actions[action] ?? none;
  if (action === 'rollback' || !offer.enabled) return offer;
  const hindrance = action === 'send' ? sendHindrance(state) : writeHindrance(state);
  return hindrance === undefined ? offer : { ...offer, enabled: false, hindrance };
}

/** Is the newest snapshot confirmed by the host within the limit? */
export function isConfirmed(state: PanelState): boolean {
  return state.nowMs - state.confirmedAtMs < confirmationLimitMs;
}

export function isBusy(state: PanelState): boolean {
  return state.notice?.state === 'busy' && isConfirmed(state);
}

/** What holds every write but a rollback. */
export function writeHindrance(state: PanelState): Hindrance | undefined {
  if (!isConfirmed(state)) return 'unconfirmed';
  return isBusy(state) ? 'busy' : undefined;
}

function sendHindrance(state: PanelState): Hindrance | undefined {
  const held = writeHindrance(state);
  if (held !== undefined) return held;
  if (state.typed !== undefined) return 'notWhole';
  if (!isDraftPending(state)) return 'noDraft';
  return state.preview !== undefined && state.preview.error !== '' ? 'refused' : undefined;
}

/** Is there a draft that differs from what is live? */
export function isDraftPending(state: PanelState): boolean {
  const { draft, snapshot } = state;
  if (draft === undefined || snapshot === undefined) return false;
  return !isLive(snapshot, draft.percents);
}

/** Did the live values change since the draft began? */
export function hasMovedUnderDraft(state: PanelState): boolean {
  const { draft, snapshot } = state;
  if (draft === undefined || snapshot === undefined) return false;
  return !samePercents(draft.basis, livePercents(snapshot));
}

/** The draft as the protocol carries it; `undefined` without one. */
export function draftMessage(state: PanelState): Draft | undefined {
  const { draft, snapshot } = state;
  if (draft === undefined || snapshot === undefined) return undefined;
  const percents = { ...draft.percents };
  return snapshot.sliderRule === '' ? { percents } : { percents, rule: snapshot.sliderRule };
}

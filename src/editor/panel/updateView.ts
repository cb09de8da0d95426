import type { Text } from '../../base/text.ts';
import type { BatchUpdate, Rollout } from '../../model/rollout.ts';
import type { Offer, UpdateView } from '../../protocol/messages.ts';
import { updateOffers } from '../updateOffers.ts';
import { say } from './panel.l10n.ts';

/** The actions row of an update in batches. `held`: first reason that stands against any write, besides a missing right. */
export function updateView(
  rollout: Rollout,
  held: { readonly write: Text | undefined; readonly view: Text | undefined },
  render: (text: Text) => string,
): UpdateView | undefined {
  const { update } = rollout;
  const offers = updateOffers(rollout);
  if (update === undefined || offers === undefined) return undefined;
  const reason = held.write ?? held.view;
  const offerOf = (shown: boolean, tip: Parameters<typeof say>[0]): Offer => ({
    shown,
    enabled: reason === undefined,
    reason: render(reason ?? say(tip)),
  });
  return {
    sentence: render(sentenceOf(update)),
    maxSurge: update.maxSurge,
    maxUnavailable: update.maxUnavailable,
    pause: offerOf(offers.pause, 'panel.pauseTip'),
    resume: offerOf(offers.resume, 'panel.resumeTip'),
    setSurge: offerOf(offers.setSurge, 'panel.setSurgeTip'),
    undoRevision: offerOf(offers.undoRevision, 'panel.undoRevisionTip'),
  };
}

function sentenceOf({ state, paused, wanted, batch, updated, ready }: BatchUpdate): Text {
  const numbers = { wanted, batch, updated, ready };
  if (state === 'held') return say(paused ? 'panel.heldPaused' : 'panel.held', numbers);
  return say(`panel.update.${state}`, numbers);
}

import type { Text } from '../../base/text.ts';
import type { BatchUpdate, Rollout } from '../../model/rollout.ts';
import type { Offer, UpdateView } from '../../protocol/messages.ts';
import { say } from './panel.l10n.ts';

/** The actions row of an update in batches. `held`: first reason that stands against any write, besides a missing right. */
export function updateView(
  { update, owner }: Rollout,
  held: { readonly write: Text | undefined; readonly view: Text | undefined },
  render: (text: Text) => string,
): UpdateView | undefined {
  if (update === undefined || owner?.kind === 'controller') return undefined;
  const reason = held.write ?? held.view;
  const offerOf = (shown: boolean, tip: Parameters<typeof say>[0]): Offer => ({
    shown,
    enabled: reason === undefined,
    reason: render(reason ?? say(tip)),
  });
  const isOnItsWay = update.state !== 'returning';
  return {
    sentence: render(sentenceOf(update)),
    maxSurge: update.maxSurge,
    maxUnavailable: update.maxUnavailable,
    pause: offerOf(isOnItsWay && (!update.paused || update.state === 'paused'), 'panel.pauseTip'),
    resume: offerOf(update.paused, 'panel.resumeTip'),
    setSurge: offerOf(isOnItsWay, 'panel.setSurgeTip'),
  };
}

function sentenceOf({ state, paused, wanted, batch, updated, ready }: BatchUpdate): Text {
  const numbers = { wanted, batch, updated, ready };
  if (state === 'held') return say(paused ? 'panel.heldPaused' : 'panel.held', numbers);
  return say(`panel.update.${state}`, numbers);
}

import { html, nothing, type TemplateResult } from 'lit/html.js';
import { destinationsOf } from '../draft.ts';
import { draftMessage, isDraftPending, offerOf, type OfferNow } from '../offers.ts';
import { icon } from '../ui/icons.ts';
import { button } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';
import { silentSeconds } from './header.ts';
import { numberBox } from './slider.ts';
import { draftPercent, isDraftable, pairOf, percentOf } from './tracks.ts';

const usualPresets = [1, 5, 10, 25, 50, 100];
const maxPresets = 8;

/** Choose and send on the left; promote and roll back apart on the right. Under them, what sending would do. */
export function actionsRow(view: View): TemplateResult {
  return html`<div class="actions">
      ${isDraftable(view) ? choose(view) : nothing}
      <div class="ends-of-release">${ends(view)}</div>
    </div>
    ${explanation(view)}`;
}

function choose(view: View): TemplateResult {
  return html`${percentField(view)}
    <div class="sending">${send(view)} ${preview(view)} ${discard(view)}</div>`;
}

function percentField(view: View): TemplateResult | typeof nothing {
  const pair = pairOf(view.snapshot);
  if (pair === undefined) return nothing;
  const { say } = view;
  return html`<div class="choosing">
    <span aria-hidden="true">${say('panel.boxTitle')}</span>
    ${numberBox(view, pair.canary, say('panel.boxLabel'))}<span aria-hidden="true">%</span>
    <div class="presets" role="group" aria-label=${say('panel.presets')}>
      ${presetsOf(view).map((percent) => preset(view, pair.canary.id, percent))}
    </div>
  </div>`;
}

function presetsOf(view: View): readonly number[] {
  const { weights } = view.snapshot;
  if (weights.kind !== 'stops') return usualPresets;
  const stops = weights.stops.map((stop) => stop.percent).filter((percent) => percent > 0);
  return stops.slice(0, maxPresets);
}

function preset(view: View, trackId: string, percent: number): TemplateResult {
  const now = pairOf(view.snapshot);
  const isOn = now !== undefined && draftPercent(view, now.canary) === percent;
  return html`<button
    class="chip"
    aria-pressed=${isOn ? 'true' : 'false'}
    @click=${() => {
      view.dispatch({ type: 'edit', trackId, percent });
    }}
  >
    ${String(percent)}
  </button>`;
}

function send(view: View): TemplateResult | typeof nothing {
  const offer = offerOf(view.state, 'send');
  if (!offer.shown) return nothing;
  return button({
    label: sendLabel(view),
    look: 'primary',
    name: 'send',
    disabled: !offer.enabled,
    title: reasonOf(view, offer),
    onClick: () => {
      view.send();
    },
  });
}

function sendLabel(view: View): string {
  if (!isDraftPending(view.state)) return view.say('panel.send');
  const pair = pairOf(view.snapshot);
  if (pair !== undefined)
    return view.say('panel.sendPercent', { n: percentOf(draftPercent(view, pair.canary)) });
  const split = destinationsOf(view.snapshot).map((track) => percentOf(draftPercent(view, track)));
  return view.say('panel.sendSplit', { split: split.join(' / ') });
}

function preview(view: View): TemplateResult {
  const draft = draftMessage(view.state);
  return button({
    label: view.say('panel.preview'),
    look: 'secondary',
    name: 'preview',
    disabled: draft === undefined || view.state.typed !== undefined,
    title: view.say('panel.previewTitle'),
    onClick: () => {
      if (draft !== undefined) view.post({ type: 'openDiff', draft });
    },
  });
}

function discard(view: View): TemplateResult | typeof nothing {
  if (view.state.draft === undefined && view.state.typed === undefined) return nothing;
  return html`<button
    class="link"
    data-action="discard"
    title=${view.say('panel.discardTitle')}
    @click=${() => {
      view.dispatch({ type: 'discard' });
    }}
  >
    ${view.say('panel.discard')}
  </button>`;
}

function ends(view: View): TemplateResult {
  const { say, snapshot } = view;
  return html`${action(view, 'endCanary', say('panel.endCanary'))}
  ${action(view, 'promote', snapshot.promoteLabel)}
  ${action(view, 'rollback', say('panel.rollback'))}`;
}

function action(
  view: View,
  name: 'promote' | 'rollback' | 'endCanary',
  label: string,
): TemplateResult | typeof nothing {
  const offer = offerOf(view.state, name);
  if (!offer.shown) return nothing;
  return button({
    label,
    look: name === 'rollback' ? 'danger' : 'secondary',
    name,
    disabled: !offer.enabled,
    title: reasonOf(view, offer),
    onClick: () => {
      view.post({ type: name });
    },
  });
}

/** Why a button cannot be pressed or what it will do, in one sentence; '' when its label says it all. */
function reasonOf(view: View, offer: OfferNow): string {
  const { hindrance } = offer;
  if (hindrance === undefined) return offer.reason;
  switch (hindrance) {
    case 'unconfirmed':
      return view.say('panel.held.unconfirmed', { seconds: silentSeconds(view) });
    case 'busy':
      return view.say('panel.held.busy');
    case 'noDraft':
      return view.say('panel.held.noDraft');
    case 'notWhole':
      return view.say('panel.notWhole');
    case 'refused':
      return view.state.preview?.error ?? view.say('panel.held.refused');
  }
}

/** The sentence under the buttons: an error, else why nothing can be sent, else what sending would do. */
function explanation(view: View): TemplateResult | typeof nothing {
  const { state } = view;
  if (state.typed !== undefined) return wrong(view.say('panel.notWhole'));
  if (state.preview !== undefined && state.preview.error !== '') return wrong(state.preview.error);
  const offer = offerOf(state, 'send');
  const isHeld = offer.shown && !offer.enabled && !isPassing(offer);
  if (isHeld && isDraftable(view))
    return html`<p class="hint held">
      ${icon('info')}<span>${richText(reasonOf(view, offer))}</span>
    </p>`;
  if (state.draft === undefined) return nothing;
  return html`<p class="hint sentence">${richText(state.preview?.sentence ?? '')}</p>`;
}

function isPassing(offer: OfferNow): boolean {
  return offer.hindrance === 'noDraft' || offer.hindrance === 'busy';
}

function wrong(text: string): TemplateResult {
  return html`<p class="hint is-wrong" role="alert">
    ${icon('error')}<span>${richText(text)}</span>
  </p>`;
}

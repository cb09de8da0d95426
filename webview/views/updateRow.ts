import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Offer, UpdateView } from '../../src/protocol/messages.ts';
import { writeHindrance } from '../offers.ts';
import { button } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** Pods that may be more or fewer than wanted, as they are typed; the host says what is wrong with them. */
type Limit = 'maxSurge' | 'maxUnavailable';

const labels = {
  pause: 'panel.pause',
  resume: 'panel.resume',
  undoRevision: 'panel.undoRevision',
} as const;

/** An update of one workload in batches: where it is, pause and resume, and its limits with what they come to in pods. */
export function updateRow(view: View): TemplateResult | typeof nothing {
  const { update } = view.snapshot;
  if (update === undefined) return nothing;
  return html`<div class="update-row">
    <p class="hint sentence">${richText(update.sentence)}</p>
    <form
      class="limits"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
      }}
    >
      ${action(view, 'pause', update.pause)} ${action(view, 'resume', update.resume)}
      ${update.setSurge.shown ? limits(view, update) : nothing}
      ${action(view, 'undoRevision', update.undoRevision)}
    </form>
  </div>`;
}

function action(
  view: View,
  name: keyof typeof labels,
  offer: Offer,
): TemplateResult | typeof nothing {
  if (!offer.shown) return nothing;
  return button({
    label: view.say(labels[name]),
    look: 'secondary',
    name,
    disabled: isHeld(view, offer),
    title: offer.reason,
    onClick: () => {
      view.post({ type: name });
    },
  });
}

function limits(view: View, update: UpdateView): TemplateResult {
  return html`${limit(view, update, 'maxSurge')} ${limit(view, update, 'maxUnavailable')}
  ${button({
    label: view.say('panel.setLimits'),
    look: 'secondary',
    name: 'setSurge',
    disabled: isHeld(view, update.setSurge),
    title: update.setSurge.reason,
    onClick: () => {
      const [maxSurge, maxUnavailable] = [typed('maxSurge'), typed('maxUnavailable')];
      view.post({ type: 'setSurge', maxSurge, maxUnavailable });
    },
  })}`;
}

function limit(view: View, update: UpdateView, name: Limit): TemplateResult {
  const { value, pods } = update[name];
  return html`<label
    >${name}
    <input type="text" name=${name} size="5" maxlength="12" .defaultValue=${value} />
    <span class="detail">${view.say('panel.comesTo', { pods })}</span></label
  >`;
}

function typed(name: Limit): string {
  return document.querySelector<HTMLInputElement>(`.limits input[name=${name}]`)?.value ?? '';
}

function isHeld(view: View, offer: Offer): boolean {
  return !offer.enabled || writeHindrance(view.state) !== undefined;
}

import { html, nothing, type TemplateResult } from 'lit/html.js';
import { offerOf } from '../offers.ts';
import { button } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';
import { trackDetail } from './tracks.ts';

/** A service without a canary: the way to one stands where the slider would be. */
export function startCanary(view: View): TemplateResult {
  const offer = offerOf(view.state, 'startCanary');
  const stable = view.snapshot.tracks.find((track) => track.role === 'stable');
  return html`<section class="split start" aria-label=${view.say('panel.split')}>
    <p>
      ${view.say('panel.noCanary')}
      ${
        stable === undefined
          ? nothing
          : html`<span class="detail">${stable.name} ${trackDetail(stable)}</span>`
      }
    </p>
    ${
      offer.shown
        ? button({
            label: view.say('panel.startCanary'),
            look: 'primary',
            name: 'startCanary',
            disabled: !offer.enabled,
            title: offer.reason,
            onClick: () => {
              view.post({ type: 'startCanary' });
            },
          })
        : nothing
    }
    ${offer.reason === '' ? nothing : html`<p class="hint"><span>${richText(offer.reason)}</span></p>`}
  </section>`;
}

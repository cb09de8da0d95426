import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isBusy } from '../offers.ts';
import { icon } from '../ui/icons.ts';
import { progress } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/**
 * What an action is doing or came to. The region is always there, so that a screen reader hears a change of its text; numbers that
 * merely tick are outside it.
 */
export function noticeLine(view: View): TemplateResult {
  const { notice } = view.state;
  const { promotion } = view.snapshot;
  return html`<div class="notice" role="status" aria-live="polite">
      ${notice === undefined ? nothing : html`<p class="is-${notice.state}">${content(view)}</p>`}
    </div>
    ${
      promotion === ''
        ? nothing
        : html`<p class="promotion line">${icon('info')}<span>${richText(promotion)}</span></p>`
    }`;
}

function content(view: View): TemplateResult {
  const { notice } = view.state;
  const text = notice?.state === 'draftLost' ? view.say('panel.draftLost') : (notice?.text ?? '');
  return html`${sign(view)}<span>${richText(text)}</span> ${
      notice?.state === 'failed' ? log(view) : nothing
    }`;
}

function sign(view: View): TemplateResult {
  switch (view.state.notice?.state) {
    case 'busy':
      return isBusy(view.state) ? progress() : icon('info');
    case 'failed':
      return icon('error');
    case 'done':
      return icon('done');
    case 'draftLost':
    case undefined:
      return icon('info');
  }
}

function log(view: View): TemplateResult {
  return html`<button
    class="link"
    data-action="showLog"
    @click=${() => {
      view.post({ type: 'showLog' });
    }}
  >
    ${view.say('panel.showLog')}
  </button>`;
}

import { html, nothing, type TemplateResult } from 'lit/html.js';
import { clock, fullTime } from '../format.ts';
import { isConfirmed } from '../offers.ts';
import { icon } from '../ui/icons.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

export function header(view: View): TemplateResult {
  const { title, protected: isProtected } = view.snapshot;
  return html`<header class="header">
    <h1>${title.service}</h1>
    <span class="place">${title.namespace} · ${title.context}</span>
    ${
      isProtected
        ? html`<span class="protected">${icon('lock')}${view.say('panel.protected')}</span>`
        : nothing
    }
    ${title.route === '' ? nothing : route(view)}
    ${title.owner === '' ? nothing : html`<span class="owner">${title.owner}</span>`}
    ${freshness(view)}
  </header>`;
}

function route(view: View): TemplateResult {
  return html`<button
    class="link route"
    data-action="openRoute"
    title=${view.say('panel.openRoute')}
    @click=${() => {
      view.post({ type: 'openRoute' });
    }}
  >
    ${richText(view.snapshot.title.route)}
  </button>`;
}

function freshness(view: View): TemplateResult {
  const { state, say } = view;
  const { freshness: fresh, locale } = view.snapshot;
  if (fresh.kind === 'gone') return badge('gone', say('panel.gone'), fresh.reason);
  if (fresh.kind === 'stale') {
    const since = say('panel.staleSince', { time: clock(fresh.sinceMs, locale, 'second') });
    return badge('stale', `${since} · ${fresh.reason}`, fullTime(fresh.sinceMs, locale));
  }
  if (isConfirmed(state)) return badge('live', say('panel.live'), '');
  return badge('stale', say('panel.unconfirmed', { seconds: silentSeconds(view) }), '');
}

function badge(kind: 'live' | 'stale' | 'gone', text: string, title: string): TemplateResult {
  return html`<span class="freshness is-${kind}" title=${title === '' ? nothing : title}
    ><span class="dot" aria-hidden="true"></span>${text}</span
  >`;
}

/** How long the host has been silent, in whole seconds. */
export function silentSeconds(view: View): number {
  return Math.round((view.state.nowMs - view.state.confirmedAtMs) / 1000);
}

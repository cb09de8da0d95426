import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { HistoryRow } from '../../src/protocol/messages.ts';
import { fullTime, shortTime } from '../format.ts';
import { writeHindrance } from '../offers.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** Newest first, as the host sends it; Undo stands on the newest that can be undone. */
export function history(view: View): TemplateResult {
  const { say, snapshot } = view;
  const undoable = snapshot.history.find((row) => row.canUndo);
  return html`<section class="history">
    <div class="heading">
      <h2>${say('panel.history')}</h2>
      ${snapshot.history.length === 0 ? nothing : copyButton(view)}
    </div>
    ${
      snapshot.history.length === 0
        ? html`<p class="hint">${say('panel.noHistory')}</p>`
        : html`<ol class="list">
            ${snapshot.history.map((row) => entry(view, row, row === undoable))}
          </ol>`
    }
  </section>`;
}

function copyButton(view: View): TemplateResult {
  return html`<button
    class="link"
    data-action="copyHistory"
    @click=${() => {
      view.post({ type: 'copyHistory' });
    }}
  >
    ${view.say('panel.copyMarkdown')}
  </button>`;
}

function entry(view: View, row: HistoryRow, hasUndo: boolean): TemplateResult {
  const { locale } = view.snapshot;
  const outcome = view.say(`panel.outcome.${row.outcome}`);
  return html`<li>
    <time
      datetime=${new Date(row.atMs).toISOString()}
      title=${`${fullTime(row.atMs, locale)} · ${outcome}`}
      >${shortTime(row.atMs, view.state.nowMs, locale)}</time
    >
    <span class="text"
      >${row.who === '' ? nothing : html`<span class="who">${row.who}</span>: `}${richText(
        row.sentence,
      )}</span
    >
    ${
      row.outcome === 'written'
        ? nothing
        : html`<span class="outcome is-${row.outcome}">${outcome}</span>`
    }
    ${hasUndo ? undoButton(view, row) : nothing}
  </li>`;
}

function undoButton(view: View, row: HistoryRow): TemplateResult {
  const isStale = view.snapshot.freshness.kind !== 'live';
  return html`<button
    class="link"
    data-action="undo"
    ?disabled=${writeHindrance(view.state) !== undefined || isStale}
    @click=${() => {
      view.post({ type: 'undo', entry: row.id });
    }}
  >
    ${view.say('panel.undo')}
  </button>`;
}

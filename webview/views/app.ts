import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { View } from '../view.ts';
import { actionsRow } from './actionsRow.ts';
import { chartsSection } from './charts.ts';
import { factsLine } from './factsLine.ts';
import { header } from './header.ts';
import { history } from './history.ts';
import { noticeLine } from './notice.ts';
import { problems } from './problems.ts';
import { runSection } from './run.ts';
import { rules } from './rules.ts';
import { splitBar } from './splitBar.ts';
import { splitRows } from './splitRows.ts';
import { startCanary } from './startCanary.ts';
import { pairOf } from './tracks.ts';
import { updateRow } from './updateRow.ts';

/** The whole panel, from top to bottom as people decide: where, how much, is it well, what else, what was. */
export function app(view: View): TemplateResult {
  const isGone = view.snapshot.freshness.kind === 'gone';
  const isProtected = view.snapshot.protected ? 'is-protected' : '';
  return html`<div
    class="panel ${isProtected} ${isGone ? 'is-gone' : ''}"
    @keydown=${(event: KeyboardEvent) => {
      onShortcut(view, event);
    }}
  >
    ${header(view)} ${split(view)} ${noticeLine(view)} ${runSection(view)} ${factsLine(view)}
    ${problems(view)} ${chartsSection(view)}
    <div class="columns">
      ${view.snapshot.mode === 'rollout' ? rules(view) : nothing} ${history(view)}
    </div>
  </div>`;
}

function split(view: View): TemplateResult {
  if (view.snapshot.mode === 'service') return startCanary(view);
  return html`<section class="split" aria-label=${view.say('panel.split')}>
    ${pairOf(view.snapshot) === undefined ? splitRows(view) : splitBar(view)} ${actionsRow(view)}
    ${updateRow(view)}
  </section>`;
}

function onShortcut(view: View, event: KeyboardEvent): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    view.send();
  } else if (event.key === 'Escape' && view.state.draft !== undefined) {
    view.dispatch({ type: 'discard' });
  }
}

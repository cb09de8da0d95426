import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { richText } from '../ui/richText.ts';
import { styled } from '../ui/styled.ts';
import type { TrackView } from '../../src/protocol/messages.ts';
import { destinationsOf } from '../draft.ts';
import { hasMovedUnderDraft, isDraftPending } from '../offers.ts';
import { checkbox } from '../ui/kit.ts';
import { trackClass, type View } from '../view.ts';
import { numberBox, slider } from './slider.ts';
import { draftPercent, isDraftable, percentOf, trackDetail } from './tracks.ts';

/** More than two destinations: a row with a slider each; the sum stays 100 and a lock keeps a row still. */
export function splitRows(view: View): TemplateResult {
  const tracks = destinationsOf(view.snapshot);
  const { weights } = view.snapshot;
  return html`<div class="whole" aria-hidden="true">
      ${tracks.map(
        (track) =>
          html`<span
            class=${trackClass(view.snapshot, track)}
            ${styled({ 'flex-grow': String(draftPercent(view, track)) })}
          ></span>`,
      )}
    </div>
    <div class="rows">
      ${repeat(
        tracks,
        (track) => track.id,
        (track) => row(view, track),
      )}
    </div>
    ${weights.kind === 'none' ? html`<p class="hint no-slider"><span>${richText(weights.reason)}</span></p>` : nothing}`;
}

function row(view: View, track: TrackView): TemplateResult {
  const { say } = view;
  const name = track.name;
  return html`<div class="row ${trackClass(view.snapshot, track)}">
    <div class="who" title=${trackDetail(track)}>
      <span class="name">${name}</span> <span class="detail">${trackDetail(track)}</span>
    </div>
    <span class="percent">${say('panel.percent', { n: track.percentText })}</span>
    ${isDraftable(view) ? controls(view, track) : nothing}
  </div>`;
}

function controls(view: View, track: TrackView): TemplateResult {
  const { say, state } = view;
  const name = track.name;
  const width = { '--to': `${String(draftPercent(view, track))}%` };
  return html`<div class="bar" ${styled(width)}>
      <div class="fill" aria-hidden="true"><span class="part"></span></div>
      ${slider(view, track, say('panel.sliderLabelOf', { name }))}
    </div>
    ${numberBox(view, track, say('panel.boxLabelOf', { name }))}
    ${checkbox({
      label: say('panel.lock'),
      ariaLabel: say('panel.lockLabel', { name }),
      checked: state.locked.includes(track.id),
      name: `lock:${track.id}`,
      onChange: () => {
        view.dispatch({ type: 'lock', trackId: track.id });
      },
    })}
    <span class="draft-text">${draftText(view, track)}</span>`;
}

function draftText(view: View, track: TrackView): string | typeof nothing {
  if (!isDraftPending(view.state)) return nothing;
  const live = track.percentText;
  const draft = percentOf(draftPercent(view, track));
  if (draft === live) return nothing;
  const was = percentOf(view.state.draft?.basis[track.id] ?? 0);
  const hasMoved = hasMovedUnderDraft(view.state) && was !== live;
  return hasMoved
    ? view.say('panel.movedUnder', { was, live, draft })
    : view.say('panel.nowAndDraft', { live, draft });
}

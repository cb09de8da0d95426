import { html, nothing, type TemplateResult } from 'lit/html.js';
import { richText } from '../ui/richText.ts';
import { styled } from '../ui/styled.ts';
import type { TrackView } from '../../src/protocol/messages.ts';
import { hasMovedUnderDraft, isDraftPending } from '../offers.ts';
import type { View } from '../view.ts';
import { slider } from './slider.ts';
import { draftPercent, isDraftable, pairOf, percentOf, trackDetail } from './tracks.ts';

/** One bar for stable and canary that is the slider: the canary grows from the left, the hatched part is not sent yet. */
export function splitBar(view: View): TemplateResult {
  const pair = pairOf(view.snapshot);
  if (pair === undefined) return html``;
  return html`<div class="ends">
      ${end(view, pair.canary, view.say('panel.canary'))}
      ${end(view, pair.stable, view.say('panel.stable'))}
    </div>
    ${bar(view, pair.canary)} ${scale(view, pair.canary)}`;
}

function end(view: View, track: TrackView, label: string): TemplateResult {
  return html`<div class="end track-${track.role}" title=${track.name}>
    <div class="share">
      <span class="percent">${view.say('panel.percent', { n: track.percentText })}</span>
      <span class="label">${label}</span>
    </div>
    <div class="detail">${trackDetail(track)}</div>
  </div>`;
}

function bar(view: View, canary: TrackView): TemplateResult {
  const now = canary.share * 100;
  const draft = draftPercent(view, canary);
  const widths = {
    '--now': `${String(now)}%`,
    '--from': `${String(Math.min(now, draft))}%`,
    '--to': `${String(Math.max(now, draft))}%`,
  };
  return html`<div class="bar" ${styled(widths)}>
    <div class="fill" aria-hidden="true">
      <span class="live"></span>
      <span class="draft ${draft < now ? 'shrinks' : 'grows'}" ?hidden=${draft === now}></span>
      ${stops(view)}
    </div>
    ${isDraftable(view) ? slider(view, canary, view.say('panel.sliderLabel')) : nothing}
  </div>`;
}

/** A tick on the bar for each share that replicas can reach. */
function stops(view: View): TemplateResult | typeof nothing {
  const { weights } = view.snapshot;
  if (weights.kind !== 'stops' || weights.stops.length > 40) return nothing;
  const inner = weights.stops.filter((stop) => stop.percent > 0 && stop.percent < 100);
  return html`${inner.map(
    (stop) => html`<span class="stop" ${styled({ left: `${String(stop.percent)}%` })}></span>`,
  )}`;
}

function scale(view: View, canary: TrackView): TemplateResult {
  const { weights } = view.snapshot;
  if (weights.kind === 'none')
    return html`<p class="hint no-slider"><span>${richText(weights.reason)}</span></p>`;
  return html`<div class="scale">
    <span aria-hidden="true">0</span>
    <span class="draft-text">${draftText(view, canary)}</span>
    <span aria-hidden="true">100</span>
  </div>`;
}

function draftText(view: View, canary: TrackView): string {
  const live = canary.percentText;
  if (!isDraftPending(view.state))
    return pods(view, canary.share * 100) ?? view.say('panel.now', { live });
  const percent = draftPercent(view, canary);
  const draft = pods(view, percent) ?? percentOf(percent);
  if (!hasMovedUnderDraft(view.state)) return view.say('panel.nowAndDraft', { live, draft });
  const was = percentOf(view.state.draft?.basis[canary.id] ?? 0);
  return view.say('panel.movedUnder', { was, live, draft });
}

/** "2 of 7 pods, 29 %" at a stop; `undefined` where weights are not made of pods. */
function pods(view: View, percent: number): string | undefined {
  const { weights } = view.snapshot;
  if (weights.kind !== 'stops') return undefined;
  const stop = weights.stops.find((one) => Math.abs(one.percent - percent) < 0.5);
  if (stop === undefined || stop.percent === 0) return undefined;
  const total = Math.round((stop.pods * 100) / stop.percent);
  return view.say('panel.pods', { pods: stop.pods, total, percent: stop.percent });
}

import { html, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { destinationsOf, stepped } from '../draft.ts';
import type { TrackView } from '../../src/protocol/messages.ts';
import type { View } from '../view.ts';
import { draftPercent, isDraftable, percentOf } from './tracks.ts';

/** The range input that lies over a bar: role, form value and touch for free; the keys are ours, for 1 % and 10 % steps. */
export function slider(view: View, track: TrackView, label: string): TemplateResult {
  const value = draftPercent(view, track);
  return html`<input
    class="slider"
    type="range"
    min="0"
    max="100"
    step="any"
    data-track=${track.id}
    aria-label=${label}
    aria-valuetext=${view.say('panel.sliderText', {
      draft: percentOf(value),
      live: track.percentText,
    })}
    ?disabled=${!isDraftable(view) || !canMove(view, track)}
    .value=${live(String(value))}
    @input=${(event: Event) => {
      edit(view, track, Math.round((event.target as HTMLInputElement).valueAsNumber));
      // What was refused or snapped leaves the state as it was, so the thumb is put back by hand.
      (event.target as HTMLInputElement).value = String(draftPercent(view, track));
    }}
    @keydown=${(event: KeyboardEvent) => {
      const target = keyTarget(view, value, event);
      if (target === undefined) return;
      event.preventDefault();
      edit(view, track, target);
    }}
  />`;
}

export function numberBox(view: View, track: TrackView, label: string): TemplateResult {
  const { typed } = view.state;
  const isWrong = typed?.trackId === track.id;
  const text = isWrong ? typed.text : percentOf(draftPercent(view, track));
  return html`<input
    class="box"
    type="text"
    inputmode="numeric"
    autocomplete="off"
    maxlength="5"
    data-box=${track.id}
    aria-label=${label}
    aria-invalid=${isWrong ? 'true' : nothing}
    ?disabled=${!isDraftable(view) || !canMove(view, track)}
    .value=${live(text)}
    @input=${(event: Event) => {
      typeInto(view, track, (event.target as HTMLInputElement).value.trim());
    }}
    @keydown=${(event: KeyboardEvent) => {
      const delta = boxDelta(event);
      if (delta === undefined) return;
      event.preventDefault();
      edit(view, track, stepped(view.snapshot.weights, draftPercent(view, track), delta));
    }}
  />`;
}

function typeInto(view: View, track: TrackView, text: string): void {
  view.dispatch({ type: 'typed', trackId: track.id, text });
}

function edit(view: View, track: TrackView, percent: number): void {
  view.dispatch({ type: 'edit', trackId: track.id, percent });
}

/** A locked row stands still, and so does one that has no unlocked other to give to. */
function canMove(view: View, track: TrackView): boolean {
  const { locked } = view.state;
  const ids = destinationsOf(view.snapshot).map((one) => one.id);
  if (ids.length <= 2) return true;
  const others = ids.filter((id) => id !== track.id && !locked.includes(id));
  return !locked.includes(track.id) && others.length > 0;
}

function keyTarget(view: View, value: number, event: KeyboardEvent): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const delta = keyDeltas[event.key];
  if (event.key === 'Home') return 0;
  if (event.key === 'End') return 100;
  if (delta === undefined) return undefined;
  const isPage = event.key.startsWith('Page');
  return stepped(view.snapshot.weights, value, event.shiftKey && !isPage ? delta * 10 : delta);
}

const keyDeltas: Readonly<Partial<Record<string, number>>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

function boxDelta(event: KeyboardEvent): number | undefined {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return undefined;
  const step = event.shiftKey ? 10 : 1;
  return event.key === 'ArrowUp' ? step : -step;
}

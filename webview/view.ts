import type { PanelSnapshot, ToHost, TrackView } from '../src/protocol/messages.ts';
import type { ChartBoard } from './charts/board.ts';
import type { PanelEvent, PanelState } from './state.ts';
import type { Say } from './words.l10n.ts';

/** What every template of the panel gets. */
export interface View {
  readonly state: PanelState;
  readonly snapshot: PanelSnapshot;
  readonly say: Say;
  readonly board: ChartBoard;
  dispatch(event: PanelEvent): void;
  post(message: ToHost): void;
  /** Sends the draft, when that is offered now. */
  send(): void;
}

/** Class that carries a track's colours: `track-stable`, `track-canary`, `track-other-1` and so on. */
export function trackClass(snapshot: PanelSnapshot, track: Pick<TrackView, 'id' | 'role'>): string {
  if (track.role !== 'other') return `track-${track.role}`;
  const others = snapshot.tracks.filter((one) => one.role === 'other');
  const index = others.findIndex((one) => one.id === track.id);
  return `track-other-${String((Math.max(0, index) % 3) + 1)}`;
}

/** "canary", "stable", or the name of another destination. */
export function trackLabel(view: View, track: Pick<TrackView, 'id' | 'role'>): string {
  if (track.role === 'canary') return view.say('panel.canary');
  if (track.role === 'stable') return view.say('panel.stable');
  return view.snapshot.tracks.find((one) => one.id === track.id)?.name ?? track.id;
}

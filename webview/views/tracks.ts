import { percentText } from '../../src/base/share.ts';
import type { PanelSnapshot, TrackView } from '../../src/protocol/messages.ts';
import { destinationsOf } from '../draft.ts';
import type { View } from '../view.ts';

/** Exactly one stable and one canary: what a single bar can show. `undefined` for more destinations. */
export function pairOf(
  snapshot: PanelSnapshot,
): { readonly stable: TrackView; readonly canary: TrackView } | undefined {
  const tracks = destinationsOf(snapshot);
  const stable = tracks.find((track) => track.role === 'stable');
  const canary = tracks.find((track) => track.role === 'canary');
  if (tracks.length !== 2 || stable === undefined || canary === undefined) return undefined;
  return { stable, canary };
}

/** "v2.4.1 · 2 of 2 ready", as far as it is known. */
export function trackDetail(track: TrackView): string {
  return [track.version, track.ready].filter((part) => part !== '').join(' · ');
}

/** The percent a track has in the draft, else live. */
export function draftPercent(view: View, track: TrackView): number {
  return view.state.draft?.percents[track.id] ?? track.share * 100;
}

/** A percent that may have decimals, as people read it. */
export function percentOf(percent: number): string {
  return percentText(percent / 100);
}

/** Can a draft be made at all? While it cannot be sent for a passing reason, it still can be drafted. */
export function isDraftable(view: View): boolean {
  const { weights, freshness } = view.snapshot;
  return weights.kind !== 'none' && freshness.kind !== 'gone';
}

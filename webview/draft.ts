import { distribute } from '../src/base/share.ts';
import type { PanelSnapshot, RuleView, TrackView } from '../src/protocol/messages.ts';

/** Percents 0–100 by track id; whole in a draft, with decimals when they are live. */
export type Percents = Readonly<Record<string, number>>;

/** Rounding of shares that come from divisions; far below what a weight can express. */
const roundingTolerance = 1e-6;

/** A share made of pods is told as its rounded percent: 1 of 7 pods is 14.29 and its stop is 14. */
const stopTolerance = 0.75;

/** The tracks that the slider divides among, in the snapshot's order. Empty for a service without a canary. */
export function destinationsOf(snapshot: PanelSnapshot): readonly TrackView[] {
  if (snapshot.mode === 'service') return [];
  const shares = sliderRuleOf(snapshot)?.shares ?? {};
  return snapshot.tracks.filter(
    (track) => track.role !== 'other' || track.share > 0 || Object.hasOwn(shares, track.id),
  );
}

export function sliderRuleOf(snapshot: PanelSnapshot): RuleView | undefined {
  return snapshot.rules.find((rule) => rule.id === snapshot.sliderRule);
}

/** Live percents of the destinations, with decimals (0.5). */
export function livePercents(snapshot: PanelSnapshot): Percents {
  return byTrack(
    destinationsOf(snapshot),
    destinationsOf(snapshot).map((track) => track.share * 100),
  );
}

/** Live percents rounded to whole ones that sum to 100: where an edit starts from. */
export function wholePercents(snapshot: PanelSnapshot): Percents {
  const tracks = destinationsOf(snapshot);
  return byTrack(
    tracks,
    spread(
      100,
      tracks.map((track) => track.share),
    ),
  );
}

function byTrack(tracks: readonly TrackView[], values: readonly number[]): Percents {
  return Object.fromEntries(tracks.map((track, index) => [track.id, values[index] ?? 0]));
}

/** Are these the live percents, as far as they can be set? */
export function isLive(snapshot: PanelSnapshot, percents: Percents): boolean {
  const tolerance = snapshot.weights.kind === 'stops' ? stopTolerance : roundingTolerance;
  return samePercents(percents, livePercents(snapshot), tolerance);
}

export function samePercents(a: Percents, b: Percents, tolerance = roundingTolerance): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Math.abs((a[key] ?? NaN) - (b[key] ?? NaN)) < tolerance);
}

/**
 * `distribute`, but what has a part keeps at least 1 while there is enough: rounding must not take a destination's last requests.
 */
function spread(total: number, parts: readonly number[]): number[] {
  const shares = distribute(total, parts);
  for (const [index, part] of parts.entries()) {
    if (part <= 0 || (shares[index] ?? 0) > 0) continue;
    const largest = shares.indexOf(Math.max(...shares));
    if ((shares[largest] ?? 0) <= 1) continue;
    shares[largest] = (shares[largest] ?? 0) - 1;
    shares[index] = 1;
  }
  return shares;
}

/** The most a track can take: what the locked ones leave. */
export function ceilingOf(percents: Percents, trackId: string, locked: readonly string[]): number {
  const held = locked
    .filter((id) => id !== trackId)
    .reduce((sum, id) => sum + (percents[id] ?? 0), 0);
  return Math.max(0, 100 - held);
}

/**
 * Sets one track and lets the unlocked others give or take in proportion to what they have, so that the sum stays 100. Without
 * an unlocked other nothing can move.
 */
export function withPercent(
  percents: Percents,
  trackId: string,
  wanted: number,
  locked: readonly string[],
): Percents {
  const others = Object.keys(percents).filter((id) => id !== trackId && !locked.includes(id));
  if (others.length === 0 || !Object.hasOwn(percents, trackId)) return percents;
  const ceiling = ceilingOf(percents, trackId, locked);
  const value = Math.min(ceiling, Math.max(0, Math.round(wanted)));
  const rest = spread(
    ceiling - value,
    others.map((id) => percents[id] ?? 0),
  );
  const moved = Object.fromEntries(others.map((id, index) => [id, rest[index] ?? 0]));
  return { ...percents, ...moved, [trackId]: value };
}

/** The reachable stop nearest to `percent`; `percent` itself where every whole percent can be set. */
export function snapped(weights: PanelSnapshot['weights'], percent: number): number {
  if (weights.kind !== 'stops' || weights.stops.length === 0) return percent;
  return weights.stops
    .map((stop) => stop.percent)
    .reduce((best, stop) => (Math.abs(stop - percent) < Math.abs(best - percent) ? stop : best));
}

/**
 * Where a step of the keyboard leads: `delta` percent further, or with stops to the first stop at least that far, so that a key
 * always moves.
 */
export function stepped(weights: PanelSnapshot['weights'], percent: number, delta: number): number {
  const target = Math.min(100, Math.max(0, percent + delta));
  if (weights.kind !== 'stops') return target;
  const ahead = weights.stops
    .map((stop) => stop.percent)
    .filter((stop) => (delta > 0 ? stop > percent : stop < percent));
  const reached = ahead.filter((stop) => Math.abs(stop - percent) >= Math.abs(delta));
  const nearest = delta > 0 ? Math.min(...reached) : Math.max(...reached);
  const last = delta > 0 ? Math.max(...ahead) : Math.min(...ahead);
  if (ahead.length === 0) return percent;
  return reached.length > 0 ? nearest : last;
}

/**
 * Whether so many of all requests are a share (0–1), within three standard deviations of what chance gives; exactly at 0 and 1.
 */
export function isShare(count: number, all: number, share: number): boolean {
  return Math.abs(count - all * share) <= 3 * Math.sqrt(all * share * (1 - share));
}

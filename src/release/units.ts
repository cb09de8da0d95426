/** Units as people write them in a plan file. The patterns are also those of the JSON Schema, so they have no flags. */

/** `90s`, `5m`, `1h30m`. */
export const durationPattern = /^(?=\d)(\d{1,4}h)?(\d{1,5}m)?(\d{1,6}s)?$/;
/** A whole percent 1–100 with its sign. */
export const percentPattern = /^(100|[1-9]\d?) ?%$/;
/** A percentage with its sign, decimals allowed. */
export const ratioPattern = /^(100|\d{1,2}(\.\d{1,4})?) ?%$/;
/** `300ms`, `1.5s`. */
export const millisecondsPattern = /^\d{1,6}(\.\d{1,3})?(ms|s)$/;
/** Pods: a count, or a whole percentage, as in a Deployment. */
export const podLimitPattern = /^(\d{1,5}|(100|\d{1,2})%)$/;

/** Seconds of a text that fits `durationPattern`. */
export function secondsOf(duration: string): number {
  const part = (unit: string): number =>
    Number(new RegExp(`(\\d+)${unit}`).exec(duration)?.[1] ?? 0);
  return part('h') * 3600 + part('m') * 60 + part('s');
}

/** The shortest text for whole seconds ≥ 0: `90` is `1m30s`. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([n, unit]) => (n > 0 ? [`${String(n)}${unit}`] : [])).join('') || '0s';
}

/** The number before the sign. */
export function percentOf(percent: string): number {
  return Number(percent.replace('%', ''));
}

/** Milliseconds of a text that fits `millisecondsPattern`. */
export function millisecondsOf(text: string): number {
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : 1000 * Number(text.slice(0, -1));
}

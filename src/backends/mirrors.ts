import type { Rollout } from '../model/rollout.ts';

/** Where the rules send copies of requests, for a sentence; '' when nowhere. A split does not touch them, whatever its weights are. */
export function mirrorsOf({ rules }: Pick<Rollout, 'rules'>): string {
  const places = rules.flatMap(({ mirror }) =>
    mirror === undefined || mirror.percent === 0 ? [] : [mirror.to],
  );
  return [...new Set(places)].join(', ');
}

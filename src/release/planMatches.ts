import type { Match, MatchCondition } from '../model/rollout.ts';
import type { FileStep } from './planFile.ts';

type FileMatch = NonNullable<FileStep['matches']>[number];

/** The matches that one entry of a plan stands for: all its conditions, once for each user id. */
export function matchesOf({ headers, cookies, users, device }: FileMatch): readonly Match[] {
  const shared: readonly MatchCondition[] = [
    ...Object.entries(headers ?? {}).map(([name, wanted]) => headerCondition(name, wanted)),
    ...Object.entries(cookies ?? {}).map(([name, value]) => exact('cookie', name, value)),
    ...(device === undefined ? [] : [exact('device', 'user-agent', device)]),
  ];
  if (users === undefined) return [shared];
  return users.ids.map((id) => [...shared, exact('user', users.header, id)]);
}

function headerCondition(
  name: string,
  wanted: NonNullable<FileMatch['headers']>[string],
): MatchCondition {
  if (typeof wanted === 'string') return exact('header', name, wanted);
  if ('prefix' in wanted) return { on: 'header', op: 'prefix', name, value: wanted.prefix };
  if ('regex' in wanted) return { on: 'header', op: 'regex', name, value: wanted.regex };
  return { on: 'header', op: 'present', name, value: '' };
}

function exact(on: MatchCondition['on'], name: string, value: string): MatchCondition {
  return { on, op: 'exact', name, value };
}

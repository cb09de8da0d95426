import type { TrackRole } from '../model/rollout.ts';

/** What tells tracks apart, of one candidate. */
export interface Candidate {
  readonly id: string;
  /** Subset or Service name. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Share in the rule that carries the pair, 0–1. */
  readonly share: number;
  /** RFC 3339; '' when no workload was found. */
  readonly created: string;
}

const canaryName = /(^|[-_.])(canary|preview|next|new|candidate)$/i;
const stableName = /(^|[-_.])(stable|primary|active|main|current|baseline|prod)$/i;

export type Naming = 'fixed' | 'versions';

export interface Roles {
  readonly roles: ReadonlyMap<string, TrackRole>;
  /** `fixed`: the names say the role and stay; `versions`: the names are versions, and the canary becomes the stable by its weight. */
  readonly naming: Naming;
}

/**
 * Who is stable and who is canary (handbook/backends.md 4.2): names say it, then a `track` label, then the version that is newer, then the
 * larger weight, then age. With more than two, those that are neither are `other`.
 */
export function rolesOf(candidates: readonly Candidate[]): Roles {
  const named = byName(candidates);
  const [stable, canary] = named ?? byVersion(candidates) ?? byWeight(candidates);
  const roles = new Map<string, TrackRole>(candidates.map(({ id }) => [id, 'other']));
  if (stable !== undefined) roles.set(stable.id, 'stable');
  if (canary !== undefined) roles.set(canary.id, 'canary');
  return { roles, naming: named === undefined ? 'versions' : 'fixed' };
}

type Pair = readonly [stable: Candidate | undefined, canary: Candidate | undefined];

function byName(candidates: readonly Candidate[]): Pair | undefined {
  const isCanary = (c: Candidate): boolean => canaryName.test(c.name) || c.labels['track'] === 'canary';
  const isStable = (c: Candidate): boolean => stableName.test(c.name) || c.labels['track'] === 'stable';
  const canaries = candidates.filter(isCanary);
  const [canary] = canaries;
  const stables = candidates.filter((c) => isStable(c) && c !== canary);
  const rest = candidates.filter((c) => c !== canary);
  if (canary !== undefined && canaries.length === 1) {
    return [stables[0] ?? rest.toSorted(heavierFirst)[0], canary];
  }
  const [stable] = stables;
  if (stable === undefined || stables.length > 1) return undefined;
  return [stable, candidates.filter((c) => c !== stable).toSorted(heavierFirst)[0]];
}

/** Names that are versions (v1, v2, v2-4-1, shop-v2): the newest is the canary, also at 0 and at 100 %. */
function byVersion(candidates: readonly Candidate[]): Pair | undefined {
  const parsed = candidates.map((candidate) => ({ candidate, version: versionIn(candidate.name) }));
  if (parsed.some(({ version }) => version === undefined)) return undefined;
  const sorted = parsed.toSorted((a, b) => compareVersions(a.version ?? [], b.version ?? []));
  const canary = sorted.at(-1)?.candidate;
  const older = sorted.slice(0, -1).map(({ candidate }) => candidate);
  return [older.toSorted(heavierFirst)[0], canary];
}

function versionIn(name: string): readonly number[] | undefined {
  const digits = /(?:^|[-_.]?)v?(\d+(?:[-_.]\d+)*)$/i.exec(name)?.[1];
  return digits?.split(/[-_.]/).map(Number);
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function byWeight(candidates: readonly Candidate[]): Pair {
  const [stable, canary] = candidates.toSorted(heavierFirst);
  return [stable, canary];
}

/** Larger weight first; of equal ones the older, then by name, so that the answer is always the same. */
function heavierFirst(a: Candidate, b: Candidate): number {
  if (a.share !== b.share) return b.share - a.share;
  if (a.created !== b.created) return a.created < b.created ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

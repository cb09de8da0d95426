import type { TrackRole } from '../model/rollout.ts';

/** What tells tracks apart, of one candidate. */
export interface Candidate {
  readonly id: string;
  /** Subset or Service name. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339; '' when no workload was found. */
  readonly created: string;
}

const canaryName = /(^|[-_.])(canary|preview|next|new|candidate)$/i;
const stableName = /(^|[-_.])(stable|primary|active|main|current|baseline|prod)$/i;
const trackLabels = ['track', 'cablecar/track'];
const versionLabels = ['version', 'app.kubernetes.io/version'];

export type Naming = 'fixed' | 'versions';

export interface Roles {
  readonly roles: ReadonlyMap<string, TrackRole>;
  /** `fixed`: the names say the role and stay; `versions`: the names are versions, and the canary becomes the stable by its weight. */
  readonly naming: Naming;
  /** Nothing but age or order tells them apart: people should say it. */
  readonly isGuess: boolean;
}

/**
 * Who is stable and who is canary: names say it, then a label for tracks, then the version that is newer, then age, then the order in the
 * route. Never the weight: a role that changed when the weights do would turn a rollback round once the canary has more than half.
 * With more than two, those that are neither are `other`.
 */
export function rolesOf(candidates: readonly Candidate[]): Roles {
  const named = byName(candidates);
  const versioned = named ?? byVersion(candidates);
  const [stable, canary] = versioned ?? byAge(candidates);
  const roles = new Map<string, TrackRole>(candidates.map(({ id }) => [id, 'other']));
  if (stable !== undefined) roles.set(stable.id, 'stable');
  if (canary !== undefined) roles.set(canary.id, 'canary');
  const isGuess = versioned === undefined || (named === undefined && candidates.length > 2);
  return { roles, naming: named === undefined ? 'versions' : 'fixed', isGuess };
}

type Pair = readonly [stable: Candidate | undefined, canary: Candidate | undefined];

/** Both must be clear: of more than two, one that is marked does not say which of the others is its counterpart, unless by its name. */
function byName(candidates: readonly Candidate[]): Pair | undefined {
  const canaries = candidates.filter((c) => isMarked(c, canaryName));
  const stables = candidates.filter((c) => isMarked(c, stableName) && !canaries.includes(c));
  if (canaries.length > 1 || stables.length > 1) return undefined;
  const [canary] = canaries;
  const [stable] = stables;
  if (stable !== undefined && canary !== undefined) return [stable, canary];
  if (canary !== undefined) return pairWith(canary, candidates, (other) => [other, canary]);
  if (stable !== undefined) return pairWith(stable, candidates, (other) => [stable, other]);
  return undefined;
}

function pairWith(
  marked: Candidate,
  candidates: readonly Candidate[],
  pair: (other: Candidate) => Pair,
): Pair | undefined {
  const rest = candidates.filter((c) => c !== marked);
  const base = marked.name.replace(/[-_.][^-_.]+$/, '');
  const other = rest.length === 1 ? rest[0] : rest.find(({ name }) => name === base);
  return other && pair(other);
}

/** The name first: a name that says nothing leaves it to the labels. */
function isMarked({ name, labels }: Candidate, pattern: RegExp): boolean {
  if (canaryName.test(name) || stableName.test(name)) return pattern.test(name);
  return trackLabels.some((label) => pattern.test(labels[label] ?? ''));
}

/** Names, else labels, that are versions (v1, v2, v2-4-1, shop-v2): the newest is the canary, also at 0 and at 100 %. */
function byVersion(candidates: readonly Candidate[]): Pair | undefined {
  const sources = [
    ({ name }: Candidate) => name,
    ...versionLabels.map(
      (label) =>
        ({ labels }: Candidate) =>
          labels[label] ?? '',
    ),
  ];
  for (const source of sources) {
    const versions = candidates.map((candidate) => ({
      candidate,
      version: versionIn(source(candidate)),
    }));
    const texts = new Set(versions.map(({ version }) => version?.join('.')));
    if (texts.has(undefined) || texts.size < candidates.length) continue;
    const sorted = versions.toSorted((a, b) => compareVersions(a.version ?? [], b.version ?? []));
    return [sorted.at(-2)?.candidate, sorted.at(-1)?.candidate];
  }
  return undefined;
}

function versionIn(text: string): readonly number[] | undefined {
  const digits = /(?:^|[-_.]|^.*[a-z])v?(\d{1,15}(?:[-_.]\d{1,15})*)$/i.exec(text)?.[1];
  return digits?.split(/[-_.]/).map(Number);
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest is the canary; where the age is not known or equal, the last one in the route. */
function byAge(candidates: readonly Candidate[]): Pair {
  const isKnown = candidates.every(({ created }) => created !== '');
  const sorted = isKnown
    ? candidates.toSorted((a, b) => (a.created < b.created ? -1 : Number(a.created > b.created)))
    : candidates;
  return [sorted.at(-2), sorted.at(-1)];
}

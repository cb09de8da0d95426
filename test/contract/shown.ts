import { percentText } from '../../src/base/share.ts';
import type { Change, ChangeSet, FieldChange } from '../../src/model/change.ts';
import type { Rollout, Rule } from '../../src/model/rollout.ts';

/**
 * Where a consent would show something else than what is sent: every field stands for something that is written, and every share that
 * changes has its field, with both numbers. Each one sentence; empty is good.
 */
export function shownViolations(
  { changes }: ChangeSet,
  before: Rollout,
  after: Rollout | undefined,
): readonly string[] {
  const fields = changes.flatMap((change) => change.fields);
  return [
    ...changes
      .filter((change) => change.fields.length === 0)
      .map(({ target }) => `writes ${target.name} and shows nothing`),
    ...changes.flatMap((change) =>
      change.fields
        .filter((field) => !isSent(change, field, after))
        .map(({ label, to }) => `shows ${label} → ${to}, which it does not write`),
    ),
    ...(after === undefined || !showsShares(fields)
      ? []
      : changedShares(before, after)
          .filter((changed) => !fields.some((field) => shows(field, changed)))
          .map(({ track, to }) => `does not show that ${track} gets ${to}`)),
  ];
}

/** A share that comes about, a value that is written, what names a track, or nothing: something goes. */
function isSent(change: Change, { label, to }: FieldChange, after: Rollout | undefined): boolean {
  if (to === '' || to === '–') return true;
  if (isShare(to))
    return (
      after?.rules.some((rule) =>
        rule.destinations.some(
          ({ trackId, share }) => shareText(share) === to && names(after, trackId, label),
        ),
      ) ?? false
    );
  const sent =
    change.kind === 'patch'
      ? change.operations.flatMap((operation) =>
          operation.op === 'test' || operation.op === 'remove' ? [] : [operation.value],
        )
      : change.kind === 'create'
        ? [change.object]
        : [];
  const text = JSON.stringify(sent);
  return to.split(', ').every((part) => text.includes(part));
}

interface ChangedShare {
  readonly track: string;
  readonly labels: readonly string[];
  readonly from: string;
  readonly to: string;
}

function changedShares(before: Rollout, after: Rollout): readonly ChangedShare[] {
  // Where rules went, those that are left are no longer told apart by their places.
  if (before.rules.length !== after.rules.length) return [];
  return before.rules.flatMap((rule, index) =>
    rule.destinations.flatMap(({ trackId, share }): ChangedShare[] => {
      const now = shareOf(after.rules[index], trackId);
      if (now === undefined || Math.abs(now - share) < 1e-9) return [];
      const track = before.tracks.find(({ id }) => id === trackId);
      const labels = [trackId, track?.name ?? trackId];
      return [{ track: trackId, labels, from: shareText(share), to: shareText(now) }];
    }),
  );
}

function shareOf(rule: Rule | undefined, trackId: string): number | undefined {
  return rule?.destinations.find((destination) => destination.trackId === trackId)?.share;
}

function shows({ label, from, to }: FieldChange, changed: ChangedShare): boolean {
  return (
    from === changed.from &&
    to === changed.to &&
    changed.labels.some((name) => label.includes(name))
  );
}

function names(rollout: Rollout, trackId: string, label: string): boolean {
  const name = rollout.tracks.find(({ id }) => id === trackId)?.name;
  return label.includes(trackId) || (name !== undefined && label.includes(name));
}

/** Where pods are the weights, the fields show pods. */
function showsShares(fields: readonly FieldChange[]): boolean {
  return fields.some(({ to }) => isShare(to));
}

function isShare(text: string): boolean {
  return text.endsWith(' %');
}

function shareText(share: number): string {
  return `${percentText(share)} %`;
}

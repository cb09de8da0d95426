import { describe, expect, test } from 'vitest';
import { renderer } from '../../base/text.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { PanelSnapshot } from '../../protocol/messages.ts';
import { hostWords } from '../../words.ts';
import { aContext, anUpdate } from '../../../test/support/inventory.ts';
import { panelSnapshot, type Refusals } from './snapshot.ts';
import { say } from './panel.l10n.ts';

function snapshotOf(
  rollout: Rollout,
  { refusals = {}, readOnly = false }: { refusals?: Refusals; readOnly?: boolean } = {},
): PanelSnapshot {
  const input = {
    panelKey: 'key',
    sequence: 1,
    context: aContext({ rollouts: [rollout] }),
    namespace: 'default',
    service: 'shop',
    rollout,
    expectsRollout: true,
    history: [],
    refusals,
    readOnly,
  };
  return panelSnapshot(input, renderer(hostWords, 'en'), 'en');
}

const actions = ['pause', 'resume', 'setSurge', 'undoRevision'] as const;

/** What is shown, and what of it can be pressed. */
function offersOf(snapshot: PanelSnapshot): Record<string, string | boolean> {
  const { update, actions: common } = snapshot;
  if (update === undefined) throw new Error('There is no update.');
  const shown = actions.filter((name) => update[name].shown);
  return {
    shown: shown.join(' '),
    finish: common.promote.enabled,
    rollback: common.rollback.enabled,
  };
}

describe('the row of an update in batches', () => {
  test.each([
    [{}, { shown: 'pause setSurge undoRevision', finish: true, rollback: true }],
    [{ paused: true }, { shown: 'resume setSurge undoRevision', finish: true, rollback: true }],
    [
      { state: 'paused', paused: true },
      { shown: 'pause resume setSurge undoRevision', finish: true, rollback: true },
    ],
    [{ state: 'running' }, { shown: 'pause setSurge undoRevision', finish: false, rollback: true }],
  ] as const)('%j offers what applies', (update, offers) => {
    expect(offersOf(snapshotOf(anUpdate({}, update)))).toEqual(offers);
  });

  test('on its way back there is nothing to finish and nothing to roll back', () => {
    const reason = say('panel.goesBack');
    const returning = anUpdate(
      { promotion: { style: 'none', reason }, weights: { kind: 'none', reason } },
      { state: 'returning', updated: 2 },
    );
    const snapshot = snapshotOf(returning);
    expect(offersOf(snapshot)).toEqual({ shown: 'undoRevision', finish: false, rollback: false });
    expect(snapshot.actions.rollback.reason).toContain('on its way back');
    expect(snapshot.update?.sentence).toBe(
      'On its way back; pods of the new version that are left: 2.',
    );
  });

  test('can be taken back before its first pod', () => {
    const before = anUpdate({ canaryShare: 0 }, { state: 'paused', paused: true, updated: 0 });
    expect(offersOf(snapshotOf(before))['rollback']).toBe(true);
  });

  test('its promotion is to finish, and says what that does', () => {
    const { promoteLabel, actions: common } = snapshotOf(anUpdate());
    expect(promoteLabel).toBe('Finish');
    expect(common.promote.reason).toContain('It has no Undo.');
    expect(common.rollback.reason).toContain('old pod template');
  });

  test('a missing right and read-only mode stand against every write of it', () => {
    const send = say('panel.readOnlyMode');
    for (const held of [{ refusals: { send } }, { readOnly: true }]) {
      const { update } = snapshotOf(anUpdate(), held);
      const enabled = actions.filter((name) => update?.[name].enabled === true);
      expect(enabled).toEqual([]);
      expect(update?.pause.reason).toContain('Read-only mode');
    }
  });
});

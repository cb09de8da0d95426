import { describe, expect, test } from 'vitest';
import { renderer } from '../../base/text.ts';
import type { Connection } from '../../model/cluster.ts';
import type { ContextView } from '../../state/inventory.ts';
import { hostWords } from '../../words.ts';
import { FakeClock } from '../../../test/support/fakeClock.ts';
import { aContext, anUpdate, aRollout, FakeSource } from '../../../test/support/inventory.ts';
import { statusText } from '../statusText.ts';
import { RefreshQueue, rowsOfChange } from './refresh.ts';
import { say } from './tree.l10n.ts';
import { badgeOf, messageOf, stateOf } from './viewState.ts';
import { Watching } from './watching.ts';

const render = renderer(hostWords, 'en');
const text = say('tree.noCanary');
const rollout = aRollout();
const owner = { kind: 'controller', name: 'Flagger', object: '', effect: text } as const;

describe('the state of the views', () => {
  const bare = { rollouts: [], namespaces: [] };
  test.each<[string, Partial<ContextView>, string]>([
    ['not looked at yet', { connection: { kind: 'idle' } }, 'connecting'],
    ['forbidden', { connection: { kind: 'failed', reason: 'forbidden', text } }, 'forbidden'],
    [
      'no route to it',
      { connection: { kind: 'failed', reason: 'unreachable', text } },
      'unreachable',
    ],
    ['no services', bare, 'noServices'],
    ['services but no rollout', { rollouts: [] }, 'noRollouts'],
    ['rollouts', {}, 'ready'],
    ['rollouts of an old view', { connection: { kind: 'stale', sinceMs: 1, text } }, 'ready'],
    ['no current context', { current: false }, 'noContext'],
  ])('%s', (_what, parts, expected) => {
    expect(stateOf({ contexts: [aContext(parts)] })).toBe(expected);
  });

  test('no kubeconfig', () => {
    expect(stateOf({ contexts: [] })).toBe('noKubeconfig');
  });
});

test('the message says since when rows are old and why, and which filter is on', () => {
  const connection: Connection = { kind: 'stale', sinceMs: 5, text };
  const shown = messageOf({ contexts: [aContext({ connection })] }, 'sho', () => '12:04:31');
  expect(shown.map(render)).toEqual(['As of 12:04:31: no canary', 'Filter: sho']);
  expect(messageOf({ contexts: [aContext()] }, '', () => '')).toEqual([]);
});

test('the badge counts canaries that wait for a person, not those that a controller drives', () => {
  const contexts = (rollouts: ContextView['rollouts']): { contexts: ContextView[] } => ({
    contexts: [aContext({ rollouts })],
  });
  expect(badgeOf(contexts([rollout, aRollout({ service: 'b', canaryShare: 0 })]))?.value).toBe(1);
  expect(badgeOf(contexts([aRollout({ owner })]))).toBeUndefined();
});

test.each([
  ['held', 1],
  ['paused', 1],
  ['running', undefined],
  ['returning', undefined],
] as const)('an update that is %s waits for a person: %s', (state, value) => {
  const paused = state === 'paused';
  const contexts = [aContext({ rollouts: [anUpdate({}, { state, paused })] })];
  expect(badgeOf({ contexts })?.value).toBe(value);
});

describe('the status bar', () => {
  test('names the rollout under way and its context, and opens it', () => {
    expect(statusText({ contexts: [aContext()] }, render)).toMatchObject({
      text: '$(git-compare) shop 10 % · kind-dev',
      opens: { context: 'kind-dev', rolloutId: rollout.id },
    });
  });

  test('counts the pods of an update in batches, also before its first one', () => {
    const text = (update: Parameters<typeof anUpdate>[1]): string | undefined =>
      statusText({ contexts: [aContext({ rollouts: [anUpdate({}, update)] })] }, render)?.text;
    expect(text({})).toBe('$(git-compare) shop 3/10 pods · kind-dev');
    expect(text({ updated: 0 })).toBe('$(git-compare) shop 0/10 pods · kind-dev');
  });

  test('is hidden when nothing is under way and the context is not protected', () => {
    expect(statusText({ contexts: [aContext({ rollouts: [] })] }, render)).toBeUndefined();
    const idle = aContext({ rollouts: [], protected: true, connection: { kind: 'idle' } });
    expect(statusText({ contexts: [idle] }, render)).toBeUndefined();
  });

  test('marks a protected context, and lets no name bring an icon along', () => {
    const context = aContext({ name: 'prod $(check)', protected: true, rollouts: [] });
    expect(statusText({ contexts: [context] }, render)?.text).toBe('$(shield) prod $ (check)');
  });
});

describe('watching', () => {
  const other = aContext({ name: 'staging', current: false });

  test('connects nothing before a view is looked at, then only the current context', () => {
    const source = new FakeSource(aContext(), other);
    const watching = new Watching(source);
    expect(source.watched).toEqual([]);
    watching.showCurrent();
    watching.showCurrent();
    expect(source.watched).toEqual(['kind-dev']);
  });

  test('connects as soon as the kubeconfig of a view that was looked at is read', () => {
    const source = new FakeSource();
    const watching = new Watching(source);
    source.set({ contexts: [aContext()] }, { kind: 'structure' });
    expect(source.watched).toEqual([]);
    source.set({ contexts: [] }, { kind: 'structure' });
    watching.showCurrent();
    source.set({ contexts: [aContext()] }, { kind: 'structure' });
    expect(source.watched).toEqual(['kind-dev']);
  });

  test('connects an expanded context until both views have collapsed it', () => {
    const source = new FakeSource(aContext(), other);
    const watching = new Watching(source);
    watching.expand('services', 'staging');
    watching.expand('rollouts', 'staging');
    watching.collapse('services', 'staging');
    expect(source.watched).toEqual(['staging']);
    watching.collapse('rollouts', 'staging');
    expect(source.watched).toEqual([]);
  });

  test('leaves the earlier current context when another becomes it', () => {
    const source = new FakeSource(aContext(), other);
    const watching = new Watching(source);
    watching.showCurrent();
    const contexts = [{ ...other, current: true }, aContext({ current: false })];
    source.set({ contexts }, { kind: 'structure' });
    expect(source.watched).toEqual(['staging']);
  });
});

describe('refreshing', () => {
  const source = new FakeSource(aContext());
  const change = { kind: 'rollout', context: 'kind-dev', id: rollout.id } as const;

  test('a changed rollout draws its own row in each view, never the root', () => {
    expect(rowsOfChange('rollouts', source, change)).toEqual([
      { kind: 'rollout', context: 'kind-dev', rolloutId: rollout.id },
    ]);
    expect(rowsOfChange('services', source, change)).toEqual([
      { kind: 'service', context: 'kind-dev', namespace: 'default', name: 'shop' },
    ]);
  });

  test('a changed list draws the context in Services', () => {
    const structure = { kind: 'structure', context: 'kind-dev' } as const;
    expect(rowsOfChange('services', source, structure)).toEqual([
      { kind: 'context', context: 'kind-dev' },
    ]);
  });

  test('a thousand changes of one row within the window are drawn once, and no later than 50 ms', () => {
    const clock = new FakeClock();
    const flushed: (ReadonlySet<string> | 'root')[] = [];
    const queue = new RefreshQueue(clock, (ids) => flushed.push(ids));
    for (let i = 0; i < 1000; i += 1) queue.add({ kind: 'context', context: 'a' });
    expect(flushed).toEqual([]);
    clock.advance(50);
    expect(flushed).toEqual([new Set(['a'])]);
    clock.advance(1000);
    expect(flushed).toHaveLength(1);
  });
});

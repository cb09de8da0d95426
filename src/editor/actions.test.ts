import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ObjectSet } from '../../test/support/objectSet.ts';
import { err } from '../base/result.ts';
import { deployments } from '../model/kinds.ts';
import type { JournalEntry } from '../operations/ports.ts';
import { EditorActions } from './actions.ts';
import type { Kubeconfigs, Session } from './clusterPorts.ts';
import { Clusters } from './clusters.ts';
import { consentQuestion } from './consent.ts';
import { History } from './history.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cablecar-actions-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a cluster that cannot be reached keeps nobody from undoing in another', async () => {
  const history = new History(folder, 'reached');
  await history.begin(written('1'));
  await history.finish('1', 'written', {});
  const clusters = new Clusters(kubeconfigs(['reached', 'lost']), {
    machine: '',
    isProtected: () => false,
    namespacesOf: () => [],
  });
  const logged: string[] = [];
  const actions = new EditorActions(clusters, {
    storageFolder: folder,
    who: () => 'tester',
    isReadOnly: () => false,
    ask: () => Promise.resolve(false),
    showConflict: () => Promise.resolve(),
    logError: (message) => logged.push(message),
  });
  for (const name of ['reached', 'lost']) clusters.watch(name);
  const items = await actions.undoable();
  expect(items.map(({ context, entryId }) => [context, entryId])).toEqual([['reached', '1']]);
  expect(logged).toEqual(['The history of lost cannot be read']);
  actions.dispose();
  clusters.dispose();
});

test('the button of a consent names no percent where none is known', () => {
  const { changes } = written('1');
  const preview = { changes, objects: [], warnings: [] };
  const facts = { context: 'dev', protected: false, intent: 'somethingNew' };
  expect(consentQuestion(preview, facts).button.key).toBe('consent.sendAll');
  const achieving = { ...preview, changes: { ...changes, achieved: 0.25 } };
  expect(consentQuestion(achieving, facts).button).toEqual({
    key: 'consent.send',
    args: { percent: '25' },
  });
});

/** A kubeconfig whose contexts are connected; the cluster behind `lost` answers nothing. */
function kubeconfigs(names: readonly string[]): Kubeconfigs {
  const contexts = names.map((name) => ({ name, namespace: '', user: '', server: '' }));
  return {
    state: { contexts, currentContext: names[0] ?? '', files: [] },
    onDidChange: () => ({ dispose: () => undefined }),
    load: () => Promise.resolve(),
    open: sessionOf,
  };
}

function sessionOf(name: string): Session {
  const failure = err({ kind: 'unreachable', text: { key: 'cluster.closed', args: {} } } as const);
  const fail = (): Promise<typeof failure> => Promise.resolve(failure);
  const never = (): { dispose: () => void } => ({ dispose: () => undefined });
  return {
    connection: { kind: 'connecting' },
    onDidChangeConnection: never,
    onDidChangeObjects: never,
    scope: [],
    snapshot: () => new ObjectSet([], []).snapshot,
    fetch: fail,
    list: fail,
    send: fail,
    allows: fail,
    served: () => undefined,
    lastWriter: () => undefined,
    proxyGet: () => Promise.resolve(err(failure.error.text)),
    identity: () => (name === 'lost' ? Promise.reject(new Error('lost')) : Promise.resolve(name)),
    namespaces: () => Promise.resolve(err(failure.error.text)),
    refresh: () => undefined,
    dispose: () => undefined,
  };
}

function written(id: string): JournalEntry {
  const summary = { key: 'x', args: {} };
  const target = { resource: deployments, namespace: 'shop', name: 'shop' };
  const changes = [{ kind: 'patch', target, fields: [], operations: [] }] as const;
  return {
    id,
    atMs: 1,
    who: 'tester',
    rolloutId: 'shop/shop@x',
    context: 'reached',
    intent: 'setWeight',
    sentence: summary,
    changes: { summary, changes, inverse: { summary, changes } },
  };
}

import { describe, expect, test } from 'vitest';
import type { TrafficBackend } from '../../src/backends/backend.ts';
import { backends } from '../../src/backends/registry.ts';
import { ok } from '../../src/base/result.ts';
import type { Change, ChangeSet } from '../../src/model/change.ts';
import type { JsonObject } from '../../src/model/objects.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { fixturesOf, type Fixture } from './fixtures.ts';
import { contractViolations } from './violations.ts';

type Plan = TrafficBackend['plan'];

/** Ways to break a back end that works; each has to be noticed, by the sentence that it ought to be noticed by. */
const breakages: Readonly<
  Record<string, readonly [break_: (sound: TrafficBackend) => TrafficBackend, notice: RegExp]>
> = {
  'leaves the uid untested': [
    withOperations((operations) => operations.slice(1)),
    /does not begin with a test of the uid/,
  ],
  'does not guard old values': [withChanges(withoutGuards), /without a test of its old value/],
  'tests a value that is not there': [
    withOperations((operations) => [
      ...operations.slice(0, 1),
      { op: 'test', path: '/spec/nothing', value: 1 },
      ...operations.slice(1),
    ]),
    /cannot be applied/,
  ],
  'promises another share': [
    withPlan((changes) =>
      changes.achieved === undefined ? changes : { ...changes, achieved: changes.achieved + 0.01 },
    ),
    /reads back as/,
  ],
  'does not say what it achieves': [
    withPlan(({ summary, changes }) => ({ summary, changes })),
    /does not say what it achieves/,
  ],
  'has an inverse that does nothing': [
    withPlan((changes) =>
      changes.changes.length === 0
        ? changes
        : { ...changes, inverse: { summary: changes.summary, changes: [] } },
    ),
    /inverse that does not restore/,
  ],
  'has an inverse that overwrites what somebody changed since': [
    withPlan((changes) =>
      changes.inverse === undefined
        ? changes
        : {
            ...changes,
            inverse: { ...changes.inverse, changes: changes.inverse.changes.map(withoutGuards) },
          },
    ),
    /has an inverse that writes .* without a test of its old value/,
  ],
  'shows other numbers than it sends': [
    withChanges((change) => ({
      ...change,
      fields: change.fields.map(({ label, from, to }) => ({ label, from, to: `${to}7 %` })),
    })),
    /shows .*, which it does not write/,
  ],
  'shows nothing of what it sends': [
    withChanges((change) => ({ ...change, fields: [] })),
    /shows nothing/,
  ],
  'writes what cannot be told from what was there': [
    withOperations((operations) => operations.filter(({ op }) => op === 'test')),
    /leaves open whether it was written/,
  ],
  'writes a kind that it does not declare': [
    (sound) => ({
      ...sound,
      watches: sound.watches.map((watched) => ({ ...watched, writes: [] })),
    }),
    /does not declare it/,
  ],
  'forgets for whom a rule is': [
    withOperations((operations) =>
      operations.map((operation) => {
        const { op, path } = operation;
        if (op !== 'add' || !/\/\d+$/.test(path)) return operation;
        const rule = Object.entries(operation.value as JsonObject);
        const rest = rule.filter(([key]) => key !== 'match' && key !== 'matches');
        return { op, path, value: Object.fromEntries(rest) };
      }),
    ),
    /reads back other matches/,
  ],
  'replaces the whole spec': [
    withChanges((change) =>
      change.kind !== 'patch'
        ? change
        : {
            ...change,
            operations: [
              ...change.operations.slice(0, 1),
              { op: 'replace', path: '/spec', value: { replicas: 0, http: [], rules: [] } },
            ],
          },
    ),
    /drops fields it does not own/,
  ],
  'ignores the intent': [
    withPlan((changes, sound) => ({
      ...changes,
      changes: [],
      ...(sound ? { achieved: 0.123 } : {}),
    })),
    /reads back as/,
  ],
  'reads too little': [(sound) => ({ ...sound, objectsFor: () => [] }), /without reading it fresh/],
  'reads too much for a rollback': [
    (sound) => ({
      ...sound,
      objectsFor: (rollout, intent) => [
        ...sound.objectsFor(rollout, intent),
        { ...rollout.route, name: 'another' },
      ],
    }),
    /reads more than it writes/,
  ],
  'speaks words that nobody translated': [
    (sound) => ({ ...sound, words: {} }),
    /No words for the key/,
  ],
  'leaves out a track of its rules': [
    withRollouts((rollout) => ({ ...rollout, tracks: rollout.tracks.slice(1) })),
    /has an unknown track/,
  ],
  'gives two rollouts one id': [
    (sound) => ({
      ...sound,
      discover: (...args) => {
        const found = sound.discover(...args);
        return { ...found, rollouts: [...found.rollouts, ...found.rollouts] };
      },
    }),
    /two rollouts are called/,
  ],
};

describe.each(backends)('the contract suite, with a $id that', (backend) => {
  const fixtures = fixturesOf(backend.id);

  const own = Object.entries(breakages).filter(
    ([name]) => backend.capabilities.setsMatches || name !== 'forgets for whom a rule is',
  );

  test.each(own)('%s, says so', (_name, [broken, notice]) => {
    expect(violationsOf(broken(backend), fixtures).join('\n')).toMatch(notice);
  });
});

function violationsOf(backend: TrafficBackend, fixtures: readonly Fixture[]): readonly string[] {
  return fixtures.flatMap((fixture) => contractViolations(backend, fixture));
}

function withPlan(edit: (changes: ChangeSet, sound: boolean) => ChangeSet) {
  return (backend: TrafficBackend): TrafficBackend => {
    const plan: Plan = (...args) => {
      const sound = backend.plan(...args);
      return sound.ok ? ok(edit(sound.value, args[2].kind === 'setWeight')) : sound;
    };
    return { ...backend, plan };
  };
}

function withChanges(edit: (change: Change) => Change) {
  return withPlan((changes) => ({ ...changes, changes: changes.changes.map(edit) }));
}

type Operations = Extract<Change, { kind: 'patch' }>['operations'];

function withOperations(edit: (operations: Operations) => Operations) {
  return withChanges((change) =>
    change.kind === 'patch' ? { ...change, operations: edit(change.operations) } : change,
  );
}

function withoutGuards(change: Change): Change {
  if (change.kind !== 'patch') return change;
  const operations = change.operations.filter(
    ({ op, path }) => op !== 'test' || path === '/metadata/uid',
  );
  return { ...change, operations };
}

function withRollouts(edit: (rollout: Rollout) => Rollout) {
  return (backend: TrafficBackend): TrafficBackend => ({
    ...backend,
    discover: (...args) => {
      const found = backend.discover(...args);
      return { ...found, rollouts: found.rollouts.map(edit) };
    },
  });
}

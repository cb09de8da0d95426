import { describe, expect, test } from 'vitest';
import type { TrafficBackend } from '../../src/backends/backend.ts';
import { backends } from '../../src/backends/registry.ts';
import { deployments, services } from '../../src/model/kinds.ts';
import { refText } from '../../src/model/objects.ts';
import type { AnyIntent } from '../../src/model/intent.ts';
import type { Problem } from '../../src/model/rollout.ts';
import { valueAt } from '../support/jsonPatch.ts';
import type { ObjectSet } from '../support/objectSet.ts';
import {
  fixturesOf,
  writeGolden,
  type CaseExpectation,
  type DiscoveryExpectation,
  type Fixture,
  type FixtureCase,
} from './fixtures.ts';
import { contractViolations, objectsOf, planFor } from './violations.ts';

const forPhones: AnyIntent = {
  kind: 'setMatch',
  to: { matches: [[{ on: 'device', op: 'exact', name: '', value: 'phone' }]], percent: 10 },
};

describe.each(backends)('$id', (backend) => {
  const fixtures = fixturesOf(backend.id);

  test('has at least twelve fixtures', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(12);
  });

  test.each(fixtures)('$title: keeps the contract', (fixture) => {
    expect(contractViolations(backend, fixture)).toEqual([]);
  });

  test.each(backend.capabilities.setsMatches ? fixtures : [])(
    '$title: keeps the contract when it has a rule for some of the requests',
    (fixture) => {
      const set = objectsOf(backend, fixture.objects);
      for (const rollout of backend.discover(set.snapshot).rollouts) {
        const plan = planFor(backend, set, rollout, forPhones);
        if (!plan.ok) continue;
        expect(contractViolations(backend, set.after(plan.value))).toEqual([]);
      }
    },
  );

  test.each(fixtures)('$title: reads and plans as written down', (fixture) => {
    const set = objectsOf(backend, fixture.objects);
    const seen = discoveryOf(backend, set);
    const outcomes = fixture.cases.map((entry) => outcomeOf(backend, { set, fixture, entry }));
    if (process.env['UPDATE_GOLDEN'] === '1') writeGolden(fixture, seen, outcomes);
    else {
      expect(seen).toEqual(fixture.expect);
      expect(outcomes).toEqual(fixture.cases.map((entry) => entry.expect));
    }
  });
});

function discoveryOf(backend: TrafficBackend, set: ObjectSet): DiscoveryExpectation {
  const { rollouts, problems } = backend.discover(set.snapshot);
  return {
    rollouts: rollouts.map(({ id, tracks, canaryShare, problems: own }) => {
      const named = (role: string): object => {
        const name = tracks.find((track) => track.role === role)?.name;
        return name === undefined ? {} : { [role]: name };
      };
      return { id, ...named('stable'), ...named('canary'), canaryShare, ...keysOf(own) };
    }),
    ...keysOf(problems),
  };
}

function keysOf(problems: readonly Problem[]): { readonly problems?: readonly string[] } {
  return problems.length === 0 ? {} : { problems: problems.map(({ text }) => text.key) };
}

function outcomeOf(
  backend: TrafficBackend,
  { set, fixture, entry }: { set: ObjectSet; fixture: Fixture; entry: FixtureCase },
): CaseExpectation {
  const plan = planOf(backend, { set, fixture, entry });
  if (plan === undefined) throw new Error(`${fixture.path}: no rollout for a case`);
  if (!plan.ok) return { error: { kind: plan.error.kind, key: plan.error.text.key } };
  const { changes, achieved } = plan.value;
  const expectation = {
    changes: changes.map((change) => ({
      target: `${change.kind} ${refText(change.target)}`,
      ...(change.kind === 'patch' ? { operations: change.operations } : {}),
      ...(change.kind === 'create' ? { object: change.object } : {}),
    })),
    ...(achieved === undefined ? {} : { achieved }),
  };
  return JSON.parse(JSON.stringify(expectation)) as CaseExpectation;
}

function planOf(
  backend: TrafficBackend,
  { set, fixture, entry }: { set: ObjectSet; fixture: Fixture; entry: FixtureCase },
): ReturnType<TrafficBackend['plan']> | undefined {
  const { intent } = entry;
  if (intent.kind === 'startCanary') {
    const namespace = valueAt(fixture.objects[0] ?? null, '/metadata/namespace') as string;
    return backend.startCanary?.(set.snapshot, {
      ...intent,
      service: { resource: services, namespace, name: intent.service },
      workload: { resource: deployments, namespace, name: intent.workload },
    });
  }
  if (intent.kind === 'startUpdate') {
    const namespace = valueAt(fixture.objects[0] ?? null, '/metadata/namespace') as string;
    const workload = { resource: deployments, namespace, name: intent.workload };
    return backend.batches?.start(set.snapshotWith([workload]), { ...intent, workload });
  }
  if (intent.kind === 'undoRevision') {
    const namespace = valueAt(fixture.objects[0] ?? null, '/metadata/namespace') as string;
    const workload = { resource: deployments, namespace, name: intent.workload };
    const undo = { ...intent, workload };
    const revisions = backend.batches?.revisions;
    return revisions?.undo(set.snapshotWith(revisions.objectsFor(undo)), undo);
  }
  const { rollouts } = backend.discover(set.snapshot);
  const rollout = rollouts.find(({ id }) => entry.rollout === undefined || id === entry.rollout);
  return rollout === undefined ? undefined : planFor(backend, set, rollout, intent);
}
